/** Privatelink 2020-04-15: activation, regions, zones, tags. */
import { z } from 'zod'
import { localName, zonesOf } from '../../../model/regions.ts'
import { isPrivateLinkOpen, openPrivateLink } from '../../../store/product.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { choice, flag, text } from '../../params.ts'
import { demand } from '../../require.ts'
import { strings, wrapped } from '../../results.ts'
import { tagActions } from '../../tags.ts'
import { privatelinkTagErrors } from './errors.ts'

/** Every account activates PrivateLink once, before its first service. (The documents name no such error for endpoints.) */
export async function requireOpenProduct({ tx, caller }: ActionContext): Promise<void> {
  demand(await isPrivateLinkOpen(tx, caller.account), 'NeedOpenProduct')
}

const openPrivateLinkService = defineAction({
  product: 'Privatelink',
  name: 'OpenPrivateLinkService',
  summary: { en: 'Activates PrivateLink for the account.', zh: '开通私网连接服务。' },
  status: {
    partial: 'Activates at once: there is no order, and `OrderId` is the id of the request.',
  },
  params: z.object({}),
  result: z.object({ OrderId: z.string() }),
  effect: 'write',
  errors: ['OrderOpend'],
  handler: async ({ tx, caller, now, requestId }) => {
    demand(!(await isPrivateLinkOpen(tx, caller.account)), 'OrderOpend')
    await openPrivateLink(tx, caller.account, now)
    return { OrderId: requestId }
  },
})

const checkProductOpen = defineAction({
  product: 'Privatelink',
  name: 'CheckProductOpen',
  summary: { en: 'Tells whether PrivateLink is activated.', zh: '查询是否已开通私网连接服务。' },
  status: 'full',
  params: z.object({}),
  result: z.object({ Success: z.literal(true) }),
  effect: 'read',
  errors: ['NeedOpenProduct'],
  handler: async (context) => {
    await requireOpenProduct(context)
    return { Success: true as const }
  },
})

const resourceType = () => choice(['slb', 'alb', 'nlb', 'gwlb', 'ALL']).default('slb')

function isOffered(type: string): boolean {
  return type === 'slb' || type === 'nlb' || type === 'ALL'
}

const describeRegions = defineAction({
  product: 'Privatelink',
  name: 'DescribeRegions',
  summary: { en: 'Lists regions.', zh: '查询可用的地域。' },
  status: { partial: 'Offers services of the types slb and nlb.' },
  params: z.object({ ServiceResourceType: resourceType(), AcceptLanguage: text().optional() }),
  result: z.object({
    Regions: wrapped(
      'Region',
      z.object({
        RegionId: z.string(),
        LocalName: z.string(),
        RegionEndpoint: z.string(),
        ServiceResourceTypes: strings('ServiceResourceType'),
      }),
    ),
  }),
  effect: 'read',
  handler: ({ apiHost, regions: { regions } }, { ServiceResourceType, AcceptLanguage }) => {
    const offered = isOffered(ServiceResourceType)
    return Promise.resolve({
      Regions: {
        Region: (offered ? regions : []).map(({ id, name }) => ({
          RegionId: id,
          LocalName: localName(name, AcceptLanguage),
          RegionEndpoint: apiHost,
          ServiceResourceTypes: { ServiceResourceType: ['slb', 'nlb'] },
        })),
      },
    })
  },
})

const describeZones = defineAction({
  product: 'Privatelink',
  name: 'DescribeZones',
  summary: { en: 'Lists the zones of a region.', zh: '查询指定地域的可用区。' },
  status: { partial: 'Offers services of the types slb and nlb.' },
  params: z.object({
    ServiceResourceType: resourceType(),
    CrossRegion: flag().optional(),
    CrossRegionSide: choice(['Endpoint', 'EndpointService']).optional(),
    AcceptLanguage: text().optional(),
  }),
  result: z.object({ Zones: wrapped('Zone', z.object({ ZoneId: z.string(), LocalName: z.string() })) }),
  effect: 'read',
  handler: ({ region, regions }, { ServiceResourceType, CrossRegion, AcceptLanguage }) => {
    // Connections across regions are not carried, so no zone has them.
    const offered = isOffered(ServiceResourceType) && CrossRegion !== true
    return Promise.resolve({
      Zones: {
        Zone: (offered ? zonesOf(regions, region) : []).map(({ id, name }) => ({
          ZoneId: id,
          LocalName: localName(name, AcceptLanguage),
        })),
      },
    })
  },
})

export const productActions: readonly Action[] = [
  openPrivateLinkService,
  checkProductOpen,
  describeRegions,
  describeZones,
  ...tagActions({
    product: 'Privatelink',
    errors: privatelinkTagErrors,
    types: { vpcendpoint: 'vpcendpoint', vpcendpointservice: 'vpcendpointservice' },
    untag: 'UntagResources',
    listShape: 'plain',
  }),
]
