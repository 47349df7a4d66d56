/** Signature V1: HMAC-SHA1 over method and parameters. Path, host and headers are not signed. */
import { createHmac } from 'node:crypto'
import { percentEncode, sortByName } from './percent.ts'

/** `params`: every parameter of query and form, empty ones too; `Signature` is left out here. */
export function stringToSignV1(method: string, params: ReadonlyMap<string, string>): string {
  const canonical = sortByName(params)
    .filter(([name]) => name !== 'Signature')
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join('&')
  return `${method}&%2F&${percentEncode(canonical)}`
}

export function signV1(secret: string, stringToSign: string): string {
  return createHmac('sha1', `${secret}&`).update(stringToSign).digest('base64')
}
