/** Lists in pages: each row once, whatever comes and goes on the way, and no token that is not the list's own. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { consumer, provider, setScene, type Scene } from './scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await setScene()
})
afterAll(() => scene.of.db.destroy())

describe('the users of a service', () => {
  const add = (number: number) =>
    scene.of.call(provider, 'Privatelink.AddUserToVpcEndpointService', {
      ServiceId: scene.service,
      UserId: String(1_000_000 + number),
    })
  const remove = (number: number) =>
    scene.of.call(provider, 'Privatelink.RemoveUserFromVpcEndpointService', {
      ServiceId: scene.service,
      UserId: String(1_000_000 + number),
    })

  test('are each listed once while others come and go', async () => {
    for (let number = 0; number < 9; number++) await add(number)
    const seen: string[] = []
    let NextToken = ''
    let pages = 0
    do {
      const params = { ServiceId: scene.service, MaxResults: 2, NextToken }
      const answer = await scene.of.call(provider, 'Privatelink.ListVpcEndpointServiceUsers', params)
      seen.push(...(answer['Users'] as { UserId: number }[]).map(({ UserId }) => String(UserId)))
      NextToken = String(answer['NextToken'])
      pages += 1
      // With a number of rows to skip, each of these would move a row past the reader, or to it twice.
      if (pages === 1) await remove(0)
      if (pages === 2) await add(100)
    } while (NextToken !== '')
    const stayed = Array.from({ length: 8 }, (_, number) => String(1_000_001 + number))
    expect(seen.filter((user) => stayed.includes(user))).toEqual(stayed)
    expect(new Set(seen).size).toBe(seen.length)
  })
})

describe('a token that is none of the list', () => {
  const token = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  test.each([
    ['garbage', '~~~'],
    ['text', Buffer.from('from 50').toString('base64url')],
    ['an object', token({ a: 1 })],
    ['of another length', token(['2026'])],
    ['too long', token(['a', 'b', 'c'])],
    ['nested', token([['a'], 'b'])],
  ])('%s', async (_, NextToken) => {
    const refused = await scene.of.refusal(consumer, 'Privatelink.ListVpcEndpoints', { NextToken })
    expect(refused).toBe('IllegalParamFormat.NextToken')
  })
})

test('the pages of a list of many kinds hold each resource once, in one order', async () => {
  const list = async (PageNumber: number, PageSize: number) => {
    const answer = await scene.of.call(provider, 'ResourceManager.ListResources', { PageNumber, PageSize })
    const { Resource } = answer['Resources'] as { Resource: { ResourceId: string; ResourceType: string }[] }
    return { total: answer['TotalCount'], ids: Resource.map(({ ResourceId }) => ResourceId), Resource }
  }
  const all = await list(1, 100)
  expect(new Set(all.Resource.map(({ ResourceType }) => ResourceType)).size).toBeGreaterThan(3)
  expect(all.total).toBe(all.ids.length)
  const seen: string[] = []
  for (let page = 1; page <= Math.ceil(all.ids.length / 3); page++) {
    const { ids, total } = await list(page, 3)
    expect(total).toBe(all.total)
    seen.push(...ids)
  }
  expect(seen).toEqual(all.ids)
  expect((await list(100, 3)).ids).toEqual([])
})
