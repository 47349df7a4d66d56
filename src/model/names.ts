import type { EndpointId, RegionId, ServiceId, ZoneId } from './ids.ts'

export const defaultDomainSuffix = 'privatelink.aliyuncs.com'

export function serviceName(region: RegionId, service: ServiceId): string {
  return `com.aliyuncs.privatelink.${region}.${service}`
}

export function serviceDomain(service: ServiceId, region: RegionId, suffix: string): string {
  return `${service}.${region}.${suffix}`
}

export function endpointDomain(
  endpoint: EndpointId,
  service: ServiceId,
  region: RegionId,
  suffix: string,
): string {
  return `${endpoint}.${serviceDomain(service, region, suffix)}`
}

/** `<ep>-<zone>.<epsrv>.<region>.…`, the form ListVpcEndpointZones documents. */
export function zoneDomain(
  endpoint: EndpointId,
  zone: ZoneId,
  service: ServiceId,
  region: RegionId,
  suffix: string,
): string {
  return `${endpoint}-${zone}.${serviceDomain(service, region, suffix)}`
}
