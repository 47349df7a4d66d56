import { quotas } from '../../../model/quotas.ts'
import { findLoadBalancer } from '../../../store/load-balancers.ts'
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

/** Adds a CLB to a service, in its primary zone, the only one of a CLB that counts. */
export async function attachResource(
  context: ActionContext,
  service: EndpointServiceTable,
  request: ResourceRequest,
  generation: number,
): Promise<void> {
  const { tx, now } = context
  checkResourceType(request.ResourceType)
  const balancer = found(
    await findLoadBalancer(tx, ownerOf(context), request.ResourceId),
    'LoadBalancerNotFound',
  )
  demand(balancer.status !== 'deleting', 'LoadBalancerNotFound')
  demand(isUsable(balancer), 'LoadBalancerNotSupportPrivateLink')
  const zone = balancer.master_zone_id
  demand(request.ZoneId === undefined || request.ZoneId === zone, 'EndpointServiceNotSupportedZone')
  const present = (await resourcesOf(tx, [service.id]))(service.id)
  demand(!present.some(({ resource_id: id }) => id === balancer.id), 'EndpointServiceResourceExist')
  const ofZone = present.filter(({ zone_id: other }) => other === zone)
  demand(present.length < quotas.resourcesPerService, 'QuotaMisMatched')
  demand(ofZone.length < quotas.resourcesPerServiceZone, 'QuotaMisMatched')
  await insertResource(tx, {
    service_id: service.id,
    resource_id: balancer.id,
    zone_id: zone,
    auto_allocated: 1,
    created_at: now.toISOString(),
    generation,
  })
}

/** Services are of type `slb` here. */
export function checkResourceType(type: string): void {
  if (type === 'slb') return
  const known = ['alb', 'nlb', 'gwlb'].includes(type)
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
