/** Many routes with one call: each is made or deleted by itself, and the answer says which were not. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { WireParams } from './call.ts'
import { consumer, setScene, stranger, type Scene } from './scene.ts'

let scene: Scene
let table: string
beforeAll(async () => {
  scene = await setScene()
  const { RouterTableList } = await call('Vpc.DescribeRouteTableList', { VpcId: scene.vpc1.vpc })
  const { RouterTableListType: tables } = RouterTableList as {
    RouterTableListType: { RouteTableId: string }[]
  }
  table = tables[0]?.RouteTableId ?? ''
})
afterAll(() => scene.of.db.destroy())

const call = (action: string, params: WireParams = {}) => scene.of.call(consumer, action, params)

/** The parameters of a batch. */
function batch(...routes: readonly WireParams[]): WireParams {
  const named = routes.flatMap((route, index) =>
    Object.entries({ RouteTableId: table, ...route }).map(
      ([name, value]) => [`RouteEntries.${index + 1}.${name}`, value] as const,
    ),
  )
  return Object.fromEntries(named)
}

async function destinations(): Promise<readonly string[]> {
  return (await scene.of.world()).routes.map(({ destination }) => destination).toSorted()
}

test('what can be made is made, and the others are told with what is wrong', async () => {
  const hop = { NextHop: scene.ecs1 }
  const made = await call(
    'Vpc.CreateRouteEntries',
    batch(
      { DstCidrBlock: '172.30.0.0/16', ...hop, Name: 'first' },
      { DstCidrBlock: '172.30.0.0/16', ...hop },
      { DstCidrBlock: '10.0.0.0/24', ...hop },
      { DstCidrBlock: '172.31.0.0/16', NextHop: scene.ecs2 },
      { DstCidrBlock: '172.31.0.0/16', ...hop, RouteTableId: 'vtb-none' },
      { DstCidrBlock: '172.31.7.7', ...hop, NextHopType: 'Instance' },
    ),
  )
  expect(made).toMatchObject({
    SuccessCount: 2,
    FailedCount: 4,
    RouteEntryIds: [expect.stringMatching(/^rte-/), expect.stringMatching(/^rte-/)],
    FailedRouteEntries: [
      { DstCidrBlock: '172.30.0.0/16', ...hop, FailedCode: 'VPC_ROUTE_ENTRY_CIDR_BLOCK_DUPLICATE' },
      { DstCidrBlock: '10.0.0.0/24', FailedCode: 'InvalidCidrBlock' },
      { DstCidrBlock: '172.31.0.0/16', NextHop: scene.ecs2, FailedCode: 'InvalidNextHop.NotFound' },
      { FailedCode: 'InvalidRouteTableId.NotFound' },
    ],
  })
  expect(await destinations()).toEqual(['172.30.0.0/16', '172.31.7.7/32'])
})

test('nobody deletes the routes of others, nor one that it does not name rightly', async () => {
  await scene.of.settle()
  const before = await destinations()
  const { RouteEntrys } = await call('Vpc.DescribeRouteEntryList', {
    RouteTableId: table,
    RouteEntryType: 'Custom',
  })
  const [{ RouteEntryId } = { RouteEntryId: '' }] = (
    RouteEntrys as { RouteEntry: { RouteEntryId: string }[] }
  ).RouteEntry
  const foreign = await scene.of.call(
    stranger,
    'Vpc.DeleteRouteEntries',
    batch({ RouteEntryId }, { DstCidrBlock: '172.30.0.0/16', NextHop: scene.ecs1 }),
  )
  expect(foreign).toMatchObject({
    SuccessCount: 0,
    FailedRouteEntries: [
      { RouteEntryId, FailedCode: 'VPC_ROUTER_ENTRY_NOT_EXIST' },
      { FailedCode: 'InvalidRouteTableId.NotFound' },
    ],
  })
  const made = { DstCidrBlock: '172.31.0.0/16', NextHop: scene.ecs1 }
  expect(await scene.of.call(stranger, 'Vpc.CreateRouteEntries', batch(made))).toMatchObject({
    FailedCount: 1,
  })
  const mistaken = batch(
    { RouteEntryId, RouteTableId: 'vtb-none' },
    { DstCidrBlock: '172.30.0.0/16', NextHop: scene.ecs2 },
    { DstCidrBlock: '172.30.0.0/16' },
    { DstCidrBlock: '10.0.0.0/24', NextHop: scene.ecs1 },
  )
  expect(await call('Vpc.DeleteRouteEntries', mistaken)).toMatchObject({
    SuccessCount: 0,
    FailedRouteEntries: [
      { FailedCode: 'VPC_ROUTER_ENTRY_NOT_EXIST' },
      { FailedCode: 'VPC_ROUTER_ENTRY_NOT_EXIST', FailedMessage: expect.stringMatching(/./) },
      { FailedCode: 'MissingParameter' },
      { FailedCode: 'OperationDenied' },
    ],
  })
  expect(await destinations()).toEqual(before)
})

test('routes are deleted by their ids and by what leads where', async () => {
  const { RouteEntrys } = await call('Vpc.DescribeRouteEntryList', {
    RouteTableId: table,
    DestinationCidrBlock: '172.31.7.7/32',
  })
  const [{ RouteEntryId } = { RouteEntryId: '' }] = (
    RouteEntrys as { RouteEntry: { RouteEntryId: string }[] }
  ).RouteEntry
  const both = batch({ RouteEntryId }, { DstCidrBlock: '172.30.0.0/16', NextHop: scene.ecs1 })
  expect(await call('Vpc.DeleteRouteEntries', both)).toMatchObject({
    SuccessCount: 2,
    FailedCount: 0,
    FailedRouteEntries: [],
  })
  expect(await destinations()).toEqual([])
  expect(await scene.of.refusal(consumer, 'Vpc.CreateRouteEntries', {})).toBe('MissingParameter')
  const many = Array.from({ length: 51 }, () => ({ DstCidrBlock: '172.30.0.0/16', NextHop: scene.ecs1 }))
  expect(await scene.of.refusal(consumer, 'Vpc.CreateRouteEntries', batch(...many))).toMatch(
    /^InvalidParameter/,
  )
})
