/** What Terraform's resources change and ask beyond the walkthroughs. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { WireParams } from './call.ts'
import { consumer, provider, setScene, type Scene } from './scene.ts'

let scene: Scene
beforeEach(async () => {
  scene = await setScene()
})
afterEach(() => scene.of.db.destroy())

const call = (action: string, params: WireParams = {}) => scene.of.call(provider, action, params)

describe('a rule of a security group', () => {
  const modify = 'Ecs.ModifySecurityGroupRule'
  const present = { IpProtocol: 'TCP', PortRange: '80/80', SourceCidrIp: '10.0.0.0/16' }
  const inGroup = (change: WireParams) => ({ SecurityGroupId: scene.vpc2.group, ...change })
  const rules = async () => {
    const { Permissions } = await call('Ecs.DescribeSecurityGroupAttribute', inGroup({}))
    return (Permissions as { Permission: Record<string, string>[] }).Permission
  }
  const carried = async () => {
    const { securityGroups } = await scene.of.world()
    return securityGroups.find(({ id }) => id === scene.vpc2.group)?.rules
  }

  test('found by what it says, gets another description, policy and priority', async () => {
    const [before] = await rules()
    await call(modify, inGroup({ ...present, Policy: 'accept', Priority: '1', Description: 'web' }))
    expect(await rules()).toEqual([{ ...before, Description: 'web' }])
    await call(modify, inGroup({ ...present, Policy: 'drop', Priority: '7' }))
    expect(await rules()).toEqual([{ ...before, Description: 'web', Policy: 'Drop', Priority: '7' }])
    expect(await carried()).toMatchObject([{ policy: 'Drop', priority: 7, fromPort: 80 }])
  })

  test('named by its id, gets other ports and another peer, and keeps the rest', async () => {
    const [before] = await rules()
    const SecurityGroupRuleId = before?.['SecurityGroupRuleId'] ?? ''
    await call(modify, inGroup({ SecurityGroupRuleId, PortRange: '8080/8081' }))
    await call(modify, inGroup({ SecurityGroupRuleId, SourceGroupId: scene.vpc2.group }))
    expect(await rules()).toMatchObject([
      { SecurityGroupRuleId, PortRange: '8080/8081', SourceCidrIp: '', SourceGroupId: scene.vpc2.group },
    ])
    expect(await carried()).toMatchObject([{ fromPort: 8080, toPort: 8081, peer: { kind: 'group' } }])
  })

  test('an egress rule has an action of its own', async () => {
    const rule = { IpProtocol: 'UDP', PortRange: '53/53', DestCidrIp: '0.0.0.0/0' }
    await call('Ecs.AuthorizeSecurityGroupEgress', inGroup(rule))
    const egress = 'Ecs.ModifySecurityGroupEgressRule'
    await call(egress, inGroup({ ...rule, Description: 'names' }))
    expect(await rules()).toMatchObject([{ Direction: 'ingress' }, { Description: 'names' }])
  })

  test('refused: what is not there, what is there already, whose group is strange', async () => {
    await call('Ecs.AuthorizeSecurityGroup', inGroup({ ...present, PortRange: '81/81' }))
    const [first] = await rules()
    const SecurityGroupRuleId = first?.['SecurityGroupRuleId'] ?? ''
    const refused = (change: WireParams, account = provider) =>
      scene.of.refusal(account, modify, inGroup(change))
    expect(await refused({ ...present, PortRange: '82/82' })).toBe('InvalidSecurityGroupRuleId.NotFound')
    expect(await refused({ SecurityGroupRuleId: 'sgr-none' })).toBe('InvalidSecurityGroupRuleId.NotFound')
    expect(await refused({ SecurityGroupRuleId, PortRange: '81/81' })).toBe(
      'InvalidSecurityGroupRule.RuleExist',
    )
    expect(await refused({ SecurityGroupRuleId, SourceGroupId: scene.vpc1.group })).toBe(
      'InvalidSourceGroupId.NotFound',
    )
    expect(await refused(present, consumer)).toBe('InvalidSecurityGroupId.NotFound')
  })
})

test('a route table gets a name and a description', async () => {
  const list = async () => {
    const { RouterTableList } = await call('Vpc.DescribeRouteTableList', { VpcId: scene.vpc2.vpc })
    return (RouterTableList as { RouterTableListType: Record<string, string>[] }).RouterTableListType
  }
  const [before] = await list()
  const RouteTableId = before?.['RouteTableId'] ?? ''
  const names = { RouteTableName: 'main', Description: 'routes' }
  await call('Vpc.ModifyRouteTableAttributes', { RouteTableId, ...names })
  expect(await list()).toEqual([{ ...before, ...names }])
  const strange = { RouteTableId, RouteTableName: 'mine' }
  expect(await scene.of.refusal(consumer, 'Vpc.ModifyRouteTableAttributes', strange)).toBe(
    'InvalidRouteTableId.NotFound',
  )
})

test('details of an instance are there, in the shape that Terraform reads', async () => {
  const one = { 'InstanceId.1': scene.ecs2 }
  expect(await call('Ecs.DescribeInstanceMaintenanceAttributes', one)).toMatchObject({
    MaintenanceAttributes: {
      MaintenanceAttribute: [{ InstanceId: scene.ecs2, MaintenanceWindows: { MaintenanceWindow: [] } }],
    },
  })
  const list = { InstanceIds: JSON.stringify([scene.ecs1, scene.ecs2]) }
  expect(await call('Ecs.DescribeInstanceAttachmentAttributes', list)).toMatchObject({
    Instances: { Instance: [{ InstanceId: scene.ecs2 }] },
  })
  expect(await call('Ecs.DescribeInstanceRamRole', list)).toMatchObject({
    InstanceRamRoleSets: { InstanceRamRoleSet: [] },
  })
  const asked = { PageNum: 1, PageSize: 50, ProductCode: 'vipcloudfw' }
  expect(await call('BssOpenApi.QueryAvailableInstances', asked)).toMatchObject({
    Success: true,
    Data: { TotalCount: 0, InstanceList: [] },
  })
})
