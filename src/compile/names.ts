import { endpointDomain, zoneDomain } from '../model/names.ts'
import type { Endpoint } from '../model/world.ts'
import type { NamePlan } from '../plan/host-plan.ts'
import { namedEni, wantsWire } from './endpoints.ts'
import type { Index } from './index-world.ts'

/**
 * The names of an endpoint, which resolve in its own VPC only. The endpoint's name leads to the zones that are
 * connected; a zone's name leads to that zone's ENI from the start (PrivateLink API, ListVpcEndpointZones).
 */
export function namesOf(index: Index, endpoint: Endpoint): readonly NamePlan[] {
  const suffix = index.world.domainSuffix
  const zones = endpoint.zones
    .filter((zone) => zone.status !== 'Deleting' && index.enis.has(namedEni(zone)))
    .toSorted((a, b) => (a.zone < b.zone ? -1 : 1))
  const answer = (zone: Endpoint['zones'][number]) => ({
    zone: zone.zone,
    address: index.enis.get(namedEni(zone))?.address ?? '',
  })
  const zoneAffinity = endpoint.zoneAffinity || (index.services.get(endpoint.service)?.zoneAffinity ?? false)
  const name = (text: string, answers: NamePlan['answers']): NamePlan => ({
    id: text,
    vpc: endpoint.vpc,
    name: text,
    zoneAffinity,
    answers,
  })
  const { id, service, region } = endpoint
  return [
    name(
      endpointDomain(id, service, region, suffix),
      zones.filter((zone) => wantsWire(index, endpoint, zone)).map(answer),
    ),
    ...zones.map((zone) => name(zoneDomain(id, zone.zone, service, region, suffix), [answer(zone)])),
  ]
}
