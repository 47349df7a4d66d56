/** The official npm SDKs against the real listener, over HTTP and HTTPS on the same port. */
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent } from 'node:https'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startListener, type Listener } from '../../src/api/listener.ts'
import { certificateNames, ensureTls, type TlsIdentity } from '../../src/api/tls.ts'
import { openTestServer, type TestServer } from './server.ts'

const require = createRequire(import.meta.url)
const OpenApi = require('@alicloud/openapi-client') as typeof import('@alicloud/openapi-client')
const OpenApiCore = require('@alicloud/openapi-core') as typeof import('@alicloud/openapi-core')
const { default: OpenApiUtil } = require('@alicloud/openapi-util') as typeof import('@alicloud/openapi-util')
const TeaUtil = require('@alicloud/tea-util') as typeof import('@alicloud/tea-util')
const PopCore = require('@alicloud/pop-core') as typeof import('@alicloud/pop-core')
const Sts = require('@alicloud/sts20150401') as typeof import('@alicloud/sts20150401')

let server: TestServer
let listener: Listener
let directory: string
let tls: TlsIdentity

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-sdk-'))
  tls = await ensureTls(directory, certificateNames('127.0.0.1'), new Date())
  server = await openTestServer({ now: new Date() })
  listener = await startListener({
    app: server.app,
    host: '127.0.0.1',
    port: 0,
    tls: () => Promise.resolve(tls),
    onError: (error) => expect.unreachable(String(error)),
  })
})

afterAll(async () => {
  await listener.close()
  await server.db.destroy()
  await rm(directory, { recursive: true })
})

const asked = {
  RegionId: 'cn-hangzhou',
  Text: "a b*~'!+ü名😀",
  Count: 7,
  Enabled: true,
  Names: ['one', 'two & three'],
  Tag: [
    { Key: 'env', Value: 'test' },
    { Key: 'empty', Value: '' },
  ],
}

const answered = {
  RequestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
  Text: asked.Text,
  Count: 7,
  Enabled: true,
  Names: { Name: asked.Names },
  Tags: asked.Tag,
  DiskSize: 40,
  Region: 'cn-hangzhou',
}

describe.each(['HTTP', 'HTTPS'] as const)('over %s', (protocol) => {
  const credentials = () => ({ accessKeyId: server.key.id, accessKeySecret: server.key.secret })

  const callOpenApi = async (
    signatureAlgorithm: string | undefined,
    reqBodyType: string,
    request: { query?: object; body?: object },
  ) => {
    const config = new OpenApi.Config({
      ...credentials(),
      endpoint: `localhost:${listener.port}`,
      protocol,
      ca: tls.ca,
      ...(signatureAlgorithm && { signatureAlgorithm }),
    })
    const params = new OpenApi.Params({
      action: 'Echo',
      version: '2016-04-28',
      protocol,
      method: 'POST',
      authType: 'AK',
      style: 'RPC',
      pathname: '/',
      reqBodyType,
      bodyType: 'json',
    })
    const { query, body } = request
    const sent = new OpenApi.OpenApiRequest({
      ...(query && { query: OpenApiUtil.query(query) }),
      ...(body && { body: reqBodyType === 'json' ? body : OpenApiUtil.query(body) }),
    })
    const answer: unknown = await new OpenApi.default(config).callApi(
      params,
      sent,
      new TeaUtil.RuntimeOptions({}),
    )
    return answer
  }

  describe.each([['V3', undefined] as const, ['V1', 'v2'] as const])(
    'openapi-client with %s',
    (_, algorithm) => {
      const everything = { ...asked, Disk: { Size: 40 } }

      test('parameters in the query', async () => {
        const answer = await callOpenApi(algorithm, 'formData', { query: everything })
        expect(answer).toMatchObject({ statusCode: 200, body: answered })
      })

      test('parameters in a form, which beats the query', async () => {
        const request = { query: { RegionId: 'eu-central-1', Count: 7 }, body: { ...everything, Count: 7 } }
        const answer = await callOpenApi(algorithm, 'formData', request)
        expect(answer).toMatchObject({ statusCode: 200, body: answered })
      })
    },
  )

  test('openapi-client with V3 and a JSON body', async () => {
    const answer = await callOpenApi(undefined, 'json', { body: { ...asked, Disk: { Size: 40 } } })
    expect(answer).toMatchObject({ statusCode: 200, body: answered })
  })

  test('openapi-client throws our errors with code and status', async () => {
    const failed = callOpenApi(undefined, 'formData', { query: { RegionId: 'mars-1' } })
    await expect(failed).rejects.toMatchObject({ code: 'InvalidRegionId.NotFound', statusCode: 404 })
  })

  const popClient = () =>
    new PopCore({
      ...credentials(),
      endpoint: `${protocol.toLowerCase()}://localhost:${listener.port}`,
      apiVersion: '2016-04-28',
      opts: protocol === 'HTTPS' ? { agent: new Agent({ ca: tls.ca }) } : {},
    })

  test.each(['GET', 'POST'])('pop-core by %s', async (method) => {
    const params = { ...asked, 'Disk.Size': 40 }
    const answer = await popClient().request<{ OwnerId: { toFixed(): string } }>('echo', params, { method })
    expect(answer).toMatchObject(answered)
    expect(answer.OwnerId.toFixed()).toBe('234567890123456789')
  })

  test('pop-core throws our errors with code', async () => {
    const failed = popClient().request('Nothing', {}, { method: 'POST' })
    await expect(failed).rejects.toMatchObject({ code: 'InvalidAction.NotFound' })
  })

  test('the STS client learns who it is', async () => {
    const endpoint = `localhost:${listener.port}`
    const client = new Sts.default(
      new OpenApiCore.$OpenApiUtil.Config({ ...credentials(), endpoint, protocol, ca: tls.ca }),
    )
    const { statusCode, body } = await client.getCallerIdentity()
    expect(statusCode).toBe(200)
    expect(body).toMatchObject({
      accountId: '12345678',
      arn: 'acs:ram::12345678:root',
      identityType: 'Account',
      userId: '12345678',
    })
  })
})
