import { z } from 'zod'
import { defineAction } from '../../action.ts'
import { moveResources } from '../../move-resources.ts'
import { text } from '../../params.ts'
import { demand } from '../../require.ts'

const types = { VpcEndpoint: 'vpcendpoint', VpcEndpointService: 'vpcendpointservice' } as const

/** The documents let one call move this many. */
const most = 50

export const changeResourceGroup = defineAction({
  product: 'Privatelink',
  name: 'ChangeResourceGroup',
  summary: {
    en: 'Moves endpoints or endpoint services (ids with commas between) to another resource group.',
    zh: '修改终端节点或终端节点服务所属的资源组，多个 ID 用逗号分隔。',
  },
  status: 'full',
  params: z.object({
    ResourceId: text({ missing: 'MissingParameter.ResourceId' }),
    ResourceGroupId: text({ missing: 'MissingParameter.ResourceGroupId' }),
    ResourceType: text().default('VpcEndpoint'),
    ResourceRegionId: text().optional(),
  }),
  result: z.object({}),
  effect: 'write',
  errors: [
    'IllegalParamFormat.ResourceId',
    'IllegalParamFormat.ResourceType',
    'InvalidResourceGroup',
    'MissingParameter.ResourceGroupId',
    'MissingParameter.ResourceId',
    'ResourceNotFound',
  ],
  handler: async (context, params) => {
    const ids = params.ResourceId.split(',').map((id) => id.trim())
    demand(ids.length <= most, 'IllegalParamFormat.ResourceId', {
      name: 'ResourceId',
      reason: `more than ${most} ids`,
    })
    await moveResources(context, {
      types,
      type: params.ResourceType,
      ids,
      group: params.ResourceGroupId,
      region: params.ResourceRegionId,
      unknown: {
        type: 'IllegalParamFormat.ResourceType',
        group: 'InvalidResourceGroup',
        resource: 'ResourceNotFound',
      },
    })
    return {}
  },
})
