/** How each error of the actions on listeners is provoked. */
import { quotas } from '../../../../../src/model/quotas.ts'
import type { Params } from '../../clients.ts'
import { copyRow } from '../copies.ts'
import { makeBalancer } from '../../stage.ts'
import { uploadCertificate } from './certificates.ts'
import { lockedBalancer } from './load-balancers.ts'
import { makeGroup, makeListener, makePair, type Provoke, type Refusals, type SlbWorld } from './world.ts'

/** The world's listener, or one beside it. */
const at =
  (ListenerPort: number, params: Params = {}): Provoke =>
  ({ owner, balancer }) => [owner, { LoadBalancerId: balancer, ListenerPort, ...params }]

const create = (params: Params) => at(81, { BackendServerPort: 80, ...params })

const foreign: Provoke = ({ stranger, balancer }) => [
  stranger,
  { LoadBalancerId: balancer, ListenerPort: 80 },
]

/** A group that another listener sends to, which has a header before its streams. */
const disagreeing =
  (port: number, params: Params = {}): Provoke =>
  async ({ owner, network }) => {
    const balancer = await makeBalancer(owner, network)
    const VServerGroupId = await makeGroup(owner, balancer)
    await makeListener(owner, balancer, 80, { VServerGroupId, ProxyProtocolV2Enabled: true })
    await makeListener(owner, balancer, 82)
    return [owner, { LoadBalancerId: balancer, ListenerPort: port, VServerGroupId, ...params }]
  }

/** Of another load balancer. */
const strangeGroup =
  (name: 'VServerGroupId' | 'MasterSlaveServerGroupId', provoke: (params: Params) => Provoke): Provoke =>
  async (world) => {
    const { owner, network, member } = world
    const balancer = await makeBalancer(owner, network)
    const group =
      name === 'VServerGroupId' ? await makeGroup(owner, balancer) : await makePair(owner, balancer, member)
    return provoke({ [name]: group })(world)
  }

const groups = (provoke: (params: Params) => Provoke) => ({
  'InvalidParameter.MasterSlaveServerGroupId': strangeGroup('MasterSlaveServerGroupId', provoke),
  'InvalidParameter.VServerGroupId': strangeGroup('VServerGroupId', provoke),
  'MissingParam.MasterSlaveServerGroupId': provoke({ MasterSlaveServerGroup: 'on' }),
  'MissingParam.VServerGroupId': provoke({ VServerGroup: 'on' }),
})

const settings = (provoke: (params: Params) => Provoke) => ({
  'InvalidLoadBalancerId.NotFound': foreign,
  'InvalidParameter.AclStatus': provoke({ AclStatus: 'on' }),
  'InvalidParameter.Bandwidth': provoke({ Bandwidth: 0 }),
  'InvalidParameter.HealthCheckConnectPort': provoke({ HealthCheckConnectPort: 0 }),
  'MissingParam.ConnectionDrainTimeout': provoke({ ConnectionDrain: 'on' }),
  ...groups(provoke),
})

const tcp = (provoke: (params: Params) => Provoke) => ({
  ...settings(provoke),
  'InvalidParameter.HealthCheckType': provoke({ HealthCheckType: 'udp' }),
  'InvalidParameter.Scheduler': provoke({ Scheduler: 'qch' }),
})

const udp = (provoke: (params: Params) => Provoke) => ({
  ...settings(provoke),
  'InvalidParameter.PersistenceTimeout': provoke({ PersistenceTimeout: 5 }),
  'InvalidParameter.ProxyProtocolV2Enabled': provoke({ ProxyProtocolV2Enabled: true }),
})

const creation = {
  InvalidParameter: async ({ owner }: SlbWorld) => {
    const made = await owner.slb('CreateLoadBalancer', { LoadBalancerSpec: 'slb.s1.small' })
    const params = { LoadBalancerId: made['LoadBalancerId'], ListenerPort: 80, BackendServerPort: 80 }
    return [owner, params] as const
  },
  ListenerPortConflict: at(80, { BackendServerPort: 80 }),
  'MissingParam.BackendServerPort': at(81),
  OverQuota: async ({ server, owner, network }: SlbWorld) => {
    const balancer = await makeBalancer(owner, network)
    await makeListener(owner, balancer, 1)
    const most = quotas.listenersPerLoadBalancer
    copyRow(server, 'listener', ['load_balancer_id', balancer], most, { port: '100 + i' })
    return [owner, { LoadBalancerId: balancer, ListenerPort: 80, BackendServerPort: 80 }] as const
  },
} satisfies Readonly<Record<string, Provoke>>

/** A UDP listener of its own, changed so. */
const datagrams =
  (params: Params): Provoke =>
  async ({ owner, network, member }) => {
    const balancer = await makeBalancer(owner, network)
    const own = { LoadBalancerId: balancer, ListenerPort: 80 }
    await owner.slb('CreateLoadBalancerUDPListener', { ...own, BackendServerPort: 80 })
    await makePair(owner, balancer, member)
    return [owner, { ...own, ...params }]
  }

const certificateFor = async (protocol: string, owner: SlbWorld['owner']) =>
  protocol === 'HTTPS' ? { ServerCertificateId: await uploadCertificate(owner) } : {}

/** A listener that has no port for the default group. */
const withoutPort =
  (protocol: 'TCP' | 'UDP' | 'HTTP' | 'HTTPS'): Provoke =>
  async ({ owner, network }) => {
    const balancer = await makeBalancer(owner, network)
    const own = { LoadBalancerId: balancer, ListenerPort: 80 }
    const VServerGroupId = await makeGroup(owner, balancer)
    const http = { StickySession: 'off', HealthCheck: 'off', ...(await certificateFor(protocol, owner)) }
    await owner.slb(`CreateLoadBalancer${protocol}Listener`, { ...own, ...http, VServerGroupId })
    return [owner, { ...own, VServerGroup: 'off' }]
  }

/** An HTTP or HTTPS listener of its own, changed so. */
const requests =
  (protocol: 'HTTP' | 'HTTPS') =>
  (params: Params): Provoke =>
  async ({ owner, network }) => {
    const balancer = await makeBalancer(owner, network)
    const own = { LoadBalancerId: balancer, ListenerPort: 80 }
    const needed = { BackendServerPort: 80, StickySession: 'off', HealthCheck: 'on' }
    const certificate = await certificateFor(protocol, owner)
    await owner.slb(`CreateLoadBalancer${protocol}Listener`, { ...own, ...needed, ...certificate })
    return [owner, { ...own, ...params }]
  }

const http = (provoke: (params: Params) => Provoke) => ({
  'InvalidLoadBalancerId.NotFound': withHttp(foreign),
  'InvalidParameter.AclStatus': provoke({ AclStatus: 'on' }),
  'InvalidParameter.Bandwidth': provoke({ Bandwidth: 0 }),
  'InvalidParameter.HealthCheckConnectPort': provoke({ HealthCheckConnectPort: 0 }),
  'InvalidParameter.VServerGroupId': strangeGroup('VServerGroupId', provoke),
  'MissingParam.Cookie': provoke({ StickySession: 'on', StickySessionType: 'server' }),
  'MissingParam.CookieTimeout': provoke({ StickySession: 'on', StickySessionType: 'insert' }),
  'MissingParam.StickySessionType': provoke({ StickySession: 'on' }),
  'MissingParam.VServerGroupId': provoke({ VServerGroup: 'on' }),
})

/** The same request with what a new HTTP listener must be told. */
const withHttp =
  (provoke: Provoke): Provoke =>
  async (world) => {
    const [who, params] = await provoke(world)
    return [who, { StickySession: 'off', HealthCheck: 'on', ...params }]
  }

const httpCreation = {
  InvalidParameter: withHttp(creation.InvalidParameter),
  ListenerPortConflict: withHttp(creation.ListenerPortConflict),
  'MissingParam.BackendServerPort': withHttp(creation['MissingParam.BackendServerPort']),
  OverQuota: withHttp(creation.OverQuota),
}

/** The same request with a certificate of whoever sends it. */
const withCertificate =
  (provoke: Provoke): Provoke =>
  async (world) => {
    const [who, params] = await provoke(world)
    return [who, { ServerCertificateId: await uploadCertificate(who), ...params }]
  }

const allWithCertificate = (table: Readonly<Record<string, Provoke>>) =>
  Object.fromEntries(Object.entries(table).map(([code, provoke]) => [code, withCertificate(provoke)]))

const certificates = (provoke: (params: Params) => Provoke) => ({
  'CACertificateId.NotFound': provoke({ CACertificateId: 'none' }),
  'ServerCertificateId.NotFound': provoke({ ServerCertificateId: 'none' }),
})

const newHttp = (params: Params) => create({ StickySession: 'off', HealthCheck: 'on', ...params })

const power = {
  'InvalidLoadBalancerId.NotFound': foreign,
  'OperationDenied.LoadBalancerLocked': async (world: SlbWorld) =>
    [world.owner, { LoadBalancerId: await lockedBalancer(world), ListenerPort: 80 }] as const,
  'ResourceNotFound.Listener': at(99),
} satisfies Readonly<Record<string, Provoke>>

/** A listener that stays `starting`. */
const starting: Provoke = async ({ server, owner, network }) => {
  const balancer = await makeBalancer(owner, network)
  await makeListener(owner, balancer, 80)
  server.agent.pause()
  await owner.slb('StartLoadBalancerListener', { LoadBalancerId: balancer, ListenerPort: 80 })
  return [owner, { LoadBalancerId: balancer, ListenerPort: 80 }]
}

const described = { 'InvalidLoadBalancerId.NotFound': foreign, 'ResourceNotFound.Listener': at(99) }

export const listenerRefusals: Refusals = {
  CreateLoadBalancerTCPListener: {
    ...creation,
    ...tcp(create),
    'InvalidParameter.ProxyProtocolV2Enabled': disagreeing(81),
  },
  CreateLoadBalancerUDPListener: {
    ...creation,
    ...udp(create),
    'InvalidParameter.ListenerPort': at(4789, { BackendServerPort: 80 }),
  },
  CreateLoadBalancerHTTPListener: {
    ...httpCreation,
    ...http(newHttp),
  },
  CreateLoadBalancerHTTPSListener: allWithCertificate({
    ...httpCreation,
    ...http(newHttp),
    ...certificates(newHttp),
  }),
  SetLoadBalancerHTTPSListenerAttribute: {
    ...http(requests('HTTPS')),
    ...certificates(requests('HTTPS')),
    'InvalidParameter.VServerGroup': withoutPort('HTTPS'),
    'ResourceNotFound.Listener': at(99),
  },
  DescribeLoadBalancerHTTPSListenerAttribute: described,
  SetLoadBalancerHTTPListenerAttribute: {
    ...http(requests('HTTP')),
    'InvalidParameter.VServerGroup': withoutPort('HTTP'),
    'ResourceNotFound.Listener': at(99),
  },
  DescribeLoadBalancerHTTPListenerAttribute: described,
  SetLoadBalancerTCPListenerAttribute: {
    ...tcp((params) => at(80, params)),
    'InvalidParameter.ProxyProtocolV2Enabled': disagreeing(82),
    'InvalidParameter.VServerGroup': withoutPort('TCP'),
    'ResourceNotFound.Listener': at(99),
  },
  SetLoadBalancerUDPListenerAttribute: {
    ...udp(datagrams),
    ...groups(datagrams),
    'InvalidParameter.VServerGroup': withoutPort('UDP'),
    'ResourceNotFound.Listener': at(99),
  },
  DescribeLoadBalancerTCPListenerAttribute: described,
  DescribeLoadBalancerUDPListenerAttribute: described,
  StartLoadBalancerListener: { ...power, 'OperationFailed.ListenerStatusNotSupport': starting },
  StopLoadBalancerListener: { ...power, 'OperationFailed.ListenerStatusNotSupport': at(80) },
  DeleteLoadBalancerListener: { ...power, ListenerProcessing: starting },
}
