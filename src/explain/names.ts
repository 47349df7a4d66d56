/** What the client's resolver answers. */
import { endpointDomain, zoneDomain } from '../model/names.ts'
import type { Endpoint, EndpointZone, World } from '../model/world.ts'
import { type Reason } from './judgement.ts'

export function domainOf({ domainSuffix }: World, { id, service, region }: Endpoint): string {
  return endpointDomain(id, service, region, domainSuffix)
}

/** `nameResolves`, or why it does not. */
export function resolve(world: World, clientVpc: string, text: string): Reason {
  const name = text.toLowerCase().replace(/\.$/, '')
  const { domainSuffix: suffix } = world
  if (name !== suffix && !name.endsWith(`.${suffix}`)) return { code: 'nameOutside', name, suffix }
  for (const endpoint of world.endpoints) {
    const zones = answeredZones(world, endpoint, name)
    if (!zones) continue
    const { id, vpc } = endpoint
    if (vpc !== clientVpc) return { code: 'nameOfOtherVpc', name, endpoint: id, vpc, clientVpc }
    const addresses = zones.flatMap((zone) => addressOf(world, zone) ?? [])
    return addresses.length === 0
      ? { code: 'nameEmpty', name, endpoint: id }
      : { code: 'nameResolves', name, addresses: addresses.toSorted() }
  }
  return { code: 'nameUnknown', name, vpc: clientVpc }
}

/** The zones that a name of the endpoint leads to; undefined when the name is not one of its own. */
function answeredZones(world: World, endpoint: Endpoint, name: string): readonly EndpointZone[] | undefined {
  const { id, service, region } = endpoint
  const zones = endpoint.zones.filter(({ status }) => status !== 'Deleting')
  if (name === domainOf(world, endpoint)) return zones.filter((zone) => isLinked(world, endpoint, zone))
  const zone = zones.find((one) => name === zoneDomain(id, one.zone, service, region, world.domainSuffix))
  return zone && [zone]
}

/** Accepted, and led to a service resource. */
export function isLinked({ zonesDown }: World, { connection }: Endpoint, zone: EndpointZone): boolean {
  return isAccepted(connection) && isServing(zone.status) && !zonesDown.includes(zone.zone)
}

export function isAccepted(connection: Endpoint['connection']): boolean {
  return connection === 'Connected' || connection === 'Connecting' || connection === 'Pending'
}

export function isServing(status: EndpointZone['status']): boolean {
  return ['Connected', 'Connecting', 'Preparing', 'Migrating', 'Migrated'].includes(status)
}

function addressOf({ enis }: World, { status, eni, replaced }: EndpointZone): string | undefined {
  const named = status === 'Preparing' && replaced ? replaced.eni : eni
  return enis.find(({ id }) => id === named)?.address
}
