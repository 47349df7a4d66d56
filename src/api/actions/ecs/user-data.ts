import { demand } from '../../require.ts'

const mostBytes = 16 * 1024

/** Base64 of at most 16 KB (ECS, RunInstances). */
export function checkUserData(given = ''): void {
  const isBase64 = /^[A-Za-z0-9+/]*={0,2}$/.test(given) && given.length % 4 === 0
  demand(isBase64, 'InvalidUserData.Base64FormatInvalid')
  demand(Buffer.from(given, 'base64').length <= mostBytes, 'InvalidUserData.SizeExceeded')
}
