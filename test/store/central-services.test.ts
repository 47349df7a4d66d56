/** Tag and ResourceManager work on the resources of every product. */
import { beforeAll, expect, test } from 'vitest'
import { resourceKinds } from '../../src/api/resource-kinds.ts'
import { makeAuthority } from '../fixtures/certificates.ts'
import type { WireParams } from './call.ts'
import { makeNlb } from './nlb.ts'
import { consumer, provider, setScene, type Scene } from './scene.ts'

let scene: Scene
/** One resource of each kind, all of the provider but for the endpoint. */
let ids: ReadonlyMap<string, string>
beforeAll(async () => {
  scene = await setScene()
  const { vpc, vswitch, group } = scene.vpc2
  const text = async (action: string, name: string, params: WireParams) =>
    String((await call(action, params))[name])
  const made = await call('ResourceManager.CreateResourceGroup', { Name: 'mine', DisplayName: 'mine' })
  const nlb = await makeNlb(scene)
  const { Disks } = await call('Ecs.DescribeDisks', { InstanceId: scene.ecs2 })
  const disks = Disks as { Disk: { DiskId: string }[] }
  ids = new Map([
    ['vpc', vpc],
    ['vswitch', vswitch],
    ['routetable', await text('Vpc.CreateRouteTable', 'RouteTableId', { VpcId: vpc })],
    ['instance', scene.ecs2],
    ['securitygroup', group],
    [
      'eni',
      await text('Ecs.CreateNetworkInterface', 'NetworkInterfaceId', {
        VSwitchId: vswitch,
        SecurityGroupId: group,
      }),
    ],
    [
      'prefixlist',
      await text('Ecs.CreatePrefixList', 'PrefixListId', {
        PrefixListName: 'offices',
        AddressFamily: 'IPv4',
        MaxEntries: 1,
      }),
    ],
    ['keypair', await text('Ecs.CreateKeyPair', 'KeyPairId', { KeyPairName: 'mine' })],
    ['disk', disks.Disk[0]?.DiskId ?? ''],
    ['loadbalancer', scene.clb],
    ['vservergroup', await text('Slb.CreateVServerGroup', 'VServerGroupId', { LoadBalancerId: scene.clb })],
    [
      'certificate',
      await text('Slb.UploadCACertificate', 'CACertificateId', {
        CACertificate: (await makeAuthority()).certificate,
      }),
    ],
    ['networkloadbalancer', nlb.id],
    ['nlblistener', nlb.listener],
    ['nlbservergroup', nlb.group],
    ['vpcendpoint', scene.endpoint],
    ['vpcendpointservice', scene.service],
    ['resourcegroup', (made['ResourceGroup'] as { Id: string }).Id],
  ])
})

const call = (action: string, params: WireParams = {}, account = provider) =>
  scene.of.call(account, action, params)
const ownerOf = (tagged: string) => (tagged === 'vpcendpoint' ? consumer : provider)

function arn({ service, type, tagged }: (typeof resourceKinds)[number], account = ownerOf(tagged)): string {
  const place = tagged === 'resourcegroup' ? '*' : 'eu-central-1'
  return `arn:acs:${service}:${place}:${account}:${type}/${ids.get(tagged) ?? ''}`
}

const none = { FailedResources: { FailedResource: [] } }

test.each(resourceKinds)('tags of $service $type are the same here and there', async (kind) => {
  const account = ownerOf(kind.tagged)
  const ResourceARN = { 'ResourceARN.1': arn(kind) }
  const list = async () =>
    (await call('Tag.ListTagResources', ResourceARN, account))['TagResources'] as { Tags: unknown }[]
  expect(await list()).toEqual([])
  const Tags = JSON.stringify({ use: kind.type, unit: 'a' })
  expect(await call('Tag.TagResources', { ...ResourceARN, Tags }, account)).toEqual(none)
  const use = { Key: 'use', Value: kind.type, Category: 'Custom' }
  const unit = { Key: 'unit', Value: 'a', Category: 'Custom' }
  expect(await list()).toEqual([{ ResourceARN: arn(kind), Tags: [unit, use] }])
  const byTag = {
    ResourceType: `ALIYUN::${kind.service}::${kind.type}`.toUpperCase(),
    'TagFilter.Key': 'use',
  }
  expect(await call('Tag.ListResourcesByTag', byTag, account)).toMatchObject({
    Resources: [{ ResourceId: ids.get(kind.tagged), Tags: [use] }],
  })
  expect(await call('Tag.UntagResources', { ...ResourceARN, 'TagKey.1': 'unit' }, account)).toEqual(none)
  expect(await list()).toEqual([{ ResourceARN: arn(kind), Tags: [use] }])
})

test('keys and values in use, narrowed down and by pages', async () => {
  expect(await call('Tag.ListTagKeys', { FuzzyType: 'PREFIX', 'TagFilter.Key': 'us' })).toMatchObject({
    Keys: { Key: [{ Key: 'use' }] },
  })
  expect(await call('Tag.ListTagKeys', { 'TagFilter.Key': 'us' })).toMatchObject({ Keys: { Key: [] } })
  const first = await call('Tag.ListTagValues', { Key: 'use', PageSize: 2 })
  expect(first).toMatchObject({ Values: { Value: ['certificate', 'disk'] } })
  const next = { Key: 'use', PageSize: 2, NextToken: String(first['NextToken']) }
  expect(await call('Tag.ListTagValues', next)).toMatchObject({
    Values: { Value: ['eni', 'instance'] },
  })
  const filter = { Tags: JSON.stringify({ use: 'vpc' }) }
  const found = (await call('Tag.ListTagResources', filter))['TagResources'] as { ResourceARN: string }[]
  expect(found.map(({ ResourceARN }) => ResourceARN)).toEqual([
    `arn:acs:vpc:eu-central-1:${provider}:vpc/${scene.vpc2.vpc}`,
  ])
})

test('what cannot be tagged is told by itself, and never another account’s', async () => {
  const [kind] = resourceKinds
  if (!kind) throw new Error('there are no kinds')
  const foreign = arn(kind).replace(scene.vpc2.vpc, scene.vpc1.vpc)
  for (const ResourceARN of [foreign, foreign.replace(provider, consumer)]) {
    const params = { 'ResourceARN.1': ResourceARN, 'ResourceARN.2': arn(kind), Tags: '{"a":"b"}' }
    expect(await call('Tag.TagResources', params)).toMatchObject({
      FailedResources: { FailedResource: [{ ResourceARN, Result: { Code: 'InvalidResourceId.NotFound' } }] },
    })
  }
  expect(await call('Tag.ListTagResources', { Tags: '{"a":"b"}' })).toMatchObject({
    TagResources: [{ ResourceARN: arn(kind) }],
  })
  expect(await call('Tag.ListTagResources', { Tags: '{"a":"b"}' }, consumer)).toMatchObject({
    TagResources: [],
  })
  const refused = (params: WireParams) => scene.of.refusal(provider, 'Tag.TagResources', params)
  expect(await refused({ 'ResourceARN.1': 'vpc', Tags: '{"a":"b"}' })).toBe('InvalidParameter.ResourceARN')
  expect(await refused({ 'ResourceARN.1': arn(kind), Tags: 'a' })).toBe('InvalidParameter.Tags')
  expect(await refused({ 'ResourceARN.1': arn(kind), Tags: '{}' })).toBe('InvalidParameter.Tags')
  expect(await refused({ 'ResourceARN.1': arn(kind), Tags: '{"acs:a":"b"}' })).toBe('InvalidParameter.TagKey')
  expect(await refused({ Tags: '{"a":"b"}' })).toBe('MissingParameter.ResourceARN')
})

test('every kind with a group of its own is listed, and moved', async () => {
  const ResourceGroupId = ids.get('resourcegroup') ?? ''
  const grouped = resourceKinds.filter((kind) => kind.grouped !== undefined && kind.tagged !== 'vpcendpoint')
  // Ten at a time, no more.
  for (const kinds of [grouped.slice(0, 10), grouped.slice(10)]) {
    const params = kinds.flatMap(({ service, type, tagged }, index) => [
      [`Resources.${index + 1}.ResourceId`, ids.get(tagged) ?? ''],
      [`Resources.${index + 1}.ResourceType`, type],
      [`Resources.${index + 1}.Service`, service],
      [`Resources.${index + 1}.RegionId`, 'eu-central-1'],
    ])
    const move = { ResourceGroupId, ...Object.fromEntries(params) } as WireParams
    const { Responses } = await call('ResourceManager.MoveResources', move)
    expect((Responses as { Status: string }[]).map(({ Status }) => Status)).toEqual(kinds.map(() => '200'))
  }
  const list = await call('ResourceManager.ListResources', { ResourceGroupId, PageSize: 50 })
  const { Resource } = list['Resources'] as { Resource: { ResourceId: string; Service: string }[] }
  for (const { tagged, service } of grouped) {
    expect(Resource).toContainEqual(
      expect.objectContaining({ ResourceId: ids.get(tagged), Service: service, ResourceGroupId }),
    )
  }
  expect(await scene.of.refusal(provider, 'ResourceManager.DeleteResourceGroup', { ResourceGroupId })).toBe(
    'DeleteConflict.ResourceGroup.Resource',
  )
  const strange = {
    ResourceGroupId,
    'Resources.1.ResourceId': scene.vpc1.vpc,
    'Resources.1.ResourceType': 'vpc',
    'Resources.1.Service': 'vpc',
    'Resources.1.RegionId': 'eu-central-1',
  }
  const answer = await call('ResourceManager.MoveResources', strange)
  expect((answer['Responses'] as unknown[])[0]).toMatchObject({
    Status: '404',
    ErrorCode: 'EntityNotExists.Resource',
  })
})
