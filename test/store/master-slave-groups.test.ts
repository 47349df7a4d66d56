/** Groups of a master and a slave, and what of a CLB's listener reaches the world. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { WireParams } from './call.ts'
import { consumer, provider, setScene, type Scene } from './scene.ts'
import { side } from './side.ts'

let scene: Scene
let second: string
beforeEach(async () => {
  scene = await setScene()
  second = await side(scene.of, provider).instance(scene.vpc2, '10.0.0.210')
})
afterEach(() => scene.of.db.destroy())

const call = (action: string, params: WireParams) => scene.of.call(provider, `Slb.${action}`, params)
const refused = (action: string, params: WireParams, account = provider) =>
  scene.of.refusal(account, `Slb.${action}`, params)
const listener = (change: WireParams = {}) => ({ LoadBalancerId: scene.clb, ListenerPort: 80, ...change })

const master = () => ({ ServerId: scene.ecs2, Port: 80, ServerType: 'Master' })
const slave = () => ({ ServerId: second, Port: '81', ServerType: 'Slave', Weight: '100', Type: 'ecs' })
const create = (...servers: object[]) => ({
  LoadBalancerId: scene.clb,
  MasterSlaveServerGroupName: 'pair',
  MasterSlaveBackendServers: JSON.stringify(servers),
})

async function carried() {
  const { loadBalancers } = await scene.of.world()
  return loadBalancers.find(({ id }) => id === scene.clb)?.listeners.find(({ port }) => port === 80)
}

test('a listener uses the pair and gives it back', async () => {
  const made = await call('CreateMasterSlaveServerGroup', create(master(), slave()))
  const id = { MasterSlaveServerGroupId: String(made['MasterSlaveServerGroupId']) }
  expect(id.MasterSlaveServerGroupId).toMatch(/^rsp-/)
  const servers = {
    MasterSlaveBackendServers: {
      MasterSlaveBackendServer: [
        { ServerId: scene.ecs2, Port: 80, Weight: 100, ServerType: 'Master' },
        { ServerId: second, Port: 81, Weight: 100, ServerType: 'Slave' },
      ],
    },
  }
  expect(made).toMatchObject(servers)
  const on = listener({ VServerGroup: 'off', MasterSlaveServerGroup: 'on', ...id })
  await call('SetLoadBalancerTCPListenerAttribute', on)
  expect((await carried())?.servers.map(({ address, standby }) => [address, standby]).toSorted()).toEqual([
    ['10.0.0.200', false],
    ['10.0.0.210', true],
  ])
  const described = await call('DescribeLoadBalancerTCPListenerAttribute', listener())
  expect(described).toMatchObject(id)
  expect(described).not.toHaveProperty('VServerGroupId')
  const list = { LoadBalancerId: scene.clb, IncludeListener: true }
  expect(await call('DescribeMasterSlaveServerGroups', list)).toMatchObject({
    MasterSlaveServerGroups: {
      MasterSlaveServerGroup: [
        {
          MasterSlaveServerGroupName: 'pair',
          AssociatedObjects: { Listeners: { Listener: [{ Port: 80, Protocol: 'tcp' }] } },
        },
      ],
    },
  })
  expect(await call('DescribeVServerGroups', { LoadBalancerId: scene.clb })).toMatchObject({
    VServerGroups: { VServerGroup: [] },
  })
  expect(await refused('DeleteMasterSlaveServerGroup', id)).toBe('RspoolVipExist')
  // A request that speaks of VServer groups alone does not take a pair away.
  await call('SetLoadBalancerTCPListenerAttribute', listener({ VServerGroup: 'off' }))
  expect(await call('DescribeLoadBalancerTCPListenerAttribute', listener())).toMatchObject(id)
  await call('SetLoadBalancerTCPListenerAttribute', listener({ MasterSlaveServerGroup: 'off' }))
  expect((await carried())?.servers).toMatchObject([{ address: '10.0.0.200', standby: false }])
  expect(await call('DescribeMasterSlaveServerGroupAttribute', id)).toMatchObject(servers)
  await call('DeleteMasterSlaveServerGroup', id)
  expect(await refused('DescribeMasterSlaveServerGroupAttribute', id)).toBe(
    'InvalidParameter.MasterSlaveServerGroupId',
  )
})

test('refused: all but one master and one slave of the balancer’s VPC', async () => {
  const action = 'CreateMasterSlaveServerGroup'
  expect(await refused(action, create(master()))).toBe('InvalidParameter')
  expect(await refused(action, create(master(), slave(), slave()))).toBe('InvalidParameter')
  expect(await refused(action, create(master(), { ...slave(), ServerType: 'Master' }))).toBe(
    'InvalidParameter',
  )
  expect(await refused(action, create(master(), { ...master(), ServerType: 'Slave' }))).toBe(
    'InvalidParameter',
  )
  expect(await refused(action, create(master(), { ...slave(), ServerId: scene.ecs1 }))).toBe(
    'InvalidParameter',
  )
  const made = await call(action, create(master(), slave()))
  const id = { MasterSlaveServerGroupId: String(made['MasterSlaveServerGroupId']) }
  const set = 'SetLoadBalancerTCPListenerAttribute'
  const unknown = 'InvalidParameter.MasterSlaveServerGroupId'
  expect(await refused(set, listener({ VServerGroupId: id.MasterSlaveServerGroupId }))).toBe(
    'InvalidParameter.VServerGroupId',
  )
  expect(await refused(set, listener({ VServerGroupId: 'rsp-1', ...id }))).toBe(unknown)
  expect(await refused(set, listener({ MasterSlaveServerGroup: 'on' }))).toBe(
    'MissingParam.MasterSlaveServerGroupId',
  )
  expect(await refused('DescribeMasterSlaveServerGroupAttribute', id, consumer)).toBe(unknown)
})

test('what a listener is given reaches the world and is told again', async () => {
  const http = {
    HealthCheckType: 'http',
    HealthCheckURI: '/healthy',
    HealthCheckDomain: 'example.com',
    HealthCheckMethod: 'get',
    HealthCheckHttpCode: 'http_2xx,http_3xx',
  }
  const given = { ...http, PersistenceTimeout: 60, ProxyProtocolV2Enabled: true }
  await call('SetLoadBalancerTCPListenerAttribute', listener(given))
  expect(await call('DescribeLoadBalancerTCPListenerAttribute', listener())).toMatchObject(given)
  expect(await carried()).toMatchObject({
    persistenceS: 60,
    idleTimeoutS: 900,
    proxyProtocol: { clientAddress: false, vpcId: false, endpointId: false, serviceId: false },
    healthCheck: {
      probe: { kind: 'http', method: 'GET', path: '/healthy', host: 'example.com', statuses: [2, 3] },
    },
  })
  const udp = listener({ ListenerPort: 53 })
  const check = { HealthCheckReq: 'ping', HealthCheckExp: 'pong' }
  await call('CreateLoadBalancerUDPListener', { ...udp, BackendServerPort: 53, ...check })
  expect(await call('DescribeLoadBalancerUDPListenerAttribute', udp)).toMatchObject({
    HealthCheck: 'on',
    HealthCheckType: 'udp',
    HealthCheckConnectTimeout: 10,
    HealthCheckInterval: 5,
    ...check,
  })
  const { loadBalancers } = await scene.of.world()
  const balancer = loadBalancers.find(({ id }) => id === scene.clb)
  expect(balancer?.limits).toEqual({ connections: 5000, newConnectionsPerS: 3000 })
  expect(balancer?.listeners.find(({ port }) => port === 53)).toMatchObject({
    protocol: 'udp',
    idleTimeoutS: undefined,
    healthCheck: { probe: { kind: 'udp', request: 'ping', response: 'pong' } },
  })
})
