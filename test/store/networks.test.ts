/** The default network of a region, secondary blocks, and route tables. */
import { beforeAll, expect, test } from 'vitest'
import type { WireParams } from './call.ts'
import { consumer, setScene, type Scene } from './scene.ts'
import { zone } from './side.ts'

let scene: Scene
beforeAll(async () => {
  scene = await setScene()
})

const call = (action: string, params: WireParams = {}) => scene.of.call(consumer, action, params)
const refusal = (action: string, params: WireParams = {}) => scene.of.refusal(consumer, action, params)

test('one default VPC per region, with one default vSwitch per zone', async () => {
  expect(await refusal('Vpc.CreateDefaultVSwitch', { ZoneId: zone })).toBe('InvalidVpcId.NotFound')
  const { VpcId } = await call('Vpc.CreateDefaultVpc')
  expect(await refusal('Vpc.CreateDefaultVpc')).toBe('OperationDenied.DefaultVpcExist')
  expect(await refusal('Vpc.CreateDefaultVSwitch', { ZoneId: zone })).toBe('IncorrectVpcStatus')
  await scene.of.settle()
  const elsewhere = await call('Vpc.CreateDefaultVpc', { RegionId: 'cn-hangzhou' })
  expect(elsewhere['VpcId']).not.toBe(VpcId)
  expect(await call('Vpc.DescribeVpcs', { IsDefault: true })).toMatchObject({
    TotalCount: 1,
    Vpcs: { Vpc: [{ VpcId, IsDefault: true, CidrBlock: '172.16.0.0/16' }] },
  })
  expect(await call('Vpc.DescribeVpcs', { IsDefault: false })).toMatchObject({
    Vpcs: { Vpc: [{ VpcId: scene.vpc1.vpc, IsDefault: false }] },
  })
  const { VSwitchId } = await call('Vpc.CreateDefaultVSwitch', { ZoneId: zone })
  expect(await refusal('Vpc.CreateDefaultVSwitch', { ZoneId: zone })).toBe(
    'OperationDenied.DefaultVSwitchExist',
  )
  expect(await refusal('Vpc.CreateDefaultVSwitch', { ZoneId: 'mars' })).toBe('InvalidZoneId.NotFound')
  await call('Vpc.CreateDefaultVSwitch', { ZoneId: 'eu-central-1a' })
  const list = await call('Vpc.DescribeVSwitches', { IsDefault: true })
  expect(list).toMatchObject({
    VSwitches: {
      VSwitch: [
        { VSwitchId, CidrBlock: '172.16.0.0/20', IsDefault: true, AvailableIpAddressCount: 4092 },
        { CidrBlock: '172.16.16.0/20', ZoneId: 'eu-central-1a' },
      ],
    },
  })
})

test('a secondary block gives room for vSwitches, and goes when none is in it', async () => {
  const { vpc } = scene.vpc1
  const block = (SecondaryCidrBlock: string) => ({ VpcId: vpc, SecondaryCidrBlock })
  const associate = 'Vpc.AssociateVpcCidrBlock'
  const subnet = { VpcId: vpc, ZoneId: zone, CidrBlock: '192.168.1.0/24' }
  expect(await refusal('Vpc.CreateVSwitch', subnet)).toBe('InvalidCidrBlock.Malformed')
  expect(await refusal(associate, block('100.64.0.0/16'))).toBe('InvalidParameter')
  expect(await refusal(associate, block('10.0.128.0/17'))).toBe('InvalidCidrBlock.Overlapped')
  expect(await refusal(associate, { ...block('192.168.0.0/16'), IpVersion: 'IPV6' })).toBe('InvalidParameter')
  await call(associate, { ...block('192.168.0.0/16'), IpVersion: 'IPV4' })
  expect(await refusal(associate, block('192.168.0.0/16'))).toBe('InvalidCidrBlock.Overlapped')
  expect(await call('Vpc.DescribeVpcAttribute', { VpcId: vpc })).toMatchObject({
    SecondaryCidrBlocks: { SecondaryCidrBlock: ['192.168.0.0/16'] },
  })
  const { VSwitchId } = await call('Vpc.CreateVSwitch', subnet)
  await scene.of.settle()
  const gone = 'Vpc.UnassociateVpcCidrBlock'
  expect(await refusal(gone, block('192.168.0.0/16'))).toBe('DependencyViolation.VSwitch')
  expect(await refusal(gone, block('10.0.0.0/16'))).toBe('ResourceNotFound.SecondaryCidrBlock')
  await call('Vpc.DeleteVSwitch', { VSwitchId: String(VSwitchId) })
  await scene.of.settle()
  await call(gone, block('192.168.0.0/16'))
  for (const second of [1, 2, 3, 4, 5]) await call(associate, block(`192.168.${second}.0/24`))
  expect(await refusal(associate, block('192.168.6.0/24'))).toBe('QuotaExceeded.SecondaryCidrBlock')
})

test('a custom route table serves the vSwitches that are associated with it', async () => {
  const { vpc, vswitch } = scene.vpc1
  const made = await call('Vpc.CreateRouteTable', { VpcId: vpc, RouteTableName: 'mine', 'Tag.1.Key': 'a' })
  const RouteTableId = String(made['RouteTableId'])
  const both = { RouteTableId, VSwitchId: vswitch }
  const custom = async () =>
    await call('Vpc.DescribeRouteTableList', { VpcId: vpc, RouteTableType: 'Custom' })
  const list = (vswitches: readonly string[]) => ({
    TotalCount: 1,
    RouterTableList: {
      RouterTableListType: [
        {
          RouteTableId,
          RouteTableName: 'mine',
          RouteTableType: 'Custom',
          VSwitchIds: { VSwitchId: vswitches },
        },
      ],
    },
  })
  expect(await custom()).toMatchObject(list([]))
  expect(await refusal('Vpc.UnassociateRouteTable', both)).toBe('IncorrectStatus.RouteTableStatus')
  await call('Vpc.AssociateRouteTable', both)
  expect(await custom()).toMatchObject(list([vswitch]))
  expect(await call('Vpc.DescribeVSwitchAttributes', { VSwitchId: vswitch })).toMatchObject({
    RouteTable: { RouteTableId, RouteTableType: 'Custom' },
  })
  expect(await call('Vpc.DescribeVSwitches', { RouteTableId })).toMatchObject({ TotalCount: 1 })
  const system = await call('Vpc.DescribeRouteTableList', { VpcId: vpc, RouteTableType: 'System' })
  const [table] = (system['RouterTableList'] as { RouterTableListType: { RouteTableId: string }[] })
    .RouterTableListType
  expect(table).toMatchObject({ VSwitchIds: { VSwitchId: [] } })
  expect(await call('Vpc.DescribeVSwitches', { RouteTableId: table?.RouteTableId ?? '' })).toMatchObject({
    TotalCount: 0,
  })
  const ofSystem = { RouteTableId: table?.RouteTableId ?? '' }
  expect(await refusal('Vpc.DeleteRouteTable', ofSystem)).toBe('OperationDenied.SystemRouteTable')
  expect(await refusal('Vpc.AssociateRouteTable', { ...ofSystem, VSwitchId: vswitch })).toBe(
    'OperationDenied.SystemRouteTable',
  )
  expect(await refusal('Vpc.DeleteRouteTable', { RouteTableId })).toBe('DependencyViolation.VSwitch')
  await call('Vpc.UnassociateRouteTable', both)
  expect(await call('Vpc.DescribeRouteEntryList', { RouteTableId })).toMatchObject({
    TotalCount: 2,
    RouteEntrys: {
      RouteEntry: [
        {
          DestinationCidrBlock: '10.0.0.0/24',
          Type: 'System',
          NextHops: { NextHop: [{ NextHopType: 'local' }] },
        },
        { DestinationCidrBlock: '100.64.0.0/10', Status: 'Available' },
      ],
    },
  })
  await call('Vpc.DeleteRouteTable', { RouteTableId })
  expect(await refusal('Vpc.DescribeRouteEntryList', { RouteTableId })).toBe('InvalidRouteTableId.NotFound')
})

test('filters that fit nothing here answer with nothing', async () => {
  const total = async (action: string, params: WireParams) => (await call(action, params))['TotalCount']
  expect(await total('Vpc.DescribeVpcs', { VpcOwnerId: consumer, EnableIpv6: false })).toBe(2)
  expect(await total('Vpc.DescribeVSwitches', { VSwitchOwnerId: consumer, EnableIpv6: false })).toBe(3)
  for (const [action, owner] of [
    ['Vpc.DescribeVpcs', 'VpcOwnerId'],
    ['Vpc.DescribeVSwitches', 'VSwitchOwnerId'],
  ] as const) {
    expect(await total(action, { [owner]: '1' })).toBe(0)
    expect(await total(action, { EnableIpv6: true })).toBe(0)
  }
  expect(await total('Ecs.DescribeInstances', { InstanceType: 'ecs.t5-lc1m1.small' })).toBe(1)
  expect(await total('Ecs.DescribeInstances', { InstanceType: 'ecs.g6.large' })).toBe(0)
  expect(await total('Ecs.DescribeInstances', { ImageId: 'm-none' })).toBe(0)
})

test('a VPC with a custom route table is not deleted', async () => {
  const { VpcId } = await call('Vpc.CreateVpc', { CidrBlock: '10.1.0.0/16' })
  const made = { VpcId: String(VpcId) }
  await scene.of.settle()
  const { RouteTableId } = await call('Vpc.CreateRouteTable', made)
  expect(await refusal('Vpc.DeleteVpc', made)).toBe('DependencyViolation.RouteTable')
  await call('Vpc.DeleteRouteTable', { RouteTableId: String(RouteTableId) })
  await call('Vpc.DeleteVpc', made)
})
