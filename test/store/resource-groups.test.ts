/** Resource groups: what is in them, and how resources get from one to another. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { consumer, provider, setScene, type Scene } from './scene.ts'

let scene: Scene
beforeEach(async () => {
  scene = await setScene()
})
afterEach(() => scene.of.db.destroy())

async function addGroup(account: string, name: string): Promise<string> {
  const id = `rg-${name}`
  await scene.of.db
    .insertInto('resource_group')
    .values({ id, account_id: account, name, created_at: '2026-11-23T00:00:00.000Z' })
    .execute()
  return id
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
