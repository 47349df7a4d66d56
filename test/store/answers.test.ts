/** Every read action answers completely: its result type is checked on a world that has something of everything. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sql, type Kysely } from 'kysely'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { allActions } from '../../src/api/actions/all.ts'
import type { Tables } from '../../src/store/tables.ts'
import { deploy, type Deployment, type WireParams } from './call.ts'
import { consumer, provider, setScene, type Scene } from './scene.ts'
import { makeAuthority, makeCertificate } from '../fixtures/certificates.ts'
import { makeNlb, type Nlb } from './nlb.ts'
import { zone } from './side.ts'

let directory: string
let file: string
let scene: Scene
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'postern-store-'))
  file = join(directory, 'postern.db')
  scene = await setScene(file)
  const params = { Name: 'second', DisplayName: 'second' }
  const made = await scene.of.call(provider, 'ResourceManager.CreateResourceGroup', params)
  await scene.of.call(provider, 'Slb.CreateLoadBalancerHTTPListener', {
    LoadBalancerId: scene.clb,
    ListenerPort: 8080,
    BackendServerPort: 80,
    StickySession: 'off',
    HealthCheck: 'off',
  })
  const uploaded = await scene.of.call(provider, 'Slb.UploadServerCertificate', {
    ...(await makeCertificate('shop.example')),
  })
  const authority = await makeAuthority()
  const { CACertificateId } = await scene.of.call(provider, 'Slb.UploadCACertificate', {
    CACertificate: authority.certificate,
  })
  await scene.of.call(provider, 'Slb.CreateLoadBalancerHTTPSListener', {
    LoadBalancerId: scene.clb,
    ListenerPort: 8443,
    BackendServerPort: 80,
    StickySession: 'off',
    HealthCheck: 'off',
    ServerCertificateId: String(uploaded['ServerCertificateId']),
    CACertificateId: String(CACertificateId),
  })
  const group = await scene.of.call(provider, 'Slb.CreateVServerGroup', { LoadBalancerId: scene.clb })
  const { Rules } = await scene.of.call(provider, 'Slb.CreateRules', {
    LoadBalancerId: scene.clb,
    ListenerPort: 8080,
    RuleList: JSON.stringify([
      { RuleName: 'images', Url: '/img', VServerGroupId: String(group['VServerGroupId']) },
    ]),
  })
  ruleId = String((Rules as { Rule: { RuleId: string }[] }).Rule[0]?.RuleId)
  await makeIdentities()
  serverGroup = String(group['VServerGroupId'])
  const call = (action: string, given: WireParams) => scene.of.call(provider, action, given)
  const { vswitch, vpc, group: securityGroup } = scene.vpc2
  const interfaceOf = { VSwitchId: vswitch, SecurityGroupId: securityGroup }
  eni = String((await call('Ecs.CreateNetworkInterface', interfaceOf))['NetworkInterfaceId'])
  const listOf = {
    PrefixListName: 'offices',
    AddressFamily: 'IPv4',
    MaxEntries: 5,
    'Entry.1.Cidr': '10.0.0.0/8',
  }
  prefixList = String((await call('Ecs.CreatePrefixList', listOf))['PrefixListId'])
  routeTable = String((await call('Vpc.CreateRouteTable', { VpcId: vpc }))['RouteTableId'])
  resourceGroup = (made['ResourceGroup'] as { Id: string }).Id
  nlb = await makeNlb(scene)
  const stopped = await scene.of.call(provider, 'Nlb.StopListener', { ListenerId: nlb.listener })
  job = String(stopped['JobId'])
  const paired = await scene.of.call(provider, 'Slb.CreateMasterSlaveServerGroup', {
    LoadBalancerId: scene.clb,
    MasterSlaveBackendServers: JSON.stringify([
      { ServerId: scene.ecs2, Port: 80, ServerType: 'Master' },
      { ServerId: scene.ecs2, Port: 81, ServerType: 'Slave' },
    ]),
  })
  pair = String(paired['MasterSlaveServerGroupId'])
})
afterAll(async () => {
  await scene.of.db.destroy()
  rmSync(directory, { recursive: true })
})

let resourceGroup: string
let nlb: Nlb
let job: string
let pair: string
let serverGroup: string
let eni: string
let prefixList: string
let routeTable: string
let ruleId: string
let keyOfAlice: string

const readAll = { PolicyType: 'System', PolicyName: 'ReadOnlyAccess' }

/** One of each kind that RAM has, all with a policy. */
async function makeIdentities(): Promise<void> {
  const make = (action: string, params: WireParams) => scene.of.call(provider, `Ram.${action}`, params)
  const Principal = { RAM: `acs:ram::${consumer}:root` }
  const Statement = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }]
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '1', Statement })
  await make('CreateUser', { UserName: 'alice' })
  const { AccessKey } = await make('CreateAccessKey', { UserName: 'alice' })
  keyOfAlice = (AccessKey as { AccessKeyId: string }).AccessKeyId
  await make('CreateLoginProfile', { UserName: 'alice', Password: 'Example_1234' })
  await make('CreateGroup', { GroupName: 'staff' })
  await make('AddUserToGroup', { UserName: 'alice', GroupName: 'staff' })
  await make('CreateRole', { RoleName: 'Reader', AssumeRolePolicyDocument })
  await make('AttachPolicyToUser', { ...readAll, UserName: 'alice' })
  await make('AttachPolicyToGroup', { ...readAll, GroupName: 'staff' })
  await make('AttachPolicyToRole', { ...readAll, RoleName: 'Reader' })
}

/** What each read action needs to find something; the others need nothing. */
function needs(action: string): WireParams {
  const needed: Readonly<Record<string, WireParams>> = {
    'Vpc.DescribeVpcAttribute': { VpcId: scene.vpc2.vpc },
    'Vpc.DescribeVSwitchAttributes': { VSwitchId: scene.vpc2.vswitch },
    'Vpc.ListTagResources': { ResourceType: 'VPC' },
    'Ecs.DescribeImageSupportInstanceTypes': { ImageId: 'postern_sandbox' },
    'Ecs.DescribeSecurityGroupAttribute': { SecurityGroupId: scene.vpc2.group, NicType: '<nil>' },
    'Ecs.DescribeSecurityGroupReferences': { 'SecurityGroupId.1': scene.vpc2.group },
    'Ecs.DescribeNetworkInterfaceAttribute': { NetworkInterfaceId: eni },
    'Ecs.GetInstanceConsoleOutput': { InstanceId: scene.ecs2 },
    'Ecs.DescribePrefixListAttributes': { PrefixListId: prefixList },
    'Ecs.DescribePrefixListAssociations': { PrefixListId: prefixList },
    'Vpc.DescribeRouteEntryList': { RouteTableId: routeTable },
    'Ecs.DescribeInstanceAttribute': { InstanceId: scene.ecs2 },
    'Ecs.DescribeUserData': { InstanceId: scene.ecs2 },
    'Ecs.DescribeAvailableResource': { DestinationResource: 'InstanceType' },
    'Ecs.DescribeInstanceAttachmentAttributes': { InstanceIds: `["${scene.ecs2}"]` },
    'Ecs.ListTagResources': { ResourceType: 'instance' },
    'Slb.DescribeLoadBalancerAttribute': { LoadBalancerId: scene.clb },
    'Slb.DescribeLoadBalancerTCPListenerAttribute': { LoadBalancerId: scene.clb, ListenerPort: 80 },
    'Slb.DescribeLoadBalancerUDPListenerAttribute': { LoadBalancerId: scene.clb, ListenerPort: 53 },
    'Slb.DescribeLoadBalancerHTTPListenerAttribute': { LoadBalancerId: scene.clb, ListenerPort: 8080 },
    'Slb.DescribeLoadBalancerHTTPSListenerAttribute': { LoadBalancerId: scene.clb, ListenerPort: 8443 },
    'Slb.DescribeMasterSlaveServerGroups': { LoadBalancerId: scene.clb },
    'Slb.DescribeMasterSlaveServerGroupAttribute': { MasterSlaveServerGroupId: pair },
    'Nlb.GetLoadBalancerAttribute': { LoadBalancerId: nlb.id },
    'Nlb.GetListenerAttribute': { ListenerId: nlb.listener },
    'Nlb.GetListenerHealthStatus': { ListenerId: nlb.listener },
    'Nlb.GetJobStatus': { JobId: job },
    'Nlb.ListServerGroupServers': { ServerGroupId: nlb.group },
    'Nlb.ListTagResources': { ResourceType: 'loadbalancer' },
    'Slb.DescribeVServerGroups': { LoadBalancerId: scene.clb },
    'Slb.DescribeVServerGroupAttribute': { VServerGroupId: serverGroup },
    'Slb.DescribeRules': { LoadBalancerId: scene.clb, ListenerPort: 8080 },
    'Slb.DescribeRuleAttribute': { RuleId: ruleId },
    'Slb.DescribeHealthStatus': { LoadBalancerId: scene.clb },
    'Slb.ListTagResources': { ResourceType: 'instance' },
    'Privatelink.GetVpcEndpointServiceAttribute': { ServiceId: scene.service },
    'Privatelink.ListVpcEndpointServiceResources': { ServiceId: scene.service },
    'Privatelink.ListVpcEndpointServiceUsers': { ServiceId: scene.service },
    'Privatelink.ListTagResources': {
      ResourceType: 'VpcEndpointService',
      'ResourceId.1': scene.service,
    },
    'Ram.GetUser': { UserName: 'alice' },
    'Ram.GetLoginProfile': { UserName: 'alice' },
    'Ram.GetAccessKeyLastUsed': { UserName: 'alice', UserAccessKeyId: keyOfAlice },
    'Ram.ListAccessKeys': { UserName: 'alice' },
    'Ram.ListGroupsForUser': { UserName: 'alice' },
    'Ram.ListPoliciesForUser': { UserName: 'alice' },
    'Ram.GetGroup': { GroupName: 'staff' },
    'Ram.ListUsersForGroup': { GroupName: 'staff' },
    'Ram.ListPoliciesForGroup': { GroupName: 'staff' },
    'Ram.GetRole': { RoleName: 'Reader' },
    'Ram.ListPoliciesForRole': { RoleName: 'Reader' },
    'Ram.GetPolicy': readAll,
    'Ram.ListPolicyVersions': readAll,
    'Ram.GetPolicyVersion': { ...readAll, VersionId: 'v1' },
    'Ram.ListEntitiesForPolicy': readAll,
    'ResourceManager.ListTagResources': { ResourceType: 'ResourceGroup' },
    'Tag.ListTagValues': { Key: 'a' },
    'Tag.ListResourcesByTag': { ResourceType: 'ALIYUN::VPC::VPC', 'TagFilter.Key': 'a' },
    'ResourceManager.GetResourceGroup': { ResourceGroupId: resourceGroup },
    'Cms.DescribeMetricLast': { Namespace: 'acs_privatelink', MetricName: 'VpcEndpointInBps' },
    'Cms.DescribeMetricList': { Namespace: 'acs_privatelink', MetricName: 'VpcEndpointInBps' },
    'Location.DescribeEndpoints': { Id: 'eu-central-1', ServiceCode: 'vpc' },
  }
  return needed[action] ?? {}
}

/** These are the consumer's to ask. */
function ofEndpoint(action: string): boolean {
  return /VpcEndpoint(Attribute|Zones|SecurityGroups)$/.test(action)
}

describe('read actions', () => {
  const reads = allActions
    .filter(({ effect }) => effect === 'read')
    .map(({ product, name }) => `${product}.${name}`)

  beforeAll(async () => {
    const listener = { LoadBalancerId: scene.clb, ListenerPort: 53, BackendServerPort: 53 }
    await scene.of.call(provider, 'Slb.CreateLoadBalancerUDPListener', listener)
  })

  const ask = (of: Deployment, action: string) =>
    ofEndpoint(action)
      ? of.call(consumer, action, { EndpointId: scene.endpoint })
      : of.call(provider, action, needs(action))

  test.each(reads)('%s', async (action) => {
    const before = await rowsWritten(scene.of.db)
    const answer = await ask(scene.of, action)
    expect(JSON.stringify(answer)).not.toContain('null')
    // Clients take any other for an error.
    expect(['none', '200', 200]).toContain(answer['Code'] ?? 'none')
    // Nothing would undo it when the rest of the read fails.
    expect(await rowsWritten(scene.of.db)).toBe(before)
  })

  /**
   * These order what one table says by the columns of another, so all that is on their pages is sorted: the services that the
   * caller is let into, and the users of one group.
   */
  const sorting = ['Privatelink.ListVpcEndpointServicesByEndUser', 'Ram.ListUsersForGroup']

  /** Statements are prepared once for each connection, so a new one shows all that the reads make. */
  test('cost as much with many objects as with few: an index leads to the rows, in their order', async () => {
    const prepared = vi.spyOn(DatabaseSync.prototype, 'prepare')
    const of = await deploy(file, [])
    const costly: string[] = []
    for (const action of reads) {
      prepared.mockClear()
      await ask(of, action)
      for (const text of prepared.mock.calls.map(([statement]) => statement)) {
        if (!text.startsWith('select')) continue
        const { rows } = await sql<{ detail: string }>`explain query plan ${sql.raw(text)}`.execute(of.db)
        // What is not read in pages belongs to the objects of a page, or of one object: a few rows, which may be sorted.
        const paged = text.includes('limit ?') && !sorting.includes(action)
        const wrong = paged ? /SCAN (?!looked)|TEMP B-TREE FOR ORDER/ : /SCAN (?!looked)/
        const steps = rows.map(({ detail }) => detail).filter((detail) => wrong.test(detail))
        if (steps.length > 0) costly.push(`${action}: ${text}: ${steps.join('; ')}`)
      }
    }
    prepared.mockRestore()
    await of.db.destroy()
    expect(costly).toEqual([])
  })
})

async function rowsWritten(db: Kysely<Tables>): Promise<number> {
  const { rows } = await sql<{ total: number }>`select total_changes() as total`.execute(db)
  return rows[0]?.total ?? Number.NaN
}

test('a listener answers what Terraform expects of one with nothing set', async () => {
  const params = { LoadBalancerId: scene.clb, ListenerPort: 80 }
  expect(await scene.of.call(provider, 'Slb.DescribeLoadBalancerTCPListenerAttribute', params)).toEqual({
    LoadBalancerId: scene.clb,
    ListenerPort: 80,
    BackendServerPort: 80,
    Status: 'running',
    Bandwidth: -1,
    Scheduler: 'wrr',
    PersistenceTimeout: 0,
    EstablishedTimeout: 900,
    HealthCheck: 'on',
    HealthCheckType: 'tcp',
    HealthCheckConnectTimeout: 5,
    HealthCheckInterval: 2,
    HealthyThreshold: 3,
    UnhealthyThreshold: 3,
    AclStatus: 'off',
    ConnectionDrain: 'off',
    ProxyProtocolV2Enabled: false,
    Tags: { Tag: [] },
  })
})

test('parameters that only HTTP listeners know leave a TCP listener as it is', async () => {
  const before = await scene.of.call(provider, 'Slb.DescribeLoadBalancerTCPListenerAttribute', {
    LoadBalancerId: scene.clb,
    ListenerPort: 80,
  })
  await scene.of.call(provider, 'Slb.SetLoadBalancerTCPListenerAttribute', {
    LoadBalancerId: scene.clb,
    ListenerPort: 80,
    StickySession: 'off',
    HealthCheck: 'on',
    HealthCheckURI: '/',
    HealthCheckHttpCode: 'http_2xx',
    IdleTimeout: 15,
    RequestTimeout: 60,
    Gzip: 'on',
    VServerGroup: 'off',
    AclStatus: 'off',
  })
  const after = await scene.of.call(provider, 'Slb.DescribeLoadBalancerTCPListenerAttribute', {
    LoadBalancerId: scene.clb,
    ListenerPort: 80,
  })
  expect(after).toEqual(before)
})

test('lists are given in pages that end', async () => {
  const names = ['a', 'b', 'c'].map((letter) => `tagged-${letter}`)
  for (const VpcName of names) {
    await scene.of.call(provider, 'Vpc.CreateVpc', { VpcName, 'Tag.1.Key': 'page', 'Tag.1.Value': 'yes' })
  }
  const page = (PageNumber: number) =>
    scene.of.call(provider, 'Vpc.DescribeVpcs', {
      PageNumber,
      PageSize: 2,
      'Tag.1.Key': 'page',
      'Tag.1.Value': 'yes',
    })
  expect(await page(1)).toMatchObject({
    TotalCount: 3,
    Vpcs: { Vpc: [{ VpcName: 'tagged-a' }, { VpcName: 'tagged-b' }] },
  })
  expect(await page(2)).toMatchObject({ Vpcs: { Vpc: [{ VpcName: 'tagged-c' }] } })
  expect(await page(3)).toMatchObject({ TotalCount: 3, Vpcs: { Vpc: [] } })

  const seen: unknown[] = []
  let NextToken = ''
  do {
    const params = { ResourceType: 'VPC', 'Tag.1.Key': 'page', MaxResults: 2, NextToken }
    const answer = await scene.of.call(provider, 'Vpc.ListTagResources', params)
    seen.push(...(answer['TagResources'] as { TagResource: unknown[] }).TagResource)
    NextToken = String(answer['NextToken'])
  } while (NextToken !== '')
  expect(seen).toHaveLength(3)
})

test('a rule that is there already is not added again, and one that matches is removed', async () => {
  const { group } = scene.vpc2
  const rules = async () => {
    const answer = await scene.of.call(provider, 'Ecs.DescribeSecurityGroupAttribute', {
      SecurityGroupId: group,
      Direction: 'egress',
    })
    return (answer['Permissions'] as { Permission: unknown[] }).Permission
  }
  const rule = {
    SecurityGroupId: group,
    'Permissions.1.IpProtocol': 'udp',
    'Permissions.1.PortRange': '53/53',
    'Permissions.1.DestCidrIp': '100.100.2.136',
    'Permissions.1.Description': 'names',
  }
  await scene.of.call(provider, 'Ecs.AuthorizeSecurityGroupEgress', rule)
  await scene.of.call(provider, 'Ecs.AuthorizeSecurityGroupEgress', rule)
  expect(await rules()).toMatchObject([
    {
      Direction: 'egress',
      IpProtocol: 'UDP',
      PortRange: '53/53',
      Policy: 'Accept',
      Priority: '1',
      DestCidrIp: '100.100.2.136',
      SourceCidrIp: '',
      Description: 'names',
    },
  ])
  await scene.of.call(provider, 'Ecs.RevokeSecurityGroupEgress', {
    SecurityGroupId: group,
    IpProtocol: 'UDP',
    PortRange: '53/53',
    DestCidrIp: '100.100.2.136',
    Policy: 'accept',
    Priority: 1,
  })
  expect(await rules()).toEqual([])
})

test('what was acknowledged is there after the database is opened again', async () => {
  const world = await scene.of.world()
  const again = await deploy(file, [])
  try {
    expect(await again.world()).toEqual(world)
    const EndpointId = scene.endpoint
    for (const zones of [scene.of, again]) {
      expect(await zones.call(consumer, 'Privatelink.ListVpcEndpointZones', { EndpointId })).toMatchObject({
        Zones: [{ ZoneId: zone, ZoneStatus: 'Wait' }],
      })
    }
  } finally {
    await again.db.destroy()
  }
})

test('tags are set, found and removed in each product', async () => {
  const tagged: readonly (readonly [string, string, string, string])[] = [
    ['Vpc', 'VPC', scene.vpc2.vpc, 'UnTagResources'],
    ['Ecs', 'instance', scene.ecs2, 'UntagResources'],
    ['Slb', 'instance', scene.clb, 'UntagResources'],
    ['Privatelink', 'VpcEndpointService', scene.service, 'UntagResources'],
  ]
  for (const [product, ResourceType, id, untag] of tagged) {
    const resource = { ResourceType, 'ResourceId.1': id }
    const list = async () => {
      const { TagResources } = await scene.of.call(provider, `${product}.ListTagResources`, resource)
      return Array.isArray(TagResources)
        ? (TagResources as unknown[])
        : (TagResources as { TagResource: unknown[] }).TagResource
    }
    await scene.of.call(provider, `${product}.TagResources`, {
      ...resource,
      'Tag.1.Key': 'env',
      'Tag.1.Value': 'test',
    })
    expect(await list(), product).toMatchObject([{ ResourceId: id, TagKey: 'env', TagValue: 'test' }])
    await scene.of.call(provider, `${product}.${untag}`, { ...resource, 'TagKey.1': 'env' })
    expect(await list(), product).toEqual([])
  }
})
