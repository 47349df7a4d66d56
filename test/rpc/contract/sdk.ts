/** One official SDK against the server as users run it; each action is called by name, as the SDK's own method. */
import { createRequire } from 'node:module'
import { expect, vi } from 'vitest'
import type { ProductName } from '../../../src/api/action.ts'
import { allActions } from '../../../src/api/actions/all.ts'
import { startServer, type Credentials } from '../../fixtures/running-server.ts'
import { partyOf, type Party } from './stage.ts'

const require = createRequire(import.meta.url)
const OpenApi = require('@alicloud/openapi-client') as typeof import('@alicloud/openapi-client')

export const region = 'eu-central-1'
export const zone = 'eu-central-1b'

export type Body = Record<string, unknown>
export type Params = Readonly<Record<string, unknown>>

export interface SdkUnderTest {
  readonly account: string
  readonly call: (action: string, params?: Params) => Promise<Body>
  /** HTTP status and code that the SDK reports. */
  readonly refusal: (action: string, params?: Params) => Promise<string>
  /** Calls until the body has these fields. */
  readonly until: (action: string, params: Params, fields: Body) => Promise<void>
  /** Actions that succeeded at least once. */
  readonly succeeded: ReadonlySet<string>
}

export interface Suite extends AsyncDisposable {
  /** As the account, unless the keys of one of its identities are given. */
  readonly sdk: (name: string, keys?: Omit<Credentials, 'AccountId'>) => SdkUnderTest
  /** The same account through generic clients. */
  readonly party: Party
}

/** A server with one account, for clients of several SDKs. */
export async function startSuite(): Promise<Suite> {
  const server = await startServer()
  const account = await server.createAccount('87654321', 'owner')
  const configOf = (keys: Omit<Credentials, 'AccountId'>) =>
    new OpenApi.Config({
      accessKeyId: keys.AccessKeyId,
      accessKeySecret: keys.AccessKeySecret,
      endpoint: server.host,
      protocol: 'HTTP',
      regionId: region,
    })
  return {
    sdk: (name, keys = account) => open(require(name) as Sdk, configOf(keys), account.AccountId),
    party: partyOf(server, account, 'pop-core POST', 'HTTP'),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

interface Sdk {
  readonly [model: string]: new (fields: object) => object
}

function open(sdk: Sdk, config: object, account: string): SdkUnderTest {
  const succeeded = new Set<string>()
  const Client = sdk['default']
  if (!Client) throw new Error('the SDK has no client')
  const client = new Client(config)
  async function call(action: string, params: Params = {}): Promise<Body> {
    const Request = sdk[`${action}Request`]
    const method: unknown = Reflect.get(client, action.charAt(0).toLowerCase() + action.slice(1))
    if (typeof method !== 'function') throw new Error(`the SDK has no ${action}`)
    // An action without parameters has no model for them.
    const request = Request ? [new Request({ regionId: region, ...params })] : []
    const { body } = (await method.call(client, ...request)) as { body: Body }
    expect(body['requestId']).toMatch(/^[0-9A-F-]{36}$/)
    succeeded.add(action)
    return body
  }
  return {
    account,
    call,
    async refusal(action, params) {
      const error: unknown = await call(action, params).then(
        () => new Error(`${action} was not refused`),
        (reason: unknown) => reason,
      )
      if (!(error instanceof Error) || !('code' in error) || !('statusCode' in error)) throw error
      return `${String(error.statusCode)} ${String(error.code)}`
    },
    async until(action, params, fields) {
      await vi.waitFor(async () => expect(await call(action, params)).toMatchObject(fields), 10_000)
    },
    succeeded,
  }
}

export function actionsOf(product: ProductName): string[] {
  return allActions
    .filter((action) => action.product === product)
    .map(({ name }) => name)
    .toSorted()
}
