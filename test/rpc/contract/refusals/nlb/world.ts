/** What the tables of refusals of Nlb start from: a load balancer in two zones with a listener, and a group with a server. */
import { vi } from 'vitest'
import type { RunningServer } from '../../../../fixtures/running-server.ts'
import type { Params } from '../../clients.ts'
import {
  makeInstance,
  makeNetwork,
  makeParty,
  makeVSwitch,
  otherZone,
  zone,
  type Network,
  type Party,
} from '../../stage.ts'
import type * as provoke from '../provoke.ts'

export type Provoke = provoke.Provoke<NlbWorld>
export type Refusals = provoke.Refusals<NlbWorld>

export const thirdZone = 'eu-central-1c'

export interface NlbWorld {
  readonly server: RunningServer
  readonly owner: Party
  /** Owner of nothing. */
  readonly stranger: Party
  readonly network: Network
  /** In the other zone. */
  readonly vswitch: string
  /** In a zone where there is nothing else. */
  readonly third: string
  readonly balancer: string
  readonly group: string
  readonly listener: string
  /** In no group. */
  readonly instance: string
  /** In every group. */
  readonly member: string
  /** Another VPC, an instance in it, and a group of it. */
  readonly distant: { readonly vpc: string; readonly instance: string; readonly group: string }
}

export async function makeWorld(server: RunningServer): Promise<NlbWorld> {
  const owner = await makeParty(server, '87654321')
  const stranger = await makeParty(server, '55555555')
  const network = await makeNetwork(owner)
  const vswitch = await makeVSwitch(owner, network.vpc, '10.0.1.0/24', otherZone)
  const third = await makeVSwitch(owner, network.vpc, '10.0.2.0/24', thirdZone)
  const places = { owner, network, vswitch }
  const balancer = await makeNlb(places)
  const instance = await makeInstance(owner, network)
  const member = await makeInstance(owner, network)
  const group = await makeGroup(owner, network.vpc)
  await addServer(owner, group, { ServerId: member, ServerType: 'Ecs', Port: 80 })
  const listener = await makeListener(owner, balancer, group, 80)
  const elsewhere = await makeNetwork(owner)
  const distant = {
    vpc: elsewhere.vpc,
    instance: await makeInstance(owner, elsewhere),
    group: await makeGroup(owner, elsewhere.vpc),
  }
  return { server, stranger, ...places, third, balancer, group, listener, instance, member, distant }
}

type Places = Pick<NlbWorld, 'owner' | 'network' | 'vswitch'>

export function mappings({ network, vswitch }: Places): readonly Params[] {
  return [
    { ZoneId: zone, VSwitchId: network.vswitch },
    { ZoneId: otherZone, VSwitchId: vswitch },
  ]
}

/** An active one. */
export async function makeNlb(places: Places, options: Params = {}): Promise<string> {
  const { nlb } = places.owner
  const made = await nlb('CreateLoadBalancer', {
    AddressType: 'Intranet',
    VpcId: places.network.vpc,
    ZoneMappings: mappings(places),
    ...options,
  })
  const LoadBalancerId = String(made['LoadbalancerId'])
  await until('Active', async () => {
    return (await nlb('GetLoadBalancerAttribute', { LoadBalancerId }))['LoadBalancerStatus']
  })
  return LoadBalancerId
}

/** Of a group that forwards all ports. Not every client flattens objects. */
export const anyPort = { AnyPortEnabled: true, 'HealthCheckConfig.HealthCheckEnabled': false }

export async function makeGroup({ nlb }: Party, VpcId: string, options: Params = {}): Promise<string> {
  const made = await nlb('CreateServerGroup', { ServerGroupName: 'group', VpcId, ...options })
  const ServerGroupId = String(made['ServerGroupId'])
  await until('Available', async () => {
    const listed = await nlb('ListServerGroups', { ServerGroupIds: [ServerGroupId] })
    return (listed['ServerGroups'] as { ServerGroupStatus: string }[])[0]?.ServerGroupStatus
  })
  return ServerGroupId
}

export async function addServer({ nlb }: Party, ServerGroupId: string, server: Params): Promise<void> {
  await done(nlb('AddServersToServerGroup', { ServerGroupId, Servers: [server] }), { nlb })
}

/** A running one. */
export async function makeListener(
  { nlb }: Pick<Party, 'nlb'>,
  LoadBalancerId: string,
  ServerGroupId: string,
  ListenerPort: number,
  options: Params = {},
): Promise<string> {
  const made = nlb('CreateListener', {
    LoadBalancerId,
    ServerGroupId,
    ListenerPort,
    ListenerProtocol: 'TCP',
    ...options,
  })
  return String((await done(made, { nlb }))['ListenerId'])
}

/** The answer of a write, when its job has succeeded. */
export async function done(write: Promise<Params>, { nlb }: Pick<Party, 'nlb'>): Promise<Params> {
  const answer = await write
  await until('Succeeded', async () => (await nlb('GetJobStatus', { JobId: answer['JobId'] }))['Status'])
  return answer
}

async function until(status: string, read: () => Promise<unknown>): Promise<void> {
  await vi.waitFor(
    async () => {
      const seen = await read()
      if (seen !== status) throw new Error(`is ${String(seen)}, not ${status}`)
    },
    { timeout: 5000, interval: 10 },
  )
}
