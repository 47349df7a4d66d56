import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { CallError, canonicalQuery, client, flatten, signedHeaders } from './client.ts'

describe('signature', () => {
  test('the published example', () => {
    const query = canonicalQuery(
      flatten({ RegionId: 'cn-hangzhou', Tag: [{ Key: 'env', Value: "a b*~'!" }] }),
    )
    const headers = signedHeaders(
      { accessKeyId: 'LTAIexample', accessKeySecret: 'example-secret' },
      'api.example.test:8080',
      'Privatelink',
      'ListVpcEndpointServices',
      query,
      new Date('2026-11-23T08:00:00.123Z'),
      'n-0001',
    )
    expect(headers['authorization']).toMatch(
      /Signature=e1274fcf2bb84d389d6ff89de023639567bdef172e6714103e7615074aa74a81$/,
    )
  })

  test('a name is sorted by itself, not together with its value', () => {
    const list = Array.from({ length: 10 }, (_, index) => index + 1)
    expect(canonicalQuery(flatten({ Id: list }))).toMatch(/^Id\.1=1&Id\.10=10&Id\.2=2/)
  })
})

test.each([
  [{ A: undefined }, []],
  [
    { A: 1, B: true },
    [
      ['A', '1'],
      ['B', 'true'],
    ],
  ],
  [
    { A: ['x', { b: 'y', c: ['z'] }] },
    [
      ['A.1', 'x'],
      ['A.2.b', 'y'],
      ['A.2.c.1', 'z'],
    ],
  ],
] as const)('flatten %j', (params, pairs) => {
  expect(flatten(params)).toEqual(pairs)
})

describe('call', () => {
  const closers: (() => void)[] = []
  afterEach(() => closers.splice(0).forEach((close) => close()))

  async function answering(status: number, body: string) {
    const requests: IncomingMessage[] = []
    const server = createServer((request, response) => {
      requests.push(request)
      response.writeHead(status, { 'content-type': 'application/json' }).end(body)
    })
    closers.push(() => {
      server.closeAllConnections()
      server.close()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const endpoint = `http://127.0.0.1:${port}`
    const call = client({ endpoint, accessKeyId: 'id', accessKeySecret: 'secret', region: 'eu-central-1' })
    return { call, requests, host: `127.0.0.1:${port}` }
  }

  test('carries parameters in the query, and the action in headers', async () => {
    const { call, requests, host } = await answering(200, '{"RequestId":"R","VpcId":"vpc-1"}')
    expect(await call('Vpc', 'CreateVpc', { CidrBlock: '10.0.0.0/16' })).toEqual({
      RequestId: 'R',
      VpcId: 'vpc-1',
    })
    const [request] = requests
    expect(request).toMatchObject({ method: 'POST', url: '/?CidrBlock=10.0.0.0%2F16&RegionId=eu-central-1' })
    expect(request?.headers).toMatchObject({
      host,
      'x-acs-action': 'CreateVpc',
      'x-acs-version': '2016-04-28',
    })
  })

  test('a refusal has code, text, status and request id', async () => {
    const { call } = await answering(400, '{"RequestId":"R","Code":"InvalidParameter","Message":"no"}')
    const error = await call('Vpc', 'CreateVpc').catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(CallError)
    expect(error).toMatchObject({ code: 'InvalidParameter', status: 400, requestId: 'R' })
  })

  test('a number beyond 2^53 keeps its digits', async () => {
    const { call } = await answering(200, '{"UserId":1234567890123456789,"Count":3}')
    expect(await call('Sts', 'GetCallerIdentity')).toEqual({ UserId: '1234567890123456789', Count: 3 })
  })

  test('an answer that is no JSON is an error that shows it', async () => {
    const { call } = await answering(502, '<html>bad gateway</html>')
    await expect(call('Vpc', 'DescribeVpcs')).rejects.toThrow('HTTP 502')
  })
})
