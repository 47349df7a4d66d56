import type { TagErrors } from '../../tags.ts'

/** How the Vpc product spells what can be wrong with tags. */
export const vpcTagErrors: TagErrors = {
  key: 'InvalidTagKey.Malformed',
  value: 'InvalidTagValue.Malformed',
  duplicate: 'Duplicate.TagKey',
  quota: 'QuotaExceeded.TagNum',
  notFound: 'InvalidResourceId.NotFound',
  type: 'InvalidResourceType.NotFound',
}
