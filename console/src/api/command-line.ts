/** A call as a person would type it, and as the API documents it. */
import type { Call, FlatParams } from './call.ts'

/** What stands for a secret: a screen may be looked at by others, and a clipboard read. */
export const hiddenText = '******'

const secretName = /^(?:Old|New)?Password$|^PrivateKey$/

export function hasSecret({ params }: Call): boolean {
  return Object.keys(params).some((name) => secretName.test(name))
}

export function commandLine(call: Call, account: string, region: string): string {
  const params = Object.entries(shownParams(call, region)).map(
    ([name, value]) => `--${name} ${quoted(value)}`,
  )
  return ['./postern', call.product.toLowerCase(), call.action, `--account ${account}`, ...params].join(' ')
}

export function apiCall(call: Call, region: string): string {
  return `${call.product}.${call.action} ${JSON.stringify(shownParams(call, region), undefined, 2)}`
}

function shownParams({ params }: Call, region: string): FlatParams {
  const shown = Object.entries(params).map(([name, value]): [string, string] => [
    name,
    secretName.test(name) ? hiddenText : value,
  ])
  return { RegionId: region, ...Object.fromEntries(shown) }
}

function quoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`
}
