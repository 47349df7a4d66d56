/** Everything the judgement looks at, and finding things in it. */
import type { Eni, World } from '../model/world.ts'

export interface Scene {
  readonly world: World
  /** What the last health checks said. */
  readonly health: readonly HealthSeen[]
  readonly whitelist: readonly ServiceUser[]
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

export function addressesOf({ address, furtherAddresses }: Eni): readonly string[] {
  return [address, ...furtherAddresses]
}

export function ownerOfVpc({ vpcs }: World, id: string | undefined): string | undefined {
  return vpcs.find((vpc) => vpc.id === id)?.owner
}
