import type { TagErrors } from '../../tags.ts'

/** How the Ecs product spells what can be wrong with tags. */
export const ecsTagErrors: TagErrors = {
  key: 'InvalidTagKey.Malformed',
  value: 'InvalidTagValue.Malformed',
  duplicate: 'Duplicate.TagKey',
  quota: 'InvalidTagCount',
  notFound: 'InvalidResourceId.NotFound',
  type: 'InvalidResourceType.NotFound',
}

/** How the Ecs product calls what has tags and a resource group. */
export const ecsResourceTypes = {
  eni: 'eni',
  instance: 'instance',
  keypair: 'keypair',
  prefixlist: 'prefixlist',
  securitygroup: 'securitygroup',
} as const
