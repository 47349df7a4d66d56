import { z } from 'zod'
import type { EndpointId, ServiceId } from '../../../model/ids.ts'
import { endpointDomain, serviceName } from '../../../model/names.ts'
import type { EndpointTable, EndpointZoneTable } from '../../../store/tables.ts'
import type { ActionContext } from '../../action.ts'
import { seconds } from '../../results.ts'
import { policyOf } from './endpoint-policy.ts'

/** What every description of an endpoint has. */
export const endpointFields = {
  EndpointId: z.string(),
  EndpointName: z.string(),
  EndpointDescription: z.string(),
  EndpointDomain: z.string(),
  EndpointStatus: z.string(),
  EndpointBusinessStatus: z.string(),
  ConnectionStatus: z.string(),
  Bandwidth: z.number(),
  CrossRegionBandwidth: z.number(),
  AddressIpVersion: z.string(),
  CreateTime: z.string(),
  ServiceId: z.string(),
  ServiceName: z.string(),
  ServiceRegionId: z.string(),
  VpcId: z.string(),
  ZoneAffinityEnabled: z.boolean(),
}

export function describeEndpoint(endpoint: EndpointTable, { domainSuffix }: ActionContext) {
  const service = endpoint.service_id as ServiceId
  return {
    EndpointId: endpoint.id,
    EndpointName: endpoint.name,
    EndpointDescription: endpoint.description,
    EndpointDomain: endpointDomain(endpoint.id as EndpointId, service, endpoint.region_id, domainSuffix),
    EndpointStatus: endpoint.status,
    EndpointBusinessStatus: 'Normal',
    ConnectionStatus: endpoint.connection,
    Bandwidth: endpoint.bandwidth,
    CrossRegionBandwidth: 0,
    AddressIpVersion: 'IPv4',
    CreateTime: seconds(endpoint.created_at),
    ServiceId: endpoint.service_id,
    ServiceName: serviceName(endpoint.region_id, service),
    // Empty within one region, as the public examples have it.
    ServiceRegionId: '',
    VpcId: endpoint.vpc_id,
    ZoneAffinityEnabled: endpoint.zone_affinity === 1,
  }
}

/** What descriptions of existing endpoints add. */
export const endpointDetails = {
  RegionId: z.string(),
  EndpointType: z.string(),
  ResourceGroupId: z.string(),
  ResourceOwner: z.boolean(),
  PolicyDocument: z.string(),
  ProtectedEnabled: z.boolean(),
}

/** `ownServices`: services of the caller's own account. */
export function detailEndpoint(endpoint: EndpointTable, ownServices: ReadonlySet<string>) {
  return {
    RegionId: endpoint.region_id,
    EndpointType: 'Interface',
    ResourceGroupId: endpoint.resource_group_id,
    ResourceOwner: ownServices.has(endpoint.service_id),
    PolicyDocument: policyOf(endpoint),
    ProtectedEnabled: endpoint.protected_by !== '',
  }
}

/** The API has one word for both steps of a replacement that is under way. */
export function shownZoneStatus({ status }: Pick<EndpointZoneTable, 'status'>): string {
  return status === 'Preparing' ? 'Migrating' : status
}
