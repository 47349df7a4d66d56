import { z } from 'zod'
import type { ServiceId } from '../../../model/ids.ts'
import { serviceDomain } from '../../../model/names.ts'
import { bandwidth, mostBandwidth } from '../../../model/quotas.ts'
import type { EndpointServiceTable, ServiceResourceTable } from '../../../store/tables.ts'
import type { ActionContext } from '../../action.ts'
import { seconds } from '../../results.ts'
import { nameOfService } from './own-service.ts'

/** What every description of a service has. */
export const serviceFields = {
  ServiceId: z.string(),
  ServiceName: z.string(),
  ServiceDomain: z.string(),
  ServiceStatus: z.string(),
  ServiceBusinessStatus: z.string(),
  ServiceDescription: z.string(),
  AutoAcceptEnabled: z.boolean(),
  ZoneAffinityEnabled: z.boolean(),
  ServiceSupportIPv6: z.boolean(),
  AddressIpVersion: z.string(),
  CreateTime: z.string(),
  ResourceGroupId: z.string(),
  SupportedRegionSet: z.array(
    z.object({
      SupportedRegionId: z.string(),
      RegionServiceStatus: z.string(),
      RegionBusinessStatus: z.string(),
      ServiceRegionId: z.string(),
    }),
  ),
}

export function describeService(service: EndpointServiceTable, { domainSuffix }: ActionContext) {
  return {
    ServiceId: service.id,
    ServiceName: nameOfService(service),
    ServiceDomain: serviceDomain(service.id as ServiceId, service.region_id, domainSuffix),
    ServiceStatus: service.status,
    ServiceBusinessStatus: 'Normal',
    ServiceDescription: service.description,
    AutoAcceptEnabled: service.auto_accept === 1,
    ZoneAffinityEnabled: service.zone_affinity === 1,
    ServiceSupportIPv6: false,
    AddressIpVersion: 'IPv4',
    CreateTime: seconds(service.created_at),
    ResourceGroupId: service.resource_group_id,
    SupportedRegionSet: [],
  }
}

/** What descriptions of existing services add. */
export const serviceDetails = {
  RegionId: z.string(),
  Payer: z.string(),
  ServiceResourceType: z.string(),
  ServiceType: z.string(),
  ConnectBandwidth: z.number(),
  MinBandwidth: z.number(),
  MaxBandwidth: z.number(),
}

export function detailService(service: EndpointServiceTable) {
  return {
    RegionId: service.region_id,
    Payer: 'Endpoint',
    ServiceResourceType: service.resource_type,
    ServiceType: 'Interface',
    ConnectBandwidth: service.connect_bandwidth,
    MinBandwidth: bandwidth.minimum,
    MaxBandwidth: mostBandwidth[service.resource_type],
  }
}

export function zonesWithResources(resources: readonly ServiceResourceTable[]): string[] {
  return [...new Set(resources.map((resource) => resource.zone_id))].sort()
}
