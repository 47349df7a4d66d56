import type { TagErrors } from '../../tags.ts'

/** How PrivateLink spells what can be wrong with tags. */
export const privatelinkTagErrors: TagErrors = {
  key: 'IllegalTagKeyParam',
  value: 'IllegalTagValueParam',
  duplicate: 'DuplicatedTagKey',
  quota: 'QuotaExceed.TagsPerResource',
  notFound: 'InvalidResourceId.NotFound',
  // PrivateLink documents 400 for all of its codes but the ResourceNotFound.* of zone connections.
  notFoundStatus: 400,
  type: 'IllegalParamFormat.ResourceType',
  strict: {
    noKey: 'MissingTagKeyParam',
    noValue: 'MissingTagValueParam',
    noneRemoved: 'TagInfoNotExist',
  },
}
