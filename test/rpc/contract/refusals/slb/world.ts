/** What the tables of refusals of Slb start from: a load balancer with a listener, groups and a server, and a network beside. */
import type { RunningServer } from '../../../../fixtures/running-server.ts'
import type { Params } from '../../clients.ts'
import { makeBalancer, makeInstance, makeNetwork, makeParty, type Network, type Party } from '../../stage.ts'
import type * as provoke from '../provoke.ts'

export type Provoke = provoke.Provoke<SlbWorld>
export type Refusals = provoke.Refusals<SlbWorld>

export interface SlbWorld {
  readonly server: RunningServer
  readonly owner: Party
  /** Owner of nothing. */
  readonly stranger: Party
  readonly network: Network
  readonly balancer: string
  /** In no group. */
  readonly instance: string
  /** In every group. */
  readonly member: string
  /** In another VPC. */
  readonly distant: string
  readonly vserverGroup: string
  readonly pairGroup: string
}

export async function makeWorld(server: RunningServer): Promise<SlbWorld> {
  const owner = await makeParty(server, '87654321')
  const stranger = await makeParty(server, '55555555')
  const network = await makeNetwork(owner)
  const balancer = await makeBalancer(owner, network)
  const instance = await makeInstance(owner, network)
  const member = await makeInstance(owner, network)
  const distant = await makeInstance(owner, await makeNetwork(owner))
  await owner.slb('AddBackendServers', {
    LoadBalancerId: balancer,
    BackendServers: list({ ServerId: member }),
  })
  await makeListener(owner, balancer, 80)
  const vserverGroup = await makeGroup(owner, balancer, [{ ServerId: member, Port: 80 }])
  const pairGroup = await makePair(owner, balancer, member)
  return { server, owner, stranger, network, balancer, instance, member, distant, vserverGroup, pairGroup }
}

/** Servers as the SDKs send them. */
export function list(...servers: readonly Params[]): string {
  return JSON.stringify(servers)
}

export async function makeListener(
  { slb }: Party,
  LoadBalancerId: string,
  ListenerPort: number,
  params: Params = {},
): Promise<void> {
  await slb('CreateLoadBalancerTCPListener', {
    LoadBalancerId,
    ListenerPort,
    BackendServerPort: 80,
    ...params,
  })
}

export async function makeGroup(
  { slb }: Party,
  LoadBalancerId: string,
  servers: readonly Params[] = [],
): Promise<string> {
  const made = await slb('CreateVServerGroup', { LoadBalancerId, BackendServers: list(...servers) })
  return String(made['VServerGroupId'])
}

export const pair = (member: string) =>
  list(
    { ServerId: member, Port: 80, ServerType: 'Master' },
    { ServerId: member, Port: 81, ServerType: 'Slave' },
  )

export async function makePair({ slb }: Party, LoadBalancerId: string, member: string): Promise<string> {
  const params = { LoadBalancerId, MasterSlaveBackendServers: pair(member) }
  return String((await slb('CreateMasterSlaveServerGroup', params))['MasterSlaveServerGroupId'])
}
