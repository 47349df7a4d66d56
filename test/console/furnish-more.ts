/** What the pages beyond the walkthroughs show, made through the public API. */
import { makeAuthority, makeCertificate } from '../fixtures/certificates.ts'
import type { Account } from '../fixtures/deployment.ts'
import type { Furnished } from './furnish.ts'
import { makeConsumer, makeInstance, makeNlb, makeVSwitch, zone } from '../fixtures/topology.ts'

export interface FurnishedMore {
  readonly routeTable: string
  readonly prefixList: string
  readonly nlb: string
  readonly serverGroup: string
  readonly group: string
  readonly role: string
  readonly policy: string
  readonly resourceGroup: string
}

/** In a VPC of its own; the balancer gets listeners for HTTP and HTTPS. */
export async function furnishMore(
  account: Account,
  { balancer, backends }: Pick<Furnished, 'balancer' | 'backends'>,
): Promise<FurnishedMore> {
  const { call } = account
  const { vpc, vswitch, group } = await makeConsumer(account)
  await call('Vpc', 'ModifyVpcAttribute', { VpcId: vpc, VpcName: 'VPC3' })
  const other = await makeVSwitch(account, vpc, '10.0.8.0/24', 'eu-central-1a')
  const instance = await makeInstance(account, vswitch, group, '')
  const { KeyPairName } = await call('Ecs', 'CreateKeyPair', { KeyPairName: 'laptop' })
  const attached = { KeyPairName: String(KeyPairName), InstanceIds: JSON.stringify([instance]) }
  await call('Ecs', 'AttachKeyPair', attached)
  const places = [
    { zone: 'eu-central-1a', vswitch: other },
    { zone, vswitch },
  ]
  const { nlb } = await makeNlb(account, { vpc, places, backends: [instance] })
  await call('Nlb', 'UpdateLoadBalancerAttribute', { LoadBalancerId: nlb, LoadBalancerName: 'nlb' })
  const { ServerGroups } = await call('Nlb', 'ListServerGroups', {})
  const serverGroup = (ServerGroups as { ServerGroupId: string }[])[0]?.ServerGroupId ?? ''
  return {
    nlb,
    serverGroup,
    ...(await makeRouting(account, vpc, other, instance)),
    ...(await makeIdentities(account)),
    resourceGroup: await makeListeners(account, balancer, backends),
  }
}

async function makeRouting({ call }: Account, vpc: string, vswitch: string, instance: string) {
  const made = await call('Vpc', 'CreateRouteTable', { VpcId: vpc, RouteTableName: 'by-way' })
  const routeTable = String(made['RouteTableId'])
  await call('Vpc', 'AssociateRouteTable', { RouteTableId: routeTable, VSwitchId: vswitch })
  await call('Vpc', 'CreateRouteEntry', {
    RouteTableId: routeTable,
    DestinationCidrBlock: '172.16.0.0/16',
    NextHopType: 'Instance',
    NextHopId: instance,
  })
  const list = await call('Ecs', 'CreatePrefixList', {
    PrefixListName: 'offices',
    AddressFamily: 'IPv4',
    MaxEntries: 5,
    Entry: [{ Cidr: '10.1.0.0/16', Description: 'Berlin' }, { Cidr: '10.2.0.0/16' }],
  })
  return { routeTable, prefixList: String(list['PrefixListId']) }
}

async function makeIdentities({ call, id }: Account) {
  const [group, role, policy] = ['operators', 'reader', 'look-only']
  const allows = (...actions: readonly string[]) =>
    JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] })
  const PolicyDocument = allows('privatelink:Get*')
  await call('Ram', 'CreatePolicy', { PolicyName: policy, PolicyDocument, Description: 'Looks, and no more' })
  const next = { PolicyName: policy, PolicyDocument: allows('privatelink:Get*', 'privatelink:List*') }
  await call('Ram', 'CreatePolicyVersion', { ...next, SetAsDefault: true })
  await call('Ram', 'CreateGroup', { GroupName: group, Comments: 'On duty' })
  await call('Ram', 'AddUserToGroup', { GroupName: group, UserName: 'alice' })
  const custom = { PolicyType: 'Custom', PolicyName: policy }
  await call('Ram', 'AttachPolicyToGroup', { GroupName: group, ...custom })
  const Principal = { RAM: [`acs:ram::${id}:root`] }
  const trust = { Version: '1', Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal }] }
  await call('Ram', 'CreateRole', { RoleName: role, AssumeRolePolicyDocument: JSON.stringify(trust) })
  await call('Ram', 'AttachPolicyToRole', { RoleName: role, ...custom })
  return { group, role, policy }
}

/** Gives the balancer an HTTPS listener with a certificate and one that redirects to it; tells the default resource group. */
async function makeListeners(
  { call }: Account,
  balancer: string,
  [master = '', slave = '']: readonly string[],
): Promise<string> {
  await call('Slb', 'CreateMasterSlaveServerGroup', {
    LoadBalancerId: balancer,
    MasterSlaveServerGroupName: 'pair',
    MasterSlaveBackendServers: JSON.stringify([
      { ServerId: master, Port: 80, Weight: 100, ServerType: 'Master' },
      { ServerId: slave, Port: 80, Weight: 100, ServerType: 'Slave' },
    ]),
  })
  await call('Slb', 'UploadCACertificate', {
    CACertificate: (await makeAuthority()).certificate,
    CACertificateName: 'clients',
  })
  const pair = await makeCertificate('shop.example.com', 'www.shop.example.com')
  const uploaded = await call('Slb', 'UploadServerCertificate', { ...pair, ServerCertificateName: 'shop' })
  const https = { LoadBalancerId: balancer, ListenerPort: 443 }
  await call('Slb', 'CreateLoadBalancerHTTPSListener', {
    ...https,
    ServerCertificateId: String(uploaded['ServerCertificateId']),
    BackendServerPort: 80,
    StickySession: 'on',
    StickySessionType: 'insert',
    CookieTimeout: 500,
    HealthCheck: 'off',
  })
  await call('Slb', 'StartLoadBalancerListener', https)
  await call('Slb', 'CreateLoadBalancerHTTPListener', {
    LoadBalancerId: balancer,
    ListenerPort: 8080,
    BackendServerPort: 80,
    StickySession: 'off',
    HealthCheck: 'off',
    ListenerForward: 'on',
    ForwardPort: 443,
  })
  const { ResourceGroups } = await call('ResourceManager', 'ListResourceGroups', { Name: 'default' })
  return (ResourceGroups as { ResourceGroup: { Id: string }[] }).ResourceGroup[0]?.Id ?? ''
}
