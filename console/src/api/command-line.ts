/** A call as a person would type it, and as the API documents it. */
import type { Call, FlatParams } from './call.ts'

export function commandLine(call: Call, account: string, region: string): string {
  const params = Object.entries({ RegionId: region, ...call.params }).map(
    ([name, value]) => `--${name} ${quoted(value)}`,
  )
  return ['./postern', call.product.toLowerCase(), call.action, `--account ${account}`, ...params].join(' ')
}

export function apiCall(call: Call, region: string): string {
  const params: FlatParams = { RegionId: region, ...call.params }
  return `${call.product}.${call.action} ${JSON.stringify(params, undefined, 2)}`
}

function quoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`
}
