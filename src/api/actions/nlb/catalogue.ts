/** Nlb 2022-04-30: regions, zones, tags, resource groups. */
import { z } from 'zod'
import { localName, zonesOf } from '../../../model/regions.ts'
import { defineAction, type Action } from '../../action.ts'
import { moveResources } from '../../move-resources.ts'
import { choice, text } from '../../params.ts'
import { tagActions } from '../../tags.ts'
import { nlbTagErrors } from './errors.ts'

const language = { AcceptLanguage: text().optional() }

const describeRegions = defineAction({
  product: 'Nlb',
  name: 'DescribeRegions',
  summary: { en: 'Lists regions.', zh: '查询可用的地域。' },
  status: 'full',
  params: z.object({ ...language, ServiceCode: choice(['nlb']).optional() }),
  result: z.object({
    Regions: z.array(z.object({ RegionId: z.string(), LocalName: z.string(), RegionEndpoint: z.string() })),
  }),
  effect: 'read',
  handler: ({ apiHost, regions: { regions } }, { AcceptLanguage }) =>
    Promise.resolve({
      Regions: regions.map(({ id, name }) => ({
        RegionId: id,
        LocalName: localName(name, AcceptLanguage),
        RegionEndpoint: apiHost,
      })),
    }),
})

const describeZones = defineAction({
  product: 'Nlb',
  name: 'DescribeZones',
  summary: { en: 'Lists the zones of a region.', zh: '查询指定地域的可用区。' },
  status: 'full',
  params: z.object(language),
  result: z.object({ Zones: z.array(z.object({ ZoneId: z.string(), LocalName: z.string() })) }),
  effect: 'read',
  handler: ({ region, regions }, { AcceptLanguage }) =>
    Promise.resolve({
      Zones: zonesOf(regions, region).map(({ id, name }) => ({
        ZoneId: id,
        LocalName: localName(name, AcceptLanguage),
      })),
    }),
})

const moveResourceGroup = defineAction({
  product: 'Nlb',
  name: 'MoveResourceGroup',
  summary: { en: 'Moves a resource to another resource group.', zh: '移动资源所属的资源组。' },
  status: 'full',
  params: z.object({ ResourceId: text(), ResourceType: text(), NewResourceGroupId: text() }),
  result: z.object({}),
  effect: 'write',
  errors: ['IllegalParam.ResourceType', 'ResourceNotFound.ResourceGroup', 'ResourceNotFound.resource'],
  handler: async (context, params) => {
    await moveResources(context, {
      types: { loadbalancer: 'networkloadbalancer', servergroup: 'nlbservergroup' },
      type: params.ResourceType,
      ids: [params.ResourceId],
      group: params.NewResourceGroupId,
      unknown: {
        type: 'IllegalParam.ResourceType',
        group: 'ResourceNotFound.ResourceGroup',
        resource: 'ResourceNotFound.resource',
      },
    })
    return {}
  },
})

export const nlbCatalogueActions: readonly Action[] = [
  describeRegions,
  describeZones,
  moveResourceGroup,
  ...tagActions({
    product: 'Nlb',
    errors: nlbTagErrors,
    types: { loadbalancer: 'networkloadbalancer', listener: 'nlblistener', servergroup: 'nlbservergroup' },
    untag: 'UntagResources',
    listShape: 'plain',
  }),
]
