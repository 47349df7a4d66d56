/**
 * The API: parse → authenticate → authorise → region → action in one transaction → answer. See `docs/design/api.md`.
 */
import { Hono } from 'hono'
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { RandomBytes, RegionId } from '../model/ids.ts'
import { findRegion, type RegionTable } from '../model/regions.ts'
import type { SealKey } from '../store/seal.ts'
import type { Tables } from '../store/tables.ts'
import type { Observed, Product } from './action.ts'
import { errorAnswer, successAnswer, type Format } from './answer.ts'
import { authenticate } from './authenticate.ts'
import { ApiError } from './errors.ts'
import { optional, readRequest } from './request.ts'
import { runAction } from './run-action.ts'
import type { ActionTable } from './table.ts'

export interface AppOptions {
  readonly db: Kysely<Tables>
  readonly sealKey: SealKey
  readonly table: ActionTable
  readonly clock: () => Date
  readonly randomBytes: RandomBytes
  readonly regions: RegionTable
  readonly observed: () => Observed
  /** Called after each commit of a write. */
  readonly onChange: () => void
  /** Resolves when the kernel holds this generation, or when it cannot be told in time. */
  readonly inKernel: (generation: number) => Promise<void>
  readonly log: Pick<Logger, 'info' | 'error'>
}

export function createApp(options: AppOptions): Hono {
  const app = new Hono()
  app.all('/', (context) => answer(options, context.req.raw))
  app.notFound((context) => {
    const host = context.req.header('host') ?? ''
    const requestId = newRequestId(options.randomBytes)
    return errorAnswer('JSON', new ApiError('InvalidApi.NotFound'), { requestId, host, action: undefined })
  })
  return app
}

/** What is known of a request so far: enough to answer and to log, however far it got. */
interface Progress {
  readonly requestId: string
  host: string
  format: Format
  action: string | undefined
  account: string | undefined
}

async function answer(options: AppOptions, request: Request): Promise<Response> {
  const progress: Progress = {
    requestId: newRequestId(options.randomBytes),
    host: request.headers.get('host') ?? '',
    format: 'JSON',
    action: undefined,
    account: undefined,
  }
  const { requestId } = progress
  try {
    const response = await serve(options, request, progress)
    options.log.info({ ...progress, status: response.status }, 'request')
    return response
  } catch (thrown) {
    const error = thrown instanceof ApiError ? thrown : new ApiError('InternalError')
    if (error === thrown) options.log.info({ ...progress, status: error.status, code: error.code }, 'request')
    else options.log.error({ ...progress, err: thrown }, 'request failed')
    return errorAnswer(progress.format, error, { requestId, host: progress.host, action: progress.action })
  }
}

async function serve(options: AppOptions, request: Request, progress: Progress): Promise<Response> {
  const now = options.clock()
  const rpc = await readRequest(request)
  progress.host = rpc.host
  progress.format = readFormat(optional(rpc.params, 'Format'))
  const found = options.table.find(rpc.version, rpc.action)
  progress.action = `${found.product.name}:${found.action.name}`
  const caller = await authenticate(options.db, options.sealKey, rpc, now)
  progress.account = caller.account
  const { result, changed, generation } = await runAction(options.db, found, rpc.params, {
    caller,
    region: chooseRegion(options, found.product, optional(rpc.params, 'RegionId')),
    requestId: progress.requestId,
    now,
    randomBytes: options.randomBytes,
    sealKey: options.sealKey,
    domainSuffix: options.regions.domainSuffix,
    regions: options.regions,
    apiHost: rpc.host,
    observed: options.observed(),
  })
  if (changed) options.onChange()
  if (generation !== undefined) await options.inKernel(generation)
  return successAnswer(progress.format, found.action.name, progress.requestId, result)
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
  throw new ApiError(product.unknownRegion, { name: 'RegionId', reason: 'no such region is configured' })
}

/** A version 4 UUID in upper case, as the public API has them. */
function newRequestId(randomBytes: RandomBytes): string {
  const bytes = Buffer.from(randomBytes(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes
    .toString('hex')
    .toUpperCase()
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
