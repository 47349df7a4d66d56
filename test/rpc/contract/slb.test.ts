/** All actions of Slb succeed, in the order of a life with them, through every kind of client in turn. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { makeAuthority, makeCertificate } from '../../fixtures/certificates.ts'
import { startServer, type RunningServer } from '../../fixtures/running-server.ts'
import { families, type Answer, type Params } from './clients.ts'
import { actionsOf } from './sdk.ts'
import { makeBalancer, makeInstance, makeNetwork, makeParty, partyOf, zone, type Party } from './stage.ts'

let server: RunningServer
let owner: Party
const called = new Set<string>()

beforeAll(async () => {
  server = await startServer()
  owner = await makeParty(server, '87654321')
})
afterAll(() => server[Symbol.asyncDispose]())

async function slb(action: string, params: Params = {}): Promise<Answer> {
  const family = families[called.size % families.length] ?? 'tea-rpc'
  const protocol = called.size % 2 === 0 ? 'HTTP' : 'HTTPS'
  called.add(action)
  return await partyOf(server, owner.credentials, family, protocol).slb(action, params)
}

const list = (...servers: readonly Params[]) => JSON.stringify(servers)

async function listenerIs(protocol: 'TCP' | 'UDP', listener: Params, Status: string): Promise<void> {
  const read = () => slb(`DescribeLoadBalancer${protocol}ListenerAttribute`, listener)
  await vi.waitFor(async () => expect(await read()).toMatchObject({ Status }), 5000)
}

test('where load balancers can be', async () => {
  expect(await slb('DescribeRegions')).toMatchObject({ Regions: { Region: expect.any(Array) as unknown } })
  expect(JSON.stringify(await slb('DescribeZones'))).toContain(zone)
  expect(JSON.stringify(await slb('DescribeAvailableResource'))).toContain('"MasterZoneId"')
})

test('the life of a load balancer', async () => {
  const { vswitch, vpc } = await makeNetwork(owner)
  const made = await slb('CreateLoadBalancer', {
    VSwitchId: vswitch,
    LoadBalancerSpec: 'slb.s1.small',
    LoadBalancerName: 'first',
    Tag: [{ Key: 'use', Value: 'test' }],
  })
  expect(made).toMatchObject({ VpcId: vpc, NetworkType: 'vpc', AddressIPVersion: 'ipv4' })
  const own = { LoadBalancerId: String(made['LoadBalancerId']) }
  await slb('SetLoadBalancerName', { ...own, LoadBalancerName: 'second' })
  await slb('SetLoadBalancerStatus', { ...own, LoadBalancerStatus: 'inactive' })
  await slb('SetLoadBalancerDeleteProtection', { ...own, DeleteProtection: 'on' })
  await slb('SetLoadBalancerModificationProtection', {
    ...own,
    ModificationProtectionStatus: 'ConsoleProtection',
    ModificationProtectionReason: 'kept',
  })
  await slb('ModifyLoadBalancerInstanceSpec', { ...own, LoadBalancerSpec: 'slb.s2.small' })
  await slb('ModifyLoadBalancerInternetSpec', {
    ...own,
    InternetChargeType: 'paybybandwidth',
    Bandwidth: 10,
  })
  await slb('ModifyLoadBalancerPayType', { ...own, PayType: 'PrePay' })
  expect(await slb('DescribeLoadBalancerAttribute', own)).toMatchObject({
    ...own,
    LoadBalancerName: 'second',
    LoadBalancerStatus: 'inactive',
    LoadBalancerSpec: 'slb.s2.small',
    DeleteProtection: 'on',
    ModificationProtectionStatus: 'ConsoleProtection',
    ModificationProtectionReason: 'kept',
    InternetChargeType: 'paybybandwidth',
    Bandwidth: 10,
    PayType: 'PrePay',
    Tags: { Tag: [{ TagKey: 'use', TagValue: 'test' }] },
  })
  await slb('ModifyLoadBalancerInstanceChargeType', { ...own, InstanceChargeType: 'PayByCLCU' })
  await slb('ModifyLoadBalancerPayType', { ...own, PayType: 'PayOnDemand' })
  expect(await slb('DescribeLoadBalancers', own)).toMatchObject({
    TotalCount: 1,
    LoadBalancers: { LoadBalancer: [{ InstanceChargeType: 'PayByCLCU', LoadBalancerSpec: '' }] },
  })

  const tagged = { ResourceType: 'instance', ResourceId: [own.LoadBalancerId] }
  await slb('TagResources', { ...tagged, Tag: [{ Key: 'more', Value: '1' }] })
  await slb('UntagResources', { ...tagged, TagKey: ['use'] })
  expect(await slb('ListTagResources', tagged)).toMatchObject({
    TagResources: { TagResource: [{ TagKey: 'more', TagValue: '1' }] },
  })
  const group = await owner.resourceManager('CreateResourceGroup', { Name: 'shop', DisplayName: 'shop' })
  const { Id } = group['ResourceGroup'] as { Id: string }
  const move = { ResourceId: own.LoadBalancerId, ResourceType: 'loadbalancer', NewResourceGroupId: Id }
  await slb('MoveResourceGroup', move)
  expect(await slb('DescribeLoadBalancerAttribute', own)).toMatchObject({ ResourceGroupId: Id })

  await slb('SetLoadBalancerDeleteProtection', { ...own, DeleteProtection: 'off' })
  await slb('DeleteLoadBalancer', own)
  await vi.waitFor(async () => {
    expect(await slb('DescribeLoadBalancers', own)).toMatchObject({ TotalCount: 0 })
  }, 5000)
})

test('the life of listeners and their servers', async () => {
  const network = await makeNetwork(owner)
  const own = { LoadBalancerId: await makeBalancer(owner, network) }
  const [one, other] = [await makeInstance(owner, network), await makeInstance(owner, network)]

  const added = await slb('AddBackendServers', { ...own, BackendServers: list({ ServerId: one }) })
  expect(added).toMatchObject({ BackendServers: { BackendServer: [{ ServerId: one, Weight: '100' }] } })
  const weighted = list({ ServerId: one, Weight: 7 })
  expect(await slb('SetBackendServers', { ...own, BackendServers: weighted })).toMatchObject({
    BackendServers: { BackendServer: [{ ServerId: one, Weight: '7' }] },
  })

  const web = { ...own, ListenerPort: 80 }
  await slb('CreateLoadBalancerTCPListener', { ...web, BackendServerPort: 80 })
  const drain = { ConnectionDrain: 'on', ConnectionDrainTimeout: 30 }
  await slb('SetLoadBalancerTCPListenerAttribute', {
    ...web,
    ...drain,
    Scheduler: 'wlc',
    PersistenceTimeout: 60,
  })
  expect(await slb('DescribeLoadBalancerTCPListenerAttribute', web)).toMatchObject({
    Status: 'stopped',
    ...drain,
    Scheduler: 'wlc',
    PersistenceTimeout: 60,
    EstablishedTimeout: 900,
    HealthCheckConnectTimeout: 5,
    Bandwidth: -1,
  })
  await slb('StartLoadBalancerListener', { ...web, ListenerProtocol: 'tcp' })
  await listenerIs('TCP', web, 'running')
  expect(await slb('DescribeHealthStatus', own)).toMatchObject({
    BackendServers: { BackendServer: [{ ServerId: one, Port: 80, ServerHealthStatus: 'normal' }] },
  })
  await slb('StopLoadBalancerListener', web)
  await listenerIs('TCP', web, 'stopped')

  const dns = { ...own, ListenerPort: 53 }
  await slb('CreateLoadBalancerUDPListener', { ...dns, BackendServerPort: 53 })
  await slb('SetLoadBalancerUDPListenerAttribute', { ...dns, HealthCheckReq: 'hello' })
  await listenerIs('UDP', dns, 'stopped')
  await slb('DeleteLoadBalancerListener', { ...dns, ListenerProtocol: 'udp' })

  const site = { ...own, ListenerPort: 8080 }
  const plain = { BackendServerPort: 80, StickySession: 'off', HealthCheck: 'on' }
  await slb('CreateLoadBalancerHTTPListener', { ...site, ...plain })
  await slb('SetLoadBalancerHTTPListenerAttribute', {
    ...site,
    StickySession: 'on',
    StickySessionType: 'server',
    Cookie: 'session',
  })
  expect(await slb('DescribeLoadBalancerHTTPListenerAttribute', site)).toMatchObject({
    StickySession: 'on',
    StickySessionType: 'server',
    Cookie: 'session',
    IdleTimeout: 15,
    RequestTimeout: 60,
    Gzip: 'on',
    HealthCheckType: 'http',
  })
  await slb('DeleteLoadBalancerListener', { ...site, ListenerProtocol: 'http' })

  const pem = await makeCertificate('shop.example')
  const Tag = [{ Key: 'use', Value: 'shop' }]
  const uploaded = await slb('UploadServerCertificate', { ...pem, ServerCertificateName: 'shop', Tag })
  const tagged = { Tags: { Tag: [{ TagKey: 'use', TagValue: 'shop' }] } }
  expect(uploaded).toMatchObject(tagged)
  const { ServerCertificateId } = uploaded
  expect(JSON.stringify(uploaded)).not.toContain('PRIVATE')
  await slb('SetServerCertificateName', { ServerCertificateId, ServerCertificateName: 'store' })
  const spare = await slb('UploadServerCertificate', { ...pem })
  await slb('DeleteServerCertificate', { ServerCertificateId: spare['ServerCertificateId'] })
  const secure = { ...own, ListenerPort: 8443 }
  await slb('CreateLoadBalancerHTTPSListener', { ...secure, ...plain, ServerCertificateId })
  await slb('SetLoadBalancerHTTPSListenerAttribute', { ...secure, EnableHttp2: 'off' })
  const { certificate: CACertificate } = await makeAuthority()
  const { CACertificateId } = await slb('UploadCACertificate', { CACertificate })
  const certificates = { ResourceType: 'certificate', ResourceId: [CACertificateId] }
  await slb('TagResources', { ...certificates, Tag })
  expect(await slb('DescribeCACertificates', { Tag })).toMatchObject({
    CACertificates: { CACertificate: [{ CACertificateId, ...tagged }] },
  })
  expect(await slb('ListTagResources', { ResourceType: 'certificate', Tag })).toMatchObject({
    TagResources: {
      TagResource: [String(CACertificateId), String(ServerCertificateId)]
        .toSorted((a, b) => (a < b ? -1 : 1))
        .map((ResourceId) => ({ ResourceId, ResourceType: 'certificate', TagKey: 'use' })),
    },
  })
  await slb('UntagResources', { ...certificates, TagKey: ['use'] })
  expect(await slb('DescribeCACertificates', { Tag })).toMatchObject({
    CACertificates: { CACertificate: [] },
  })
  await slb('SetCACertificateName', { CACertificateId, CACertificateName: 'members' })
  await slb('SetLoadBalancerHTTPSListenerAttribute', { ...secure, CACertificateId })
  expect(await slb('DescribeLoadBalancerHTTPSListenerAttribute', secure)).toMatchObject({ CACertificateId })
  await slb('SetLoadBalancerHTTPSListenerAttribute', { ...secure, CACertificateId: '' })
  expect(await slb('DescribeLoadBalancerHTTPSListenerAttribute', secure)).not.toHaveProperty(
    'CACertificateId',
  )
  expect(await slb('DescribeCACertificates', { CACertificateId })).toMatchObject({
    CACertificates: { CACertificate: [{ CACertificateName: 'members', CommonName: 'members.example' }] },
  })
  await slb('DeleteCACertificate', { CACertificateId })
  expect(await slb('DescribeLoadBalancerHTTPSListenerAttribute', secure)).toMatchObject({
    ServerCertificateId,
    EnableHttp2: 'off',
    TLSCipherPolicy: 'tls_cipher_policy_1_0',
  })
  await slb('DeleteLoadBalancerListener', { ...secure, ListenerProtocol: 'https' })
  expect(await slb('DescribeServerCertificates', {})).toMatchObject({
    ServerCertificates: {
      ServerCertificate: [
        {
          ServerCertificateId,
          ServerCertificateName: 'store',
          ...tagged,
          SubjectAlternativeNames: { SubjectAlternativeName: ['shop.example'] },
        },
      ],
    },
  })
  expect(
    await slb('RemoveBackendServers', { ...own, BackendServers: list({ ServerId: one }) }),
  ).toMatchObject({ BackendServers: { BackendServer: [] } })

  const made = await slb('CreateVServerGroup', {
    ...own,
    VServerGroupName: 'web',
    BackendServers: list({ ServerId: one, Port: 80 }),
  })
  const group = { VServerGroupId: String(made['VServerGroupId']) }
  await slb('AddVServerGroupBackendServers', {
    ...group,
    BackendServers: list({ ServerId: other, Port: 81 }),
  })
  await slb('ModifyVServerGroupBackendServers', {
    ...group,
    OldBackendServers: list({ ServerId: other, Port: 81 }),
    NewBackendServers: list({ ServerId: other, Port: 82 }),
  })
  await slb('SetVServerGroupAttribute', {
    ...group,
    VServerGroupName: 'shop',
    BackendServers: list({ ServerId: other, Port: 82, Weight: 5 }),
  })
  await slb('RemoveVServerGroupBackendServers', {
    ...group,
    BackendServers: list({ ServerId: one, Port: 80 }),
  })
  expect(await slb('DescribeVServerGroupAttribute', group)).toMatchObject({
    ...group,
    VServerGroupName: 'shop',
    BackendServers: { BackendServer: [{ ServerId: other, Port: 82, Weight: 5 }] },
  })
  const pages = { ...own, ListenerPort: 8081 }
  await slb('CreateLoadBalancerHTTPListener', {
    ...pages,
    ...plain,
    ListenerForward: 'on',
    ForwardPort: 443,
    ForwardCode: 308,
  })
  expect(await slb('DescribeLoadBalancerHTTPListenerAttribute', pages)).toMatchObject({
    ListenerForward: 'on',
    ForwardPort: 443,
    ForwardCode: 308,
  })
  const rule = { RuleName: 'images', Domain: '*.shop.example', Url: '/img', ...group }
  const ruled = await slb('CreateRules', { ...pages, RuleList: list(rule) })
  const [{ RuleId } = { RuleId: '' }] = (ruled['Rules'] as { Rule: { RuleId: string }[] }).Rule
  await slb('SetRule', { RuleId, RuleName: 'pictures' })
  expect(await slb('DescribeRules', { ...pages, ListenerProtocol: 'http' })).toMatchObject({
    Rules: { Rule: [{ ...rule, RuleId, RuleName: 'pictures', ListenerSync: 'on' }] },
  })
  expect(await slb('DescribeRuleAttribute', { RuleId })).toMatchObject({
    ...own,
    RuleId,
    ListenerPort: '8081',
  })
  await slb('DeleteRules', { RuleIds: JSON.stringify([RuleId]) })
  expect(await slb('DescribeRules', pages)).toMatchObject({ Rules: { Rule: [] } })
  await slb('DeleteLoadBalancerListener', { ...pages, ListenerProtocol: 'http' })
  expect(await slb('DescribeVServerGroups', own)).toMatchObject({
    VServerGroups: { VServerGroup: [{ ...group, ServerCount: 1 }] },
  })
  await slb('DeleteVServerGroup', group)

  const pair = await slb('CreateMasterSlaveServerGroup', {
    ...own,
    MasterSlaveBackendServers: list(
      { ServerId: one, Port: 80, ServerType: 'Master' },
      { ServerId: other, Port: 80, ServerType: 'Slave' },
    ),
  })
  const pairId = { MasterSlaveServerGroupId: String(pair['MasterSlaveServerGroupId']) }
  expect(await slb('DescribeMasterSlaveServerGroupAttribute', pairId)).toMatchObject({
    MasterSlaveBackendServers: {
      MasterSlaveBackendServer: [{ ServerType: 'Master' }, { ServerType: 'Slave' }],
    },
  })
  expect(await slb('DescribeMasterSlaveServerGroups', own)).toMatchObject({
    MasterSlaveServerGroups: { MasterSlaveServerGroup: [pairId] },
  })
  await slb('DeleteMasterSlaveServerGroup', pairId)
})

test('no action was left out', () => {
  expect([...called].toSorted()).toEqual(actionsOf('Slb'))
})
