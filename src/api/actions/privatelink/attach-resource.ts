import { quotas } from '../../../model/quotas.ts'
import { findLoadBalancer } from '../../../store/load-balancers.ts'
import { findBalancer, zonesOf } from '../../../store/nlb/load-balancers.ts'
import { insertResource, resourcesOf } from '../../../store/endpoint-services.ts'
import type { EndpointServiceTable, LoadBalancerTable } from '../../../store/tables.ts'
import type { ActionContext } from '../../action.ts'
import { ApiError } from '../../errors.ts'
import { ownerOf } from '../../new-resource.ts'
import { demand, found } from '../../require.ts'

export interface ResourceRequest {
  readonly ResourceId: string
  readonly ResourceType: string
  readonly ZoneId?: string | undefined
}

/** Adds a load balancer of the service's type to it, in one zone. */
export async function attachResource(
  context: ActionContext,
  service: EndpointServiceTable,
  request: ResourceRequest,
  generation: number,
): Promise<void> {
  const { tx, now } = context
  checkResourceType(service, request.ResourceType)
  const zone = await (service.resource_type === 'nlb' ? zoneOfNlb : zoneOfClb)(context, request)
  const present = (await resourcesOf(tx, [service.id]))(service.id)
  const same = present.some(
    ({ resource_id: id, zone_id: other }) => id === request.ResourceId && other === zone,
  )
  demand(!same, 'EndpointServiceResourceExist')
  const ofZone = present.filter(({ zone_id: other }) => other === zone)
  demand(present.length < quotas.resourcesPerService, 'QuotaMisMatched')
  demand(ofZone.length < quotas.resourcesPerServiceZone, 'QuotaMisMatched')
  await insertResource(tx, {
    service_id: service.id,
    resource_id: request.ResourceId,
    zone_id: zone,
    auto_allocated: 1,
    created_at: now.toISOString(),
    generation,
  })
}

/** The primary zone, the only one of a CLB that counts. */
async function zoneOfClb(context: ActionContext, { ResourceId, ZoneId }: ResourceRequest): Promise<string> {
  const balancer = found(
    await findLoadBalancer(context.tx, ownerOf(context), ResourceId),
    'LoadBalancerNotFound',
  )
  demand(balancer.status !== 'deleting', 'LoadBalancerNotFound')
  demand(isUsable(balancer), 'LoadBalancerNotSupportPrivateLink')
  const zone = balancer.master_zone_id
  demand(ZoneId === undefined || ZoneId === zone, 'EndpointServiceNotSupportedZone')
  return zone
}

/** An NLB is a resource of its own in each of its zones. */
async function zoneOfNlb(context: ActionContext, { ResourceId, ZoneId }: ResourceRequest): Promise<string> {
  const zone = found(ZoneId, 'MissingParam.ZoneId', { name: 'ZoneId' })
  const balancer = found(await findBalancer(context.tx, ownerOf(context), ResourceId), 'LoadBalancerNotFound')
  demand(balancer.status !== 'Deleting', 'LoadBalancerNotFound')
  const zones = (await zonesOf(context.tx, [balancer.id]))(balancer.id)
  demand(
    zones.some(({ zone_id: own }) => own === zone),
    'EndpointServiceNotSupportedZone',
  )
  return zone
}

/** All resources of a service are of its type. */
export function checkResourceType({ resource_type: own }: EndpointServiceTable, type: string): void {
  if (type === own) return
  const known = ['slb', 'alb', 'nlb', 'gwlb'].includes(type)
  const data = { name: 'ResourceType', reason: type }
  throw new ApiError(
    known ? 'EndpointServiceResourceTypeNotEqual' : 'EndpointServiceResourceTypeNotSupport',
    data,
  )
}

/** Private, in a VPC, pay-as-you-go, and in service. */
function isUsable(balancer: LoadBalancerTable): boolean {
  return (
    balancer.address_type === 'intranet' &&
    balancer.vpc_id !== null &&
    balancer.pay_type === 'PayOnDemand' &&
    balancer.status === 'active'
  )
}
