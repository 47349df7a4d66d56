/**
 * A tenant sees and touches only its own: each action that takes an id is called by an account with the ids of others.
 * Either it is refused as if the object did not exist, and nothing changes, or the list it answers is empty.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allActions } from '../../src/api/actions/all.ts'
import { consumer, provider, setScene, stranger, type Scene } from './scene.ts'
import { makeAuthority, makeCertificate, type CertificatePair } from '../fixtures/certificates.ts'
import { makeNlb, type Nlb } from './nlb.ts'
import { side, zone, type Network } from './side.ts'
import type { WireParams } from './call.ts'

let scene: Scene
/** What the stranger has of its own, to mix with what belongs to others. */
let own: Network & { readonly instance: string; readonly clb: string; readonly service: string }
let foreignIds: readonly string[]
/** A resource group of the consumer's, and one of the stranger's. */
let foreignGroup: string
let ownGroup: string
/** A server group of the provider's CLB, one of the stranger's, and the route table of the consumer's VPC with a route of it. */
let foreignServers: string
let ownServers: string
let foreignRoutes: string
let foreignRoute: string
let ownRoutes: string
/** An interface of the stranger's that nothing holds, and a prefix list of the consumer's. */
let ownEni: string
let foreignList: string
/** A master/slave group and an NLB of the provider's, and a job of its. */
let foreignPair: string
let foreignNlb: Nlb
let foreignJob: string
/** A certificate of the provider's, and one to upload. */
let foreignCertificate: string
let certificatePair: CertificatePair
let authority: { readonly CACertificate: string }
let foreignAuthority: string
/** The disk of the consumer's instance. */
let foreignDisk: string
/** A forwarding rule of the provider's, and one of the stranger's. */
let foreignRule: string
let ownRule: string

beforeAll(async () => {
  scene = await setScene()
  const { of } = scene
  const me = side(of, stranger)
  const network = await me.network('10.0.0.0/16', '10.0.0.0/24')
  const instance = await me.instance(network, '10.0.0.5')
  const clb = await me.loadBalancer(network, [instance])
  await me.call('Privatelink.OpenPrivateLinkService')
  own = { ...network, instance, clb, service: await me.service(clb) }
  foreignNlb = await makeNlb(scene)
  const { vpcs, vswitches, securityGroups, instances, enis, loadBalancers, services, endpoints } =
    await of.world()
  foreignGroup = await resourceGroup(consumer)
  ownGroup = await resourceGroup(stranger)
  foreignServers = await serverGroup(provider, scene.clb)
  ownServers = await serverGroup(stranger, clb)
  foreignRoutes = await routeTable(consumer, scene.vpc1.vpc)
  foreignRoute = await route(consumer, foreignRoutes, scene.ecs1)
  ownRoutes = await routeTable(stranger, network.vpc)
  ownEni = await networkInterface(stranger, network)
  foreignRule = await forwardingRule(provider, scene.clb, foreignServers)
  ownRule = await forwardingRule(stranger, clb, ownServers)
  foreignList = await prefixList(consumer)
  const { Disks } = await of.call(consumer, 'Ecs.DescribeDisks', { InstanceId: scene.ecs1 })
  foreignDisk = (Disks as { Disk: { DiskId: string }[] }).Disk[0]?.DiskId ?? ''
  foreignPair = await pair()
  certificatePair = await makeCertificate('shop.example')
  const uploaded = await of.call(provider, 'Slb.UploadServerCertificate', { ...certificatePair })
  foreignCertificate = String(uploaded['ServerCertificateId'])
  authority = { CACertificate: (await makeAuthority()).certificate }
  const trusted = await of.call(provider, 'Slb.UploadCACertificate', authority)
  foreignAuthority = String(trusted['CACertificateId'])
  const stopped = await scene.of.call(provider, 'Nlb.StopListener', { ListenerId: foreignNlb.listener })
  foreignJob = String(stopped['JobId'])
  const mine = new Set([own.vpc, own.vswitch, own.group, instance, clb, own.service])
  foreignIds = [vpcs, vswitches, securityGroups, instances, enis, loadBalancers, services, endpoints]
    .flat()
    .filter(
      (item) =>
        !mine.has(item.id) &&
        !(
          'attachment' in item &&
          item.attachment.kind === 'instance' &&
          item.attachment.instance === instance
        ),
    )
    .map(({ id }): string => id)
    .concat(
      foreignGroup,
      foreignServers,
      foreignRoutes,
      foreignList,
      foreignDisk,
      foreignPair,
      foreignJob,
      foreignCertificate,
      foreignAuthority,
      foreignRule,
    )
    .concat(foreignNlb.listener, foreignNlb.group, foreignRoute)
})

async function serverGroup(account: string, LoadBalancerId: string): Promise<string> {
  const { VServerGroupId } = await scene.of.call(account, 'Slb.CreateVServerGroup', { LoadBalancerId })
  return String(VServerGroupId)
}

const ruleList = (VServerGroupId: string) =>
  JSON.stringify([{ RuleName: 'images', Url: '/img', VServerGroupId }])

async function forwardingRule(account: string, LoadBalancerId: string, group: string): Promise<string> {
  const place = { LoadBalancerId, ListenerPort: 8080 }
  const plain = { BackendServerPort: 80, StickySession: 'off', HealthCheck: 'off' }
  await scene.of.call(account, 'Slb.CreateLoadBalancerHTTPListener', { ...place, ...plain })
  const RuleList = ruleList(group)
  const { Rules } = await scene.of.call(account, 'Slb.CreateRules', { ...place, RuleList })
  return (Rules as { Rule: { RuleId: string }[] }).Rule[0]?.RuleId ?? ''
}

async function pair(): Promise<string> {
  const { of, clb, ecs2 } = scene
  const servers = [
    { ServerId: ecs2, Port: 80, ServerType: 'Master' },
    { ServerId: ecs2, Port: 81, ServerType: 'Slave' },
  ]
  const params = { LoadBalancerId: clb, MasterSlaveBackendServers: JSON.stringify(servers) }
  const made = await of.call(provider, 'Slb.CreateMasterSlaveServerGroup', params)
  return String(made['MasterSlaveServerGroupId'])
}

async function routeTable(account: string, VpcId: string): Promise<string> {
  const { RouterTableList } = await scene.of.call(account, 'Vpc.DescribeRouteTableList', { VpcId })
  const { RouterTableListType } = RouterTableList as { RouterTableListType: { RouteTableId: string }[] }
  return RouterTableListType[0]?.RouteTableId ?? ''
}

async function route(account: string, RouteTableId: string, NextHopId: string): Promise<string> {
  const params = { RouteTableId, DestinationCidrBlock: '172.30.0.0/16', NextHopId }
  const { RouteEntryId } = await scene.of.call(account, 'Vpc.CreateRouteEntry', params)
  return String(RouteEntryId)
}

async function networkInterface(account: string, { vswitch, group }: Network): Promise<string> {
  const params = { VSwitchId: vswitch, SecurityGroupId: group }
  const { NetworkInterfaceId } = await scene.of.call(account, 'Ecs.CreateNetworkInterface', params)
  return String(NetworkInterfaceId)
}

async function role(account: string): Promise<string> {
  const Principal = { Service: 'ecs.aliyuncs.com' }
  const Statement = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }]
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '1', Statement })
  const RoleName = `machines-of-${account}`
  await scene.of.call(account, 'Ram.CreateRole', { RoleName, AssumeRolePolicyDocument })
  return RoleName
}

/** The stranger's own. */
async function keyPair(): Promise<string> {
  const PublicKeyBody = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMfrk3nrtr1zvOmWHSJEvpKbNfEBCCBKbVdiEXRkuKyf'
  const { KeyPairName } = await scene.of.call(stranger, 'Ecs.ImportKeyPair', {
    KeyPairName: 'mine',
    PublicKeyBody,
  })
  return String(KeyPairName)
}

async function prefixList(account: string): Promise<string> {
  const params = { PrefixListName: 'offices', AddressFamily: 'IPv4', MaxEntries: 5 }
  const { PrefixListId } = await scene.of.call(account, 'Ecs.CreatePrefixList', params)
  return String(PrefixListId)
}

async function resourceGroup(account: string): Promise<string> {
  const params = { Name: `group${account}`, DisplayName: 'group' }
  const { ResourceGroup } = await scene.of.call(account, 'ResourceManager.CreateResourceGroup', params)
  return (ResourceGroup as { Id: string }).Id
}

afterAll(() => scene.of.db.destroy())

const eni = async () => (await scene.of.world()).enis.find(({ id }) => foreignIds.includes(id))?.id ?? ''

/** The wire parameters of a call, and the code it is refused with, or `nothing` for a list without what is not one's own. */
type Case = readonly [params: () => WireParams | Promise<WireParams>, outcome: string]

const backend = (server: string) => `[{"ServerId":"${server}","Weight":"100"}]`
const backendAt = (server: string) => `[{"ServerId":"${server}","Port":"80","Weight":"100"}]`
const rule = { IpProtocol: 'tcp', PortRange: '1/2' }

const listener = (): WireParams => ({ LoadBalancerId: scene.clb, ListenerPort: 80 })
const connection = (): WireParams => ({ ServiceId: scene.service, EndpointId: scene.endpoint })
const tag = (ResourceType: string, id: () => string) => (): WireParams => ({
  ResourceType,
  'ResourceId.1': id(),
  'Tag.1.Key': 'a',
  'Tag.1.Value': 'b',
})

const pairOf = (server: string) =>
  JSON.stringify([
    { ServerId: server, Port: 80, ServerType: 'Master' },
    { ServerId: server, Port: 81, ServerType: 'Slave' },
  ])
const nlbListener = (): WireParams => ({ ListenerId: foreignNlb.listener })
const nlbServers = (): WireParams => ({
  ServerGroupId: foreignNlb.group,
  'Servers.1.ServerId': scene.ecs2,
  'Servers.1.ServerType': 'Ecs',
  'Servers.1.Port': 80,
})
const nlbZones = (vswitch: string): WireParams => ({
  AddressType: 'Intranet',
  'ZoneMappings.1.ZoneId': zone,
  'ZoneMappings.1.VSwitchId': vswitch,
  'ZoneMappings.2.ZoneId': 'eu-central-1a',
  'ZoneMappings.2.VSwitchId': vswitch,
})

const cases: Readonly<Record<string, readonly Case[]>> = {
  'Vpc.DescribeVpcAttribute': [[() => ({ VpcId: scene.vpc1.vpc }), 'InvalidVpcId.NotFound']],
  'Vpc.DescribeVpcs': [[() => ({ VpcId: scene.vpc1.vpc }), 'nothing']],
  'Vpc.ModifyVpcAttribute': [[() => ({ VpcId: scene.vpc1.vpc, VpcName: 'mine' }), 'InvalidVpcId.NotFound']],
  'Vpc.DeleteVpc': [[() => ({ VpcId: scene.vpc1.vpc }), 'InvalidVpcId.NotFound']],
  'Vpc.DescribeRouteTableList': [[() => ({ VpcId: scene.vpc1.vpc }), 'nothing']],
  'Vpc.CreateVSwitch': [
    [() => ({ VpcId: scene.vpc1.vpc, ZoneId: zone, CidrBlock: '10.0.9.0/24' }), 'InvalidVpcId.NotFound'],
  ],
  'Vpc.DescribeVSwitchAttributes': [[() => ({ VSwitchId: scene.vpc1.vswitch }), 'InvalidVSwitchId.NotFound']],
  'Vpc.DescribeVSwitches': [
    [() => ({ VSwitchId: scene.vpc1.vswitch }), 'nothing'],
    [() => ({ VpcId: scene.vpc1.vpc }), 'nothing'],
  ],
  'Vpc.ModifyVSwitchAttribute': [
    [() => ({ VSwitchId: scene.vpc1.vswitch, VSwitchName: 'mine' }), 'InvalidVSwitchId.NotFound'],
  ],
  'Vpc.DeleteVSwitch': [[() => ({ VSwitchId: scene.vpc1.vswitch }), 'InvalidVSwitchId.NotFound']],
  'Vpc.TagResources': [
    [tag('VPC', () => scene.vpc1.vpc), 'InvalidResourceId.NotFound'],
    [tag('VSWITCH', () => scene.vpc1.vswitch), 'InvalidResourceId.NotFound'],
  ],
  'Vpc.UnTagResources': [
    [
      () => ({ ResourceType: 'VPC', 'ResourceId.1': scene.vpc1.vpc, All: true }),
      'InvalidResourceId.NotFound',
    ],
    [
      () => ({ ResourceType: 'VSWITCH', 'ResourceId.1': scene.vpc1.vswitch, All: true }),
      'InvalidResourceId.NotFound',
    ],
  ],
  'Vpc.ListTagResources': [
    [() => ({ ResourceType: 'VPC', 'ResourceId.1': scene.vpc1.vpc }), 'nothing'],
    [() => ({ ResourceType: 'VSWITCH', 'ResourceId.1': scene.vpc1.vswitch }), 'nothing'],
  ],
  'Ecs.TagResources': [
    [tag('instance', () => scene.ecs1), 'InvalidResourceId.NotFound'],
    [tag('securitygroup', () => scene.vpc1.group), 'InvalidResourceId.NotFound'],
    [tag('disk', () => foreignDisk), 'InvalidResourceId.NotFound'],
  ],
  'Ecs.UntagResources': [
    [
      () => ({ ResourceType: 'instance', 'ResourceId.1': scene.ecs1, All: true }),
      'InvalidResourceId.NotFound',
    ],
    [
      () => ({ ResourceType: 'securitygroup', 'ResourceId.1': scene.vpc1.group, All: true }),
      'InvalidResourceId.NotFound',
    ],
  ],
  'Ecs.ListTagResources': [
    [() => ({ ResourceType: 'instance', 'ResourceId.1': scene.ecs1 }), 'nothing'],
    [() => ({ ResourceType: 'securitygroup', 'ResourceId.1': scene.vpc1.group }), 'nothing'],
  ],
  'Slb.TagResources': [
    [tag('instance', () => scene.clb), 'InvalidLoadBalancerId.NotFound'],
    [tag('certificate', () => foreignCertificate), 'InvalidLoadBalancerId.NotFound'],
    [tag('certificate', () => foreignAuthority), 'InvalidLoadBalancerId.NotFound'],
  ],
  'Slb.UntagResources': [
    [
      () => ({ ResourceType: 'instance', 'ResourceId.1': scene.clb, All: true }),
      'InvalidLoadBalancerId.NotFound',
    ],
  ],
  'Slb.ListTagResources': [[() => ({ ResourceType: 'instance', 'ResourceId.1': scene.clb }), 'nothing']],
  'Privatelink.TagResources': [
    [tag('vpcendpoint', () => scene.endpoint), 'InvalidResourceId.NotFound'],
    [tag('vpcendpointservice', () => scene.service), 'InvalidResourceId.NotFound'],
  ],
  'Privatelink.UntagResources': [
    [
      () => ({ ResourceType: 'vpcendpoint', 'ResourceId.1': scene.endpoint, All: true }),
      'InvalidResourceId.NotFound',
    ],
    [
      () => ({ ResourceType: 'vpcendpointservice', 'ResourceId.1': scene.service, All: true }),
      'InvalidResourceId.NotFound',
    ],
  ],
  'Privatelink.ListTagResources': [
    [() => ({ ResourceType: 'vpcendpoint', 'ResourceId.1': scene.endpoint }), 'nothing'],
    [() => ({ ResourceType: 'vpcendpointservice', 'ResourceId.1': scene.service }), 'nothing'],
  ],
  'Ecs.CreateSecurityGroup': [[() => ({ VpcId: scene.vpc1.vpc }), 'InvalidVpcId.NotFound']],
  'Ecs.DescribeSecurityGroups': [
    [() => ({ SecurityGroupId: scene.vpc1.group }), 'nothing'],
    [() => ({ VpcId: scene.vpc1.vpc }), 'nothing'],
  ],
  'Ecs.ModifySecurityGroupPolicy': [
    [
      () => ({ SecurityGroupId: scene.vpc1.group, InnerAccessPolicy: 'Drop' }),
      'InvalidSecurityGroupId.NotFound',
    ],
  ],
  'Ecs.ModifySecurityGroupAttribute': [
    [
      () => ({ SecurityGroupId: scene.vpc1.group, SecurityGroupName: 'mine' }),
      'InvalidSecurityGroupId.NotFound',
    ],
  ],
  'Ecs.DeleteSecurityGroup': [
    [() => ({ SecurityGroupId: scene.vpc1.group }), 'InvalidSecurityGroupId.NotFound'],
  ],
  'Ecs.AuthorizeSecurityGroup': [
    [
      () => ({ SecurityGroupId: scene.vpc1.group, ...rule, SourceCidrIp: '0.0.0.0/0' }),
      'InvalidSecurityGroupId.NotFound',
    ],
    [
      () => ({ SecurityGroupId: own.group, ...rule, SourceGroupId: scene.vpc1.group }),
      'InvalidSourceGroupId.NotFound',
    ],
  ],
  'Ecs.AuthorizeSecurityGroupEgress': [
    [
      () => ({ SecurityGroupId: scene.vpc1.group, ...rule, DestCidrIp: '0.0.0.0/0' }),
      'InvalidSecurityGroupId.NotFound',
    ],
    [
      () => ({ SecurityGroupId: own.group, ...rule, DestGroupId: scene.vpc1.group }),
      'InvalidDestGroupId.NotFound',
    ],
  ],
  'Ecs.RevokeSecurityGroup': [
    [
      () => ({
        SecurityGroupId: scene.vpc1.group,
        IpProtocol: 'tcp',
        PortRange: '80/80',
        SourceCidrIp: '10.0.0.0/16',
      }),
      'InvalidSecurityGroupId.NotFound',
    ],
  ],
  'Ecs.RevokeSecurityGroupEgress': [
    [
      () => ({ SecurityGroupId: scene.vpc1.group, ...rule, DestCidrIp: '10.0.0.0/16' }),
      'InvalidSecurityGroupId.NotFound',
    ],
  ],
  'Ecs.DescribeSecurityGroupAttribute': [
    [() => ({ SecurityGroupId: scene.vpc1.group }), 'InvalidSecurityGroupId.NotFound'],
  ],
  'Ecs.RunInstances': [
    [
      () => ({
        ImageId: 'postern_sandbox',
        InstanceType: 'ecs.t5-lc1m1.small',
        VSwitchId: scene.vpc1.vswitch,
        SecurityGroupId: own.group,
      }),
      'InvalidVSwitchId.NotFound',
    ],
    [
      () => ({
        ImageId: 'postern_sandbox',
        InstanceType: 'ecs.t5-lc1m1.small',
        VSwitchId: own.vswitch,
        SecurityGroupId: scene.vpc1.group,
      }),
      'InvalidSecurityGroupId.NotFound',
    ],
  ],
  'Ecs.CreateInstance': [
    [
      () => ({
        ImageId: 'postern_sandbox',
        InstanceType: 'ecs.t5-lc1m1.small',
        VSwitchId: scene.vpc1.vswitch,
        SecurityGroupId: own.group,
      }),
      'InvalidVSwitchId.NotFound',
    ],
  ],
  'Ecs.DescribeInstances': [
    [() => ({ InstanceIds: JSON.stringify([scene.ecs1]) }), 'nothing'],
    [() => ({ VpcId: scene.vpc1.vpc }), 'nothing'],
    [() => ({ SecurityGroupId: scene.vpc1.group }), 'nothing'],
  ],
  'Ecs.DescribeInstanceStatus': [[() => ({ 'InstanceId.1': scene.ecs1 }), 'nothing']],
  'Ecs.DescribeInstanceAttribute': [[() => ({ InstanceId: scene.ecs1 }), 'InvalidInstanceId.NotFound']],
  'Ecs.ModifyInstanceAttribute': [
    [() => ({ InstanceId: scene.ecs1, InstanceName: 'mine' }), 'InvalidInstanceId.NotFound'],
  ],
  'Ecs.DescribeUserData': [[() => ({ InstanceId: scene.ecs1 }), 'InvalidInstanceId.NotFound']],
  'Ecs.StartInstance': [[() => ({ InstanceId: scene.ecs1 }), 'InvalidInstanceId.NotFound']],
  'Ecs.StopInstance': [[() => ({ InstanceId: scene.ecs1 }), 'InvalidInstanceId.NotFound']],
  'Ecs.RebootInstance': [[() => ({ InstanceId: scene.ecs1 }), 'InvalidInstanceId.NotFound']],
  'Ecs.DeleteInstance': [[() => ({ InstanceId: scene.ecs1, Force: true }), 'InvalidInstanceId.NotFound']],
  'Ecs.DescribeDisks': [[() => ({ InstanceId: scene.ecs1 }), 'nothing']],
  'Ecs.DescribeNetworkInterfaces': [
    [async () => ({ 'NetworkInterfaceId.1': await eni() }), 'nothing'],
    [() => ({ InstanceId: scene.ecs1 }), 'nothing'],
    [() => ({ VpcId: scene.vpc1.vpc }), 'nothing'],
  ],
  'Ecs.JoinSecurityGroup': [
    [
      () => ({ SecurityGroupId: scene.vpc1.group, InstanceId: own.instance }),
      'InvalidSecurityGroupId.NotFound',
    ],
    [() => ({ SecurityGroupId: own.group, InstanceId: scene.ecs1 }), 'InvalidInstanceId.NotFound'],
    [async () => ({ SecurityGroupId: own.group, NetworkInterfaceId: await eni() }), 'InvalidEniId.NotFound'],
  ],
  'Ecs.LeaveSecurityGroup': [
    [
      () => ({ SecurityGroupId: scene.vpc1.group, InstanceId: own.instance }),
      'InvalidSecurityGroupId.NotFound',
    ],
    [() => ({ SecurityGroupId: own.group, InstanceId: scene.ecs1 }), 'InvalidInstanceId.NotFound'],
    [async () => ({ SecurityGroupId: own.group, NetworkInterfaceId: await eni() }), 'InvalidEniId.NotFound'],
  ],
  'Slb.CreateLoadBalancer': [
    [
      () => ({ LoadBalancerSpec: 'slb.s1.small', MasterZoneId: zone, VSwitchId: scene.vpc2.vswitch }),
      'VSwitchNotExist',
    ],
  ],
  'Slb.DescribeLoadBalancers': [
    [() => ({ LoadBalancerId: scene.clb }), 'nothing'],
    [() => ({ ServerId: scene.ecs2 }), 'nothing'],
    [() => ({ VpcId: scene.vpc2.vpc }), 'nothing'],
  ],
  'Slb.DescribeLoadBalancerAttribute': [
    [() => ({ LoadBalancerId: scene.clb }), 'InvalidLoadBalancerId.NotFound'],
  ],
  'Slb.SetLoadBalancerName': [
    [() => ({ LoadBalancerId: scene.clb, LoadBalancerName: 'mine' }), 'InvalidLoadBalancerId.NotFound'],
  ],
  'Slb.SetLoadBalancerStatus': [
    [() => ({ LoadBalancerId: scene.clb, LoadBalancerStatus: 'inactive' }), 'InvalidLoadBalancerId.NotFound'],
  ],
  'Slb.SetLoadBalancerDeleteProtection': [
    [() => ({ LoadBalancerId: scene.clb, DeleteProtection: 'on' }), 'InvalidLoadBalancerId.NotFound'],
  ],
  'Slb.DeleteLoadBalancer': [[() => ({ LoadBalancerId: scene.clb }), 'InvalidLoadBalancerId.NotFound']],
  'Slb.ModifyLoadBalancerInstanceChargeType': [
    [
      () => ({ LoadBalancerId: scene.clb, InstanceChargeType: 'PayByCLCU' }),
      'InvalidLoadBalancerId.NotFound',
    ],
  ],
  'Slb.ModifyLoadBalancerInstanceSpec': [
    [
      () => ({ LoadBalancerId: scene.clb, LoadBalancerSpec: 'slb.s2.small' }),
      'InvalidLoadBalancerId.NotFound',
    ],
  ],
  'Slb.ModifyLoadBalancerInternetSpec': [
    [() => ({ LoadBalancerId: scene.clb, Bandwidth: '10' }), 'InvalidLoadBalancerId.NotFound'],
  ],
  'Slb.ModifyLoadBalancerPayType': [
    [() => ({ LoadBalancerId: scene.clb, PayType: 'PrePay' }), 'InvalidLoadBalancerId.NotFound'],
  ],
  'Slb.SetLoadBalancerModificationProtection': [
    [
      () => ({ LoadBalancerId: scene.clb, ModificationProtectionStatus: 'NonProtection' }),
      'InvalidLoadBalancerId.NotFound',
    ],
  ],
  'Slb.CreateLoadBalancerTCPListener': [
    [
      () => ({ ...listener(), ListenerPort: 81, BackendServerPort: 81, Bandwidth: -1 }),
      'InvalidLoadBalancerId.NotFound',
    ],
  ],
  'Slb.SetLoadBalancerTCPListenerAttribute': [
    [() => ({ ...listener(), Description: 'mine' }), 'InvalidLoadBalancerId.NotFound'],
  ],
  'Slb.DescribeLoadBalancerTCPListenerAttribute': [[listener, 'InvalidLoadBalancerId.NotFound']],
  'Slb.CreateLoadBalancerUDPListener': [
    [
      () => ({ ...listener(), ListenerPort: 81, BackendServerPort: 81, Bandwidth: -1 }),
      'InvalidLoadBalancerId.NotFound',
    ],
  ],
  'Slb.SetLoadBalancerUDPListenerAttribute': [
    [() => ({ ...listener(), Description: 'mine' }), 'InvalidLoadBalancerId.NotFound'],
  ],
  'Slb.DescribeLoadBalancerUDPListenerAttribute': [[listener, 'InvalidLoadBalancerId.NotFound']],
  'Slb.StartLoadBalancerListener': [[listener, 'InvalidLoadBalancerId.NotFound']],
  'Slb.StopLoadBalancerListener': [[listener, 'InvalidLoadBalancerId.NotFound']],
  'Slb.DeleteLoadBalancerListener': [[listener, 'InvalidLoadBalancerId.NotFound']],
  'Slb.AddBackendServers': [
    [
      () => ({ LoadBalancerId: scene.clb, BackendServers: backend(own.instance) }),
      'InvalidLoadBalancerId.NotFound',
    ],
    [() => ({ LoadBalancerId: own.clb, BackendServers: backend(scene.ecs2) }), 'InvalidParameter'],
  ],
  'Slb.SetBackendServers': [
    [
      () => ({ LoadBalancerId: scene.clb, BackendServers: backend(own.instance) }),
      'InvalidLoadBalancerId.NotFound',
    ],
    [() => ({ LoadBalancerId: own.clb, BackendServers: backend(scene.ecs2) }), 'InvalidParameter'],
  ],
  'Slb.RemoveBackendServers': [
    [
      () => ({ LoadBalancerId: scene.clb, BackendServers: backend(own.instance) }),
      'InvalidLoadBalancerId.NotFound',
    ],
  ],
  'Slb.DescribeHealthStatus': [[() => ({ LoadBalancerId: scene.clb }), 'InvalidLoadBalancerId.NotFound']],
  'Privatelink.CreateVpcEndpointService': [
    [
      () => ({
        'Resource.1.ResourceType': 'slb',
        'Resource.1.ResourceId': scene.clb,
        'Resource.1.ZoneId': zone,
      }),
      'LoadBalancerNotFound',
    ],
  ],
  'Privatelink.GetVpcEndpointServiceAttribute': [
    [() => ({ ServiceId: scene.service }), 'EndpointServiceNotFound'],
  ],
  'Privatelink.ListVpcEndpointServices': [
    [() => ({ ServiceId: scene.service }), 'nothing'],
    [() => ({ ResourceId: scene.clb }), 'nothing'],
  ],
  'Privatelink.ListVpcEndpointServicesByEndUser': [[() => ({ ServiceId: scene.service }), 'nothing']],
  'Privatelink.UpdateVpcEndpointServiceAttribute': [
    [() => ({ ServiceId: scene.service, ServiceDescription: 'mine now' }), 'EndpointServiceNotFound'],
  ],
  'Privatelink.DeleteVpcEndpointService': [[() => ({ ServiceId: scene.service }), 'EndpointServiceNotFound']],
  'Privatelink.AttachResourceToVpcEndpointService': [
    [
      () => ({ ServiceId: scene.service, ResourceType: 'slb', ResourceId: own.clb, ZoneId: zone }),
      'EndpointServiceNotFound',
    ],
    [
      () => ({ ServiceId: own.service, ResourceType: 'slb', ResourceId: scene.clb, ZoneId: zone }),
      'LoadBalancerNotFound',
    ],
  ],
  'Privatelink.DetachResourceFromVpcEndpointService': [
    [() => ({ ServiceId: scene.service, ResourceId: scene.clb }), 'EndpointServiceNotFound'],
  ],
  'Privatelink.ListVpcEndpointServiceResources': [
    [() => ({ ServiceId: scene.service }), 'EndpointServiceNotFound'],
  ],
  'Privatelink.UpdateVpcEndpointServiceResourceAttribute': [
    [
      () => ({ ServiceId: scene.service, ResourceId: scene.clb, AutoAllocatedEnabled: false }),
      'EndpointServiceNotFound',
    ],
  ],
  'Privatelink.AddUserToVpcEndpointService': [
    [() => ({ ServiceId: scene.service, UserId: stranger }), 'EndpointServiceNotFound'],
  ],
  'Privatelink.RemoveUserFromVpcEndpointService': [
    [() => ({ ServiceId: scene.service, UserId: consumer }), 'EndpointServiceNotFound'],
  ],
  'Privatelink.ListVpcEndpointServiceUsers': [
    [() => ({ ServiceId: scene.service }), 'EndpointServiceNotFound'],
  ],
  'Privatelink.CreateVpcEndpoint': [
    [
      () => ({
        VpcId: own.vpc,
        ServiceId: scene.service,
        'SecurityGroupId.1': own.group,
        'Zone.1.ZoneId': zone,
        'Zone.1.VSwitchId': own.vswitch,
      }),
      'EndpointServiceNotAuthorized',
    ],
    [
      () => ({
        VpcId: scene.vpc1.vpc,
        ServiceId: own.service,
        'SecurityGroupId.1': own.group,
        'Zone.1.ZoneId': zone,
        'Zone.1.VSwitchId': own.vswitch,
      }),
      'VpcNotFound',
    ],
    [
      () => ({
        VpcId: own.vpc,
        ServiceId: own.service,
        'SecurityGroupId.1': scene.vpc1.group,
        'Zone.1.ZoneId': zone,
        'Zone.1.VSwitchId': own.vswitch,
      }),
      'SecurityGroupNotFound',
    ],
    [
      () => ({
        VpcId: own.vpc,
        ServiceId: own.service,
        'SecurityGroupId.1': own.group,
        'Zone.1.ZoneId': zone,
        'Zone.1.VSwitchId': scene.vpc1.vswitch,
      }),
      'VSwitchNotFound',
    ],
  ],
  'Privatelink.GetVpcEndpointAttribute': [[() => ({ EndpointId: scene.endpoint }), 'EndpointNotFound']],
  'Privatelink.ListVpcEndpoints': [
    [() => ({ EndpointId: scene.endpoint }), 'nothing'],
    [() => ({ VpcId: scene.vpc1.vpc }), 'nothing'],
  ],
  'Privatelink.UpdateVpcEndpointAttribute': [
    [() => ({ EndpointId: scene.endpoint, EndpointName: 'mine' }), 'EndpointNotFound'],
  ],
  'Privatelink.DeleteVpcEndpoint': [[() => ({ EndpointId: scene.endpoint }), 'EndpointNotFound']],
  'Privatelink.AddZoneToVpcEndpoint': [
    [() => ({ EndpointId: scene.endpoint, ZoneId: zone, VSwitchId: own.vswitch }), 'EndpointNotFound'],
  ],
  'Privatelink.RemoveZoneFromVpcEndpoint': [
    [() => ({ EndpointId: scene.endpoint, ZoneId: zone }), 'EndpointNotFound'],
  ],
  'Privatelink.ListVpcEndpointZones': [[() => ({ EndpointId: scene.endpoint }), 'EndpointNotFound']],
  'Privatelink.AttachSecurityGroupToVpcEndpoint': [
    [() => ({ EndpointId: scene.endpoint, SecurityGroupId: own.group }), 'EndpointNotFound'],
  ],
  'Privatelink.DetachSecurityGroupFromVpcEndpoint': [
    [() => ({ EndpointId: scene.endpoint, SecurityGroupId: scene.vpc1.group }), 'EndpointNotFound'],
  ],
  'Privatelink.ListVpcEndpointSecurityGroups': [[() => ({ EndpointId: scene.endpoint }), 'EndpointNotFound']],
  'Privatelink.EnableVpcEndpointConnection': [
    [connection, 'EndpointServiceNotFound'],
    [() => ({ ServiceId: own.service, EndpointId: scene.endpoint }), 'EndpointConnectionNotFound'],
  ],
  'Privatelink.DisableVpcEndpointConnection': [
    [connection, 'EndpointServiceNotFound'],
    [() => ({ ServiceId: own.service, EndpointId: scene.endpoint }), 'EndpointConnectionNotFound'],
  ],
  'Privatelink.UpdateVpcEndpointConnectionAttribute': [
    [() => ({ ...connection(), Bandwidth: 200 }), 'EndpointServiceNotFound'],
    [
      () => ({ ServiceId: own.service, EndpointId: scene.endpoint, Bandwidth: 200 }),
      'EndpointConnectionNotFound',
    ],
  ],
  'Privatelink.EnableVpcEndpointZoneConnection': [
    [() => ({ ...connection(), ZoneId: zone }), 'EndpointServiceNotFound'],
  ],
  'Privatelink.DisableVpcEndpointZoneConnection': [
    [() => ({ ...connection(), ZoneId: zone }), 'EndpointServiceNotFound'],
  ],
  'Privatelink.ListVpcEndpointConnections': [
    [() => ({ ServiceId: scene.service }), 'EndpointServiceNotFound'],
    [() => ({ EndpointId: scene.endpoint }), 'nothing'],
    [() => ({ ResourceId: scene.clb }), 'nothing'],
    [async () => ({ EniId: await eni() }), 'nothing'],
  ],
  'ResourceManager.GetResourceGroup': [
    [() => ({ ResourceGroupId: foreignGroup }), 'EntityNotExists.ResourceGroup'],
  ],
  'ResourceManager.ListResourceGroups': [[() => ({ ResourceGroupId: foreignGroup }), 'nothing']],
  'ResourceManager.UpdateResourceGroup': [
    [() => ({ ResourceGroupId: foreignGroup, NewDisplayName: 'mine' }), 'EntityNotExists.ResourceGroup'],
  ],
  'ResourceManager.DeleteResourceGroup': [
    [() => ({ ResourceGroupId: foreignGroup }), 'EntityNotExists.ResourceGroup'],
  ],
  'Vpc.MoveResourceGroup': [
    [
      () => ({ ResourceType: 'vpc', ResourceId: scene.vpc1.vpc, NewResourceGroupId: ownGroup }),
      'InvalidResourceId.NotFound',
    ],
    [
      () => ({ ResourceType: 'vpc', ResourceId: own.vpc, NewResourceGroupId: foreignGroup }),
      'InvalidResourceGroupId',
    ],
  ],
  'Slb.MoveResourceGroup': [
    [
      () => ({ ResourceType: 'loadbalancer', ResourceId: scene.clb, NewResourceGroupId: ownGroup }),
      'InvalidLoadBalancerId.NotFound',
    ],
    [
      () => ({ ResourceType: 'loadbalancer', ResourceId: own.clb, NewResourceGroupId: foreignGroup }),
      'InvalidParameter',
    ],
  ],
  'Ecs.JoinResourceGroup': [
    [
      () => ({ ResourceType: 'instance', ResourceId: scene.ecs1, ResourceGroupId: ownGroup }),
      'InvalidResourceId.NotFound',
    ],
    [
      () => ({ ResourceType: 'instance', ResourceId: own.instance, ResourceGroupId: foreignGroup }),
      'InvalidResourceGroup.NotFound',
    ],
  ],
  'Privatelink.ChangeResourceGroup': [
    [
      () => ({ ResourceId: scene.endpoint, ResourceType: 'VpcEndpoint', ResourceGroupId: ownGroup }),
      'ResourceNotFound',
    ],
    [
      () => ({ ResourceId: own.service, ResourceType: 'VpcEndpointService', ResourceGroupId: foreignGroup }),
      'InvalidResourceGroup',
    ],
  ],
  'Privatelink.UpdateVpcEndpointZoneConnectionResourceAttribute': [
    [
      () => ({ ...connection(), ZoneId: zone, ResourceType: 'slb', ResourceAllocateMode: 'Auto' }),
      'EndpointServiceNotFound',
    ],
    [
      () => ({
        EndpointId: scene.endpoint,
        ServiceId: own.service,
        ZoneId: zone,
        ResourceType: 'slb',
        ResourceId: own.clb,
        ResourceAllocateMode: 'Manual',
      }),
      'EndpointConnectionNotFound',
    ],
  ],
  'Vpc.ModifyRouteTableAttributes': [
    [() => ({ RouteTableId: foreignRoutes, RouteTableName: 'mine' }), 'InvalidRouteTableId.NotFound'],
  ],
  'Ecs.ModifySecurityGroupRule': [
    [
      () => ({ SecurityGroupId: scene.vpc1.group, ...rule, SourceCidrIp: '0.0.0.0/0', Description: 'mine' }),
      'InvalidSecurityGroupId.NotFound',
    ],
  ],
  'Ecs.ModifySecurityGroupEgressRule': [
    [
      () => ({ SecurityGroupId: scene.vpc1.group, ...rule, DestCidrIp: '0.0.0.0/0', Description: 'mine' }),
      'InvalidSecurityGroupId.NotFound',
    ],
  ],
  'Ecs.DescribeInstanceAttachmentAttributes': [
    [() => ({ InstanceIds: JSON.stringify([scene.ecs1]) }), 'nothing'],
  ],
  'Ecs.DescribeInstanceAutoRenewAttribute': [[() => ({ InstanceId: scene.ecs1 }), 'nothing']],
  'Ecs.DescribeInstanceMaintenanceAttributes': [[() => ({ 'InstanceId.1': scene.ecs1 }), 'nothing']],
  'Ecs.DescribeInstanceRamRole': [[() => ({ InstanceIds: JSON.stringify([scene.ecs1]) }), 'nothing']],
  'Slb.CreateVServerGroup': [[() => ({ LoadBalancerId: scene.clb }), 'InvalidLoadBalancerId.NotFound']],
  'Slb.DescribeVServerGroups': [[() => ({ LoadBalancerId: scene.clb }), 'InvalidLoadBalancerId.NotFound']],
  'Slb.DescribeVServerGroupAttribute': [
    [() => ({ VServerGroupId: foreignServers }), 'InvalidParameter.VServerGroupId'],
  ],
  'Slb.AddVServerGroupBackendServers': [
    [
      () => ({ VServerGroupId: foreignServers, BackendServers: backendAt(own.instance) }),
      'InvalidParameter.VServerGroupId',
    ],
    [() => ({ VServerGroupId: ownServers, BackendServers: backendAt(scene.ecs2) }), 'InvalidParameter'],
  ],
  'Slb.RemoveVServerGroupBackendServers': [
    [
      () => ({ VServerGroupId: foreignServers, BackendServers: backendAt(own.instance) }),
      'InvalidParameter.VServerGroupId',
    ],
  ],
  'Slb.ModifyVServerGroupBackendServers': [
    [
      () => ({ VServerGroupId: foreignServers, NewBackendServers: backendAt(own.instance) }),
      'InvalidParameter.VServerGroupId',
    ],
  ],
  'Slb.SetVServerGroupAttribute': [
    [() => ({ VServerGroupId: foreignServers, VServerGroupName: 'mine' }), 'InvalidParameter.VServerGroupId'],
  ],
  'Slb.DeleteVServerGroup': [[() => ({ VServerGroupId: foreignServers }), 'InvalidParameter.VServerGroupId']],
  'Vpc.CreateDefaultVpc': [[() => ({ ResourceGroupId: foreignGroup }), 'InvalidResourceGroupId']],
  'Vpc.AssociateVpcCidrBlock': [
    [() => ({ VpcId: scene.vpc1.vpc, SecondaryCidrBlock: '192.168.0.0/16' }), 'InvalidVpcId.NotFound'],
  ],
  'Vpc.UnassociateVpcCidrBlock': [
    [() => ({ VpcId: scene.vpc1.vpc, SecondaryCidrBlock: '192.168.0.0/16' }), 'InvalidVpcId.NotFound'],
  ],
  'Vpc.CreateRouteTable': [[() => ({ VpcId: scene.vpc1.vpc }), 'InvalidVpcId.NotFound']],
  'Vpc.DeleteRouteTable': [[() => ({ RouteTableId: foreignRoutes }), 'InvalidRouteTableId.NotFound']],
  'Vpc.AssociateRouteTable': [
    [() => ({ RouteTableId: foreignRoutes, VSwitchId: own.vswitch }), 'InvalidRouteTableId.NotFound'],
    [() => ({ RouteTableId: ownRoutes, VSwitchId: scene.vpc1.vswitch }), 'InvalidVSwitchId.NotFound'],
  ],
  'Vpc.UnassociateRouteTable': [
    [() => ({ RouteTableId: foreignRoutes, VSwitchId: own.vswitch }), 'InvalidRouteTableId.NotFound'],
    [() => ({ RouteTableId: ownRoutes, VSwitchId: scene.vpc1.vswitch }), 'InvalidVSwitchId.NotFound'],
  ],
  'Vpc.CreateRouteEntry': [
    [
      () => ({ RouteTableId: foreignRoutes, DestinationCidrBlock: '172.31.0.0/16', NextHopId: own.instance }),
      'InvalidRouteTableId.NotFound',
    ],
    [
      () => ({ RouteTableId: ownRoutes, DestinationCidrBlock: '172.31.0.0/16', NextHopId: scene.ecs1 }),
      'InvalidNextHop.NotFound',
    ],
  ],
  'Vpc.ModifyRouteEntry': [
    [() => ({ RouteEntryId: foreignRoute, RouteEntryName: 'mine' }), 'InvalidRouteEntryId.NotFound'],
  ],
  'Vpc.DeleteRouteEntry': [
    [() => ({ RouteEntryId: foreignRoute }), 'InvalidRouteEntryId.NotFound'],
    [
      () => ({ RouteTableId: foreignRoutes, DestinationCidrBlock: '172.30.0.0/16' }),
      'InvalidRouteTableId.NotFound',
    ],
  ],
  // What is refused is named in the answer: see `route-batches.test.ts` for that nothing comes of it.
  'Vpc.CreateRouteEntries': [
    [
      () => ({
        'RouteEntries.1.RouteTableId': foreignRoutes,
        'RouteEntries.1.DstCidrBlock': '172.31.0.0/16',
        'RouteEntries.1.NextHop': own.instance,
      }),
      'nothing',
    ],
  ],
  'Vpc.DeleteRouteEntries': [
    [
      () => ({
        'RouteEntries.1.RouteTableId': foreignRoutes,
        'RouteEntries.1.DstCidrBlock': '172.30.0.0/16',
        'RouteEntries.1.NextHop': own.instance,
      }),
      'nothing',
    ],
  ],
  'Vpc.DescribeRouteEntryList': [[() => ({ RouteTableId: foreignRoutes }), 'InvalidRouteTableId.NotFound']],
  'Vpc.DescribeRouteTables': [[() => ({ RouteTableId: foreignRoutes }), 'nothing']],
  'Ecs.CreateNetworkInterface': [
    [() => ({ VSwitchId: scene.vpc1.vswitch, SecurityGroupId: own.group }), 'InvalidVSwitchId.NotFound'],
    [
      () => ({ VSwitchId: own.vswitch, SecurityGroupId: scene.vpc1.group }),
      'InvalidSecurityGroupId.NotFound',
    ],
  ],
  'Ecs.DescribeNetworkInterfaceAttribute': [
    [async () => ({ NetworkInterfaceId: await eni() }), 'InvalidEniId.NotFound'],
  ],
  'Ecs.ModifyNetworkInterfaceAttribute': [
    [async () => ({ NetworkInterfaceId: await eni(), Description: 'mine' }), 'InvalidEniId.NotFound'],
    [
      () => ({ NetworkInterfaceId: ownEni, 'SecurityGroupId.1': scene.vpc1.group }),
      'InvalidSecurityGroupId.NotFound',
    ],
  ],
  'Ecs.DeleteNetworkInterface': [
    [async () => ({ NetworkInterfaceId: await eni() }), 'InvalidEniId.NotFound'],
  ],
  'Ecs.AttachNetworkInterface': [
    [async () => ({ NetworkInterfaceId: await eni(), InstanceId: own.instance }), 'InvalidEniId.NotFound'],
    [() => ({ NetworkInterfaceId: ownEni, InstanceId: scene.ecs1 }), 'InvalidEcsId.NotFound'],
  ],
  'Ecs.DetachNetworkInterface': [
    [async () => ({ NetworkInterfaceId: await eni(), InstanceId: own.instance }), 'InvalidEniId.NotFound'],
    [() => ({ NetworkInterfaceId: ownEni, InstanceId: scene.ecs1 }), 'InvalidEcsId.NotFound'],
  ],
  'Ecs.AssignPrivateIpAddresses': [
    [
      async () => ({ NetworkInterfaceId: await eni(), SecondaryPrivateIpAddressCount: 1 }),
      'InvalidEniId.NotFound',
    ],
  ],
  'Ecs.UnassignPrivateIpAddresses': [
    [
      async () => ({ NetworkInterfaceId: await eni(), 'PrivateIpAddress.1': '10.0.0.9' }),
      'InvalidEniId.NotFound',
    ],
  ],
  ...Object.fromEntries(
    ['CreateKeyPair', 'ImportKeyPair'].map((action) => [
      `Ecs.${action}`,
      [
        [
          () => ({
            KeyPairName: 'other',
            PublicKeyBody: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMfrk3nrtr1zvOmWHSJEvpKbNfEBCCBKbVdiEXRkuKyf',
            ResourceGroupId: foreignGroup,
          }),
          'InvalidResourceGroup.NotFound',
        ],
      ],
    ]),
  ),
  'Ecs.DescribeKeyPairs': [[() => ({ ResourceGroupId: foreignGroup }), 'nothing']],
  'Ecs.ModifyInstanceSpec': [
    [() => ({ InstanceId: scene.ecs1, InstanceType: 'ecs.t5-lc1m1.small' }), 'InvalidInstanceId.NotFound'],
  ],
  'Ecs.ModifyInstanceVpcAttribute': [
    [() => ({ InstanceId: scene.ecs1, VSwitchId: own.vswitch }), 'InvalidInstanceId.NotFound'],
    [
      async () => {
        await scene.of.call(stranger, 'Ecs.StopInstance', { InstanceId: own.instance })
        await scene.of.settle()
        return { InstanceId: own.instance, VSwitchId: scene.vpc1.vswitch }
      },
      'InvalidVSwitchId.NotFound',
    ],
  ],
  'Ecs.ReplaceSystemDisk': [
    [() => ({ InstanceId: scene.ecs1, ImageId: 'postern_sandbox' }), 'InvalidInstanceId.NotFound'],
  ],
  'Ecs.ModifyInstanceMaintenanceAttributes': [
    [() => ({ 'InstanceId.1': own.instance, 'InstanceId.2': scene.ecs1 }), 'InvalidInstanceId.NotFound'],
  ],
  'Ecs.ModifyInstanceAutoReleaseTime': [[() => ({ InstanceId: scene.ecs1 }), 'InvalidInstanceId.NotFound']],
  'Ecs.ModifyInstanceNetworkSpec': [
    [() => ({ InstanceId: scene.ecs1, InternetMaxBandwidthIn: 5 }), 'InvalidInstanceId.NotFound'],
  ],
  'Ecs.ModifyInstanceMetadataOptions': [
    [() => ({ InstanceId: scene.ecs1, HttpTokens: 'required' }), 'InvalidInstanceId.NotFound'],
  ],
  'Ecs.GetInstanceConsoleOutput': [[() => ({ InstanceId: scene.ecs1 }), 'InvalidInstanceId.NotFound']],
  'Ecs.AttachInstanceRamRole': [
    [
      async () => ({ RamRoleName: await role(stranger), InstanceIds: JSON.stringify([scene.ecs1]) }),
      'InvalidInstanceId.NotFound',
    ],
    [
      async () => ({ RamRoleName: await role(consumer), InstanceIds: JSON.stringify([scene.ecs1]) }),
      'InvalidRamRole.NotFound',
    ],
  ],
  'Ecs.DetachInstanceRamRole': [
    [() => ({ InstanceIds: JSON.stringify([scene.ecs1]) }), 'InvalidInstanceId.NotFound'],
  ],
  'Ecs.AttachKeyPair': [
    [
      async () => ({ KeyPairName: await keyPair(), InstanceIds: JSON.stringify([scene.ecs1]) }),
      'InvalidInstanceId.NotFound',
    ],
  ],
  'Ecs.DetachKeyPair': [
    [
      () => ({ KeyPairName: 'mine', InstanceIds: JSON.stringify([scene.ecs1]) }),
      'InvalidInstanceId.NotFound',
    ],
  ],
  ...Object.fromEntries(
    ['StartInstances', 'StopInstances', 'RebootInstances', 'DeleteInstances'].map((action) => [
      `Ecs.${action}`,
      [
        [
          () => ({ 'InstanceId.1': scene.ecs1, 'InstanceId.2': own.instance, Force: true }),
          'InvalidInstanceId.NotFound',
        ],
      ],
    ]),
  ),
  'Ecs.DescribeSecurityGroupReferences': [
    [() => ({ 'SecurityGroupId.1': scene.vpc1.group }), 'InvalidSecurityGroupId.NotFound'],
  ],
  'Ecs.CreatePrefixList': [
    [
      () => ({
        PrefixListName: 'mine',
        AddressFamily: 'IPv4',
        MaxEntries: 1,
        ResourceGroupId: foreignGroup,
      }),
      'InvalidResourceGroup.NotFound',
    ],
  ],
  'Ecs.ModifyPrefixList': [[() => ({ PrefixListId: foreignList }), 'InvalidPrefixListId.NotFound']],
  'Ecs.DescribePrefixLists': [[() => ({ 'PrefixListId.1': foreignList }), 'nothing']],
  'Ecs.DescribePrefixListAttributes': [
    [() => ({ PrefixListId: foreignList }), 'InvalidPrefixListId.NotFound'],
  ],
  'Ecs.DescribePrefixListAssociations': [
    [() => ({ PrefixListId: foreignList }), 'InvalidPrefixListId.NotFound'],
  ],
  'Ecs.DeletePrefixList': [[() => ({ PrefixListId: foreignList }), 'InvalidPrefixListId.NotFound']],
  'ResourceManager.ListResources': [
    [() => ({ ResourceGroupId: foreignGroup }), 'nothing'],
    [() => ({ ResourceId: scene.vpc1.vpc }), 'nothing'],
  ],
  'ResourceManager.MoveResources': [
    [
      () => ({
        ResourceGroupId: foreignGroup,
        'Resources.1.ResourceId': own.vpc,
        'Resources.1.ResourceType': 'vpc',
        'Resources.1.Service': 'vpc',
        'Resources.1.RegionId': 'eu-central-1',
      }),
      'EntityNotExists.ResourceGroup',
    ],
  ],
  'ResourceManager.TagResources': [
    [tag('ResourceGroup', () => foreignGroup), 'EntityNotExists.ResourceGroup'],
  ],
  'ResourceManager.UntagResources': [
    [
      () => ({ ResourceType: 'ResourceGroup', 'ResourceId.1': foreignGroup, All: true }),
      'EntityNotExists.ResourceGroup',
    ],
  ],
  'ResourceManager.ListTagResources': [
    [() => ({ ResourceType: 'ResourceGroup', 'ResourceId.1': foreignGroup }), 'nothing'],
  ],
  'Vpc.CreateVpc': [
    [() => ({ CidrBlock: '10.0.0.0/16', ResourceGroupId: foreignGroup }), 'InvalidResourceGroupId'],
  ],
  'Slb.CreateLoadBalancerHTTPListener': [
    [
      () => ({ ...listener(), BackendServerPort: 80, StickySession: 'off', HealthCheck: 'off' }),
      'InvalidLoadBalancerId.NotFound',
    ],
  ],
  'Slb.SetLoadBalancerHTTPListenerAttribute': [[listener, 'InvalidLoadBalancerId.NotFound']],
  'Slb.DescribeLoadBalancerHTTPListenerAttribute': [[listener, 'InvalidLoadBalancerId.NotFound']],
  'Slb.CreateLoadBalancerHTTPSListener': [
    [
      () => ({
        ...listener(),
        BackendServerPort: 80,
        StickySession: 'off',
        HealthCheck: 'off',
        ServerCertificateId: foreignCertificate,
      }),
      'InvalidLoadBalancerId.NotFound',
    ],
    [
      () => ({
        LoadBalancerId: own.clb,
        ListenerPort: 443,
        BackendServerPort: 80,
        StickySession: 'off',
        HealthCheck: 'off',
        ServerCertificateId: foreignCertificate,
      }),
      'ServerCertificateId.NotFound',
    ],
  ],
  'Slb.SetLoadBalancerHTTPSListenerAttribute': [[listener, 'InvalidLoadBalancerId.NotFound']],
  'Slb.DescribeLoadBalancerHTTPSListenerAttribute': [[listener, 'InvalidLoadBalancerId.NotFound']],
  'Slb.CreateRules': [
    [() => ({ ...listener(), RuleList: ruleList(foreignServers) }), 'InvalidLoadBalancerId.NotFound'],
    [
      () => ({ LoadBalancerId: own.clb, ListenerPort: 8080, RuleList: ruleList(foreignServers) }),
      'InvalidParameter.VServerGroupId',
    ],
  ],
  'Slb.DescribeRules': [[listener, 'InvalidLoadBalancerId.NotFound']],
  'Slb.DescribeRuleAttribute': [[() => ({ RuleId: foreignRule }), 'InvalidRuleId.NotFound']],
  'Slb.SetRule': [
    [() => ({ RuleId: foreignRule, RuleName: 'mine' }), 'InvalidRuleId.NotFound'],
    [() => ({ RuleId: ownRule, VServerGroupId: foreignServers }), 'InvalidParameter.VServerGroupId'],
  ],
  'Slb.DeleteRules': [
    [() => ({ RuleIds: JSON.stringify([ownRule, foreignRule]) }), 'InvalidRuleId.NotFound'],
  ],
  'Slb.UploadCACertificate': [
    [() => ({ ...authority, ResourceGroupId: foreignGroup }), 'InvalidParameter.ResourceGroupId'],
  ],
  'Slb.DescribeCACertificates': [[() => ({ CACertificateId: foreignAuthority }), 'nothing']],
  'Slb.SetCACertificateName': [
    [() => ({ CACertificateId: foreignAuthority, CACertificateName: 'mine' }), 'CACertificateId.NotFound'],
  ],
  'Slb.DeleteCACertificate': [[() => ({ CACertificateId: foreignAuthority }), 'CACertificateId.NotFound']],
  'Slb.UploadServerCertificate': [
    [() => ({ ...certificatePair, ResourceGroupId: foreignGroup }), 'InvalidParameter.ResourceGroupId'],
  ],
  'Slb.DescribeServerCertificates': [[() => ({ ServerCertificateId: foreignCertificate }), 'nothing']],
  'Slb.SetServerCertificateName': [
    [
      () => ({ ServerCertificateId: foreignCertificate, ServerCertificateName: 'mine' }),
      'ServerCertificateId.NotFound',
    ],
  ],
  'Slb.DeleteServerCertificate': [
    [() => ({ ServerCertificateId: foreignCertificate }), 'ServerCertificateId.NotFound'],
  ],
  'Slb.CreateMasterSlaveServerGroup': [
    [
      () => ({ LoadBalancerId: scene.clb, MasterSlaveBackendServers: pairOf(own.instance) }),
      'InvalidLoadBalancerId.NotFound',
    ],
    [() => ({ LoadBalancerId: own.clb, MasterSlaveBackendServers: pairOf(scene.ecs2) }), 'InvalidParameter'],
  ],
  'Slb.DescribeMasterSlaveServerGroups': [
    [() => ({ LoadBalancerId: scene.clb }), 'InvalidLoadBalancerId.NotFound'],
  ],
  'Slb.DescribeMasterSlaveServerGroupAttribute': [
    [() => ({ MasterSlaveServerGroupId: foreignPair }), 'InvalidParameter.MasterSlaveServerGroupId'],
  ],
  'Slb.DeleteMasterSlaveServerGroup': [
    [() => ({ MasterSlaveServerGroupId: foreignPair }), 'InvalidParameter.MasterSlaveServerGroupId'],
  ],
  'Nlb.CreateLoadBalancer': [
    [() => ({ ...nlbZones(scene.vpc2.vswitch), VpcId: scene.vpc2.vpc }), 'ResourceNotFound.Vpc'],
    [() => ({ ...nlbZones(scene.vpc2.vswitch), VpcId: own.vpc }), 'ResourceNotFound.VSwitch'],
  ],
  'Nlb.GetLoadBalancerAttribute': [
    [() => ({ LoadBalancerId: foreignNlb.id }), 'ResourceNotFound.loadBalancer'],
  ],
  'Nlb.ListLoadBalancers': [
    [() => ({ 'LoadBalancerIds.1': foreignNlb.id }), 'nothing'],
    [() => ({ 'VpcIds.1': scene.vpc2.vpc }), 'nothing'],
  ],
  'Nlb.UpdateLoadBalancerAttribute': [
    [() => ({ LoadBalancerId: foreignNlb.id, LoadBalancerName: 'mine' }), 'ResourceNotFound.loadBalancer'],
  ],
  'Nlb.UpdateLoadBalancerProtection': [
    [
      () => ({ LoadBalancerId: foreignNlb.id, DeletionProtectionEnabled: true }),
      'ResourceNotFound.loadBalancer',
    ],
  ],
  'Nlb.UpdateLoadBalancerZones': [
    [() => ({ ...nlbZones(own.vswitch), LoadBalancerId: foreignNlb.id }), 'ResourceNotFound.loadBalancer'],
  ],
  'Nlb.DeleteLoadBalancer': [[() => ({ LoadBalancerId: foreignNlb.id }), 'ResourceNotFound.loadBalancer']],
  'Nlb.CreateListener': [
    [
      () => ({
        LoadBalancerId: foreignNlb.id,
        ListenerProtocol: 'TCP',
        ListenerPort: 81,
        ServerGroupId: foreignNlb.group,
      }),
      'ResourceNotFound.loadBalancer',
    ],
  ],
  'Nlb.GetListenerAttribute': [[nlbListener, 'ResourceNotFound.listener']],
  'Nlb.ListListeners': [
    [() => ({ 'ListenerIds.1': foreignNlb.listener }), 'nothing'],
    [() => ({ 'LoadBalancerIds.1': foreignNlb.id }), 'nothing'],
  ],
  'Nlb.UpdateListenerAttribute': [
    [() => ({ ...nlbListener(), ListenerDescription: 'mine' }), 'ResourceNotFound.listener'],
  ],
  'Nlb.StartListener': [[nlbListener, 'ResourceNotFound.listener']],
  'Nlb.StopListener': [[nlbListener, 'ResourceNotFound.listener']],
  'Nlb.DeleteListener': [[nlbListener, 'ResourceNotFound.listener']],
  'Nlb.GetListenerHealthStatus': [[nlbListener, 'ResourceNotFound.listener']],
  'Nlb.CreateServerGroup': [
    [() => ({ ServerGroupName: 'web', VpcId: scene.vpc2.vpc }), 'ResourceNotFound.Vpc'],
  ],
  'Nlb.ListServerGroups': [
    [() => ({ 'ServerGroupIds.1': foreignNlb.group }), 'nothing'],
    [() => ({ VpcId: scene.vpc2.vpc }), 'nothing'],
  ],
  'Nlb.UpdateServerGroupAttribute': [
    [() => ({ ServerGroupId: foreignNlb.group, ServerGroupName: 'mine' }), 'ResourceNotFound.serverGroup'],
  ],
  'Nlb.DeleteServerGroup': [[() => ({ ServerGroupId: foreignNlb.group }), 'ResourceNotFound.serverGroup']],
  'Nlb.AddServersToServerGroup': [
    [nlbServers, 'ResourceNotFound.serverGroup'],
    [
      async () => {
        const group = await scene.of.call(stranger, 'Nlb.CreateServerGroup', {
          ServerGroupName: 'mine',
          VpcId: own.vpc,
        })
        return { ...nlbServers(), ServerGroupId: String(group['ServerGroupId']) }
      },
      'ResourceNotFound.Ecs',
    ],
  ],
  'Nlb.RemoveServersFromServerGroup': [[nlbServers, 'ResourceNotFound.serverGroup']],
  'Nlb.UpdateServerGroupServersAttribute': [[nlbServers, 'ResourceNotFound.serverGroup']],
  'Nlb.ListServerGroupServers': [
    [() => ({ ServerGroupId: foreignNlb.group }), 'ResourceNotFound.serverGroup'],
  ],
  'Nlb.GetJobStatus': [[() => ({ JobId: foreignJob }), 'ResourceNotFound.Job']],
  'Nlb.MoveResourceGroup': [
    [
      () => ({
        ResourceType: 'loadbalancer',
        ResourceId: foreignNlb.id,
        NewResourceGroupId: ownGroup,
      }),
      'ResourceNotFound.resource',
    ],
  ],
  'Nlb.TagResources': [
    [tag('loadbalancer', () => foreignNlb.id), 'ResourceNotFound.resource'],
    [tag('servergroup', () => foreignNlb.group), 'ResourceNotFound.resource'],
    [tag('listener', () => foreignNlb.listener), 'ResourceNotFound.resource'],
  ],
  'Nlb.UntagResources': [
    [
      () => ({ ResourceType: 'loadbalancer', 'ResourceId.1': foreignNlb.id, 'TagKey.1': 'a' }),
      'ResourceNotFound.resource',
    ],
  ],
  'Nlb.ListTagResources': [
    [() => ({ ResourceType: 'loadbalancer', 'ResourceId.1': foreignNlb.id }), 'nothing'],
  ],
}

const idParameter =
  /^(CACertificateId|RuleIds?|JobId|ListenerIds?|LoadBalancerIds|MasterSlaveServerGroupId|ServerGroupIds?|ServerCertificateId|VpcIds|ZoneMappings|VServerGroupId|VpcId|VSwitchId|SecurityGroupIds?|Source\w*GroupId|InstanceIds?|NetworkInterfaceId|RouteEntries|RouteTableId|RouterId|DiskIds|\w*PrefixListId|LoadBalancerId|BackendServers|ServerId|ServiceId|ServiceName|EndpointId|EniId|ResourceId|ResourceGroupId|NewResourceGroupId|Resource|Zone)$/

test('each action that takes an id is called here', () => {
  // A rule of Cms is named by its owner.
  const isId = (product: string, name: string) =>
    idParameter.test(name) && !(product === 'Cms' && name.startsWith('RuleId'))
  const taking = allActions.filter(({ product, params }) =>
    Object.keys(params.shape).some((name) => isId(product, name)),
  )
  expect(Object.keys(cases).toSorted()).toEqual(
    taking.map(({ product, name }) => `${product}.${name}`).toSorted(),
  )
})

describe.each(Object.entries(cases))('%s', (action, calls) => {
  test.each(calls.map(([params, outcome]) => [outcome, params] as const))('%s', async (outcome, params) => {
    const { of } = scene
    const given = await params()
    // The stranger's call names something of somebody else.
    expect(foreignIds.some((id) => JSON.stringify(given).includes(id))).toBe(true)
    if (outcome === 'nothing') {
      const text = JSON.stringify(await of.call(stranger, action, given))
      expect(foreignIds.filter((id) => text.includes(id))).toEqual([])
    } else {
      expect(await of.refusal(stranger, action, given)).toBe(outcome)
    }
  })
})

describe('lists without a filter show only what is one’s own', () => {
  const lists = allActions.filter(({ effect, params }) => effect === 'read' && params.safeParse({}).success)
  test.each(lists.map(({ product, name }) => `${product}.${name}`))('%s', async (action) => {
    const text = JSON.stringify(await scene.of.call(stranger, action))
    expect(foreignIds.filter((id) => text.includes(id))).toEqual([])
  })
})

describe('the two sides of a connection', () => {
  test('the provider is not told the addresses of the consumer, nor may it act for it', async () => {
    const { of, service, endpoint } = scene
    const text = JSON.stringify(
      await of.call(provider, 'Privatelink.ListVpcEndpointConnections', { ServiceId: service }),
    )
    expect(text).toContain(endpoint)
    expect(text).not.toMatch(/\b10\.0\./)
    for (const action of ['GetVpcEndpointAttribute', 'DeleteVpcEndpoint', 'ListVpcEndpointZones'] as const) {
      const code = await of.refusal(provider, `Privatelink.${action}`, { EndpointId: endpoint })
      expect([action, code]).toEqual([action, 'EndpointNotFound'])
    }
  })

  test('the consumer cannot accept its own connection, nor see what serves it', async () => {
    const { of, service, endpoint, clb, ecs2 } = scene
    const accept = { ServiceId: service, EndpointId: endpoint }
    expect(await of.refusal(consumer, 'Privatelink.EnableVpcEndpointConnection', accept)).toBe(
      'EndpointServiceNotFound',
    )
    for (const action of ['GetVpcEndpointAttribute', 'ListVpcEndpointZones'] as const) {
      const text = JSON.stringify(await of.call(consumer, `Privatelink.${action}`, { EndpointId: endpoint }))
      expect(text).not.toContain(clb)
      expect(text).not.toContain(ecs2)
    }
  })
})
