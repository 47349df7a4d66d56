/** The two walkthroughs of the design through the actions, the agent's reports being made up. */
import { afterEach, describe, expect, test } from 'vitest'
import { check } from '../../src/compile/check.ts'
import { compileHost } from '../../src/compile/compile-host.ts'
import { deploy, type Answer, type Deployment, type WireParams } from './call.ts'

const consumer = '12345678'
const provider = '87654321'
const zone = 'eu-central-1b'

let deployment: Deployment | undefined
afterEach(() => deployment?.db.destroy())

interface Network {
  readonly vpc: string
  readonly vswitch: string
  readonly group: string
}

/** One side of a walkthrough under one account's credentials. */
function side(of: Deployment, account: string) {
  const call = (action: string, params?: WireParams) => of.call(account, action, params)
  return {
    call,
    async network(vpcBlock: string, vswitchBlock: string): Promise<Network> {
      const { VpcId: vpc } = await call('Vpc.CreateVpc', { CidrBlock: vpcBlock })
      await of.settle()
      const { VSwitchId: vswitch } = await call('Vpc.CreateVSwitch', {
        VpcId: String(vpc),
        ZoneId: zone,
        CidrBlock: vswitchBlock,
      })
      await of.settle()
      const { SecurityGroupId: group } = await call('Ecs.CreateSecurityGroup', { VpcId: String(vpc) })
      await call('Ecs.AuthorizeSecurityGroup', {
        SecurityGroupId: String(group),
        'Permissions.1.IpProtocol': 'tcp',
        'Permissions.1.PortRange': '80/80',
        'Permissions.1.SourceCidrIp': vpcBlock,
      })
      return { vpc: String(vpc), vswitch: String(vswitch), group: String(group) }
    },
    async instance(network: Network, address: string): Promise<string> {
      const { InstanceIdSets } = await call('Ecs.RunInstances', {
        ImageId: 'postern_sandbox',
        InstanceType: 'ecs.t5-lc1m1.small',
        VSwitchId: network.vswitch,
        SecurityGroupId: network.group,
        PrivateIpAddress: address,
      })
      await of.settle()
      return String((InstanceIdSets as { InstanceIdSet: string[] }).InstanceIdSet[0])
    },
    async loadBalancer(network: Network, servers: readonly string[]): Promise<string> {
      const { LoadBalancerId } = await call('Slb.CreateLoadBalancer', {
        VSwitchId: network.vswitch,
        LoadBalancerName: 'CLB1',
        LoadBalancerSpec: 'slb.s1.small',
        MasterZoneId: zone,
        SlaveZoneId: 'eu-central-1a',
      })
      const id = String(LoadBalancerId)
      const listener = { LoadBalancerId: id, ListenerPort: 80 }
      await call('Slb.CreateLoadBalancerTCPListener', { ...listener, BackendServerPort: 80, Bandwidth: -1 })
      await call('Slb.AddBackendServers', {
        LoadBalancerId: id,
        BackendServers: `[${servers.map((server) => `{'ServerId':'${server}','Weight':'100'}`).join(',')}]`,
      })
      await call('Slb.StartLoadBalancerListener', listener)
      await of.settle()
      return id
    },
    async service(loadBalancer: string): Promise<Answer> {
      await call('Privatelink.OpenPrivateLinkService')
      const service = await call('Privatelink.CreateVpcEndpointService', {
        AutoAcceptEnabled: false,
        ZoneAffinityEnabled: true,
        ServiceDescription: 'test service',
      })
      await of.settle()
      const ServiceId = String(service['ServiceId'])
      expect(await call('Privatelink.GetVpcEndpointServiceAttribute', { ServiceId })).toMatchObject({
        ServiceStatus: 'Active',
      })
      await call('Privatelink.AttachResourceToVpcEndpointService', {
        ServiceId,
        ResourceId: loadBalancer,
        ResourceType: 'slb',
        ZoneId: zone,
      })
      return service
    },
  }
}

async function statuses(of: Deployment, service: string, endpoint: string) {
  const attribute = await of.call(consumer, 'Privatelink.GetVpcEndpointAttribute', { EndpointId: endpoint })
  const { Zones } = await of.call(consumer, 'Privatelink.ListVpcEndpointZones', { EndpointId: endpoint })
  expect(attribute['ServiceId']).toBe(service)
  const [first] = Zones as { ZoneStatus: string }[]
  return [attribute['EndpointStatus'], attribute['ConnectionStatus'], first?.ZoneStatus]
}

async function wires(of: Deployment): Promise<readonly string[]> {
  const { plan, problems } = compileHost(await of.world())
  expect(problems).toEqual([])
  expect(check(plan)).toEqual([])
  return plan.links.wires.map(
    ({ id, consumerAddress, providerAddress }) => `${id} ${consumerAddress} ${providerAddress}`,
  )
}

describe.each([
  ['same account', consumer, '192.168.0.0/16', '192.168.20.0/24', '192.168.20.200', '192.168.20.201'],
  ['cross account', provider, '10.0.0.0/16', '10.0.0.0/24', '10.0.0.200', '10.0.0.201'],
])('%s', (_, owner, vpcBlock, vswitchBlock, second, third) => {
  test('from nothing to a connection, and back', async () => {
    const of = (deployment = await deploy(':memory:', [consumer, provider]))
    const consuming = side(of, consumer)
    const providing = side(of, owner)
    const vpc1 = await consuming.network('10.0.0.0/16', '10.0.0.0/24')
    const vpc2 = await providing.network(vpcBlock, vswitchBlock)
    await consuming.instance(vpc1, '10.0.0.182')
    const ecs2 = await providing.instance(vpc2, second)
    const ecs3 = await providing.instance(vpc2, third)
    const loadBalancer = await providing.loadBalancer(vpc2, [ecs2, ecs3])
    const service = await providing.service(loadBalancer)
    const ServiceId = String(service['ServiceId'])
    const ServiceName = `com.aliyuncs.privatelink.eu-central-1.${ServiceId}`
    expect(service['ServiceName']).toBe(ServiceName)
    if (owner !== consumer) await consuming.call('Privatelink.OpenPrivateLinkService')

    const endpointParams = {
      VpcId: vpc1.vpc,
      ServiceName,
      'SecurityGroupId.1': vpc1.group,
      'Zone.1.ZoneId': zone,
      'Zone.1.VSwitchId': vpc1.vswitch,
      EndpointName: 'test-endpoint',
    }
    if (owner !== consumer) {
      expect(await of.refusal(consumer, 'Privatelink.CreateVpcEndpoint', endpointParams)).toBe(
        'EndpointServiceNotAuthorized',
      )
      await providing.call('Privatelink.AddUserToVpcEndpointService', { ServiceId, UserId: consumer })
    }
    const open = await consuming.call('Privatelink.ListVpcEndpointServicesByEndUser', { ServiceName })
    expect(open).toMatchObject({ TotalCount: '1', Services: [{ ServiceId, Zones: [zone] }] })

    const endpoint = await consuming.call('Privatelink.CreateVpcEndpoint', endpointParams)
    const EndpointId = String(endpoint['EndpointId'])
    expect(endpoint).toMatchObject({
      EndpointStatus: 'Creating',
      ConnectionStatus: 'Disconnected',
      Bandwidth: 3072,
      EndpointDomain: `${EndpointId}.${ServiceId}.eu-central-1.privatelink.aliyuncs.com`,
    })
    expect(await statuses(of, ServiceId, EndpointId)).toEqual(['Creating', 'Disconnected', 'Creating'])
    await of.settle()
    expect(await statuses(of, ServiceId, EndpointId)).toEqual(['Active', 'Disconnected', 'Wait'])
    expect(await wires(of)).toEqual([])

    const connection = { ServiceId, EndpointId }
    await providing.call('Privatelink.EnableVpcEndpointConnection', { ...connection, Bandwidth: 1024 })
    expect(await statuses(of, ServiceId, EndpointId)).toEqual(['Active', 'Connecting', 'Connecting'])
    const first = await wires(of)
    expect(first).toHaveLength(1)
    await of.settle({ generation: (await of.world()).generation - 1 })
    expect(await statuses(of, ServiceId, EndpointId)).toEqual(['Active', 'Connecting', 'Connecting'])
    await of.settle({ problems: [{ id: `${EndpointId}/${zone}`, message: 'no veth' }] })
    expect(await statuses(of, ServiceId, EndpointId)).toEqual(['Active', 'Connecting', 'Connecting'])
    await of.settle()
    expect(await statuses(of, ServiceId, EndpointId)).toEqual(['Active', 'Connected', 'Connected'])

    const seen = await providing.call('Privatelink.ListVpcEndpointConnections', connection)
    expect(seen).toMatchObject({
      TotalCount: '1',
      Connections: [
        {
          EndpointOwnerId: Number(consumer),
          ConnectionStatus: 'Connected',
          Bandwidth: 1024,
          ResourceOwner: owner === consumer,
          Zones: [{ ZoneId: zone, ResourceId: loadBalancer, ZoneStatus: 'Connected' }],
        },
      ],
    })
    expect(JSON.stringify(seen)).not.toContain('10.0.0.')

    await providing.call('Privatelink.UpdateVpcEndpointConnectionAttribute', {
      ...connection,
      Bandwidth: 4096,
    })
    expect(await statuses(of, ServiceId, EndpointId)).toEqual(['Active', 'Pending', 'Connected'])
    expect(await wires(of)).toEqual(first)
    await of.settle()
    expect(await statuses(of, ServiceId, EndpointId)).toEqual(['Active', 'Connected', 'Connected'])

    expect(await of.refusal(owner, 'Privatelink.DeleteVpcEndpointService', { ServiceId })).toBe(
      'EndpointServiceConnectionDependence',
    )
    await providing.call('Privatelink.DisableVpcEndpointConnection', connection)
    expect(await statuses(of, ServiceId, EndpointId)).toEqual(['Active', 'Disconnecting', 'Disconnecting'])
    expect(await wires(of)).toEqual([])
    await of.settle()
    expect(await statuses(of, ServiceId, EndpointId)).toEqual(['Active', 'Disconnected', 'Disconnected'])

    await providing.call('Privatelink.EnableVpcEndpointConnection', connection)
    const again = await wires(of)
    expect(again).toHaveLength(1)
    expect(again).not.toEqual(first)
    await of.settle()
    expect(await statuses(of, ServiceId, EndpointId)).toEqual(['Active', 'Connected', 'Connected'])

    await tearDown(of, owner, { ServiceId, EndpointId, loadBalancer, instances: [ecs2, ecs3] })
  })
})

interface Built {
  readonly ServiceId: string
  readonly EndpointId: string
  readonly loadBalancer: string
  readonly instances: readonly string[]
}

/** The documented order of deletion; in the end the store holds nothing of it. */
async function tearDown(of: Deployment, owner: string, built: Built): Promise<void> {
  const { ServiceId, EndpointId, loadBalancer } = built
  await of.call(owner, 'Privatelink.DisableVpcEndpointConnection', { ServiceId, EndpointId })
  await of.settle()
  expect(await of.refusal(consumer, 'Privatelink.DeleteVpcEndpoint', { EndpointId })).toBe(
    'EndpointDependenceViolation',
  )
  await of.call(consumer, 'Privatelink.RemoveZoneFromVpcEndpoint', { EndpointId, ZoneId: zone })
  await of.settle()
  await of.call(consumer, 'Privatelink.DeleteVpcEndpoint', { EndpointId })
  await of.settle()
  expect(await of.refusal(consumer, 'Privatelink.GetVpcEndpointAttribute', { EndpointId })).toBe(
    'EndpointNotFound',
  )
  expect(await of.refusal(owner, 'Slb.DeleteLoadBalancer', { LoadBalancerId: loadBalancer })).toBe(
    'DependencyViolation.EndpointService',
  )
  await of.call(owner, 'Privatelink.DetachResourceFromVpcEndpointService', {
    ServiceId,
    ResourceId: loadBalancer,
  })
  await of.call(owner, 'Privatelink.DeleteVpcEndpointService', { ServiceId })
  await of.call(owner, 'Slb.DeleteLoadBalancer', { LoadBalancerId: loadBalancer })
  for (const account of new Set([consumer, owner])) await emptyAccount(of, account)
  for (const table of [
    'address',
    'transit_pair',
    'eni',
    'endpoint',
    'endpoint_service',
    'listener',
  ] as const) {
    expect(await of.db.selectFrom(table).selectAll().execute(), table).toEqual([])
  }
  const { vpcs, instances, services, loadBalancers } = await of.world()
  expect([vpcs, instances, services, loadBalancers]).toEqual([[], [], [], []])
}

async function emptyAccount(of: Deployment, account: string): Promise<void> {
  const { instances } = await of.world()
  for (const { id, owner } of instances) {
    if (owner === account) await of.call(account, 'Ecs.DeleteInstance', { InstanceId: id, Force: true })
  }
  await of.settle()
  const listed = await of.call(account, 'Vpc.DescribeVpcs')
  for (const { VpcId, VSwitchIds } of (
    listed['Vpcs'] as { Vpc: { VpcId: string; VSwitchIds: { VSwitchId: string[] } }[] }
  ).Vpc) {
    const groups = await of.call(account, 'Ecs.DescribeSecurityGroups', { VpcId })
    for (const { SecurityGroupId } of (
      groups['SecurityGroups'] as { SecurityGroup: { SecurityGroupId: string }[] }
    ).SecurityGroup) {
      await of.call(account, 'Ecs.DeleteSecurityGroup', { SecurityGroupId })
    }
    for (const VSwitchId of VSwitchIds.VSwitchId) await of.call(account, 'Vpc.DeleteVSwitch', { VSwitchId })
    expect(await of.refusal(account, 'Vpc.DeleteVpc', { VpcId })).toBe('DependencyViolation.VSwitch')
    await of.settle()
    await of.call(account, 'Vpc.DeleteVpc', { VpcId })
  }
  await of.settle()
}
