/** Vpc and Slb MoveResourceGroup, Ecs JoinResourceGroup: one rule under three spellings. */
import { z } from 'zod'
import { defineAction, type Action } from '../action.ts'
import { moveResources } from '../move-resources.ts'
import { text } from '../params.ts'
import { ecsResourceTypes } from './ecs/errors.ts'

const summary = { en: 'Moves a resource to another resource group.', zh: '移动资源所属的资源组。' }
const moved = { ResourceId: text(), ResourceType: text() }

const moveVpcResource = defineAction({
  product: 'Vpc',
  name: 'MoveResourceGroup',
  summary,
  status: {
    partial: 'Moves VPCs and vSwitches.',
  },
  params: z.object({ ...moved, NewResourceGroupId: text() }),
  result: z.object({}),
  effect: 'write',
  errors: ['InvalidResourceGroupId', 'InvalidResourceId.NotFound', 'InvalidResourceType.NotFound'],
  handler: async (context, params) => {
    await moveResources(context, {
      types: { VPC: 'vpc', VSWITCH: 'vswitch' },
      type: params.ResourceType,
      ids: [params.ResourceId],
      group: params.NewResourceGroupId,
      unknown: {
        type: 'InvalidResourceType.NotFound',
        group: 'InvalidResourceGroupId',
        resource: 'InvalidResourceId.NotFound',
      },
    })
    return {}
  },
})

const joinEcsResource = defineAction({
  product: 'Ecs',
  name: 'JoinResourceGroup',
  summary,
  status: {
    partial: 'Moves instances, interfaces, key pairs, prefix lists and security groups.',
  },
  params: z.object({ ...moved, ResourceGroupId: text() }),
  result: z.object({}),
  effect: 'write',
  errors: ['InvalidResourceGroup.NotFound', 'InvalidResourceId.NotFound', 'InvalidResourceType.NotFound'],
  handler: async (context, params) => {
    await moveResources(context, {
      types: ecsResourceTypes,
      type: params.ResourceType,
      ids: [params.ResourceId],
      group: params.ResourceGroupId,
      unknown: {
        type: 'InvalidResourceType.NotFound',
        group: 'InvalidResourceGroup.NotFound',
        resource: 'InvalidResourceId.NotFound',
      },
    })
    return {}
  },
})

const moveLoadBalancer = defineAction({
  product: 'Slb',
  name: 'MoveResourceGroup',
  summary,
  status: {
    partial: 'Moves load balancers.',
  },
  params: z.object({ ...moved, NewResourceGroupId: text() }),
  result: z.object({}),
  effect: 'write',
  errors: ['InvalidLoadBalancerId.NotFound', 'InvalidParameter', 'InvalidParameter.ResourceType'],
  handler: async (context, params) => {
    await moveResources(context, {
      types: { loadbalancer: 'loadbalancer' },
      type: params.ResourceType,
      ids: [params.ResourceId],
      group: params.NewResourceGroupId,
      unknown: {
        type: 'InvalidParameter.ResourceType',
        group: 'InvalidParameter',
        resource: 'InvalidLoadBalancerId.NotFound',
      },
    })
    return {}
  },
})

export const moveToGroupActions: readonly Action[] = [moveVpcResource, joinEcsResource, moveLoadBalancer]
