/** The rules of the model, each with the code that breaking it is refused with. A refusal changes nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deploy, type Deployment, type WireParams } from './call.ts'
import { side, textOf, zone, type Network } from './side.ts'

const consumer = '12345678'
const provider = '87654321'
const stranger = '55555555'

let of: Deployment
let vpc1: Network
let vpc2: Network
let enterprise: string
let ecs1: string
let ecs2: string
let clb: string
let internetClb: string
let prepaidClb: string
let service: string
let endpoint: string

beforeAll(async () => {
  of = await deploy(':memory:', [consumer, provider, stranger])
  const consuming = side(of, consumer)
  const providing = side(of, provider)
  vpc1 = await consuming.network('10.0.0.0/16', '10.0.0.0/24')
  vpc2 = await providing.network('10.0.0.0/16', '10.0.0.0/24')
  ecs1 = await consuming.instance(vpc1, '10.0.0.182')
  ecs2 = await providing.instance(vpc2, '10.0.0.200')
  clb = await providing.loadBalancer(vpc2, [ecs2])
  const spec = { LoadBalancerSpec: 'slb.s1.small' }
  internetClb = textOf(await providing.call('Slb.CreateLoadBalancer', spec), 'LoadBalancerId')
  prepaidClb = textOf(
    await providing.call('Slb.CreateLoadBalancer', { ...spec, VSwitchId: vpc2.vswitch, PayType: 'PrePay' }),
    'LoadBalancerId',
  )
  enterprise = textOf(
    await consuming.call('Ecs.CreateSecurityGroup', { VpcId: vpc1.vpc, SecurityGroupType: 'enterprise' }),
    'SecurityGroupId',
  )
  await providing.call('Privatelink.OpenPrivateLinkService')
  await consuming.call('Privatelink.OpenPrivateLinkService')
  service = await providing.service(clb)
  await providing.call('Privatelink.AddUserToVpcEndpointService', { ServiceId: service, UserId: consumer })
  endpoint = await consuming.endpoint(vpc1, service)
})
afterAll(() => of.db.destroy())

/** Who calls what with which parameters, and the code of the refusal. */
type Case = readonly [account: string, action: string, params: () => WireParams, code: string]

function refuses(cases: readonly Case[]): void {
  const named = cases.map(([account, action, params, code]) => [account, action, code, params] as const)
  test.each(named)('%s: %s → %s', async (account, action, code, params) => {
    expect(await of.refusal(account, action, params())).toBe(code)
  })
}

describe('Vpc', () => {
  const subnet = (change: WireParams) => () => ({
    VpcId: vpc1.vpc,
    ZoneId: zone,
    CidrBlock: '10.0.1.0/24',
    ...change,
  })
  refuses([
    [consumer, 'Vpc.CreateVpc', () => ({ CidrBlock: '10.0.0.0/7' }), 'InvalidParameter'],
    [consumer, 'Vpc.CreateVpc', () => ({ CidrBlock: '10.0.0.0/29' }), 'InvalidParameter'],
    [consumer, 'Vpc.CreateVpc', () => ({ CidrBlock: '10.0.0.1/16' }), 'InvalidParameter'],
    [consumer, 'Vpc.CreateVpc', () => ({ CidrBlock: '100.64.0.0/10' }), 'InvalidParameter'],
    [consumer, 'Vpc.CreateVpc', () => ({ CidrBlock: '100.0.0.0/8' }), 'InvalidParameter'],
    [consumer, 'Vpc.CreateVpc', () => ({ CidrBlock: '127.0.0.0/16' }), 'InvalidParameter'],
    [consumer, 'Vpc.CreateVpc', () => ({ CidrBlock: '169.254.0.0/16' }), 'InvalidParameter'],
    [consumer, 'Vpc.CreateVpc', () => ({ CidrBlock: '224.0.0.0/8' }), 'InvalidParameter'],
    [consumer, 'Vpc.CreateVpc', () => ({ VpcName: 'https://a' }), 'InvalidVpcName.Malformed'],
    [consumer, 'Vpc.CreateVpc', () => ({ Description: 'http://a' }), 'InvalidVpcDiscription.Malformed'],
    [consumer, 'Vpc.CreateVpc', () => ({ ResourceGroupId: 'rg-none' }), 'InvalidResourceGroupId'],
    [consumer, 'Vpc.CreateVpc', () => ({ 'Tag.1.Key': 'acs:a' }), 'InvalidTagKey.Malformed'],
    [consumer, 'Vpc.CreateVpc', () => ({ 'Tag.1.Key': 'a', 'Tag.2.Key': 'a' }), 'Duplicate.TagKey'],
    [provider, 'Vpc.DescribeVpcAttribute', () => ({ VpcId: vpc1.vpc }), 'InvalidVpcId.NotFound'],
    [consumer, 'Vpc.DeleteVpc', () => ({ VpcId: vpc1.vpc }), 'DependencyViolation.VSwitch'],
    [provider, 'Vpc.DeleteVpc', () => ({ VpcId: vpc1.vpc }), 'InvalidVpcId.NotFound'],
    [provider, 'Vpc.CreateVSwitch', subnet({}), 'InvalidVpcId.NotFound'],
    [consumer, 'Vpc.CreateVSwitch', subnet({ ZoneId: 'eu-central-1x' }), 'InvalidZoneId.NotFound'],
    // The public quick start's table has such a vSwitch; it is refused here.
    [consumer, 'Vpc.CreateVSwitch', subnet({ CidrBlock: '172.16.0.0/24' }), 'InvalidCidrBlock.Malformed'],
    [consumer, 'Vpc.CreateVSwitch', subnet({ CidrBlock: '10.0.1.5/24' }), 'InvalidCidrBlock.Malformed'],
    [consumer, 'Vpc.CreateVSwitch', subnet({ CidrBlock: '10.0.1.0/30' }), 'InvalidCirdrBlock.MaskLength'],
    [consumer, 'Vpc.CreateVSwitch', subnet({ CidrBlock: '10.0.0.128/25' }), 'InvalidCidrBlock.Overlapped'],
    [consumer, 'Vpc.CreateVSwitch', subnet({ CidrBlock: '10.0.0.0/16' }), 'InvalidCidrBlock.Overlapped'],
    [consumer, 'Vpc.DeleteVSwitch', () => ({ VSwitchId: vpc1.vswitch }), 'DependencyViolation'],
    [provider, 'Vpc.DeleteVSwitch', () => ({ VSwitchId: vpc1.vswitch }), 'InvalidVSwitchId.NotFound'],
    [
      provider,
      'Vpc.TagResources',
      () => ({ ResourceType: 'VPC', 'ResourceId.1': vpc1.vpc, 'Tag.1.Key': 'a' }),
      'InvalidResourceId.NotFound',
    ],
  ])
})

describe('Ecs', () => {
  const rule = (change: WireParams) => () => ({
    SecurityGroupId: vpc1.group,
    IpProtocol: 'TCP',
    PortRange: '22/22',
    SourceCidrIp: '10.0.0.0/8',
    ...change,
  })
  const run = (change: WireParams) => () => ({
    ImageId: 'postern_sandbox',
    InstanceType: 'ecs.t5-lc1m1.small',
    VSwitchId: vpc1.vswitch,
    SecurityGroupId: vpc1.group,
    ...change,
  })
  const tooMuch = Buffer.alloc(16 * 1024 + 1).toString('base64')
  refuses([
    [
      consumer,
      'Ecs.CreateSecurityGroup',
      () => ({ VpcId: vpc1.vpc, SecurityGroupName: '1' }),
      'InvalidSecurityGroupName.Malformed',
    ],
    [provider, 'Ecs.CreateSecurityGroup', () => ({ VpcId: vpc1.vpc }), 'InvalidVpcId.NotFound'],
    [
      consumer,
      'Ecs.AuthorizeSecurityGroup',
      rule({ IpProtocol: 'SCTP' }),
      'InvalidIpProtocol.ValueNotSupported',
    ],
    [consumer, 'Ecs.AuthorizeSecurityGroup', rule({ PortRange: '0/22' }), 'InvalidIpPortRange.Malformed'],
    [consumer, 'Ecs.AuthorizeSecurityGroup', rule({ PortRange: '23/22' }), 'InvalidIpPortRange.Malformed'],
    [consumer, 'Ecs.AuthorizeSecurityGroup', rule({ PortRange: '-1/-1' }), 'InvalidIpPortRange.Malformed'],
    [consumer, 'Ecs.AuthorizeSecurityGroup', rule({ IpProtocol: 'ALL' }), 'InvalidIpPortRange.Malformed'],
    [consumer, 'Ecs.AuthorizeSecurityGroup', rule({ PortRange: '' }), 'MissingParameter'],
    [consumer, 'Ecs.AuthorizeSecurityGroup', rule({ Policy: 'maybe' }), 'InvalidPolicy.Malformed'],
    [consumer, 'Ecs.AuthorizeSecurityGroup', rule({ Priority: 101 }), 'InvalidPriority.ValueNotSupported'],
    [
      consumer,
      'Ecs.AuthorizeSecurityGroup',
      rule({ SourceCidrIp: '10.0.0' }),
      'InvalidSourceCidrIp.Malformed',
    ],
    [consumer, 'Ecs.AuthorizeSecurityGroup', rule({ SourceCidrIp: '' }), 'MissingParameter.Source'],
    [
      consumer,
      'Ecs.AuthorizeSecurityGroup',
      () => rule({ SourceCidrIp: '', SourceGroupId: vpc2.group })(),
      'InvalidSourceGroupId.NotFound',
    ],
    [consumer, 'Ecs.AuthorizeSecurityGroup', rule({ SourcePrefixListId: 'pl-1' }), 'InvalidParameter'],
    [provider, 'Ecs.AuthorizeSecurityGroup', rule({}), 'InvalidSecurityGroupId.NotFound'],
    [provider, 'Ecs.RevokeSecurityGroup', rule({}), 'InvalidSecurityGroupId.NotFound'],
    [consumer, 'Ecs.DeleteSecurityGroup', () => ({ SecurityGroupId: vpc1.group }), 'DependencyViolation'],
    [consumer, 'Ecs.RunInstances', run({ ImageId: 'm-none' }), 'InvalidImageId.NotFound'],
    [consumer, 'Ecs.RunInstances', run({ InstanceType: 'ecs.none' }), 'InvalidInstanceType.NotSupported'],
    [provider, 'Ecs.RunInstances', run({}), 'InvalidVSwitchId.NotFound'],
    [
      consumer,
      'Ecs.RunInstances',
      () => run({ SecurityGroupId: vpc2.group })(),
      'InvalidSecurityGroupId.NotFound',
    ],
    [consumer, 'Ecs.RunInstances', run({ SecurityGroupId: '' }), 'MissingParameter'],
    [consumer, 'Ecs.RunInstances', run({ ZoneId: 'eu-central-1a' }), 'InvalidVSwitchId.ZoneMismatch'],
    // The public quick start's table has such an instance; it is refused here.
    [consumer, 'Ecs.RunInstances', run({ PrivateIpAddress: '10.0.1.9' }), 'InvalidVSwitchId.IpInvalid'],
    [consumer, 'Ecs.RunInstances', run({ PrivateIpAddress: '10.0.0.0' }), 'InvalidVSwitchId.IpInvalid'],
    [consumer, 'Ecs.RunInstances', run({ PrivateIpAddress: '10.0.0.253' }), 'InvalidVSwitchId.IpInvalid'],
    [consumer, 'Ecs.RunInstances', run({ PrivateIpAddress: '10.0.0.182' }), 'InvalidIPAddress.AlreadyUsed'],
    [consumer, 'Ecs.RunInstances', run({ PrivateIpAddress: 'ten' }), 'InvalidPrivateIpAddress.Malformed'],
    [consumer, 'Ecs.RunInstances', run({ UserData: 'echo hi' }), 'InvalidUserData.Base64FormatInvalid'],
    [consumer, 'Ecs.RunInstances', run({ UserData: tooMuch }), 'InvalidUserData.SizeExceeded'],
    [consumer, 'Ecs.RunInstances', run({ InstanceName: '-' }), 'InvalidInstanceName.Malformed'],
    [consumer, 'Ecs.RunInstances', run({ HostName: 'a_b' }), 'InvalidHostName.Malformed'],
    [consumer, 'Ecs.RunInstances', run({ Amount: 0 }), 'InvalidParameter.Amount'],
    [consumer, 'Ecs.RunInstances', run({ Amount: 2, PrivateIpAddress: '10.0.0.9' }), 'InvalidParameter'],
    [provider, 'Ecs.StopInstance', () => ({ InstanceId: ecs1 }), 'InvalidInstanceId.NotFound'],
    [consumer, 'Ecs.StartInstance', () => ({ InstanceId: ecs1 }), 'IncorrectInstanceStatus'],
    [consumer, 'Ecs.DeleteInstance', () => ({ InstanceId: ecs1 }), 'IncorrectInstanceStatus'],
    [provider, 'Ecs.DescribeUserData', () => ({ InstanceId: ecs1 }), 'InvalidInstanceId.NotFound'],
    [
      consumer,
      'Ecs.LeaveSecurityGroup',
      () => ({ InstanceId: ecs1, SecurityGroupId: vpc1.group }),
      'InstanceLastSecurityGroup',
    ],
    [
      consumer,
      'Ecs.JoinSecurityGroup',
      () => ({ InstanceId: ecs1, SecurityGroupId: vpc2.group }),
      'InvalidSecurityGroupId.NotFound',
    ],
  ])
})

describe('Slb', () => {
  const create = (change: WireParams) => () => ({
    VSwitchId: vpc2.vswitch,
    LoadBalancerSpec: 'slb.s1.small',
    ...change,
  })
  const listener = (change: WireParams) => () => ({
    LoadBalancerId: clb,
    ListenerPort: 81,
    BackendServerPort: 80,
    ...change,
  })
  const servers = (list: () => string) => () => ({ LoadBalancerId: clb, BackendServers: list() })
  refuses([
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
      listener({ HealthCheckType: 'http' }),
      'InvalidParameter.HealthCheckType',
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
      () => listener({ LoadBalancerId: internetClb })(),
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
    [provider, 'Slb.AddBackendServers', servers(() => `[{'ServerId':'${ecs1}'}]`), 'InvalidParameter'],
    [provider, 'Slb.AddBackendServers', servers(() => `[{'ServerId':'${ecs2}'}]`), 'InvalidParameter'],
    [
      provider,
      'Slb.SetBackendServers',
      servers(() => `[{"ServerId":"${ecs2}","Weight":101}]`),
      'InvalidParameter',
    ],
    [provider, 'Slb.AddBackendServers', servers(() => 'what'), 'InvalidParameter'],
    [provider, 'Slb.DeleteLoadBalancer', () => ({ LoadBalancerId: prepaidClb }), 'InvalidChargeType'],
    [provider, 'Slb.DeleteLoadBalancer', listener({}), 'DependencyViolation.EndpointService'],
  ])
})

describe('Privatelink', () => {
  const attach = (change: WireParams) => () => ({
    ServiceId: service,
    ResourceType: 'slb',
    ResourceId: clb,
    ...change,
  })
  const endpointIn = (change: WireParams) => () => ({
    VpcId: vpc1.vpc,
    ServiceId: service,
    'SecurityGroupId.1': vpc1.group,
    ...change,
  })
  const inZone = (change: WireParams) =>
    endpointIn({ 'Zone.1.ZoneId': zone, 'Zone.1.VSwitchId': vpc1?.vswitch ?? '', ...change })
  const connection = (change: WireParams) => () => ({ ServiceId: service, EndpointId: endpoint, ...change })
  const own = (change: WireParams) => () => ({ EndpointId: endpoint, ...change })
  refuses([
    [stranger, 'Privatelink.CheckProductOpen', () => ({}), 'NeedOpenProduct'],
    [stranger, 'Privatelink.CreateVpcEndpointService', () => ({}), 'NeedOpenProduct'],
    [provider, 'Privatelink.OpenPrivateLinkService', () => ({}), 'OrderOpend'],
    [
      provider,
      'Privatelink.CreateVpcEndpointService',
      () => ({ ServiceResourceType: 'gwlb' }),
      'EndpointServiceResourceTypeNotSupport',
    ],
    [
      provider,
      'Privatelink.CreateVpcEndpointService',
      () => ({ AddressIpVersion: 'DualStack' }),
      'EndpointServiceNotSupportIpv6',
    ],
    [
      provider,
      'Privatelink.CreateVpcEndpointService',
      () => ({ Payer: 'EndpointService' }),
      'EndpointServicePayerForbidden',
    ],
    [
      provider,
      'Privatelink.CreateVpcEndpointService',
      () => ({ 'SupportedRegionList.1': 'cn-beijing' }),
      'IllegalParamFormat.SupportedRegionList',
    ],
    [
      provider,
      'Privatelink.CreateVpcEndpointService',
      () => ({ ServiceDescription: 'http://a' }),
      'IllegalParamFormat.ServiceDescription',
    ],
    [
      provider,
      'Privatelink.CreateVpcEndpointService',
      () => ({ 'Resource.1.ResourceId': internetClb, 'Resource.1.ResourceType': 'slb' }),
      'LoadBalancerNotSupportPrivateLink',
    ],
    [
      provider,
      'Privatelink.AttachResourceToVpcEndpointService',
      () => attach({ ResourceId: internetClb })(),
      'LoadBalancerNotSupportPrivateLink',
    ],
    [
      provider,
      'Privatelink.AttachResourceToVpcEndpointService',
      () => attach({ ResourceId: prepaidClb })(),
      'LoadBalancerNotSupportPrivateLink',
    ],
    [
      provider,
      'Privatelink.AttachResourceToVpcEndpointService',
      attach({ ResourceId: 'lb-none' }),
      'LoadBalancerNotFound',
    ],
    [provider, 'Privatelink.AttachResourceToVpcEndpointService', attach({}), 'EndpointServiceResourceExist'],
    [
      provider,
      'Privatelink.AttachResourceToVpcEndpointService',
      attach({ ResourceType: 'nlb' }),
      'EndpointServiceResourceTypeNotEqual',
    ],
    [
      provider,
      'Privatelink.AttachResourceToVpcEndpointService',
      attach({ ZoneId: 'eu-central-1a' }),
      'EndpointServiceNotSupportedZone',
    ],
    [consumer, 'Privatelink.AttachResourceToVpcEndpointService', attach({}), 'EndpointServiceNotFound'],
    [
      provider,
      'Privatelink.DetachResourceFromVpcEndpointService',
      attach({ ResourceId: 'lb-none' }),
      'EndpointServiceResourceNotFound',
    ],
    [
      provider,
      'Privatelink.UpdateVpcEndpointServiceResourceAttribute',
      attach({ AutoAllocatedEnabled: false }),
      'ResourceAutoAllocateViolation',
    ],
    [
      provider,
      'Privatelink.UpdateVpcEndpointServiceAttribute',
      () => ({ ServiceId: service, ConnectBandwidth: 99 }),
      'IllegalParamFormat.ConnectBandwidth',
    ],
    [
      provider,
      'Privatelink.AddUserToVpcEndpointService',
      () => ({ ServiceId: service }),
      'MissingParam.UserArn',
    ],
    [
      provider,
      'Privatelink.AddUserToVpcEndpointService',
      () => ({ ServiceId: service, UserId: '1', UserARN: 'acs:ram:*:2:*' }),
      'Mismatch.UserIdAndUserArn',
    ],
    [consumer, 'Privatelink.GetVpcEndpointServiceAttribute', attach({}), 'EndpointServiceNotFound'],
    [provider, 'Privatelink.DeleteVpcEndpointService', attach({}), 'EndpointServiceDependenceViolation'],

    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      endpointIn({ ServiceId: 'epsrv-none' }),
      'EndpointServiceNotFound',
    ],
    [consumer, 'Privatelink.CreateVpcEndpoint', endpointIn({ ServiceId: '' }), 'MissingParam.ServiceId'],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      endpointIn({ ServiceName: 'com.aliyuncs.privatelink.eu-central-1.epsrv-other' }),
      'EndpointServiceNotFound',
    ],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      () => ({ ...endpointIn({})(), VpcId: vpc2.vpc }),
      'VpcNotFound',
    ],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      endpointIn({ 'SecurityGroupId.1': '' }),
      'EndpointMustContainSecurityGroup',
    ],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      () => endpointIn({ 'SecurityGroupId.1': vpc2.group })(),
      'SecurityGroupNotFound',
    ],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      () => endpointIn({ 'SecurityGroupId.2': vpc1.group })(),
      'SecurityGroupExist',
    ],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      () => endpointIn({ 'SecurityGroupId.2': enterprise })(),
      'SecurityGroupTypeOnlySingleTypeSupporteded',
    ],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      () => inZone({ 'Zone.1.ZoneId': 'eu-central-1a' })(),
      'EndpointServiceNotSupportedZone',
    ],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      () => inZone({ 'Zone.1.VSwitchId': vpc2.vswitch })(),
      'VSwitchNotFound',
    ],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      () => inZone({ 'Zone.2.ZoneId': zone, 'Zone.2.VSwitchId': vpc1.vswitch })(),
      'EndpointZoneDuplicated',
    ],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      () => inZone({ 'Zone.1.ip': '10.0.0.182' })(),
      'EniIpUnavailable',
    ],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      () => inZone({ 'Zone.1.ip': '10.0.1.1' })(),
      'EniIpUnavailable',
    ],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      endpointIn({ EndpointType: 'Reverse' }),
      'Mismatch.EndpointType',
    ],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      endpointIn({ PolicyDocument: '{}' }),
      'OperationDenied.EndpointPolicyNotSupport',
    ],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      endpointIn({ AddressIpVersion: 'DualStack' }),
      'EndpointServiceNotSupportIpv6',
    ],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      endpointIn({ ServiceRegionId: 'cn-beijing' }),
      'IllegalParamFormat.ServiceRegionId',
    ],
    [
      consumer,
      'Privatelink.CreateVpcEndpoint',
      endpointIn({ EndpointName: '1st' }),
      'IllegalParamFormat.EndpointName',
    ],
    [
      consumer,
      'Privatelink.AddZoneToVpcEndpoint',
      () => own({ ZoneId: zone, VSwitchId: vpc1.vswitch })(),
      'EndpointZoneDuplicated',
    ],
    [
      consumer,
      'Privatelink.RemoveZoneFromVpcEndpoint',
      own({ ZoneId: 'eu-central-1a' }),
      'EndpointZoneNotFound',
    ],
    [consumer, 'Privatelink.DeleteVpcEndpoint', own({}), 'EndpointDependenceViolation'],
    [
      consumer,
      'Privatelink.DetachSecurityGroupFromVpcEndpoint',
      () => own({ SecurityGroupId: vpc1.group })(),
      'EndpointMustContainSecurityGroup',
    ],
    [
      consumer,
      'Privatelink.AttachSecurityGroupToVpcEndpoint',
      () => own({ SecurityGroupId: vpc1.group })(),
      'SecurityGroupExist',
    ],
    [
      consumer,
      'Privatelink.AttachSecurityGroupToVpcEndpoint',
      () => own({ SecurityGroupId: vpc2.group })(),
      'SecurityGroupNotFound',
    ],
    [provider, 'Privatelink.GetVpcEndpointAttribute', own({}), 'EndpointNotFound'],
    [provider, 'Privatelink.DeleteVpcEndpoint', own({}), 'EndpointNotFound'],

    [consumer, 'Privatelink.EnableVpcEndpointConnection', connection({}), 'EndpointServiceNotFound'],
    [
      provider,
      'Privatelink.EnableVpcEndpointConnection',
      connection({ EndpointId: 'ep-none' }),
      'EndpointConnectionNotFound',
    ],
    [
      provider,
      'Privatelink.EnableVpcEndpointConnection',
      connection({ Bandwidth: 10241 }),
      'IllegalParamFormat.Bandwidth',
    ],
    [
      provider,
      'Privatelink.EnableVpcEndpointConnection',
      connection({ TrafficControlMode: 'Scalability' }),
      'IllegalParamFormat.TrafficControlMode',
    ],
    [
      provider,
      'Privatelink.EnableVpcEndpointZoneConnection',
      connection({ ZoneId: zone }),
      'IncorrectStatus.VpcEndpointConnection',
    ],
    [
      provider,
      'Privatelink.DisableVpcEndpointZoneConnection',
      connection({ ZoneId: zone }),
      'IncorrectStatus.VpcEndpointConnection',
    ],
  ])

  test('a stranger to the whitelist has no way in', async () => {
    const mine = side(of, stranger)
    await mine.call('Privatelink.OpenPrivateLinkService')
    const network = await mine.network('10.0.0.0/16', '10.0.0.0/24')
    const params = { VpcId: network.vpc, ServiceId: service, 'SecurityGroupId.1': network.group }
    const refusal = await of.refusal(stranger, 'Privatelink.CreateVpcEndpoint', params)
    expect(refusal).toBe('EndpointServiceNotAuthorized')
    const open = await mine.call('Privatelink.ListVpcEndpointServicesByEndUser')
    expect(open).toMatchObject({ TotalCount: '0', Services: [] })
  })

  test('a service open to everyone is open to the stranger', async () => {
    const user = { ServiceId: service, UserARN: 'acs:ram:*:*:*' }
    await of.call(provider, 'Privatelink.AddUserToVpcEndpointService', user)
    const open = await of.call(stranger, 'Privatelink.ListVpcEndpointServicesByEndUser')
    expect(open).toMatchObject({ TotalCount: '1', Services: [{ ServiceId: service }] })
    const list = { ServiceId: service, UserListType: 'UserARNs' }
    const users = await of.call(provider, 'Privatelink.ListVpcEndpointServiceUsers', list)
    expect(users['UserARNs']).toEqual([
      { UserARN: `acs:ram:*:${provider}:*` },
      { UserARN: `acs:ram:*:${consumer}:*` },
      { UserARN: 'acs:ram:*:*:*' },
    ])
    await of.call(provider, 'Privatelink.RemoveUserFromVpcEndpointService', user)
  })
})
