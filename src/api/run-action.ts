/** One action behind a savepoint: either all of it happened when the transaction commits, or nothing did. */
import { createHash } from 'node:crypto'
import { recallAnswer, rememberAnswer, type TokenKey } from '../store/client-tokens.ts'
import { generationOf } from '../store/generation.ts'
import { behindSavepoint } from '../store/group-commit.ts'
import { WrongPosition, type Tx } from '../store/page.ts'
import type { Action, ActionContext, Product } from './action.ts'
import { authorize } from './authorize.ts'
import { ApiError } from './errors.ts'
import { readParams } from './params.ts'
import { optional } from './request.ts'

export interface Outcome {
  /** JSON text of the result. */
  readonly result: string
  /** False when nothing was written: a read, or a repeat of a write that was done before. */
  readonly changed: boolean
  /** The generation that the kernel must have before the answer leaves. */
  readonly generation: number | undefined
}

export async function runAction(
  tx: Tx,
  { product, action }: { readonly product: Product; readonly action: Action },
  params: ReadonlyMap<string, string>,
  context: Omit<ActionContext, 'tx'>,
): Promise<Outcome> {
  const write = action.effect === 'write' ? readWriteOptions(product, action, params, context) : undefined
  const run = async (): Promise<Outcome> => {
    await authorize(tx, { product, action }, params, context)
    if (write?.token) {
      const earlier = await recallAnswer(tx, write.token, context.now)
      if (earlier && earlier.paramsHash !== write.paramsHash)
        throw new ApiError(action.tokenMismatch ?? 'IdempotentParameterMismatch')
      if (earlier) return { result: earlier.response, changed: false, generation: undefined }
    }
    const values = readParams(action.params, params, product.paramErrors)
    const result = JSON.stringify(
      action.result.parse(await handle(product, () => action.handler({ ...context, tx }, values))),
    )
    if (write?.dryRun) throw new ApiError('DryRunOperation')
    if (write?.token) {
      const answer = { paramsHash: write.paramsHash, response: result }
      await rememberAnswer(tx, write.token, answer, context.now)
    }
    const waits = action.answer === 'when-in-kernel'
    return { result, changed: write !== undefined, generation: waits ? await generationOf(tx) : undefined }
  }
  // A read writes nothing that could be undone.
  return write ? await behindSavepoint(tx, run) : await run()
}

/** Only the list knows whether a token is one of its own. */
async function handle<Result>(product: Product, handler: () => Promise<Result>): Promise<Result> {
  try {
    return await handler()
  } catch (error) {
    if (!(error instanceof WrongPosition)) throw error
    const name = 'NextToken'
    throw new ApiError(product.paramErrors.invalid(name), { name, reason: 'not a token of this list' })
  }
}

interface WriteOptions {
  /** Such a run ends with an error also when all is well, which takes back what it did. */
  readonly dryRun: boolean
  readonly token: TokenKey | undefined
  readonly paramsHash: string
}

function readWriteOptions(
  product: Product,
  action: Action,
  params: ReadonlyMap<string, string>,
  { caller }: Pick<ActionContext, 'caller'>,
): WriteOptions {
  const dryRun = readDryRun(product, optional(params, 'DryRun'))
  const token = optional(params, 'ClientToken')
  if (token !== undefined && !/^[\x21-\x7e]{1,64}$/.test(token)) {
    const reason = 'at most 64 printable ASCII characters'
    throw new ApiError(product.paramErrors.invalid('ClientToken'), { name: 'ClientToken', reason })
  }
  return {
    dryRun,
    token:
      token === undefined || dryRun || action.secret
        ? undefined
        : { account: caller.account, action: `${product.name}:${action.name}`, token },
    paramsHash: hashParams(params),
  }
}

function readDryRun(product: Product, value: string | undefined): boolean {
  switch (value?.toLowerCase()) {
    case undefined:
    case 'false':
      return false
    case 'true':
      return true
    default:
      throw new ApiError(product.paramErrors.invalid('DryRun'), {
        name: 'DryRun',
        reason: 'not true or false',
      })
  }
}

/** Every attempt has its own time, nonce and signature; what is left is what the caller asks for. */
const perAttempt = new Set([
  'AccessKeyId',
  'Action',
  'ClientToken',
  'DryRun',
  'Format',
  // A session that was renewed has another one.
  'SecurityToken',
  'Signature',
  'SignatureMethod',
  'SignatureNonce',
  'SignatureType',
  'SignatureVersion',
  'Timestamp',
  'Version',
])

function hashParams(params: ReadonlyMap<string, string>): string {
  const asked = [...params]
    .filter(([name, value]) => !perAttempt.has(name) && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex')
}
