import type { TagErrors } from '../../tags.ts'
import { demand } from '../../require.ts'

/** How the Vpc product spells what can be wrong with tags. */
export const vpcTagErrors: TagErrors = {
  key: 'InvalidTagKey.Malformed',
  value: 'InvalidTagValue.Malformed',
  duplicate: 'Duplicate.TagKey',
  quota: 'QuotaExceeded.TagNum',
  notFound: 'InvalidResourceId.NotFound',
  type: 'InvalidResourceType.NotFound',
}

/** What a parameter asks for and Postern has nothing for: given, save as an explicit no, it is refused. */
export function demandAbsent(params: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(params)) {
    const absent = value === undefined || value === false
    demand(absent, 'InvalidParameter', { name, reason: 'not supported' })
  }
}
