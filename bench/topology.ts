/** What the measurements of the whole system are made on: one service, and consumers that can be added. */
import { until, type Deployment } from './deployment.ts'

const zone = 'eu-central-1b'

export interface Provider {
  readonly service: string
  readonly instance: string
}

export interface Consumer {
  readonly vpc: string
  readonly vswitch: string
  readonly group: string
}

/** A service that accepts by itself or not, with one instance that serves HTTP behind its load balancer. */
export async function makeProvider(
  { call }: Deployment,
  userData: string,
  autoAccept: boolean,
): Promise<Provider> {
  await call('Privatelink', 'OpenPrivateLinkService').catch((error: unknown) => {
    if (!String(error).includes('OrderOpend')) throw error
  })
  const { vpc, vswitch, group } = await makeConsumer({ call })
  const instance = await makeInstance({ call }, vswitch, group, userData)
  const { LoadBalancerId } = await call('Slb', 'CreateLoadBalancer', {
    AddressType: 'intranet',
    VpcId: vpc,
    VSwitchId: vswitch,
    LoadBalancerSpec: 'slb.s3.large',
    MasterZoneId: zone,
  })
  await call('Slb', 'AddBackendServers', {
    LoadBalancerId: String(LoadBalancerId),
    BackendServers: JSON.stringify([{ ServerId: instance, Weight: 100 }]),
  })
  const listener = { LoadBalancerId: String(LoadBalancerId), ListenerPort: 80 }
  await call('Slb', 'CreateLoadBalancerTCPListener', { ...listener, BackendServerPort: 80, Bandwidth: -1 })
  await call('Slb', 'StartLoadBalancerListener', listener)
  const created = await call('Privatelink', 'CreateVpcEndpointService', {
    AutoAcceptEnabled: autoAccept,
    Resource: [{ ResourceType: 'slb', ResourceId: String(LoadBalancerId), ZoneId: zone }],
  })
  const service = String(created['ServiceId'])
  await until('the service to be active', async () => {
    const { ServiceStatus } = await call('Privatelink', 'GetVpcEndpointServiceAttribute', {
      ServiceId: service,
    })
    return ServiceStatus === 'Active' || undefined
  })
  return { service, instance }
}

export async function makeConsumer({ call }: Pick<Deployment, 'call'>): Promise<Consumer> {
  const vpc = String((await call('Vpc', 'CreateVpc', { CidrBlock: '10.0.0.0/16' }))['VpcId'])
  await until('the VPC to be available', async () => {
    const { Status } = await call('Vpc', 'DescribeVpcAttribute', { VpcId: vpc })
    return Status === 'Available' || undefined
  })
  const vswitch = String(
    (await call('Vpc', 'CreateVSwitch', { VpcId: vpc, ZoneId: zone, CidrBlock: '10.0.0.0/22' }))['VSwitchId'],
  )
  await until('the vSwitch to be available', async () => {
    const { Status } = await call('Vpc', 'DescribeVSwitchAttributes', { VSwitchId: vswitch })
    return Status === 'Available' || undefined
  })
  const group = String((await call('Ecs', 'CreateSecurityGroup', { VpcId: vpc }))['SecurityGroupId'])
  await call('Ecs', 'AuthorizeSecurityGroup', {
    SecurityGroupId: group,
    Permissions: [{ IpProtocol: 'TCP', PortRange: '1/65535', SourceCidrIp: '0.0.0.0/0' }],
  })
  return { vpc, vswitch, group }
}

export async function makeInstance(
  { call }: Pick<Deployment, 'call'>,
  vswitch: string,
  group: string,
  userData: string,
): Promise<string> {
  const { InstanceIdSets } = await call('Ecs', 'RunInstances', {
    ImageId: 'postern_sandbox',
    InstanceType: 'ecs.t5-lc1m1.small',
    VSwitchId: vswitch,
    SecurityGroupId: group,
    UserData: Buffer.from(userData).toString('base64'),
  })
  const instance = String((InstanceIdSets as { InstanceIdSet: string[] }).InstanceIdSet[0])
  await until('the instance to run', async () => {
    const answer = await call('Ecs', 'DescribeInstanceStatus', { InstanceId: [instance] })
    const [status] = (answer['InstanceStatuses'] as { InstanceStatus: { Status: string }[] }).InstanceStatus
    return status?.Status === 'Running' || undefined
  })
  return instance
}

export interface EndpointMade {
  readonly endpoint: string
  readonly address: string
}

/** Creates an endpoint with its zone; resolves when the API says that the zone has one of the statuses. */
export async function makeEndpoint(
  { call }: Deployment,
  service: string,
  consumer: Consumer,
  statuses: readonly string[],
): Promise<EndpointMade> {
  const created = await call('Privatelink', 'CreateVpcEndpoint', {
    ServiceId: service,
    VpcId: consumer.vpc,
    SecurityGroupId: [consumer.group],
    Zone: [{ ZoneId: zone, VSwitchId: consumer.vswitch }],
  })
  const endpoint = String(created['EndpointId'])
  const address = await until(`${endpoint} to be ${statuses.join(' or ')}`, async () => {
    const answer = await call('Privatelink', 'ListVpcEndpointZones', { EndpointId: endpoint })
    const [found] = answer['Zones'] as { ZoneStatus: string; EniIp: string }[]
    return found && statuses.includes(found.ZoneStatus) ? found.EniIp : undefined
  })
  return { endpoint, address }
}
