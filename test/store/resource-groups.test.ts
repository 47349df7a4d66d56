/** Resource groups: what is in them, and how resources get from one to another. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Answer } from './call.ts'
import { consumer, provider, stranger, setScene, type Scene } from './scene.ts'

let scene: Scene
beforeEach(async () => {
  scene = await setScene()
})
afterEach(() => scene.of.db.destroy())

async function addGroup(account: string, Name: string): Promise<string> {
  const params = { Name, DisplayName: `The ${Name}` }
  const answer = await scene.of.call(account, 'ResourceManager.CreateResourceGroup', params)
  return (answer['ResourceGroup'] as { Id: string }).Id
}

test('endpoints and services move, and the lists follow', async () => {
  const group = await addGroup(consumer, 'second')
  await scene.of.call(consumer, 'Privatelink.ChangeResourceGroup', {
    ResourceId: scene.endpoint,
    ResourceGroupId: group,
  })
  const inGroup = { ResourceGroupId: group }
  expect(await scene.of.call(consumer, 'Privatelink.ListVpcEndpoints', inGroup)).toMatchObject({
    TotalCount: 1,
    Endpoints: [{ EndpointId: scene.endpoint, ResourceGroupId: group }],
  })
  const rows = await scene.of.db
    .selectFrom('eni')
    .select('endpoint_id')
    .where('resource_group_id', '=', group)
    .execute()
  expect(rows).toEqual([{ endpoint_id: scene.endpoint }])

  const theirs = await addGroup(provider, 'third')
  const move = {
    ResourceGroupId: theirs,
    ResourceType: 'vpcendpointservice',
    ResourceRegionId: 'eu-central-1',
    RegionId: 'cn-beijing',
  }
  const action = 'Privatelink.ChangeResourceGroup'
  const other = String((await scene.of.call(provider, 'Privatelink.CreateVpcEndpointService'))['ServiceId'])
  await scene.of.call(provider, action, { ...move, ResourceId: `${scene.service},${other}` })
  const services = { ResourceGroupId: theirs }
  expect(await scene.of.call(provider, 'Privatelink.ListVpcEndpointServices', services)).toMatchObject({
    TotalCount: 2,
  })
  const refused = async (account: string, change: Record<string, string>) =>
    await scene.of.refusal(account, action, { ...move, ResourceId: scene.service, ...change })
  expect(await refused(provider, { ResourceId: '' })).toBe('MissingParameter.ResourceId')
  expect(await refused(provider, { ResourceGroupId: '' })).toBe('MissingParameter.ResourceGroupId')
  expect(await refused(provider, { ResourceGroupId: group })).toBe('InvalidResourceGroup')
  expect(await refused(provider, { ResourceType: 'Vpc' })).toBe('IllegalParamFormat.ResourceType')
  expect(await refused(provider, { ResourceType: 'VpcEndpoint' })).toBe('ResourceNotFound')
  expect(await refused(provider, { ResourceRegionId: 'cn-beijing' })).toBe('ResourceNotFound')
  expect(await refused(provider, { ResourceId: `${scene.service},epsrv-none` })).toBe('ResourceNotFound')
  expect(await refused(consumer, { ResourceGroupId: group })).toBe('ResourceNotFound')
})

test('a group is made, found, renamed and deleted', async () => {
  const call = (name: string, params: Record<string, string> = {}) =>
    scene.of.call(stranger, `ResourceManager.${name}`, params)
  expect(await call('ListResourceGroups')).toMatchObject({
    TotalCount: 1,
    ResourceGroups: { ResourceGroup: [{ Name: 'default', AccountId: stranger, Status: 'OK' }] },
  })
  const params = { Name: 'second', DisplayName: 'Zweite' }
  const { ResourceGroup: made } = await call('CreateResourceGroup', params)
  expect(made).toMatchObject({ ...params, Status: 'Creating' })
  const { Id } = made as { Id: string }
  expect(Id).toMatch(/^rg-[a-z0-9]{15}$/)
  expect(await call('ListResourceGroups', { Name: 'second' })).toMatchObject({
    TotalCount: 1,
    ResourceGroups: { ResourceGroup: [{ Id, Status: 'OK' }] },
  })
  await call('UpdateResourceGroup', { ResourceGroupId: Id, NewDisplayName: '第二' })
  expect(await call('GetResourceGroup', { ResourceGroupId: Id })).toMatchObject({
    ResourceGroup: { Id, Name: 'second', DisplayName: '第二', Status: 'OK' },
  })
  expect(await call('ListResourceGroups', { Status: 'PendingDelete' })).toMatchObject({ TotalCount: 0 })

  const refused = (account: string, name: string, given: Record<string, string>) =>
    scene.of.refusal(account, `ResourceManager.${name}`, given)
  const own = { ResourceGroupId: Id }
  expect(await refused(stranger, 'CreateResourceGroup', params)).toBe('EntityAlreadyExists.ResourceGroup')
  const nameless = { Name: 'third' }
  expect(await refused(stranger, 'CreateResourceGroup', nameless)).toBe('MissingParameter.DisplayName')
  const short = { ...params, Name: 'ab' }
  expect(await refused(stranger, 'CreateResourceGroup', short)).toBe('InvalidParameter.Name')
  for (const name of ['GetResourceGroup', 'DeleteResourceGroup']) {
    expect(await refused(consumer, name, own)).toBe('EntityNotExists.ResourceGroup')
  }
  await call('DeleteResourceGroup', own)
  expect(await refused(stranger, 'GetResourceGroup', own)).toBe('EntityNotExists.ResourceGroup')
  expect(await refused(stranger, 'DeleteResourceGroup', { ResourceGroupId: await defaultOf(stranger) })).toBe(
    'NoPermission',
  )
})

test('an account has 30 groups and no more', async () => {
  for (let count = 1; count < 30; count++) await addGroup(stranger, `group-${count}`)
  const params = { Name: 'one-more', DisplayName: 'one more' }
  expect(await scene.of.refusal(stranger, 'ResourceManager.CreateResourceGroup', params)).toBe(
    'LimitExceeded.ResourceGroup',
  )
})

test('resources of every product are made in a group or moved to it, and it stays while it has one', async () => {
  const group = await addGroup(provider, 'second')
  const make = async (action: string, params: Record<string, string>) =>
    await scene.of.call(provider, action, { ...params, ResourceGroupId: group })
  const made = await make('Vpc.CreateVpc', { CidrBlock: '172.16.0.0/16' })
  expect(made['ResourceGroupId']).toBe(group)
  const VpcId = String(made['VpcId'])
  const moves: readonly (readonly [string, string, string, string, string])[] = [
    ['Vpc.MoveResourceGroup', 'VPC', scene.vpc2.vpc, 'Vpc.DescribeVpcs', 'Vpcs.Vpc.VpcId'],
    [
      'Vpc.MoveResourceGroup',
      'vswitch',
      scene.vpc2.vswitch,
      'Vpc.DescribeVSwitches',
      'VSwitches.VSwitch.VSwitchId',
    ],
    [
      'Ecs.JoinResourceGroup',
      'instance',
      scene.ecs2,
      'Ecs.DescribeInstances',
      'Instances.Instance.InstanceId',
    ],
    [
      'Ecs.JoinResourceGroup',
      'instance',
      scene.ecs2,
      'Ecs.DescribeNetworkInterfaces',
      'NetworkInterfaceSets.NetworkInterfaceSet.InstanceId',
    ],
    [
      'Ecs.JoinResourceGroup',
      'securitygroup',
      scene.vpc2.group,
      'Ecs.DescribeSecurityGroups',
      'SecurityGroups.SecurityGroup.SecurityGroupId',
    ],
    [
      'Slb.MoveResourceGroup',
      'loadbalancer',
      scene.clb,
      'Slb.DescribeLoadBalancers',
      'LoadBalancers.LoadBalancer.LoadBalancerId',
    ],
  ]
  for (const [action, ResourceType, ResourceId, list, path] of moves) {
    const move = { ResourceType, ResourceId, ResourceGroupId: group, NewResourceGroupId: group }
    await scene.of.call(provider, action, move)
    const listed = await scene.of.call(provider, list, { ResourceGroupId: group })
    expect(idsIn(listed, path), list).toContain(ResourceId)
    const theirs = await scene.of.call(provider, list, { ResourceGroupId: await defaultOf(provider) })
    expect(idsIn(theirs, path), list).not.toContain(ResourceId)
    const unknown = { ...move, ResourceGroupId: 'rg-none', NewResourceGroupId: 'rg-none' }
    expect(await scene.of.refusal(provider, action, unknown)).toMatch(/^Invalid(ResourceGroup|Parameter)/)
    expect(await scene.of.refusal(provider, action, { ...move, ResourceId: 'none' })).toMatch(/NotFound$/)
    expect(await scene.of.refusal(provider, action, { ...move, ResourceType: 'eip' })).toMatch(/ResourceType/)
  }
  const tables = await scene.of.call(provider, 'Vpc.DescribeRouteTableList', { ResourceGroupId: group })
  expect(idsIn(tables, 'RouterTableList.RouterTableListType.VpcId').toSorted()).toEqual(
    [VpcId, scene.vpc2.vpc].toSorted(),
  )
  expect(
    await scene.of.refusal(provider, 'ResourceManager.DeleteResourceGroup', { ResourceGroupId: group }),
  ).toBe('DeleteConflict.ResourceGroup.Resource')
})

async function defaultOf(account: string): Promise<string> {
  const answer = await scene.of.call(account, 'ResourceManager.ListResourceGroups', { Name: 'default' })
  return idsIn(answer, 'ResourceGroups.ResourceGroup.Id')[0] ?? ''
}

/** The ids in a list of an answer: `Vpcs.Vpc.VpcId`. */
function idsIn(answer: Answer, path: string): readonly string[] {
  const [outer = '', inner = '', id = ''] = path.split('.')
  const items = (answer[outer] as Record<string, Record<string, string>[]>)[inner] ?? []
  return items.map((item) => item[id] ?? '')
}
