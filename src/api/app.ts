/**
 * The API: parse → authenticate → throttle → authorise → region → action → record → answer. What touches the database is
 * one turn in a group of requests that are committed together. See `docs/design/api.md`. A call that a signature vouches for
 * and one that a session of the console does go the same way; they differ in how they are read.
 */
import { Hono } from 'hono'
import type { Logger } from 'pino'
import type { RandomBytes, RegionId } from '../model/ids.ts'
import { findRegion, type RegionTable } from '../model/regions.ts'
import { recordEvent } from '../store/audit.ts'
import type { GroupCommit } from '../store/group-commit.ts'
import type { Tx } from '../store/page.ts'
import type { SealKey } from '../store/seal.ts'
import type { Action, AgentQuestions, Caller, Observed, Product } from './action.ts'
import { errorAnswer, successAnswer, type Format } from './answer.ts'
import { describeCall, type AuditedCall, type Origin } from './audit.ts'
import { authenticate } from './authenticate.ts'
import { circumstancesOf } from './circumstances.ts'
import { ApiError } from './errors.ts'
import { parseJson, printJson } from './json.ts'
import { clientOf, type Connection } from './origin.ts'
import { readParams } from './params.ts'
import { newRequestId } from './request-id.ts'
import { optional, readRequest } from './request.ts'
import { runAction, type Outcome } from './run-action.ts'
import { betweenTries, NotDoneYet, type Slowly } from './slow-work.ts'
import type { ActionTable } from './table.ts'
import type { Throttle } from './throttle.ts'

export interface AppOptions {
  readonly commits: GroupCommit
  readonly sealKey: SealKey
  readonly table: ActionTable
  readonly clock: () => Date
  readonly randomBytes: RandomBytes
  readonly regions: RegionTable
  readonly observed: () => Observed
  readonly agent: AgentQuestions
  readonly throttle: Throttle
  /** Called after each commit of a write. */
  readonly onChange: () => void
  /** Resolves when the kernel holds this generation, or when it cannot be told in time. */
  readonly inKernel: (generation: number) => Promise<void>
  readonly log: Pick<Logger, 'info' | 'error'>
}

export function createApp(options: AppOptions): Hono {
  const app = new Hono()
  // Served by node, the environment holds the request's socket.
  app.all('/', (context) =>
    answerCall(options, readSigned(options), context.req.raw, context.env as Connection),
  )
  app.notFound((context) => {
    const host = context.req.header('host') ?? ''
    const requestId = newRequestId(options.clock(), options.randomBytes)
    return errorAnswer('JSON', new ApiError('InvalidApi.NotFound'), { requestId, host, action: undefined })
  })
  return app
}

/** A call as it came: nothing of it is believed before `authenticate` says whose it is. */
export interface IncomingCall {
  readonly version: string
  readonly action: string
  readonly params: ReadonlyMap<string, string>
  readonly format: string | undefined
  /** Host and port as the client named them. */
  readonly host: string
  /** In the transaction of the call, so that whom it names is still who it is when the action runs. @throws ApiError */
  readonly authenticate: (tx: Tx, now: Date) => Promise<Caller>
}

export interface CallReader {
  readonly eventType: AuditedCall['eventType']
  /** @throws ApiError when nobody needs to be asked to refuse it. */
  readonly read: (request: Request, origin: Origin) => Promise<IncomingCall>
}

function readSigned({ sealKey }: AppOptions): CallReader {
  return {
    eventType: 'ApiCall',
    async read(request) {
      const rpc = await readRequest(request)
      const { version, action, params, host } = rpc
      const format = optional(params, 'Format')
      const authenticated = (tx: Tx, now: Date) => authenticate(tx, sealKey, rpc, now)
      return { version, action, params, format, host, authenticate: authenticated }
    },
  }
}

/** What is known of a request so far: enough to answer and to log, however far it got. */
interface Progress {
  readonly origin: Origin
  format: Format
  action: string | undefined
  account: string | undefined
}

/** Where a request comes from, under an id of its own. */
export function originOf(
  { randomBytes, clock }: Pick<AppOptions, 'randomBytes' | 'clock'>,
  { headers }: Pick<Request, 'headers'>,
  connection: Connection,
): Origin {
  const at = clock()
  return {
    requestId: newRequestId(at, randomBytes),
    at,
    host: headers.get('host') ?? '',
    userAgent: headers.get('user-agent') ?? '',
    ...clientOf(connection),
  }
}

export async function answerCall(
  options: AppOptions,
  reader: CallReader,
  request: Request,
  connection: Connection,
): Promise<Response> {
  const progress: Progress = {
    origin: originOf(options, request, connection),
    format: 'JSON',
    action: undefined,
    account: undefined,
  }
  const { requestId, host, sourceIp } = progress.origin
  const log = () => ({ requestId, host, sourceIp, action: progress.action, account: progress.account })
  try {
    const response = await serve(options, reader, request, progress)
    options.log.info({ ...log(), status: response.status }, 'request')
    return response
  } catch (thrown) {
    const error = thrown instanceof ApiError ? thrown : new ApiError('InternalError')
    if (error === thrown) options.log.info({ ...log(), status: error.status, code: error.code }, 'request')
    else options.log.error({ ...log(), err: thrown }, 'request failed')
    return errorAnswer(progress.format, error, { requestId, host, action: progress.action })
  }
}

async function serve(
  options: AppOptions,
  reader: CallReader,
  request: Request,
  progress: Progress,
): Promise<Response> {
  const { throttle } = options
  const { requestId, sourceIp } = progress.origin
  throttle.admit(sourceIp)
  let settled: Settled
  let complete = (result: string) => Promise.resolve(result)
  try {
    const incoming = { ...(await reader.read(request, progress.origin)), eventType: reader.eventType }
    progress.format = readFormat(incoming.format)
    const found = options.table.find(incoming.version, incoming.action)
    progress.action = `${found.product.name}:${found.action.name}`
    complete = completion(options, found, incoming)
    settled = await betweenTries((slowly) =>
      options.commits.run((tx) => settle({ ...options, slowly }, tx, incoming, found, progress)),
    )
  } finally {
    if (progress.account === undefined) throttle.failed(sourceIp)
  }
  if ('error' in settled) throw settled.error
  const { result, changed, generation } = settled.outcome
  if (changed) options.onChange()
  if (generation !== undefined) await options.inKernel(generation)
  return successAnswer(
    progress.format,
    progress.action.slice(progress.action.indexOf(':') + 1),
    requestId,
    await complete(result),
  )
}

/** What is left to do for an answer when the turn is over. */
function completion(
  { agent }: AppOptions,
  { product, action }: Found,
  { params }: IncomingCall,
): (result: string) => Promise<string> {
  const { complete } = action
  if (!complete) return (result) => Promise.resolve(result)
  return async (result) => {
    const values = readParams(action.params, params, product.paramErrors)
    const completed = await complete(agent, action.result.parse(parseJson(result)), values)
    return printJson(action.result.parse(completed))
  }
}

type TryOptions = AppOptions & { readonly slowly: Slowly }

type Settled = { readonly outcome: Outcome } | { readonly error: unknown }

interface Found {
  readonly product: Product
  readonly action: Action
}

/** The nonce and the record of the call are committed also when the call fails: only what the action wrote is undone. */
async function settle(
  options: TryOptions,
  tx: Tx,
  incoming: IncomingCall & Pick<AuditedCall, 'eventType'>,
  found: Found,
  progress: Progress,
): Promise<Settled> {
  const region = optional(incoming.params, 'RegionId') ?? options.regions.defaultRegion
  const call = {
    origin: progress.origin,
    eventType: incoming.eventType,
    version: incoming.version,
    action: found.action,
    region,
    params: incoming.params,
  }
  let caller: Caller | undefined
  let settled: Settled
  try {
    caller = await incoming.authenticate(tx, call.origin.at)
    const isFirstTry = progress.account === undefined
    progress.account = caller.account
    if (isFirstTry) options.throttle.count(caller.account, found.action)
    settled = { outcome: await act(options, tx, incoming, found, caller, progress) }
  } catch (error) {
    // The call has not come to its end: it leaves no nonce and no record before the try that does.
    if (error instanceof NotDoneYet) throw error
    settled = { error }
  }
  await record(options, tx, { ...call, caller }, settled)
  return settled
}

async function act(
  options: TryOptions,
  tx: Tx,
  { params, host }: IncomingCall,
  found: Found,
  caller: Caller,
  { origin }: Progress,
): Promise<Outcome> {
  return await runAction(tx, found, params, {
    caller,
    circumstances: circumstancesOf(origin),
    region: chooseRegion(options, found.product, optional(params, 'RegionId')),
    requestId: origin.requestId,
    now: origin.at,
    randomBytes: options.randomBytes,
    sealKey: options.sealKey,
    domainSuffix: options.regions.domainSuffix,
    regions: options.regions,
    apiHost: host,
    observed: options.observed(),
    slowly: options.slowly,
  })
}

async function record(options: AppOptions, tx: Tx, call: AuditedCall, settled: Settled): Promise<void> {
  const refused = 'error' in settled && (call.caller === undefined || isThrottling(settled.error))
  if (refused && !options.throttle.records(call.caller?.account ?? call.origin.sourceIp)) return
  const outcome = 'error' in settled ? settled : { result: settled.outcome.result }
  await recordEvent(tx, describeCall(call, outcome))
}

function isThrottling(error: unknown): boolean {
  return error instanceof ApiError && error.code.startsWith('Throttling')
}

function readFormat(value: string | undefined): Format {
  switch (value?.toUpperCase()) {
    case undefined:
    case 'JSON':
      return 'JSON'
    case 'XML':
      return 'XML'
    default:
      throw new ApiError('InvalidParameter.Format')
  }
}

function chooseRegion(options: AppOptions, product: Product, region: string | undefined): RegionId {
  if (region === undefined) return options.regions.defaultRegion
  if (findRegion(options.regions, region)) return region
  if (product.unknownRegion === undefined) return options.regions.defaultRegion
  throw new ApiError(product.unknownRegion, { name: 'RegionId', reason: 'no such region is configured' })
}
