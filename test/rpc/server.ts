/** The API with a small table: the real parts, a clock that stands still until it is moved, and two accounts. */
import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import { z } from 'zod'
import { defineAction, type Action } from '../../src/api/action.ts'
import { describeEndpoints } from '../../src/api/actions/location.ts'
import { getCallerIdentity } from '../../src/api/actions/sts.ts'
import { createApp, type AppOptions } from '../../src/api/app.ts'
import { bigNumber } from '../../src/api/json.ts'
import { flag, integer, tags, text } from '../../src/api/params.ts'
import { readRegionFile, shippedRegions } from '../../src/api/region-file.ts'
import { type ActionTable, buildTable } from '../../src/api/table.ts'
import type { RegionTable } from '../../src/model/regions.ts'
import { createThrottle, defaultRates, type ThrottleRates } from '../../src/api/throttle.ts'
import type { AccountId } from '../../src/model/ids.ts'
import { createAccessKey, type AccessKey } from '../../src/store/access-keys.ts'
import { createAccount, findAccount, listAccounts } from '../../src/store/accounts.ts'
import { openDatabase } from '../../src/store/database.ts'
import { createGroupCommit } from '../../src/store/group-commit.ts'
import { sealKey } from '../../src/store/seal.ts'
import type { Tables } from '../../src/store/tables.ts'

export const testSealKey = sealKey(new Uint8Array(32).fill(7))

/** Gives back what it was asked with, in each shape that answers have. */
const echo = defineAction({
  product: 'Vpc',
  name: 'Echo',
  summary: { en: 'Echo.', zh: '回显。' },
  status: 'full',
  params: z.object({
    Text: text().optional(),
    Count: integer(0, 100).optional(),
    Enabled: flag().optional(),
    Names: z.array(text()).optional(),
    Tag: tags(),
    Disk: z.object({ Size: integer(1, 500), Category: text().optional() }).optional(),
  }),
  result: z.object({
    Text: z.string(),
    Count: z.number(),
    Enabled: z.boolean(),
    OwnerId: bigNumber(),
    Names: z.object({ Name: z.array(z.string()) }),
    Tags: z.array(z.object({ Key: z.string(), Value: z.string() })),
    DiskSize: z.number(),
    Region: z.string(),
  }),
  effect: 'read',
  handler: ({ region }, params) =>
    Promise.resolve({
      Text: params.Text ?? '',
      Count: params.Count ?? 0,
      Enabled: params.Enabled ?? false,
      OwnerId: 234567890123456789n,
      Names: { Name: params.Names ?? [] },
      Tags: (params.Tag ?? []).map(({ Key, Value = '' }) => ({ Key, Value })),
      DiskSize: params.Disk?.Size ?? 0,
      Region: region,
    }),
})

/** A write: makes an account named by the caller; after writing, `Fail` makes it throw. */
const addAccount = defineAction({
  product: 'Vpc',
  name: 'AddAccount',
  summary: { en: 'Adds an account.', zh: '添加账号。' },
  status: 'full',
  params: z.object({ Name: text(), Fail: flag().optional() }),
  result: z.object({ AccountId: z.string(), OwnerId: bigNumber() }),
  effect: 'write',
  handler: async (context, { Name, Fail }) => {
    const id = `9${Buffer.from(context.randomBytes(6)).readUIntBE(0, 6)}` as AccountId
    await createAccount(context.tx, { id, name: Name, createdAt: context.now.toISOString() })
    if (Fail) throw new Error('the disk is on fire')
    return { AccountId: id, OwnerId: BigInt(id) * 1000n }
  },
})

export interface TestServer {
  readonly app: ReturnType<typeof createApp>
  /** What the app was made with. */
  readonly options: AppOptions
  readonly db: Kysely<Tables>
  readonly key: AccessKey
  readonly clock: { now: Date }
  /** Calls of `onChange`. */
  readonly changes: { count: number }
  readonly logged: { readonly fields: object; readonly message: string | undefined }[]
  readonly accountNames: () => Promise<string[]>
}

export interface TestServerOptions {
  readonly file?: string
  readonly now?: Date
  readonly regions?: RegionTable
  readonly table?: ActionTable
  readonly rates?: ThrottleRates
  /** Beside those of every test server. */
  readonly actions?: readonly Action[]
}

export const consumer = '12345678' as AccountId

/** On a file that was used before, the account stays as it is and gets one more key. */
export async function openTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const db = await openDatabase(options.file ?? ':memory:')
  const clock = { now: options.now ?? new Date('2026-11-23T08:00:00Z') }
  const changes = { count: 0 }
  const logged: TestServer['logged'] = []
  const log = (fields: object, message?: string) => void logged.push({ fields, message })
  if (!(await findAccount(db, consumer))) {
    await createAccount(db, { id: consumer, name: 'consumer', createdAt: clock.now.toISOString() })
  }
  const key = await createAccessKey(db, testSealKey, consumer, clock.now, randomBytes)
  const commits = createGroupCommit(db)
  const appOptions: AppOptions = {
    commits,
    sealKey: testSealKey,
    table:
      options.table ??
      buildTable([getCallerIdentity, describeEndpoints, echo, addAccount, ...(options.actions ?? [])]),
    clock: () => clock.now,
    randomBytes,
    regions: options.regions ?? readRegionFile(shippedRegions),
    observed: () => ({ health: [], instances: [], wires: [], balancers: [] }),
    agent: { console: () => Promise.resolve(undefined) },
    throttle: createThrottle(options.rates ?? defaultRates, () => clock.now),
    onChange: () => void changes.count++,
    inKernel: () => Promise.resolve(),
    log: { info: log, error: log },
  }
  const app = createApp(appOptions)
  const accountNames = async () => (await listAccounts(db)).map(({ name }) => name)
  return { app, options: appOptions, db, key, clock, changes, logged, accountNames }
}
