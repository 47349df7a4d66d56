/** Parameters and rules that RAM's actions share. */
import { z } from 'zod'
import { choice, text } from '../../params.ts'

/** Too long a text has a code of its own, and so has one with characters that are not allowed. */
function name(parameter: string, pattern: RegExp, max: number) {
  return text({
    pattern,
    max,
    invalid: `InvalidParameter.${parameter}.InvalidChars`,
    tooLong: `InvalidParameter.${parameter}.Length`,
  })
}

export const userName = (parameter = 'UserName') => name(parameter, /^[a-zA-Z0-9._-]+$/, 64)
export const groupName = (parameter = 'GroupName') => name(parameter, /^[a-zA-Z0-9._-]+$/, 64)
/** 3 to 32 characters, no hyphen at either end and no two of them together. */
export const accountAlias = () => name('AccountAlias', /^(?!.*--)[a-z0-9][a-z0-9-]+[a-z0-9]$/, 32)
export const roleName = () => name('RoleName', /^[a-zA-Z0-9.-]+$/, 64)
export const policyName = () => name('PolicyName', /^[a-zA-Z0-9-]+$/, 128)
export const policyType = () => choice(['System', 'Custom'])

export const displayName = (parameter = 'DisplayName') =>
  name(parameter, /^[\p{L}\p{N}@._ -]+$/u, 128).optional()

/** `86-18600008888`: country and number. */
export const mobilePhone = (parameter = 'MobilePhone') =>
  text({ pattern: /^(?:\d{1,4}-)?\d{4,20}$/, invalid: `InvalidParameter.${parameter}.Format` }).optional()

export const email = (parameter = 'Email') =>
  text({
    pattern: /^[^\s@]{1,64}@[^\s@]{1,128}$/,
    invalid: `InvalidParameter.${parameter}.Format`,
  }).optional()

export const note = (parameter: string, max: number) =>
  text({ max, invalid: `InvalidParameter.${parameter}.Length` }).optional()

export const longestDocument = 6144

export const document = (parameter: string) =>
  text({ max: longestDocument, invalid: `InvalidParameter.${parameter}.Length` })

export const nothing = z.object({})

/** The codes of an action: what these names can be refused with, and the others. */
export function codes(names: readonly string[], ...others: readonly string[]): readonly string[] {
  const ofNames = names.flatMap((parameter) => [
    `InvalidParameter.${parameter}.InvalidChars`,
    `InvalidParameter.${parameter}.Length`,
  ])
  return [...ofNames, ...others].sort()
}
