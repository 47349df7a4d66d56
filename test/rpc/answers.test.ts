import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestServer, type TestServer } from './server.ts'
import { call, getV1, requestV1, requestV3, signParamsV1, systemParamsV1 } from './signed-request.ts'

let server: TestServer

beforeAll(async () => {
  server = await openTestServer()
})

afterAll(() => server.db.destroy())

test('64-bit numbers are written in full', async () => {
  const response = await server.app.request(requestV1(server, 'Echo'))
  expect(response.headers.get('content-type')).toBe('application/json;charset=utf-8')
  expect(await response.text()).toContain('"OwnerId":234567890123456789,')
})

test('empty lists are there, and no region means the default one', async () => {
  const { body } = await call(server, requestV1(server, 'Echo', { RegionId: '' }))
  expect(body).toMatchObject({ Names: { Name: [] }, Tags: [], Region: 'eu-central-1' })
})

test('XML, of an answer and of an error', async () => {
  const changes = { Format: 'xml', Text: '<a> & \u0000b', 'Names.1': 'one', 'Names.2': 'two' }
  const response = await server.app.request(requestV1(server, 'Echo', changes))
  expect(response.headers.get('content-type')).toBe('application/xml;charset=utf-8')
  const text = await response.text()
  expect(text).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?><EchoResponse><RequestId>[^<]*<\/RequestId>/)
  expect(text).toContain('<Text>&lt;a&gt; &amp; b</Text>')
  expect(text).toContain('<Names><Name>one</Name><Name>two</Name></Names>')
  expect(text).toContain('<OwnerId>234567890123456789</OwnerId>')

  const failed = await server.app.request(requestV1(server, 'Nothing', { Format: 'XML' }))
  expect(failed.status).toBe(404)
  expect(await failed.text()).toContain('<Error><RequestId>')
})

test('V3 with names that are encoded, and with names that are not', async () => {
  const answer = await call(
    server,
    requestV3(server, { action: 'echo', query: { 'Tag.1.Key': 'k', 名: 'x' } }),
  )
  expect(answer.status).toBe(200)
})

test('a header that came several times is signed sorted', async () => {
  const request = requestV3(server, { action: 'Echo', headers: { 'x-acs-extra': 'a,b' } })
  request.headers.set('x-acs-extra', 'b, a')
  expect((await call(server, request)).status).toBe(200)
})

test('Location names this server for what it serves, and nothing for what it does not', async () => {
  const ask = async (ServiceCode: string) => {
    const params = {
      ...systemParamsV1(server, 'DescribeEndpoints', '2015-06-12'),
      ServiceCode,
      Id: 'eu-central-1',
    }
    return (await call(server, getV1(signParamsV1('GET', params, server.key.secret)))).body
  }
  expect(await ask('privatelink')).toEqual({
    RequestId: expect.any(String),
    Success: true,
    Endpoints: {
      Endpoint: [
        {
          Endpoint: 'api.example.test:8080',
          Id: 'eu-central-1',
          Namespace: '',
          SerivceCode: 'privatelink',
          Type: 'openAPI',
          Protocols: { Protocols: ['HTTP', 'HTTPS'] },
        },
      ],
    },
  })
  expect(await ask('oss')).toMatchObject({ Endpoints: { Endpoint: [] } })
})

test('the log has one line a request, without secrets', async () => {
  server.logged.length = 0
  await call(server, requestV1(server, 'Echo'))
  expect(server.logged).toHaveLength(1)
  expect(server.logged[0]?.fields).toMatchObject({ action: 'Vpc:Echo', account: '12345678', status: 200 })
  expect(JSON.stringify(server.logged)).not.toContain(server.key.secret)
})
