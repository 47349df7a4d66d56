/** Runs actions by name with flat wire parameters, each in its own transaction, as a signed request would. */
import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import type { Kysely } from 'kysely'
import { allActions } from '../../src/api/actions/all.ts'
import type { Observed, Principal, ProductName } from '../../src/api/action.ts'
import { callerOf } from '../../src/api/caller.ts'
import { circumstancesOf } from '../../src/api/circumstances.ts'
import { ApiError } from '../../src/api/errors.ts'
import { parseJson } from '../../src/api/json.ts'
import { products } from '../../src/api/products.ts'
import { runAction } from '../../src/api/run-action.ts'
import { betweenTries } from '../../src/api/slow-work.ts'
import { readRegionFile, shippedRegions } from '../../src/api/region-file.ts'
import { buildTable } from '../../src/api/table.ts'
import type { AccountId, RandomBytes } from '../../src/model/ids.ts'
import type { World } from '../../src/model/world.ts'
import type { Report } from '../../src/protocol/messages.ts'
import { settle } from '../../src/reconcile/settle.ts'
import { openDatabase } from '../../src/store/database.ts'
import { setDeployment } from '../../src/store/generation.ts'
import { sealKey } from '../../src/store/seal.ts'
import type { Tables } from '../../src/store/tables.ts'
import { createWorldReader, readWorld } from '../../src/store/world/read-world.ts'

export type WireParams = Readonly<Record<string, string | number | boolean>>

/** A result as a client sees it: JSON, with numbers beyond 2^53 as bigint. */
export type Answer = Record<string, unknown>

const regions = readRegionFile(shippedRegions)
const table = buildTable(allActions)
const testSealKey = sealKey(new Uint8Array(32).fill(7))
const noneObserved: Observed = { health: [], instances: [], wires: [], balancers: [] }

export interface Deployment {
  readonly db: Kysely<Tables>
  observed: Observed
  /** As the account itself, or as one of its principals. */
  call(account: string, action: string, params?: WireParams, principal?: Principal): Promise<Answer>
  /** The code with which an action is refused; also checks that the refusal changed nothing. */
  refusal(account: string, action: string, params?: WireParams, principal?: Principal): Promise<string>
  /** Read from the log of changes; also checks that this gives what reading everything gives. */
  world(): Promise<World>
  /** Reports the world's generation as applied, all instances in the state that is wanted. */
  settle(report?: Partial<Report>): Promise<void>
}

/** A deployment with these accounts, PrivateLink not yet activated. */
export async function deploy(file: string, accounts: readonly string[]): Promise<Deployment> {
  const db = await openDatabase(file)
  await db.transaction().execute((tx) => setDeployment(tx, 'test', regions.domainSuffix))
  for (const id of accounts) {
    await db
      .insertInto('account')
      .values({ id, name: id, created_at: '2026-11-23T00:00:00.000Z', privatelink_opened_at: null })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
  const randomBytes = seededBytes(file)
  const readFromChanges = createWorldReader(() => '')
  let seconds = 0

  async function call(
    account: string,
    qualified: string,
    params: WireParams = {},
    principal: Principal = { kind: 'account' },
  ): Promise<Answer> {
    const [product, name] = splitName(qualified)
    const flat = new Map(Object.entries(params).map(([key, value]) => [key, String(value)]))
    const found = table.find(products[product].version, name)
    seconds += 1
    const now = new Date(Date.UTC(2026, 10, 23) + seconds * 1000)
    const outcome = await betweenTries((slowly) =>
      db.transaction().execute((tx) =>
        runAction(tx, found, flat, {
          caller: callerOf(account as AccountId, principal, `LTAI${account}`),
          region: flat.get('RegionId') ?? 'eu-central-1',
          requestId: '00000000-0000-4000-8000-000000000000',
          circumstances: circumstancesOf({ at: now, scheme: 'https', sourceIp: '192.0.2.1' }),
          now,
          randomBytes,
          sealKey: testSealKey,
          domainSuffix: regions.domainSuffix,
          regions,
          apiHost: 'api.example.test:8443',
          observed: deployment.observed,
          slowly,
        }),
      ),
    )
    return parseJson(outcome.result) as Answer
  }

  const deployment: Deployment = {
    db,
    observed: noneObserved,
    call,
    async refusal(account, action, params, principal) {
      const before = await dump(db)
      const error = await call(account, action, params, principal).then(
        () => undefined,
        (reason: unknown) => reason,
      )
      if (!(error instanceof ApiError)) throw new Error(`${action} was not refused`, { cause: error })
      expect(await dump(db)).toEqual(before)
      return error.code
    },
    world: () =>
      db.transaction().execute(async (tx) => {
        const world = inOrder(await readFromChanges(tx))
        expect(world).toEqual(inOrder(await readWorld(tx)))
        return world
      }),
    async settle(report) {
      const { generation, instances } = await deployment.world()
      const states = instances.map(({ id, boot, status }) => ({
        id,
        boot,
        state: status.startsWith('Stop') ? ('stopped' as const) : ('running' as const),
        restarts: 0,
      }))
      const whole: Report = {
        generation,
        problems: [],
        instances: states,
        health: [],
        wires: [],
        balancers: [],
        ...report,
      }
      await db.transaction().execute((tx) => settle(tx, whole))
    },
  }
  return deployment
}

/** The world's lists, and those within them, are in no particular order. */
function inOrder<Value>(value: Value): Value {
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => inOrder(item))
    return items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) as Value
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, inOrder(field)])) as Value
}

function splitName(qualified: string): [ProductName, string] {
  const [product, name] = qualified.split('.')
  if (!product || !name || !(product in products)) throw new Error(`${qualified} is not Product.Action`)
  return [product as ProductName, name]
}

/** Everything stored, to see that nothing changed. */
async function dump(db: Kysely<Tables>): Promise<Readonly<Record<string, unknown>>> {
  const rows: Record<string, unknown> = {}
  for (const { name } of await db.introspection.getTables()) {
    rows[name] = await db
      .selectFrom(name as keyof Tables)
      .selectAll()
      .execute()
  }
  return rows
}

function seededBytes(seed: string): RandomBytes {
  let counter = 0
  return (count) => {
    counter += 1
    return createHash('shake256', { outputLength: count }).update(`${seed} ${counter}`).digest()
  }
}
