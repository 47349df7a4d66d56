/**
 * Administration: accounts, access keys, status, counters and the record of calls, over HTTP on a unix socket. Whoever may open the socket may do all of
 * this: the file's mode, 0600, is the authentication.
 */
import { Hono, type Context } from 'hono'
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { Drops } from '../model/drops.ts'
import type { AccountId, RandomBytes } from '../model/ids.ts'
import { defaultPasswordPolicy, isStrong, longestPassword } from '../model/password-policy.ts'
import type { RegionTable } from '../model/regions.ts'
import type { HealthReport, WireReport } from '../protocol/messages.ts'
import { createAccessKey, type AccessKey } from '../store/access-keys.ts'
import { createAccount, findAccount, isAccountId, listAccounts, newAccountId } from '../store/accounts.ts'
import { hashNewPassword, setAccountPassword } from '../store/account-passwords.ts'
import { createLink } from '../store/sessions.ts'
import {
  lookUpEvents,
  recordEvent,
  type AuditEvent,
  type AuditPosition,
  type AuditQuery,
} from '../store/audit.ts'
import { listCutEvents, type CutEvent } from '../store/cut-events.ts'
import type { Tx } from '../store/page.ts'
import type { SealKey } from '../store/seal.ts'
import { bringZoneUp, listOutages, takeZoneDown } from '../store/zone-outages.ts'
import type { Tables } from '../store/tables.ts'
import { createExplain } from './admin-explain.ts'
import { describeAdministration, type Administration } from './admin-record.ts'
import { listLimits, removeLimit, setLimit } from '../store/consumer-limits.ts'
import { describeEvent } from './audited-event.ts'
import { newRequestId } from './request-id.ts'

export interface AdminOptions {
  readonly db: Kysely<Tables>
  readonly sealKey: SealKey
  readonly clock: () => Date
  readonly randomBytes: RandomBytes
  /** What `GET /status` answers. */
  readonly status: () => Readonly<Record<string, unknown>>
  readonly wires: () => readonly WireReport[]
  readonly health: () => readonly HealthReport[]
  readonly drops: () => readonly Drops[]
  readonly inKernel: (generation: number) => Promise<void>
  readonly regions: RegionTable
  /** Something of the world was changed. */
  readonly onChange: () => void
  readonly log: Pick<Logger, 'error'>
}

class AdminError extends Error {
  readonly status: 400 | 404 | 409
  readonly code: string

  constructor(status: AdminError['status'], code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

const newAccount = z.strictObject({
  id: z.string().refine(isAccountId, '1 to 16 digits, the first not 0').optional(),
  name: z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u, '1 to 64 letters, digits, spaces, . _ -'),
})

const newPassword = z.strictObject({
  password: z
    .string()
    .refine((text) => isStrong(defaultPasswordPolicy, text), `8 to ${longestPassword} characters`),
})

const newLink = z.strictObject({ account: z.string().optional() })

const auditQuery = z.strictObject({
  since: z.iso.datetime(),
  account: z.string().optional(),
  action: z.string().optional(),
  user: z.string().optional(),
})

const cutsQuery = z.strictObject({
  since: z.iso.datetime(),
  endpoint: z.string().optional(),
  after: z.coerce.number().int().optional(),
})

/** What one answer lists at most: the newest. */
const eventsShown = 1000

export function createAdmin(options: AdminOptions): Hono {
  const { db, sealKey, clock, randomBytes } = options
  const app = new Hono()

  app.post('/accounts', async (context) => {
    const { id = newAccountId(randomBytes), name } = await readBody(context, newAccount)
    const parameters = { AccountId: id, AccountName: name }
    const { key } = await recorded(
      options,
      context,
      { action: 'CreateAccount', parameters },
      async (tx, now) => {
        const created = await createAccount(tx, { id, name, createdAt: now.toISOString() })
        if (!created.ok) throw new AdminError(409, 'AccountExists', `The account ${id} exists already.`)
        return { key: await createAccessKey(tx, sealKey, id, now, randomBytes) }
      },
    )
    return context.json(
      { AccountId: id, AccountName: name, AccessKeyId: key.id, AccessKeySecret: key.secret },
      201,
    )
  })

  app.post('/accounts/:id/keys', async (context) => {
    const id = readAccountId(context.req.param('id'))
    const asked = { action: 'CreateAccessKey', parameters: { AccountId: id } } as const
    const { account, key } = await recorded(options, context, asked, async (tx, now) => {
      const found = await findAccount(tx, id)
      if (!found) throw noAccount(id)
      return { account: found, key: await createAccessKey(tx, sealKey, id, now, randomBytes) }
    })
    return context.json(
      { AccountId: id, AccountName: account.name, AccessKeyId: key.id, AccessKeySecret: key.secret },
      201,
    )
  })

  app.get('/accounts', async (context) => {
    const accounts = await listAccounts(db)
    return context.json({
      Accounts: accounts.map(({ id, name, createdAt }) => ({
        AccountId: id,
        AccountName: name,
        CreatedAt: createdAt,
      })),
    })
  })

  app.post('/accounts/:id/password', async (context) => {
    const id = readAccountId(context.req.param('id'))
    const { password } = await readBody(context, newPassword)
    const hashed = await hashNewPassword(password, clock(), randomBytes)
    const asked = { action: 'SetAccountPassword', parameters: { AccountId: id } } as const
    await recorded(options, context, asked, async (tx) => {
      if (!(await findAccount(tx, id))) throw noAccount(id)
      await setAccountPassword(tx, id, hashed)
      return { key: undefined }
    })
    return context.json({ AccountId: id })
  })

  app.post('/console/links', async (context) => {
    const { account } = await readBody(context, newLink)
    const id = account === undefined ? undefined : readAccountId(account)
    const parameters: Record<string, string> = id === undefined ? {} : { AccountId: id }
    const { link } = await recorded(
      options,
      context,
      { action: 'CreateConsoleLink', parameters },
      async (tx, now) => {
        if (id !== undefined && !(await findAccount(tx, id))) throw noAccount(id)
        return { key: undefined, link: await createLink(tx, id, now, randomBytes) }
      },
    )
    return context.json({ Token: link.token, ExpiresAt: link.expiresAt.toISOString() }, 201)
  })

  app.get('/status', (context) => context.json(options.status()))

  app.get('/wires', (context) => context.json({ Wires: options.wires().map(describeWire) }))

  const zones = options.regions.regions.flatMap(({ id: region, zones: own }) =>
    own.map(({ id }) => ({ id, region })),
  )

  app.get('/zones', async (context) => {
    const outages = new Map(
      (await db.transaction().execute(listOutages)).map((row) => [row.zone_id, row.since]),
    )
    return context.json({
      Zones: zones.map(({ id, region }) => {
        const since = outages.get(id)
        return { ZoneId: id, RegionId: region, Status: since ? 'down' : 'up', ...(since && { Since: since }) }
      }),
    })
  })

  app.post('/zones/:id/:state{down|up}', async (context) => {
    const { id, state } = context.req.param()
    if (!zones.some((zone) => zone.id === id)) {
      throw new AdminError(404, 'ZoneNotFound', `There is no zone ${id}.`)
    }
    const action = state === 'down' ? 'TakeZoneDown' : 'BringZoneUp'
    await recorded(options, context, { action, parameters: { ZoneId: id } }, async (tx, now) => {
      await (state === 'down' ? takeZoneDown(tx, id, now) : bringZoneUp(tx, id))
      return { key: undefined }
    })
    options.onChange()
    return context.json({ ZoneId: id, Status: state })
  })

  app.get('/limits', async (context) => {
    const limits = await db.transaction().execute(listLimits)
    return context.json({
      Limits: limits.map(({ consumer, connections }) => ({ Consumer: consumer, Connections: connections })),
    })
  })

  app.post('/limits/:consumer/:connections{[1-9]\\d{0,6}|none}', async (context) => {
    const { consumer, connections } = context.req.param()
    const parameters = { Consumer: consumer, Connections: connections }
    await recorded(options, context, { action: 'SetConsumerLimit', parameters }, async (tx) => {
      if (consumer !== 'all' && !(await findAccount(tx, consumer as AccountId))) {
        throw noAccount(consumer as AccountId)
      }
      await (connections === 'none'
        ? removeLimit(tx, consumer)
        : setLimit(tx, { consumer, connections: Number(connections) }))
      return { key: undefined }
    })
    options.onChange()
    return context.json(parameters)
  })

  app.get('/audit', async (context) => {
    const { since, ...filter } = readQuery(context, auditQuery)
    const events = await db
      .transaction()
      .execute((tx) => newestEvents(tx, { account: undefined, from: since, ...filter }, clock()))
    return context.json({ Events: events.toReversed().map(describeEvent) })
  })

  app.get('/events', async (context) => {
    const { since, endpoint, after } = readQuery(context, cutsQuery)
    const events = await db
      .transaction()
      .execute((tx) => listCutEvents(tx, since, endpoint, eventsShown, after))
    return context.json({ Events: events.map(describeCut) })
  })

  app.route('/explain', createExplain(options))

  app.notFound((context) =>
    context.json(
      { Code: 'UnknownPath', Message: `${context.req.method} ${context.req.path} is unknown.` },
      404,
    ),
  )
  app.onError((error, context) => {
    if (error instanceof AdminError) {
      return context.json({ Code: error.code, Message: error.message }, error.status)
    }
    options.log.error({ err: error }, 'administration failed')
    return context.json({ Code: 'InternalError', Message: 'See the log of the server.' }, 500)
  })
  return app
}

function noAccount(id: AccountId): AdminError {
  return new AdminError(404, 'AccountNotFound', `There is no account ${id}.`)
}

/** Does it and records it, in one transaction; what failed is recorded in one of its own. */
async function recorded<Made extends { readonly key: AccessKey | undefined }>(
  { db, clock, randomBytes }: AdminOptions,
  context: Context,
  asked: Pick<Administration, 'action' | 'parameters'>,
  make: (tx: Tx, now: Date) => Promise<Made>,
): Promise<Made> {
  const at = clock()
  const requestId = newRequestId(at, randomBytes)
  const record = async (tx: Tx, outcome: Administration['outcome']) => {
    const userAgent = context.req.header('user-agent') ?? ''
    await recordEvent(tx, describeAdministration({ requestId, at, userAgent, ...asked, outcome }))
  }
  try {
    return await db.transaction().execute(async (tx) => {
      const made = await make(tx, at)
      await record(tx, { accessKey: made.key?.id })
      return made
    })
  } catch (error) {
    const known = error instanceof AdminError
    const failure = { errorCode: known ? error.code : 'InternalError', message: known ? error.message : '' }
    await db.transaction().execute((tx) => record(tx, failure))
    throw error
  }
}

/** The newest that match, as many as one answer shows. */
async function newestEvents(
  tx: Tx,
  filter: Pick<AuditQuery, 'account' | 'from' | 'action' | 'user'>,
  now: Date,
): Promise<readonly AuditEvent[]> {
  const events: AuditEvent[] = []
  let after: AuditPosition | undefined
  do {
    const limit = eventsShown - events.length
    const query = { ...filter, to: now.toISOString(), order: 'desc', after, limit } as const
    const page = await lookUpEvents(tx, query)
    events.push(...page.events)
    after = page.next
  } while (after && events.length < eventsShown)
  return events
}

function describeCut(cut: CutEvent) {
  return {
    EventId: cut.seq,
    EndpointId: cut.endpoint_id,
    ZoneId: cut.zone_id,
    Cause: cut.cause,
    Action: cut.action,
    RequestId: cut.request_id,
    CalledAt: cut.called_at,
    KernelAt: cut.kernel_at,
    EndedAt: cut.ended_at,
    /** Milliseconds from the call until both ends of the last flow were told. */
    TookMs: cut.called_at === null ? null : Date.parse(cut.ended_at) - Date.parse(cut.called_at),
    FlowsEnded: cut.flows,
  }
}

/** `in` flows into the endpoint, from the consumer. */
function describeWire(wire: WireReport) {
  const [endpoint, zone] = wire.id.split('/')
  return {
    EndpointId: endpoint,
    ZoneId: zone,
    MeasuredAt: new Date(wire.atMs).toISOString(),
    InBytes: wire.inBytes,
    InPackets: wire.inPackets,
    InDroppedPackets: wire.inDropped,
    OutBytes: wire.outBytes,
    OutPackets: wire.outPackets,
    OutDroppedPackets: wire.outDropped,
    PortsUsed: wire.portsUsed,
    PortsAvailable: wire.portsInAll - wire.portsUsed,
    SourceAddresses: wire.sources,
    OverConnections: wire.overConnections,
    DeniedPackets: wire.denied,
    UnservedPackets: wire.unserved,
  }
}

async function readBody<Type extends z.ZodType>(context: Context, type: Type): Promise<z.infer<Type>> {
  return check(type, await readJson(context))
}

function readQuery<Type extends z.ZodType>(context: Context, type: Type): z.infer<Type> {
  return check(type, context.req.query())
}

function check<Type extends z.ZodType>(type: Type, value: unknown): z.infer<Type> {
  const parsed = type.safeParse(value)
  if (parsed.success) return parsed.data
  const reasons = parsed.error.issues.map((issue) => [...issue.path, issue.message].join(': '))
  throw new AdminError(400, 'InvalidParameter', reasons.join('; '))
}

async function readJson(context: Context): Promise<unknown> {
  const text = await context.req.text()
  try {
    return JSON.parse(text)
  } catch {
    throw new AdminError(400, 'InvalidParameter', 'The body is not valid JSON.')
  }
}

function readAccountId(text: string): AccountId {
  if (isAccountId(text)) return text
  throw new AdminError(400, 'InvalidParameter', 'An account id has 1 to 16 digits, the first not 0.')
}
