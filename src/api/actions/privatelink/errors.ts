import type { TagErrors } from '../../tags.ts'

/** How PrivateLink spells what can be wrong with tags. */
export const privatelinkTagErrors: TagErrors = {
  key: 'IllegalTagKeyParam',
  value: 'IllegalTagValueParam',
  duplicate: 'DuplicatedTagKey',
  quota: 'QuotaExceed.TagsPerResource',
  notFound: 'InvalidResourceId.NotFound',
  type: 'IllegalParamFormat.ResourceType',
}
