/** What a tour looks at to tell how far it is: what the API shows of the account. */
import { callOf } from '../../api/call.ts'
import { useSecurityGroups, useZones, type SecurityGroup } from '../../api/lists.ts'
import { useCall } from '../../api/queries.ts'
import { useTopology, type Topology } from '../overview/topology.ts'

export interface World extends Topology {
  readonly groups: readonly SecurityGroup[]
  /** Accounts in the whitelist of the first service; its owner is one of them. */
  readonly users: number
  /** Zone B of the region, or the one that takes its place. */
  readonly zone: string
}

export function useWorld(): World | undefined {
  const { topology } = useTopology()
  const groups = useSecurityGroups().data
  const zones = useZones().data
  const service = topology?.services[0]?.ServiceId
  const users = useCall(
    callOf('Privatelink', 'ListVpcEndpointServiceUsers', { ServiceId: service ?? '', MaxResults: 50 }),
    { enabled: service !== undefined },
  )
  if (!topology || !groups || !zones) return undefined
  const zone = zones.find(({ ZoneId }) => ZoneId.endsWith('b')) ?? zones[0]
  return { ...topology, groups, users: users.data?.Users.length ?? 0, zone: zone?.ZoneId ?? '' }
}

export function vpcNamed({ vpcs }: World, name: string) {
  return vpcs.find(({ VpcName }) => VpcName === name)
}

/** The first vSwitch of the VPC. */
export function vswitchIn(world: World, vpc: string): string | undefined {
  return vpcNamed(world, vpc)?.VSwitchIds.VSwitchId[0]
}

export function groupIn(world: World, vpc: string): SecurityGroup | undefined {
  const id = vpcNamed(world, vpc)?.VpcId
  return world.groups.find(({ VpcId }) => id !== undefined && VpcId === id)
}

export function instanceNamed({ instances }: World, name: string) {
  return instances.find(({ InstanceName }) => InstanceName === name)
}
