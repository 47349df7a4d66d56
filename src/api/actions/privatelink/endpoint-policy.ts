import type { EndpointTable } from '../../../store/tables.ts'
import { text } from '../../params.ts'

/** What an endpoint has that was given no policy, and what ResetPolicy restores: everyone may do everything. */
const allowAll =
  '{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Principal":"*","Resource":"*"}]}'

/**
 * A policy document. It is kept and returned byte for byte, as clients compare the text. It names principals and actions,
 * of which there are none in what passes at layer 4, so no packet is judged by it.
 */
export function policyDocument() {
  return text({ about: 'a JSON object, kept as it is' })
    .refine(isJsonObject, { message: 'not a JSON object' })
    .meta({ wire: 'text' })
    .optional()
}

export function policyOf({ policy_document: given }: Pick<EndpointTable, 'policy_document'>): string {
  return given === '' ? allowAll : given
}

function isJsonObject(value: string): boolean {
  try {
    const parsed: unknown = JSON.parse(value)
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
  } catch {
    return false
  }
}
