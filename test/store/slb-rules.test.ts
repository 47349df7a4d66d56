/** Rules of the Slb product, each with the code that breaking it is refused with. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { WireParams } from './call.ts'
import { consumer, provider, refuses, type Scene, setScene } from './scene.ts'
import { zone } from './side.ts'

let scene: Scene
beforeAll(async () => {
  scene = await setScene()
})
afterAll(() => scene.of.db.destroy())

const create = (change: WireParams) => () => ({
  VSwitchId: scene.vpc2.vswitch,
  LoadBalancerSpec: 'slb.s1.small',
  ...change,
})
const listener = (change: WireParams) => () => ({
  LoadBalancerId: scene.clb,
  ListenerPort: 81,
  BackendServerPort: 80,
  ...change,
})
const servers = (list: () => string) => () => ({
  LoadBalancerId: scene.clb,
  BackendServers: list(),
})
refuses(
  () => scene.of,
  [
    [provider, 'Slb.CreateLoadBalancer', create({ LoadBalancerSpec: '' }), 'MissingParam.LoadBalancerSpec'],
    [provider, 'Slb.CreateLoadBalancer', create({ LoadBalancerSpec: 'slb.s9' }), 'IllegalParam.SpecType'],
    [
      provider,
      'Slb.CreateLoadBalancer',
      create({ VSwitchId: '', AddressType: 'intranet' }),
      'MissingParam.VSwitchId',
    ],
    [consumer, 'Slb.CreateLoadBalancer', create({}), 'VSwitchNotExist'],
    [provider, 'Slb.CreateLoadBalancer', create({ Address: '10.0.0.200' }), 'InvalidParameter'],
    [provider, 'Slb.CreateLoadBalancer', create({ Address: '10.9.0.1' }), 'InvalidParameter'],
    [provider, 'Slb.CreateLoadBalancer', create({ LoadBalancerName: '-a' }), 'InvalidParameter'],
    [
      provider,
      'Slb.CreateLoadBalancer',
      create({ MasterZoneId: 'eu-central-1x' }),
      'PRODUCT.NOT_AVAILABLE_IZ',
    ],
    [
      provider,
      'Slb.CreateLoadBalancer',
      create({ MasterZoneId: zone, SlaveZoneId: zone }),
      'PRODUCT.NOT_AVAILABLE_IZ',
    ],
    [consumer, 'Slb.DescribeLoadBalancerAttribute', listener({}), 'InvalidLoadBalancerId.NotFound'],
    [provider, 'Slb.CreateLoadBalancerTCPListener', listener({ ListenerPort: 80 }), 'ListenerPortConflict'],
    [provider, 'Slb.CreateLoadBalancerUDPListener', listener({ ListenerPort: 80 }), 'ListenerPortConflict'],
    [
      provider,
      'Slb.CreateLoadBalancerUDPListener',
      listener({ ListenerPort: 4789 }),
      'InvalidParameter.ListenerPort',
    ],
    [
      provider,
      'Slb.CreateLoadBalancerTCPListener',
      listener({ Scheduler: 'qch' }),
      'InvalidParameter.Scheduler',
    ],
    [
      provider,
      'Slb.CreateLoadBalancerTCPListener',
      listener({ HealthCheckType: 'udp' }),
      'InvalidParameter.HealthCheckType',
    ],
    [
      provider,
      'Slb.CreateLoadBalancerTCPListener',
      listener({ HealthCheckURI: 'x' }),
      'InvalidParameter.HealthCheckURI',
    ],
    [
      provider,
      'Slb.CreateLoadBalancerTCPListener',
      listener({ HealthCheckHttpCode: 'http_6xx' }),
      'InvalidParameter.HealthCheckHttpCode',
    ],
    [
      provider,
      'Slb.CreateLoadBalancerUDPListener',
      listener({ healthCheckReq: 'two words' }),
      'InvalidParameter.HealthCheckReq',
    ],
    [
      provider,
      'Slb.CreateLoadBalancerUDPListener',
      listener({ PersistenceTimeout: 1 }),
      'InvalidParameter.PersistenceTimeout',
    ],
    [
      provider,
      'Slb.CreateLoadBalancerTCPListener',
      listener({ PersistenceTimeout: 3601 }),
      'InvalidParameter.PersistenceTimeout',
    ],
    [
      provider,
      'Slb.CreateLoadBalancerUDPListener',
      listener({ ProxyProtocolV2Enabled: true }),
      'InvalidParameter.ProxyProtocolV2Enabled',
    ],
    [
      provider,
      'Slb.CreateLoadBalancerTCPListener',
      listener({ ConnectionDrain: 'on' }),
      'MissingParam.ConnectionDrainTimeout',
    ],
    [
      provider,
      'Slb.CreateLoadBalancerTCPListener',
      listener({ EstablishedTimeout: 9 }),
      'InvalidParameter.EstablishedTimeout',
    ],
    [
      provider,
      'Slb.CreateLoadBalancerTCPListener',
      listener({ VServerGroupId: 'rsp-1' }),
      'InvalidParameter.VServerGroupId',
    ],
    [
      provider,
      'Slb.CreateLoadBalancerTCPListener',
      () => listener({ LoadBalancerId: scene.internetClb })(),
      'InvalidParameter',
    ],
    [provider, 'Slb.DescribeLoadBalancerTCPListenerAttribute', listener({}), 'ResourceNotFound.Listener'],
    [
      provider,
      'Slb.StartLoadBalancerListener',
      listener({ ListenerPort: 80 }),
      'OperationFailed.ListenerStatusNotSupport',
    ],
    [provider, 'Slb.AddBackendServers', servers(() => `[{'ServerId':'i-none'}]`), 'InvalidParameter'],
    [provider, 'Slb.AddBackendServers', servers(() => `[{'ServerId':'${scene.ecs1}'}]`), 'InvalidParameter'],
    [provider, 'Slb.AddBackendServers', servers(() => `[{'ServerId':'${scene.ecs2}'}]`), 'InvalidParameter'],
    [
      provider,
      'Slb.SetBackendServers',
      servers(() => `[{"ServerId":"${scene.ecs2}","Weight":101}]`),
      'InvalidParameter',
    ],
    [provider, 'Slb.AddBackendServers', servers(() => 'what'), 'InvalidParameter'],
    [provider, 'Slb.DeleteLoadBalancer', () => ({ LoadBalancerId: scene.prepaidClb }), 'InvalidChargeType'],
    [provider, 'Slb.DeleteLoadBalancer', listener({}), 'DependencyViolation.EndpointService'],
  ],
)

test.each(['TCP', 'UDP', 'HTTP'])(
  'a %s listener has a bandwidth or none, and the world knows it',
  async (protocol) => {
    const { of } = scene
    const place = { LoadBalancerId: scene.clb, ListenerPort: 8080 }
    const needed = protocol === 'HTTP' ? { StickySession: 'off', HealthCheck: 'off' } : {}
    const call = (action: string, params: WireParams = {}) =>
      of.call(provider, `Slb.${action}`, { ...place, ...params })
    const told = async () => [
      (await call(`DescribeLoadBalancer${protocol}ListenerAttribute`))['Bandwidth'],
      (await of.world()).loadBalancers
        .find(({ id }) => id === scene.clb)
        ?.listeners.find(({ port }) => port === 8080)?.bandwidthMbps,
    ]
    await call(`CreateLoadBalancer${protocol}Listener`, { BackendServerPort: 80, Bandwidth: 5120, ...needed })
    expect(await told()).toEqual([5120, 5120])
    await call(`SetLoadBalancer${protocol}ListenerAttribute`, { Description: 'as-before', ...needed })
    expect(await told()).toEqual([5120, 5120])
    await call(`SetLoadBalancer${protocol}ListenerAttribute`, { Bandwidth: -1, ...needed })
    expect(await told()).toEqual([-1, undefined])
    await call('DeleteLoadBalancerListener')
    await of.settle()
  },
)
