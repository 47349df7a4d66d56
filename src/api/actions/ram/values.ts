/** Parameters and rules that RAM's actions share. */
import { z } from 'zod'
import { choice, text } from '../../params.ts'

/** Too long a text has a code of its own, and so has one with characters that are not allowed. */
function name(parameter: string, pattern: RegExp) {
  return text({ pattern, invalid: `InvalidParameter.${parameter}.InvalidChars` })
}

export const userName = (parameter = 'UserName') => name(parameter, /^[a-zA-Z0-9._-]{1,64}$/)
export const groupName = (parameter = 'GroupName') => name(parameter, /^[a-zA-Z0-9._-]{1,64}$/)
export const roleName = () => name('RoleName', /^[a-zA-Z0-9.-]{1,64}$/)
export const policyName = () => name('PolicyName', /^[a-zA-Z0-9-]{1,128}$/)
export const policyType = () => choice(['System', 'Custom'])

export const note = (parameter: string, max: number) =>
  text({ max, invalid: `InvalidParameter.${parameter}.Length` }).optional()

export const longestDocument = 6144

export const document = (parameter: string) =>
  text({ max: longestDocument, invalid: `InvalidParameter.${parameter}.Length` })

export const nothing = z.object({})
