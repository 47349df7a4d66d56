/** Statuses move by what was reported, and only by that. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Answer, WireParams } from './call.ts'
import { consumer, provider, setScene, type Scene } from './scene.ts'
import { side, textOf, zone } from './side.ts'

let scene: Scene
beforeEach(async () => {
  scene = await setScene()
})
afterEach(() => scene.of.db.destroy())

const consume = (action: string, params: WireParams) => scene.of.call(consumer, action, params)
const provide = (action: string, params: WireParams) => scene.of.call(provider, action, params)

/** The items of a list in an answer, by the path to it. */
function listIn(answer: Answer, ...path: string[]): readonly Answer[] {
  return path.reduce<unknown>((value, key) => (value as Answer)[key], answer) as Answer[]
}

async function statusOf(instance: string): Promise<unknown> {
  const answer = await consume('Ecs.DescribeInstanceStatus', { 'InstanceId.1': instance })
  return listIn(answer, 'InstanceStatuses', 'InstanceStatus')[0]?.['Status']
}

describe('instances', () => {
  const seen = (boot: number, state: 'running' | 'stopped') => ({
    instances: [{ id: scene.ecs1, boot, state, restarts: 0 }],
  })

  test('runs when its own boot was seen to run', async () => {
    await consume('Ecs.RebootInstance', { InstanceId: scene.ecs1 })
    expect(await statusOf(scene.ecs1)).toBe('Starting')
    await scene.of.settle(seen(1, 'running'))
    expect(await statusOf(scene.ecs1)).toBe('Starting')
    await scene.of.settle(seen(2, 'running'))
    expect(await statusOf(scene.ecs1)).toBe('Running')
  })

  test('has stopped when it was seen stopped', async () => {
    await consume('Ecs.StopInstance', { InstanceId: scene.ecs1 })
    await scene.of.settle(seen(1, 'running'))
    expect(await statusOf(scene.ecs1)).toBe('Stopping')
    await scene.of.settle(seen(1, 'stopped'))
    expect(await statusOf(scene.ecs1)).toBe('Stopped')
    await consume('Ecs.StartInstance', { InstanceId: scene.ecs1 })
    await scene.of.settle()
    expect(await statusOf(scene.ecs1)).toBe('Running')
  })

  test('a problem with its interface holds it back', async () => {
    const { enis } = await scene.of.world()
    const eni = enis.find(({ address }) => address === '10.0.0.182')
    await consume('Ecs.RebootInstance', { InstanceId: scene.ecs1 })
    await scene.of.settle({ problems: [{ id: eni?.id ?? '', message: 'no veth' }] })
    expect(await statusOf(scene.ecs1)).toBe('Starting')
  })

  test('when deleted, it leaves its load balancer at once and its address after the report', async () => {
    await provide('Ecs.DeleteInstance', { InstanceId: scene.ecs2, Force: true })
    const world = await scene.of.world()
    expect(
      world.loadBalancers.flatMap(({ listeners }) => listeners.flatMap(({ servers }) => servers)),
    ).toEqual([])
    const again = {
      ImageId: 'postern_sandbox',
      InstanceType: 'ecs.t5-lc1m1.small',
      VSwitchId: scene.vpc2.vswitch,
      SecurityGroupId: scene.vpc2.group,
      PrivateIpAddress: '10.0.0.200',
    }
    expect(await scene.of.refusal(provider, 'Ecs.RunInstances', again)).toBe('InvalidIPAddress.AlreadyUsed')
    await scene.of.settle()
    expect(await provide('Ecs.RunInstances', again)).toHaveProperty('InstanceIdSets')
  })
})

describe('listeners', () => {
  const listener = () => ({ LoadBalancerId: scene.clb, ListenerPort: 80 })
  const status = async () =>
    (await provide('Slb.DescribeLoadBalancerTCPListenerAttribute', listener()))['Status']

  test('stop, start and go', async () => {
    expect(await status()).toBe('running')
    await provide('Slb.StopLoadBalancerListener', listener())
    expect(await status()).toBe('stopping')
    await scene.of.settle()
    expect(await status()).toBe('stopped')
    await provide('Slb.StartLoadBalancerListener', listener())
    expect(await status()).toBe('starting')
    await scene.of.settle({ problems: [{ id: scene.clb, message: 'no map' }] })
    expect(await status()).toBe('starting')
    await scene.of.settle()
    await provide('Slb.DeleteLoadBalancerListener', listener())
    expect(await status()).toBe('stopping')
    await scene.of.settle()
    const action = 'Slb.DescribeLoadBalancerTCPListenerAttribute'
    expect(await scene.of.refusal(provider, action, listener())).toBe('ResourceNotFound.Listener')
  })

  test('health is what was observed, and unavailable before', async () => {
    const health = async () => {
      const answer = await provide('Slb.DescribeHealthStatus', { LoadBalancerId: scene.clb })
      return listIn(answer, 'BackendServers', 'BackendServer').map((server) => server['ServerHealthStatus'])
    }
    expect(await health()).toEqual(['unavailable'])
    const report = { balancer: scene.clb, protocol: 'tcp', port: 80, server: scene.ecs2 } as const
    scene.of.observed = {
      ...scene.of.observed,
      health: [{ ...report, backendPort: 80, status: 'abnormal' }],
    }
    expect(await health()).toEqual(['abnormal'])
  })
})

describe('endpoints', () => {
  const own = () => ({ EndpointId: scene.endpoint })
  const connection = () => ({ ServiceId: scene.service, EndpointId: scene.endpoint })
  const zoneOf = async () =>
    listIn(await consume('Privatelink.ListVpcEndpointZones', own()), 'Zones').map(
      (item) => item['ZoneStatus'],
    )
  const statuses = async (EndpointId = scene.endpoint) => {
    const answer = await consume('Privatelink.GetVpcEndpointAttribute', { EndpointId })
    return [answer['EndpointStatus'], answer['ConnectionStatus']]
  }

  async function connect(): Promise<void> {
    await provide('Privatelink.EnableVpcEndpointConnection', connection())
    await scene.of.settle()
  }

  test('a service that accepts by itself connects new endpoints', async () => {
    await provide('Privatelink.UpdateVpcEndpointServiceAttribute', {
      ServiceId: scene.service,
      AutoAcceptEnabled: true,
    })
    expect(await statuses()).toEqual(['Active', 'Disconnected'])
    const made = await consume('Privatelink.CreateVpcEndpoint', {
      VpcId: scene.vpc1.vpc,
      ServiceId: scene.service,
      'SecurityGroupId.1': scene.vpc1.group,
      'Zone.1.ZoneId': zone,
      'Zone.1.VSwitchId': scene.vpc1.vswitch,
    })
    expect(made['ConnectionStatus']).toBe('Connecting')
    await scene.of.settle()
    expect(await statuses(textOf(made, 'EndpointId'))).toEqual(['Active', 'Connected'])
  })

  test('an endpoint without zones connects to a service without resources', async () => {
    const service = textOf(await provide('Privatelink.CreateVpcEndpointService', {}), 'ServiceId')
    await scene.of.settle()
    await provide('Privatelink.AddUserToVpcEndpointService', { ServiceId: service, UserId: consumer })
    const made = await consume('Privatelink.CreateVpcEndpoint', {
      VpcId: scene.vpc1.vpc,
      ServiceId: service,
      'SecurityGroupId.1': scene.vpc1.group,
    })
    const endpoint = textOf(made, 'EndpointId')
    await scene.of.settle()
    await provide('Privatelink.EnableVpcEndpointConnection', { ServiceId: service, EndpointId: endpoint })
    await scene.of.settle()
    expect(await statuses(endpoint)).toEqual(['Active', 'Connected'])
  })

  test('one zone is cut and connected again, over a fresh wire', async () => {
    await connect()
    const wire = async () => (await scene.of.world()).endpoints[0]?.zones[0]?.wire
    const first = await wire()
    await provide('Privatelink.DisableVpcEndpointZoneConnection', { ...connection(), ZoneId: zone })
    expect(await zoneOf()).toEqual(['Disconnecting'])
    await scene.of.settle()
    expect([await zoneOf(), await statuses()]).toEqual([['Disconnected'], ['Active', 'Connected']])
    expect(await wire()).toBeUndefined()
    await provide('Privatelink.EnableVpcEndpointZoneConnection', { ...connection(), ZoneId: zone })
    await scene.of.settle()
    expect(await zoneOf()).toEqual(['Connected'])
    expect(await wire()).not.toEqual(first)
  })

  test('a zone removed from a connected endpoint takes address and wire along', async () => {
    await connect()
    await consume('Privatelink.RemoveZoneFromVpcEndpoint', { ...own(), ZoneId: zone })
    expect(await zoneOf()).toEqual(['Deleting'])
    await scene.of.settle()
    expect(await zoneOf()).toEqual([])
    const owner = `${scene.endpoint}/${zone}`
    expect(
      await scene.of.db.selectFrom('transit_pair').selectAll().where('owner', '=', owner).execute(),
    ).toEqual([])
    await consume('Privatelink.AddZoneToVpcEndpoint', {
      ...own(),
      ZoneId: zone,
      VSwitchId: scene.vpc1.vswitch,
      ip: '10.0.0.77',
    })
    expect(await zoneOf()).toEqual(['Connecting'])
    await scene.of.settle()
    expect(await zoneOf()).toEqual(['Connected'])
  })

  test('security groups come and go with the report', async () => {
    const second = textOf(
      await consume('Ecs.CreateSecurityGroup', { VpcId: scene.vpc1.vpc }),
      'SecurityGroupId',
    )
    const groups = async () =>
      listIn(await consume('Privatelink.ListVpcEndpointSecurityGroups', own()), 'SecurityGroups')
        .map((group) => String(group['SecurityGroupStatus']))
        .toSorted()
    const onWire = async () => {
      const { enis } = await scene.of.world()
      return enis.find(({ attachment }) => attachment.kind === 'endpoint')?.securityGroups.length
    }
    await consume('Privatelink.AttachSecurityGroupToVpcEndpoint', { ...own(), SecurityGroupId: second })
    expect([await groups(), await statuses(), await onWire()]).toEqual([
      ['Attached', 'Attaching'],
      ['Pending', 'Disconnected'],
      2,
    ])
    await scene.of.settle()
    expect([await groups(), await statuses()]).toEqual([
      ['Attached', 'Attached'],
      ['Active', 'Disconnected'],
    ])
    await consume('Privatelink.DetachSecurityGroupFromVpcEndpoint', { ...own(), SecurityGroupId: second })
    expect([await groups(), await onWire()]).toEqual([['Attached', 'Detaching'], 1])
    await scene.of.settle()
    expect(await groups()).toEqual(['Attached'])
  })

  test('a service that goes leaves its unconnected endpoints behind', async () => {
    await provide('Privatelink.DetachResourceFromVpcEndpointService', {
      ServiceId: scene.service,
      ResourceId: scene.clb,
    })
    await provide('Privatelink.DeleteVpcEndpointService', { ServiceId: scene.service })
    await scene.of.settle()
    expect(await statuses()).toEqual(['Active', 'ServiceDeleted'])
    await consume('Privatelink.RemoveZoneFromVpcEndpoint', { ...own(), ZoneId: zone })
    await scene.of.settle()
    await consume('Privatelink.DeleteVpcEndpoint', own())
    await scene.of.settle()
    expect(await scene.of.refusal(consumer, 'Privatelink.GetVpcEndpointAttribute', own())).toBe(
      'EndpointNotFound',
    )
  })

  test('a resource in use stays; after the deny it may go, and accepting then finds none', async () => {
    await connect()
    const resource = { ServiceId: scene.service, ResourceId: scene.clb }
    const detach = 'Privatelink.DetachResourceFromVpcEndpointService'
    expect(await scene.of.refusal(provider, detach, resource)).toBe('EndpointServiceConnectionDependence')
    await provide('Privatelink.DisableVpcEndpointConnection', connection())
    await scene.of.settle()
    await provide(detach, resource)
    expect(await scene.of.refusal(provider, 'Privatelink.EnableVpcEndpointConnection', connection())).toBe(
      'OperationDenied.NoAvailableServiceResource',
    )
  })

  test('new zones go to the resource that serves the fewest', async () => {
    const second = await side(scene.of, provider).loadBalancer(scene.vpc2, [scene.ecs2])
    const attach = { ServiceId: scene.service, ResourceType: 'slb', ResourceId: second }
    await provide('Privatelink.AttachResourceToVpcEndpointService', attach)
    for (let count = 0; count < 3; count++) await side(scene.of, consumer).endpoint(scene.vpc1, scene.service)
    const listed = await provide('Privatelink.ListVpcEndpointServiceResources', { ServiceId: scene.service })
    expect(listIn(listed, 'Resources').map((resource) => resource['RelatedEndpointCount'])).toEqual([2, 2])
  })

  test('a request is denied before it was ever accepted', async () => {
    await provide('Privatelink.DisableVpcEndpointConnection', connection())
    await scene.of.settle()
    expect([await zoneOf(), await statuses()]).toEqual([['Wait'], ['Active', 'Disconnected']])
  })

  test('an accept that the kernel refuses can be taken back', async () => {
    await provide('Privatelink.EnableVpcEndpointConnection', connection())
    const problems = [{ id: `${scene.endpoint}/${zone}`, message: 'no veth' }]
    await scene.of.settle({ problems })
    expect(await statuses()).toEqual(['Active', 'Connecting'])
    await provide('Privatelink.DisableVpcEndpointConnection', connection())
    await scene.of.settle()
    expect([await zoneOf(), await statuses()]).toEqual([['Disconnected'], ['Active', 'Disconnected']])
  })
})

test('a report moves statuses and nothing else: the world’s generation stays', async () => {
  await provide('Privatelink.EnableVpcEndpointConnection', {
    ServiceId: scene.service,
    EndpointId: scene.endpoint,
  })
  await consume('Ecs.RebootInstance', { InstanceId: scene.ecs1 })
  const { generation } = await scene.of.world()
  await scene.of.settle()
  const settled = await scene.of.world()
  expect(settled.generation).toBe(generation)
  await scene.of.settle()
  expect(await scene.of.world()).toEqual(settled)
})

test('a new network is available only after the report', async () => {
  const mine = side(scene.of, consumer)
  const VpcId = textOf(await mine.call('Vpc.CreateVpc', { CidrBlock: '172.16.0.0/16' }), 'VpcId')
  const subnet = { VpcId, ZoneId: zone, CidrBlock: '172.16.0.0/24' }
  expect(await mine.call('Vpc.DescribeVpcAttribute', { VpcId })).toMatchObject({ Status: 'Pending' })
  expect(await scene.of.refusal(consumer, 'Vpc.CreateVSwitch', subnet)).toBe('IncorrectVpcStatus')
  await scene.of.settle({ problems: [{ id: VpcId, message: 'no namespace' }] })
  expect(await mine.call('Vpc.DescribeVpcAttribute', { VpcId })).toMatchObject({ Status: 'Pending' })
  await scene.of.settle()
  expect(await mine.call('Vpc.DescribeVpcAttribute', { VpcId })).toMatchObject({ Status: 'Available' })
})
