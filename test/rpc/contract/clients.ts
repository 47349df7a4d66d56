/** The families of clients that speak to the public API, each as the function `call(action, parameters)`. */
import { randomUUID } from 'node:crypto'
import { Agent } from 'node:https'
import { createRequire } from 'node:module'
import type { Credentials, RunningServer } from '../../fixtures/running-server.ts'
import { send } from './send.ts'

const require = createRequire(import.meta.url)
const OpenApi = require('@alicloud/openapi-client') as typeof import('@alicloud/openapi-client')
const { default: OpenApiUtil } = require('@alicloud/openapi-util') as typeof import('@alicloud/openapi-util')
const TeaUtil = require('@alicloud/tea-util') as typeof import('@alicloud/tea-util')
const PopCore = require('@alicloud/pop-core') as typeof import('@alicloud/pop-core')

export type Params = Readonly<Record<string, unknown>>
export type Answer = Record<string, unknown>
export type Call = (action: string, params?: Params) => Promise<Answer>

export type Protocol = 'HTTP' | 'HTTPS'
export type Family = 'openapi-client V3' | 'openapi-client V1' | 'pop-core GET' | 'pop-core POST' | 'tea-rpc'
export const families = [
  'openapi-client V3',
  'openapi-client V1',
  'pop-core GET',
  'pop-core POST',
  'tea-rpc',
] as const satisfies readonly Family[]

/** The version tells the products apart. */
export const versions = {
  actiontrail: '2020-07-06',
  bss: '2017-12-14',
  cms: '2019-01-01',
  ecs: '2014-05-26',
  location: '2015-06-12',
  nlb: '2022-04-30',
  privatelink: '2020-04-15',
  ram: '2015-05-01',
  resourceManager: '2020-03-31',
  slb: '2014-05-15',
  sts: '2015-04-01',
  tag: '2018-08-28',
  vpc: '2016-04-28',
} as const

interface Target {
  readonly server: RunningServer
  readonly credentials: Credentials
  readonly version: string
  readonly protocol: Protocol
}

/** Every call carries the region, as those of the SDKs do. */
export function client(family: Family, target: Target): Call {
  const bare = bareClient(family, target)
  return (action, params = {}) => bare(action, { RegionId: 'eu-central-1', ...params })
}

function bareClient(family: Family, target: Target): (action: string, params: Params) => Promise<Answer> {
  switch (family) {
    case 'openapi-client V3':
      return openApiClient(target, undefined)
    case 'openapi-client V1':
      return openApiClient(target, 'v2')
    case 'pop-core GET':
      return popCore(target, 'GET')
    case 'pop-core POST':
      return popCore(target, 'POST')
    case 'tea-rpc':
      return teaRpc(target)
  }
}

function openApiClient({ server, credentials, version, protocol }: Target, algorithm: string | undefined) {
  const config = new OpenApi.Config({
    accessKeyId: credentials.AccessKeyId,
    accessKeySecret: credentials.AccessKeySecret,
    endpoint: server.host,
    protocol,
    ca: server.ca,
    ...(algorithm && { signatureAlgorithm: algorithm }),
  })
  const openApi = new OpenApi.default(config)
  return async (action: string, params: Params): Promise<Answer> => {
    const description = new OpenApi.Params({
      action,
      version,
      protocol,
      method: 'POST',
      authType: 'AK',
      style: 'RPC',
      pathname: '/',
      reqBodyType: 'formData',
      bodyType: 'json',
    })
    // The tag actions have their parameters in a form, all others in the query (the SDK's own choice).
    const flat = OpenApiUtil.query(params)
    const form = action === 'TagResources' || action === 'UntagResources'
    const request = new OpenApi.OpenApiRequest(form ? { body: flat } : { query: flat })
    const answer: unknown = await openApi.callApi(description, request, new TeaUtil.RuntimeOptions({}))
    return (answer as { body: Answer }).body
  }
}

function popCore({ server, credentials, version, protocol }: Target, method: 'GET' | 'POST') {
  const pop = new PopCore({
    accessKeyId: credentials.AccessKeyId,
    accessKeySecret: credentials.AccessKeySecret,
    endpoint: `${protocol.toLowerCase()}://${server.host}`,
    apiVersion: version,
    opts: protocol === 'HTTPS' ? { agent: new Agent({ ca: server.ca }) } : {},
  })
  return (action: string, params: Params) => pop.request<Answer>(action, params, { method })
}

/** As Go's tea-rpc: system parameters and signature in the query, the action's own in a form. */
function teaRpc({ server, credentials, version, protocol }: Target) {
  return async (action: string, params: Params): Promise<Answer> => {
    const form: Record<string, string> = OpenApiUtil.query(params)
    const query: Record<string, string> = {
      Action: action,
      Version: version,
      Format: 'json',
      AccessKeyId: credentials.AccessKeyId,
      SignatureMethod: 'HMAC-SHA1',
      SignatureVersion: '1.0',
      SignatureNonce: randomUUID(),
      Timestamp: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    }
    const secret = credentials.AccessKeySecret
    query['Signature'] = OpenApiUtil.getRPCSignature({ ...query, ...form }, 'POST', secret)
    return await send({
      url: `${protocol.toLowerCase()}://${server.host}/?${new URLSearchParams(query).toString()}`,
      ca: server.ca,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-acs-action': action,
        'x-acs-version': version,
      },
      body: new URLSearchParams(form).toString(),
    })
  }
}

export interface Refusal {
  readonly code: string
  readonly status: number | undefined
}

/** How a call was refused; undefined when it was not. */
export async function refusalOf(call: Promise<unknown>): Promise<Refusal | undefined> {
  try {
    await call
    return undefined
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error
    const { code, statusCode, entry } = error as Error & {
      code: unknown
      statusCode?: number
      entry?: { response?: { statusCode?: number } }
    }
    return { code: String(code), status: statusCode ?? entry?.response?.statusCode }
  }
}
