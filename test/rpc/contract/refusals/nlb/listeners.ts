/** How each error of the actions on listeners is provoked. */
import { quotas } from '../../../../../src/model/quotas.ts'
import type { Params } from '../../clients.ts'
import { copyRow } from '../copies.ts'
import { busyBalancer, tagRefusals } from './load-balancers.ts'
import {
  anyPort,
  makeGroup,
  makeListener,
  makeNlb,
  type NlbWorld,
  type Provoke,
  type Refusals,
} from './world.ts'

const create =
  (params: Params): Provoke =>
  ({ owner, balancer, group }) => [
    owner,
    {
      LoadBalancerId: balancer,
      ServerGroupId: group,
      ListenerProtocol: 'TCP',
      ListenerPort: 81,
      ...params,
    },
  ]

const own =
  (params: Params): Provoke =>
  ({ owner, listener }) => [owner, { ListenerId: listener, ...params }]

const foreign: Provoke = ({ stranger, listener }) => [stranger, { ListenerId: listener }]

const range = { StartPort: 1000, EndPort: 1009 }

const withGroup = (provoke: (params: Params) => Provoke) => ({
  'Mismatch.Protocol': (async (world) => {
    const datagrams = await makeGroup(world.owner, world.network.vpc, { Protocol: 'UDP' })
    return await provoke({ ServerGroupId: datagrams })(world)
  }) satisfies Provoke,
  'IllegalParam.NonAnyPortListenerConflictWithAnyPortServerGroup': (async (world) =>
    await provoke({ ServerGroupId: await makeGroup(world.owner, world.network.vpc, anyPort) })(
      world,
    )) satisfies Provoke,
  'Mismatch.VpcId': ((world) => provoke({ ServerGroupId: world.distant.group })(world)) satisfies Provoke,
  'ResourceNotFound.serverGroup': provoke({ ServerGroupId: 'sgp-none' }),
})

const settings = (provoke: (params: Params) => Provoke) => ({
  'IllegalParam.Mss': provoke({ Mss: 1400 }),
  'IllegalParam.SecSensorEnabled': provoke({ SecSensorEnabled: true }),
})

/** A listener of datagrams: what only streams can have is refused. */
const datagrams =
  (params: Params): Provoke =>
  async (world) => {
    const { owner, network } = world
    const group = await makeGroup(owner, network.vpc, { Protocol: 'UDP' })
    const listener = await makeListener(owner, await makeNlb(world), group, 80, { ListenerProtocol: 'UDP' })
    return [owner, { ListenerId: listener, ...params }]
  }

/** A listener with a range of ports. */
const ranged =
  (params: (world: NlbWorld) => Params): Provoke =>
  async (world) => {
    const { owner, network } = world
    const group = await makeGroup(owner, network.vpc, anyPort)
    const listener = await makeListener(owner, await makeNlb(world), group, 0, range)
    return [owner, { ListenerId: listener, ...params(world) }]
  }

/** A listener that is on its way. */
const busy: Provoke = async (world) => {
  const { server, owner, group } = world
  const listener = await makeListener(owner, await makeNlb(world), group, 80)
  server.agent.pause()
  await owner.nlb('UpdateListenerAttribute', { ListenerId: listener, IdleTimeout: 10 })
  return [owner, { ListenerId: listener }]
}

/** A listener that is not: its load balancer is, being changed or deleted. */
const ofBusy =
  (action: 'UpdateLoadBalancerAttribute' | 'DeleteLoadBalancer', stopped = false): Provoke =>
  async (world: NlbWorld) => {
    const { server, owner, group } = world
    const balancer = await makeNlb(world)
    const listener = await makeListener(owner, balancer, group, 80)
    if (stopped) {
      await owner.nlb('StopListener', { ListenerId: listener })
      await server.settled()
    }
    server.agent.pause()
    await owner.nlb(action, { LoadBalancerId: balancer })
    return [owner, { ListenerId: listener }]
  }

const power = (stopped: boolean) => ({
  'IncorrectStatus.listener': busy,
  'IncorrectStatus.loadbalancer': ofBusy('UpdateLoadBalancerAttribute', stopped),
  'ResourceNotFound.listener': foreign,
  'ResourceNotFound.loadBalancer': ofBusy('DeleteLoadBalancer', stopped),
})

export const listenerRefusals: Refusals = {
  CreateListener: {
    ...tagRefusals(create),
    ...settings(create),
    ...withGroup(create),
    'Conflict.Port': create({ ListenerPort: 80 }),
    'IllegalParam.AnyPortListenerConflictWithNonAnyPortServerGroup': create({ ListenerPort: 0, ...range }),
    'IllegalParam.IdleTimeout': create({ ListenerProtocol: 'UDP', IdleTimeout: 21 }),
    'IllegalParam.ListenerProtocol': create({ ListenerProtocol: 'TCPSSL' }),
    'IllegalParam.Port': create({ StartPort: 1, EndPort: 9 }),
    'IllegalParam.ProxyProtocolEnabled': create({ ListenerProtocol: 'UDP', ProxyProtocolEnabled: true }),
    'IncorrectStatus.loadbalancer': async (world) =>
      create({ LoadBalancerId: await busyBalancer(world) })(world),
    'MissingParam.EndPort': create({ ListenerPort: 0, StartPort: 1000 }),
    'MissingParam.StartPort': create({ ListenerPort: 0 }),
    'QuotaExceeded.Listener': async (world) => {
      const balancer = await makeNlb(world)
      const listener = await makeListener(world.owner, balancer, world.group, 80)
      const most = quotas.listenersPerNetworkLoadBalancer
      copyRow(world.server, 'nlb_listener', ['id', listener], most, { id: `'lsn-' || i`, port: '100 + i' })
      return create({ LoadBalancerId: balancer })(world)
    },
    'ResourceNotFound.loadBalancer': create({ LoadBalancerId: 'nlb-none' }),
  },
  GetListenerAttribute: { 'ResourceNotFound.listener': foreign },
  ListListeners: {},
  UpdateListenerAttribute: {
    ...power(false),
    ...settings(own),
    ...withGroup(own),
    'IllegalParam.AnyPortListenerConflictWithNonAnyPortServerGroup': ranged(({ group }) => ({
      ServerGroupId: group,
    })),
    'IllegalParam.IdleTimeout': datagrams({ IdleTimeout: 21 }),
    'IllegalParam.ProxyProtocolEnabled': datagrams({ ProxyProtocolEnabled: true }),
  },
  StartListener: power(true),
  StopListener: power(false),
  DeleteListener: power(false),
  GetListenerHealthStatus: { 'ResourceNotFound.listener': foreign },
}
