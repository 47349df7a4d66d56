/** What the tables of refusals start from: a provider's service and a consumer's endpoint, and ways to put more beside them. */
import type { RunningServer } from '../../../../fixtures/running-server.ts'
import { refusalOf, type Params } from '../../clients.ts'
import type * as provoke from '../provoke.ts'
import {
  endpointIs,
  intoDatabase,
  makeBalancer,
  makeEndpoint,
  makeNetwork,
  makeParty,
  makeService,
  makeVSwitch,
  zone,
  type Network,
  type Party,
} from '../../stage.ts'

export type Provoke = provoke.Provoke<RefusalWorld>
export type Refusals = provoke.Refusals<RefusalWorld>

export interface RefusalWorld {
  readonly server: RunningServer
  readonly provider: Party
  readonly consumer: Party
  /** Activated, in no whitelist, owner of nothing. */
  readonly stranger: Party
  /** Has not activated PrivateLink. */
  readonly newcomer: Party
  readonly offer: Network
  readonly network: Network
  readonly balancer: string
  readonly service: string
  /** Not accepted, with a zone. */
  readonly endpoint: string
}

export async function makeWorld(server: RunningServer): Promise<RefusalWorld> {
  const [provider, consumer, stranger, newcomer] = [
    await makeParty(server, '87654321'),
    await makeParty(server, '12345678'),
    await makeParty(server, '55555555'),
    await makeParty(server, '66666666'),
  ]
  for (const { privatelink } of [provider, consumer, stranger]) await privatelink('OpenPrivateLinkService')
  const offer = await makeNetwork(provider)
  const network = await makeNetwork(consumer)
  const balancer = await makeBalancer(provider, offer)
  const service = await makeService(provider, [balancer], [consumer])
  const endpoint = await makeEndpoint(consumer, service, network)
  return { server, provider, consumer, stranger, newcomer, offer, network, balancer, service, endpoint }
}

/** From here on the agent reports nothing: what is asked for now stays on its way until the test is over. */
export function freeze({ server }: RefusalWorld): void {
  server.agent.pause()
}

/** A service that stays `Creating`. */
export async function creatingService(world: RefusalWorld): Promise<string> {
  freeze(world)
  return String((await world.provider.privatelink('CreateVpcEndpointService'))['ServiceId'])
}

/** An endpoint that stays `Creating`. */
export async function creatingEndpoint(world: RefusalWorld): Promise<string> {
  const { service, network, consumer } = world
  freeze(world)
  const made = await consumer.privatelink('CreateVpcEndpoint', {
    ServiceId: service,
    VpcId: network.vpc,
    SecurityGroupId: [network.group],
  })
  return String(made['EndpointId'])
}

/** An endpoint of its own, accepted. */
export async function connected(world: RefusalWorld, service = world.service): Promise<Params> {
  const { provider, consumer, network } = world
  const connection = { ServiceId: service, EndpointId: await makeEndpoint(consumer, service, network) }
  await provider.privatelink('EnableVpcEndpointConnection', connection)
  await endpointIs(consumer, connection.EndpointId, 'ConnectionStatus', 'Connected')
  return { ...connection, ZoneId: zone }
}

/** An endpoint whose connection stays `Connecting`. */
export async function connecting(world: RefusalWorld): Promise<Params> {
  const { provider, consumer, network, service } = world
  const connection = { ServiceId: service, EndpointId: await makeEndpoint(consumer, service, network) }
  freeze(world)
  await provider.privatelink('EnableVpcEndpointConnection', connection)
  return { ...connection, ZoneId: zone }
}

/** An endpoint whose service was deleted. */
export async function orphan(world: RefusalWorld): Promise<string> {
  const { provider, consumer, network } = world
  const service = await makeService(provider, [], [consumer])
  const endpoint = await makeEndpoint(consumer, service, network, [])
  await provider.privatelink('DeleteVpcEndpointService', { ServiceId: service })
  return endpoint
}

/** An endpoint that a role of the account made and protected. */
export async function protectedEndpoint(world: RefusalWorld): Promise<string> {
  const { server, consumer, network, service } = world
  const endpoint = await makeEndpoint(consumer, service, network)
  // A role has it by its session; protection.test.ts does so.
  const role = `acs:ram::${consumer.id}:assumed-role/keeper`
  intoDatabase(server, 'update endpoint set protected_by = ? where id = ?', role, endpoint)
  return endpoint
}

/** A service of two load balancers, of which only the second is given to new zones, and a connection by the first. */
export async function twoResources(world: RefusalWorld) {
  const { provider, consumer, offer } = world
  const from = await makeBalancer(provider, offer)
  const service = await makeService(provider, [from], [consumer])
  const connection = await connected(world, service)
  const to = await makeBalancer(provider, offer)
  const attach = { ServiceId: service, ResourceId: to, ResourceType: 'slb' }
  await provider.privatelink('AttachResourceToVpcEndpointService', attach)
  await reserve(world, service, from)
  return { service, from, to, connection }
}

/** Takes a resource out of what new zones are given. */
export async function reserve({ provider }: RefusalWorld, service: string, resource: string): Promise<void> {
  await provider.privatelink('UpdateVpcEndpointServiceResourceAttribute', {
    ServiceId: service,
    ResourceId: resource,
    AutoAllocatedEnabled: false,
  })
}

/** A service in whose zone there is a resource, but none that new zones are given. */
export async function nothingToAllocate(world: RefusalWorld): Promise<string> {
  const { provider, consumer, offer } = world
  const balancers = [await makeBalancer(provider, offer), await makeBalancer(provider, offer)]
  const [first = '', second = ''] = balancers
  const service = await makeService(provider, balancers, [consumer])
  await reserve(world, service, first)
  const detach = { ServiceId: service, ResourceId: second }
  await provider.privatelink('DetachResourceFromVpcEndpointService', detach)
  return service
}

/** A vSwitch whose addresses are all taken, by load balancers. */
export async function fullVSwitch({ consumer }: RefusalWorld, vpc: string, block: string): Promise<string> {
  const vswitch = await makeVSwitch(consumer, vpc, block)
  for (;;) {
    const params = { VSwitchId: vswitch, LoadBalancerSpec: 'slb.s1.small' }
    const refused = await refusalOf(consumer.slb('CreateLoadBalancer', params))
    if (refused) return vswitch
  }
}

/** A vSwitch that stays `Pending`. */
export async function pendingVSwitch(world: RefusalWorld, CidrBlock: string): Promise<string> {
  freeze(world)
  const params = { VpcId: world.network.vpc, ZoneId: zone, CidrBlock }
  return String((await world.consumer.vpc('CreateVSwitch', params))['VSwitchId'])
}

/** A security group of the consumer's VPC, of the other type when asked for. */
export async function makeGroup(
  { consumer, network }: RefusalWorld,
  type: 'normal' | 'enterprise' = 'normal',
): Promise<string> {
  const params = { VpcId: network.vpc, SecurityGroupType: type }
  return String((await consumer.ecs('CreateSecurityGroup', params))['SecurityGroupId'])
}
