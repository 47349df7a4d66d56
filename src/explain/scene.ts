/** Everything the judgement looks at, and finding things in it. */
import type { Drops } from '../model/drops.ts'
import type { Eni, World } from '../model/world.ts'

export interface Scene {
  readonly world: World
  /** What the last health checks said. */
  readonly health: readonly HealthSeen[]
  readonly whitelist: readonly ServiceUser[]
  /** What limits dropped within the last minute; a proof does without, or it would prove nothing where there is load. */
  readonly drops?: readonly Drops[]
}

export interface HealthSeen {
  readonly balancer: string
  readonly protocol: string
  readonly port: number
  readonly server: string
  readonly backendPort: number
  readonly status: 'normal' | 'abnormal' | 'unavailable'
}

export interface ServiceUser {
  readonly service: string
  /** An account, or `*`. */
  readonly user: string
}

/** The instance that an interface is of. */
export function instanceOf({ attachment }: Eni): string | undefined {
  return attachment.kind === 'instance' ? attachment.instance : undefined
}

/** The zone of an interface when that is down: then the interface is not there. */
export function downZoneOf({ vswitches, zonesDown }: World, eni: Eni): string | undefined {
  const zone = vswitches.find(({ id }) => id === eni.vswitch)?.zone
  return eni.attachment.kind === 'instance' && zone !== undefined && zonesDown.includes(zone)
    ? zone
    : undefined
}

export function addressesOf({ address, furtherAddresses }: Eni): readonly string[] {
  return [address, ...furtherAddresses]
}

export function ownerOfVpc({ vpcs }: World, id: string | undefined): string | undefined {
  return vpcs.find((vpc) => vpc.id === id)?.owner
}
