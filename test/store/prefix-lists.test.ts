/** Prefix lists, and the rules that name them. */
import { beforeAll, expect, test } from 'vitest'
import { compileHost } from '../../src/compile/compile-host.ts'
import { putEntries, removeEntries } from '../../src/store/prefix-lists.ts'
import type { WireParams } from './call.ts'
import { consumer, refuses, setScene, type Case, type Scene } from './scene.ts'

let scene: Scene
let list: string
beforeAll(async () => {
  scene = await setScene()
  list = String((await call('Ecs.CreatePrefixList', wanted))['PrefixListId'])
})

const call = (action: string, params: WireParams = {}) => scene.of.call(consumer, action, params)
const wanted = {
  PrefixListName: 'offices',
  AddressFamily: 'IPv4',
  MaxEntries: 3,
  'Entry.1.Cidr': '192.168.0.0/16',
  'Entry.1.Description': 'all of them',
  'Entry.2.Cidr': '192.168.7.0/24',
  'Tag.1.Key': 'use',
}
const rule = () => ({
  SecurityGroupId: scene.vpc1.group,
  IpProtocol: 'tcp',
  PortRange: '443/443',
  SourcePrefixListId: list,
})

/** The blocks that the plan lets in at port 443. */
async function admitted(): Promise<readonly string[] | undefined> {
  const { plan } = compileHost(await scene.of.world())
  const group = plan.fabric.securityGroups.find(({ id }) => id === scene.vpc1.group)
  const peer = group?.ingress.find(({ ports }) => ports?.[0] === 443)?.peer
  return peer && 'blocks' in peer ? peer.blocks : undefined
}

test('a rule about a list admits its blocks, and follows every change of the list', async () => {
  await call('Ecs.AuthorizeSecurityGroup', rule())
  await call('Ecs.AuthorizeSecurityGroup', rule())
  expect(await admitted()).toEqual(['192.168.0.0/16'])
  const change = (params: WireParams) => call('Ecs.ModifyPrefixList', { PrefixListId: list, ...params })
  await change({ 'AddEntry.1.Cidr': '10.9.0.0/16', 'RemoveEntry.1.Cidr': '192.168.0.0/16' })
  expect(await admitted()).toEqual(['10.9.0.0/16', '192.168.7.0/24'])
  await change({ 'RemoveEntry.1.Cidr': '10.9.0.0/16', 'RemoveEntry.2.Cidr': '192.168.7.0/24' })
  expect(await admitted()).toBeUndefined()
  await change({ 'AddEntry.1.Cidr': '10.9.0.0/16', PrefixListName: 'sites' })
  expect(await admitted()).toEqual(['10.9.0.0/16'])
  expect(await call('Ecs.DescribePrefixListAttributes', { PrefixListId: list })).toMatchObject({
    PrefixListName: 'sites',
    MaxEntries: 3,
    Entries: { Entry: [{ Cidr: '10.9.0.0/16', Description: '' }] },
  })
})

test('whoever writes the entries, the world follows', async () => {
  await scene.of.world()
  const cidr = '10.8.0.0/16'
  await scene.of.db.transaction().execute((tx) => putEntries(tx, list, [{ cidr, description: '' }]))
  expect(await admitted()).toEqual([cidr, '10.9.0.0/16'])
  await scene.of.db.transaction().execute((tx) => removeEntries(tx, list, [cidr]))
  expect(await admitted()).toEqual(['10.9.0.0/16'])
})

test('it is shown in its rule and with what uses it, which keeps it from being deleted', async () => {
  const attribute = await call('Ecs.DescribeSecurityGroupAttribute', {
    SecurityGroupId: scene.vpc1.group,
    Direction: 'ingress',
  })
  const { Permission } = attribute['Permissions'] as { Permission: Record<string, string>[] }
  const shown = Permission.find(({ SourcePrefixListId }) => SourcePrefixListId === list)
  expect(shown).toMatchObject({ SourcePrefixListName: 'sites', SourceCidrIp: '', SourceGroupId: '' })
  expect(await call('Ecs.DescribePrefixLists', { 'Tag.1.Key': 'use' })).toMatchObject({
    PrefixLists: { PrefixList: [{ PrefixListId: list, AssociationCount: 1 }] },
  })
  expect(await call('Ecs.DescribePrefixListAssociations', { PrefixListId: list })).toMatchObject({
    PrefixListAssociations: {
      PrefixListAssociation: [{ ResourceId: scene.vpc1.group, ResourceType: 'securitygroup' }],
    },
  })
  const gone = { PrefixListId: list }
  expect(await scene.of.refusal(consumer, 'Ecs.DeletePrefixList', gone)).toBe('NotAllowed.AssociationExist')
  await call('Ecs.RevokeSecurityGroup', {
    SecurityGroupId: scene.vpc1.group,
    'SecurityGroupRuleId.1': shown?.['SecurityGroupRuleId'] ?? '',
  })
  await call('Ecs.DeletePrefixList', gone)
  expect(await scene.of.refusal(consumer, 'Ecs.DescribePrefixListAttributes', gone)).toBe(
    'InvalidPrefixListId.NotFound',
  )
})

test('a list of 200 blocks uses up the rules of a group', async () => {
  const made = await call('Ecs.CreatePrefixList', { ...wanted, MaxEntries: 200 })
  const big = { ...rule(), SourcePrefixListId: String(made['PrefixListId']) }
  expect(await scene.of.refusal(consumer, 'Ecs.AuthorizeSecurityGroup', big)).toBe('AuthorizationLimitExceed')
})

const cases: readonly Case[] = [
  [consumer, 'Ecs.CreatePrefixList', () => ({ ...wanted, MaxEntries: 1 }), 'LimitExceed.PrefixListEntry'],
  [consumer, 'Ecs.CreatePrefixList', () => ({ ...wanted, MaxEntries: 201 }), 'InvalidParameter.MaxEntries'],
  [
    consumer,
    'Ecs.CreatePrefixList',
    () => ({ ...wanted, AddressFamily: 'IPv6' }),
    'InvalidParameter.AddressFamily',
  ],
  [
    consumer,
    'Ecs.CreatePrefixList',
    () => ({ ...wanted, 'Entry.1.Cidr': '10.0.0.1/8' }),
    'InvalidParameter.Cidr',
  ],
  [
    consumer,
    'Ecs.CreatePrefixList',
    () => ({ ...wanted, 'Entry.1.Cidr': '192.168.7.0/24' }),
    'Duplicate.Cidr',
  ],
  [
    consumer,
    'Ecs.CreatePrefixList',
    () => ({ ...wanted, PrefixListName: 'com.aliyun.x' }),
    'InvalidName.Malformed',
  ],
]
refuses(() => scene.of, cases)
