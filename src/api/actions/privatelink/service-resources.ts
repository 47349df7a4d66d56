/** Privatelink 2020-04-15: the load balancers behind an endpoint service. */
import { z } from 'zod'
import { deleteResource, resourcesOf, updateResource } from '../../../store/endpoint-services.ts'
import { countZonesByResource, updateZone, zonesOfResource } from '../../../store/endpoints.ts'
import { nextGeneration } from '../../../store/generation.ts'
import { findLoadBalancer } from '../../../store/load-balancers.ts'
import { findBalancer, zonesOf } from '../../../store/nlb/load-balancers.ts'
import { listPage } from '../../../store/page.ts'
import type { EndpointServiceTable, ServiceResourceTable } from '../../../store/tables.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import { nextToken, tokenPageOf, tokenParams } from '../../paging.ts'
import { flag, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { attachResource, checkResourceType } from './attach-resource.ts'
import { activeService, ownService } from './own-service.ts'

const attachResourceToVpcEndpointService = defineAction({
  product: 'Privatelink',
  name: 'AttachResourceToVpcEndpointService',
  summary: {
    en: 'Adds a service resource (CLB, or NLB in one zone) to a service.',
    zh: '为终端节点服务添加服务资源。',
  },
  status: { partial: 'Takes private pay-as-you-go CLBs, and NLBs in one zone each.' },
  params: z.object({
    ServiceId: text(),
    ResourceType: text(),
    ResourceId: text(),
    ZoneId: text().optional(),
  }),
  result: z.object({}),
  effect: 'write',
  errors: [
    'EndpointServiceNotFound',
    'EndpointServiceNotSupportedZone',
    'EndpointServiceOperationDenied',
    'EndpointServiceResourceExist',
    'EndpointServiceResourceTypeNotEqual',
    'EndpointServiceResourceTypeNotSupport',
    'LoadBalancerNotFound',
    'LoadBalancerNotSupportPrivateLink',
    'MissingParam.ZoneId',
    'QuotaMisMatched',
  ],
  handler: async (context, params) => {
    const generation = await nextGeneration(context.tx)
    const service = await activeService(context, params.ServiceId)
    await attachResource(context, service, params, generation)
    return {}
  },
})

const detachResourceFromVpcEndpointService = defineAction({
  product: 'Privatelink',
  name: 'DetachResourceFromVpcEndpointService',
  summary: { en: 'Removes a service resource that no connection uses.', zh: '移除终端节点服务的服务资源。' },
  status: 'full',
  params: z.object({
    ServiceId: text(),
    ResourceId: text(),
    ResourceType: text().optional(),
    ZoneId: text().optional(),
  }),
  result: z.object({}),
  effect: 'write',
  errors: [
    'EndpointServiceConnectionDependence',
    'EndpointServiceNotFound',
    'EndpointServiceOperationDenied',
    'EndpointServiceResourceCannotRemove',
    'EndpointServiceResourceNotFound',
    'EndpointServiceResourceTypeNotEqual',
    'EndpointServiceResourceTypeNotSupport',
  ],
  handler: async (context, params) => {
    const { tx } = context
    const generation = await nextGeneration(tx)
    const service = await activeService(context, params.ServiceId)
    checkResourceType(service, params.ResourceType ?? service.resource_type)
    const resource = await ownResource(context, service, params)
    const zones = await zonesOfResource(tx, resource)
    const idle = zones.every(({ status }) => status === 'Wait' || status === 'Disconnected')
    demand(idle, 'EndpointServiceConnectionDependence')
    const draining = await zonesOfResource(tx, resource, 'replaced_load_balancer_id')
    demand(draining.length === 0, 'EndpointServiceResourceCannotRemove')
    for (const zone of zones) await updateZone(tx, zone, { load_balancer_id: null, generation })
    await deleteResource(tx, resource)
    return {}
  },
})

const listVpcEndpointServiceResources = defineAction({
  product: 'Privatelink',
  name: 'ListVpcEndpointServiceResources',
  summary: { en: 'Lists the resources of a service.', zh: '查询终端节点服务的服务资源列表。' },
  status: 'full',
  params: z.object({ ServiceId: text(), ...tokenParams(50) }),
  result: z.object({
    Resources: z.array(
      z.object({
        ResourceId: z.string(),
        ResourceType: z.string(),
        RegionId: z.string(),
        ZoneId: z.string(),
        VpcId: z.string(),
        VSwitchId: z.string(),
        Ip: z.string(),
        AutoAllocatedEnabled: z.boolean(),
        ResourceSupportIPv6: z.boolean(),
        RelatedEndpointCount: z.number(),
        RelatedDeprecatedEndpointCount: z.number(),
      }),
    ),
    MaxResults: z.number(),
    NextToken: z.string(),
  }),
  effect: 'read',
  errors: ['EndpointServiceNotFound'],
  handler: async (context, params) => {
    const service = await ownService(context, params.ServiceId)
    const page = tokenPageOf(params)
    const all = (await resourcesOf(context.tx, [service.id]))(service.id)
    const { rows, next } = listPage(all, (row) => `${row.created_at} ${row.resource_id} ${row.zone_id}`, page)
    const served = await countZonesByResource(context.tx, service.id)
    const draining = await countZonesByResource(context.tx, service.id, 'replaced_load_balancer_id')
    const described = []
    for (const resource of rows) {
      described.push({
        ...(await describe(context, service, resource)),
        RelatedEndpointCount: served(resource),
        RelatedDeprecatedEndpointCount: draining(resource),
      })
    }
    return {
      Resources: described,
      MaxResults: params.MaxResults,
      NextToken: nextToken({ next }),
    }
  },
})

async function describe(
  context: ActionContext,
  service: EndpointServiceTable,
  resource: ServiceResourceTable,
) {
  const place = await placeOf(context, service, resource)
  return {
    ResourceId: resource.resource_id,
    ResourceType: service.resource_type,
    RegionId: service.region_id,
    ZoneId: resource.zone_id,
    VpcId: place.vpc ?? '',
    VSwitchId: place.vswitch ?? '',
    Ip: place.address ?? '',
    AutoAllocatedEnabled: resource.auto_allocated === 1,
    ResourceSupportIPv6: false,
  }
}

async function placeOf(
  context: ActionContext,
  service: EndpointServiceTable,
  { resource_id: id, zone_id: zoneId }: ServiceResourceTable,
) {
  const { tx } = context
  if (service.resource_type === 'slb') {
    const balancer = await findLoadBalancer(tx, ownerOf(context), id)
    return { vpc: balancer?.vpc_id, vswitch: balancer?.vswitch_id, address: balancer?.address }
  }
  const balancer = await findBalancer(tx, ownerOf(context), id)
  const zone = (await zonesOf(tx, [id]))(id).find(({ zone_id: own }) => own === zoneId)
  return { vpc: balancer?.vpc_id, vswitch: zone?.vswitch_id, address: zone?.address }
}

const updateVpcEndpointServiceResourceAttribute = defineAction({
  product: 'Privatelink',
  name: 'UpdateVpcEndpointServiceResourceAttribute',
  summary: {
    en: 'Says whether new connections may be given a resource.',
    zh: '修改服务资源的属性。',
  },
  status: 'full',
  params: z.object({
    ServiceId: text(),
    ResourceId: text(),
    AutoAllocatedEnabled: flag(),
    ZoneId: text().optional(),
  }),
  result: z.object({}),
  effect: 'write',
  errors: [
    'EndpointServiceNotFound',
    'EndpointServiceOperationDenied',
    'EndpointServiceResourceNotFound',
    'ResourceAutoAllocateViolation',
  ],
  handler: async (context, params) => {
    const { tx } = context
    const generation = await nextGeneration(tx)
    const service = await activeService(context, params.ServiceId)
    const resource = await ownResource(context, service, params)
    const others = (await resourcesOf(tx, [service.id]))(service.id).filter(
      (other) =>
        other.zone_id === resource.zone_id &&
        other.resource_id !== resource.resource_id &&
        other.auto_allocated === 1,
    )
    demand(params.AutoAllocatedEnabled || others.length > 0, 'ResourceAutoAllocateViolation')
    await updateResource(tx, resource, { auto_allocated: Number(params.AutoAllocatedEnabled), generation })
    return {}
  },
})

async function ownResource(
  { tx }: ActionContext,
  service: EndpointServiceTable,
  params: { readonly ResourceId: string; readonly ZoneId?: string | undefined },
): Promise<ServiceResourceTable> {
  const { resource_type: type } = service
  demand(type === 'slb' || params.ZoneId !== undefined, 'MissingParam.ZoneId', { name: 'ZoneId' })
  const resource = (await resourcesOf(tx, [service.id]))(service.id).find(
    (candidate) =>
      candidate.resource_id === params.ResourceId &&
      (params.ZoneId === undefined || params.ZoneId === candidate.zone_id),
  )
  return found(resource, 'EndpointServiceResourceNotFound')
}

export const serviceResourceActions: readonly Action[] = [
  attachResourceToVpcEndpointService,
  detachResourceFromVpcEndpointService,
  listVpcEndpointServiceResources,
  updateVpcEndpointServiceResourceAttribute,
]
