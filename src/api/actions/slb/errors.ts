import type { TagErrors } from '../../tags.ts'

/** How the Slb product spells what can be wrong with tags. */
export const slbTagErrors: TagErrors = {
  key: 'InvalidParam.TagKey',
  value: 'InvalidParam.TagValue',
  duplicate: 'InvalidParam.TagKey',
  quota: 'OverQuota',
  notFound: 'InvalidLoadBalancerId.NotFound',
  type: 'InvalidParameter.ResourceType',
}
