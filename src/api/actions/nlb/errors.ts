import type { TagErrors } from '../../tags.ts'

export const nlbTagErrors: TagErrors = {
  key: 'IllegalParam.TagKey',
  value: 'IllegalParam.TagValue',
  duplicate: 'DuplicatedParam.TagKey',
  quota: 'QuotaExceeded.TagsPerResource',
  notFound: 'ResourceNotFound.resource',
  type: 'IllegalParam.ResourceType',
}
