/** Further addresses of a connection: they come one by one, go with it, and stay with it under another name. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  allocateTransit,
  growTransit,
  readFurtherSources,
  releaseTransit,
  renameTransit,
} from '../../src/store/transit.ts'
import { deploy, type Deployment } from './call.ts'
import { consumer } from './scene.ts'

type Tx = Parameters<typeof allocateTransit>[0]

let of: Deployment
beforeAll(async () => {
  of = await deploy(':memory:', [consumer])
})
afterAll(() => of.db.destroy())

const within = <Result>(work: (tx: Tx) => Promise<Result>) => of.db.transaction().execute(work)
const further = async (wire: string) => (await within(readFurtherSources)).get(wire)
const owners = async () =>
  (await of.db.selectFrom('transit_pair').select('owner').execute()).map(({ owner }) => owner)

const [wire, replaced] = ['ep-1/zone-b', 'ep-1/zone-b/replaced']

async function makeWide(): Promise<readonly string[]> {
  await within(async (tx) => {
    await allocateTransit(tx, wire)
    for (const sources of [1, 2, 3]) expect(await growTransit(tx, wire, sources)).toBe(true)
  })
  return (await further(wire)) ?? []
}

test('an address comes once for each number of those that are there, and none for a wire that is gone', async () => {
  const found = await makeWide()
  expect(new Set(found).size).toBe(3)
  expect(await within((tx) => growTransit(tx, wire, 3))).toBe(false)
  expect(await within((tx) => growTransit(tx, 'ep-gone/zone-b', 1))).toBe(false)
  expect(await further(wire)).toEqual(found)
  await within((tx) => releaseTransit(tx, [wire]))
})

test('all of them go with the wire, and no other wire loses any', async () => {
  await within((tx) => allocateTransit(tx, 'ep-2/zone-b'))
  expect(await within((tx) => growTransit(tx, 'ep-2/zone-b', 1))).toBe(true)
  const others = await owners()
  await makeWide()
  await within((tx) => releaseTransit(tx, [wire]))
  expect(await further(wire)).toBeUndefined()
  expect((await owners()).toSorted()).toEqual(others.toSorted())
  // The next one starts with one address, a fresh one.
  await within((tx) => allocateTransit(tx, wire))
  expect(await further(wire)).toBeUndefined()
  await within((tx) => releaseTransit(tx, [wire]))
})

test('a wire that is renamed keeps its addresses, and they go under the new name', async () => {
  const found = await makeWide()
  await within((tx) => renameTransit(tx, wire, replaced))
  expect(await further(wire)).toBeUndefined()
  expect(await further(replaced)).toEqual(found)
  await within((tx) => releaseTransit(tx, [replaced]))
  expect((await owners()).some((owner) => owner.includes(wire))).toBe(false)
})
