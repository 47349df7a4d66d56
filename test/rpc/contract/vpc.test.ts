/** Every action of Vpc through its official SDK, and the errors that its callers wait for. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { actionsOf, startSuite, zone, type Params, type SdkUnderTest, type Suite } from './sdk.ts'

let suite: Suite
let vpc: SdkUnderTest
let resources: SdkUnderTest
let ecs: SdkUnderTest
beforeAll(async () => {
  suite = await startSuite()
  vpc = suite.sdk('@alicloud/vpc20160428')
  ecs = suite.sdk('@alicloud/ecs20140526')
  resources = suite.sdk('@alicloud/resourcemanager20200331')
  // Each SDK is hundreds of files.
}, 60_000)
afterAll(() => suite[Symbol.asyncDispose]())

test('the life of a network', async () => {
  const tag = [{ key: 'use', value: 'contract' }]
  const { vpcId } = await vpc.call('CreateVpc', { cidrBlock: '10.0.0.0/16', vpcName: 'vpc1', tag })
  const id = String(vpcId)
  await vpc.until('DescribeVpcAttribute', { vpcId: id }, { status: 'Available', isDefault: false })
  await vpc.call('ModifyVpcAttribute', { vpcId: id, vpcName: 'vpc2', description: 'a network' })
  await vpc.call('AssociateVpcCidrBlock', {
    vpcId: id,
    secondaryCidrBlock: '192.168.0.0/16',
    ipVersion: 'IPV4',
  })
  expect(await vpc.call('DescribeVpcs', { vpcId: id, tag })).toMatchObject({
    totalCount: 1,
    vpcs: {
      vpc: [{ vpcName: 'vpc2', secondaryCidrBlocks: { secondaryCidrBlock: ['192.168.0.0/16'] } }],
    },
  })
  await vpc.call('UnassociateVpcCidrBlock', { vpcId: id, secondaryCidrBlock: '192.168.0.0/16' })

  const subnet = { vpcId: id, zoneId: zone, cidrBlock: '10.0.0.0/24' }
  const { vSwitchId } = await vpc.call('CreateVSwitch', subnet)
  const vswitch = { vSwitchId: String(vSwitchId) }
  await vpc.until('DescribeVSwitchAttributes', vswitch, { status: 'Available', availableIpAddressCount: 252 })
  await vpc.call('ModifyVSwitchAttribute', { ...vswitch, vSwitchName: 'front' })
  expect(await vpc.call('DescribeVSwitches', { vpcId: id })).toMatchObject({
    vSwitches: { vSwitch: [{ ...vswitch, vSwitchName: 'front', isDefault: false }] },
  })

  const { routeTableId } = await vpc.call('CreateRouteTable', { vpcId: id, routeTableName: 'mine' })
  const table = { routeTableId: String(routeTableId) }
  await vpc.call('ModifyRouteTableAttributes', { ...table, description: 'my own' })
  await vpc.call('AssociateRouteTable', { ...table, ...vswitch })
  expect(await vpc.call('DescribeRouteTableList', { vpcId: id, routeTableType: 'Custom' })).toMatchObject({
    routerTableList: { routerTableListType: [{ ...table, vSwitchIds: { vSwitchId: [vSwitchId] } }] },
  })
  expect(await vpc.call('DescribeRouteEntryList', table)).toMatchObject({
    routeEntrys: { routeEntry: [{ destinationCidrBlock: '10.0.0.0/24', type: 'System' }, {}] },
  })
  expect(await vpc.call('DescribeRouteTables', table)).toMatchObject({ totalCount: 1 })
  expect(await vpc.refusal('DeleteRouteTable', table)).toBe('400 DependencyViolation.VSwitch')
  await vpc.call('UnassociateRouteTable', { ...table, ...vswitch })
  await vpc.call('DeleteRouteTable', table)

  const tagged = { resourceType: 'VSWITCH', resourceId: [vSwitchId] }
  await vpc.call('TagResources', { ...tagged, tag })
  expect(await vpc.call('ListTagResources', tagged)).toMatchObject({
    tagResources: { tagResource: [{ tagKey: 'use', tagValue: 'contract', resourceId: vSwitchId }] },
  })
  await vpc.call('UnTagResources', { ...tagged, tagKey: ['use'] })
  const made = await resources.call('CreateResourceGroup', { name: 'networks', displayName: 'networks' })
  const newResourceGroupId = (made['resourceGroup'] as { id: string }).id
  await vpc.call('MoveResourceGroup', { resourceType: 'vpc', resourceId: id, newResourceGroupId })
  await vpc.until('DescribeVpcAttribute', { vpcId: id }, { resourceGroupId: newResourceGroupId })

  expect(await vpc.refusal('DeleteVpc', { vpcId: id })).toBe('400 DependencyViolation.VSwitch')
  expect(await vpc.refusal('CreateVSwitch', subnet)).toBe('400 InvalidCidrBlock.Overlapped')
  await vpc.call('DeleteVSwitch', vswitch)
  await vpc.until('DescribeVSwitches', { vpcId: id }, { totalCount: 0 })
  await vpc.call('DeleteVpc', { vpcId: id })
  await vpc.until('DescribeVpcs', { vpcId: id }, { totalCount: 0 })
})

test('the life of a route', async () => {
  const { vpcId, routeTableId } = await vpc.call('CreateVpc', { cidrBlock: '10.0.0.0/16' })
  await vpc.until('DescribeVpcAttribute', { vpcId }, { status: 'Available' })
  const { vSwitchId } = await vpc.call('CreateVSwitch', { vpcId, zoneId: zone, cidrBlock: '10.0.0.0/24' })
  await vpc.until('DescribeVSwitchAttributes', { vSwitchId }, { status: 'Available' })
  const { securityGroupId } = await ecs.call('CreateSecurityGroup', { vpcId })
  const eni = await ecs.call('CreateNetworkInterface', { vSwitchId, securityGroupId })
  const { instanceIdSets } = await ecs.call('RunInstances', {
    imageId: 'postern_sandbox',
    instanceType: 'ecs.t5-lc1m1.small',
    vSwitchId,
    securityGroupId,
  })
  const [instance] = (instanceIdSets as { instanceIdSet: string[] }).instanceIdSet
  const { routeEntryId } = await vpc.call('CreateRouteEntry', {
    routeTableId,
    destinationCidrBlock: '192.168.7.7',
    nextHopId: instance,
    routeEntryName: 'out',
    clientToken: 'one',
  })
  const list = (status: string, route: Params) => ({
    totalCount: 1,
    routeEntrys: { routeEntry: [{ routeEntryId, status, type: 'Custom', ...route }] },
  })
  const nextHop = (nextHopType: string, nextHopId: unknown) => ({
    destinationCidrBlock: '192.168.7.7/32',
    nextHops: { nextHop: [{ enabled: 1, weight: 0, nextHopType, nextHopId }] },
  })
  const custom = { routeTableId, routeEntryType: 'Custom' }
  await vpc.until('DescribeRouteEntryList', custom, list('Available', nextHop('Instance', instance)))
  const byHop = {
    routeTableId,
    nextHopId: instance,
    nextHopType: 'Instance',
    destinationCidrBlock: '192.168.7.7/32',
  }
  expect(await vpc.call('DescribeRouteEntryList', byHop)).toMatchObject({ totalCount: 1 })
  expect(await vpc.call('DescribeRouteTables', { routeTableId })).toMatchObject({
    routeTables: {
      routeTable: [{ routeEntrys: { routeEntry: [{}, {}, { routeEntryId, instanceId: instance }] } }],
    },
  })
  expect(await ecs.refusal('DeleteInstance', { instanceId: instance, force: true })).toBe(
    '400 DependencyViolation.RouteEntry',
  )
  await vpc.call('ModifyRouteEntry', {
    routeEntryId,
    routeEntryName: 'elsewhere',
    newNextHopId: eni['networkInterfaceId'],
    newNextHopType: 'NetworkInterface',
  })
  const changed = { routeEntryName: 'elsewhere', ...nextHop('NetworkInterface', eni['networkInterfaceId']) }
  await vpc.until('DescribeRouteEntryList', custom, list('Available', changed))
  await vpc.call('DeleteRouteEntry', {
    routeTableId,
    destinationCidrBlock: '192.168.7.7/32',
    nextHopId: eni['networkInterfaceId'],
  })
  await vpc.until('DescribeRouteEntryList', custom, { totalCount: 0 })

  const [first, second] = ['192.168.8.0/24', '192.168.9.0/24'].map((dstCidrBlock) => ({
    routeTableId,
    dstCidrBlock,
    nextHopType: 'Instance',
    nextHop: instance,
  }))
  expect(await vpc.call('CreateRouteEntries', { routeEntries: [first, second, first] })).toMatchObject({
    successCount: 2,
    failedCount: 1,
    failedRouteEntries: [{ failedCode: 'VPC_ROUTE_ENTRY_CIDR_BLOCK_DUPLICATE', nextHop: instance }],
  })
  const ready = { status: 'Available' }
  await vpc.until('DescribeRouteEntryList', custom, { routeEntrys: { routeEntry: [ready, ready] } })
  expect(await vpc.call('DeleteRouteEntries', { routeEntries: [first, second] })).toMatchObject({
    successCount: 2,
    failedRouteEntries: [],
  })
  await vpc.until('DescribeRouteEntryList', custom, { totalCount: 0 })
})

test('the default network', async () => {
  const { vpcId } = await vpc.call('CreateDefaultVpc')
  await vpc.until('DescribeVpcAttribute', { vpcId }, { status: 'Available', isDefault: true })
  const { vSwitchId } = await vpc.call('CreateDefaultVSwitch', { zoneId: zone })
  await vpc.until('DescribeVSwitchAttributes', { vSwitchId }, { status: 'Available', isDefault: true })
  expect(await vpc.refusal('CreateDefaultVpc')).toBe('400 OperationDenied.DefaultVpcExist')
})

test.each([
  ['DescribeVpcAttribute', { vpcId: 'vpc-none' }, '404 InvalidVpcId.NotFound'],
  ['DescribeVSwitchAttributes', { vSwitchId: 'vsw-none' }, '404 InvalidVSwitchId.NotFound'],
  [
    'CreateVSwitch',
    { vpcId: 'vpc-none', zoneId: zone, cidrBlock: '10.0.0.0/24' },
    '404 InvalidVpcId.NotFound',
  ],
  ['CreateVpc', { cidrBlock: '100.64.0.0/16' }, '400 InvalidParameter'],
  ['CreateVpc', { regionId: 'eu-nowhere-1' }, '404 InvalidRegionId.NotFound'],
  ['CreateVpc', { ipv6CidrBlock: '2001:db8::/56' }, '400 InvalidParameter'],
  [
    'DescribeVpcs',
    { vpcId: Array.from({ length: 21 }, (_, i) => `vpc-${i}`).join() },
    '400 InvalidParameter',
  ],
  ['DescribeRouteEntryList', { routeTableId: 'vtb-none' }, '404 InvalidRouteTableId.NotFound'],
])('%s is refused: %o', async (action, params, outcome) => {
  expect(await vpc.refusal(action, params)).toBe(outcome)
})

test('every action was called', async () => {
  await vpc.call('DescribeRegions')
  await vpc.call('DescribeZones')
  expect([...vpc.succeeded].toSorted()).toEqual(actionsOf('Vpc'))
})
