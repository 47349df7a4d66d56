/** A shell in the page: who may open one, and what goes over the line. The real way into an instance is in `test/netns/`. */
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { AuditedEvent } from '../../../src/api/audited-event.ts'
import { startServer, type Credentials, type RunningServer } from '../../fixtures/running-server.ts'
import { signedClient } from '../../fixtures/signed-client.ts'
import { keyOf, openBrowser, type Browser } from './browser.ts'

let server: RunningServer
let owner: Credentials
let stranger: Credentials
let instance: string
beforeAll(async () => {
  server = await startServer()
  owner = await server.createAccount('12345678', 'consumer')
  stranger = await server.createAccount('87654321', 'provider')
  const browser = await signedIn(owner)
  const make = async (product: string, action: string, params: object) => {
    const { status, body } = await browser.call(product, action, params)
    if (status !== 200) throw new Error(`${action}: ${JSON.stringify(body)}`)
    await server.settled()
    return body as Record<string, string>
  }
  const { VpcId = '' } = await make('Vpc', 'CreateVpc', { CidrBlock: '10.0.0.0/16' })
  const place = { VpcId, CidrBlock: '10.0.0.0/24', ZoneId: 'eu-central-1b' }
  const { VSwitchId = '' } = await make('Vpc', 'CreateVSwitch', place)
  const { SecurityGroupId = '' } = await make('Ecs', 'CreateSecurityGroup', { VpcId })
  const made = await make('Ecs', 'RunInstances', {
    VSwitchId,
    SecurityGroupId,
    ImageId: 'postern_sandbox',
    InstanceType: 'ecs.t6-c1m1.large',
  })
  instance =
    (made as unknown as { InstanceIdSets: { InstanceIdSet: string[] } }).InstanceIdSets.InstanceIdSet[0] ?? ''
}, 30_000)
afterAll(() => server[Symbol.asyncDispose]())

async function signedIn(key: Credentials): Promise<Browser> {
  const browser = openBrowser(server)
  await browser.signIn(keyOf(key))
  return browser
}

interface Opened {
  readonly socket: WebSocket
  readonly output: () => string
  readonly texts: string[]
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
}

/** The HTTP answer when the handshake is refused. */
async function open(
  cookie: string,
  id: string,
  headers: Record<string, string> = {},
): Promise<Opened | { status: number; body: unknown }> {
  const socket = new WebSocket(`ws://${server.host}/console/shell/${id}`, {
    headers: { cookie, origin: `http://${server.host}`, ...headers },
  })
  let output = ''
  const texts: string[] = []
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) output += data.toString()
    else texts.push(data.toString())
  })
  const closed = once(socket, 'close').then(([code, reason]) => ({
    code: code as number,
    reason: String(reason),
  }))
  return await new Promise((resolve, reject) => {
    socket.on('open', () => resolve({ socket, output: () => output, texts, closed }))
    socket.on('unexpected-response', (_request, response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as unknown }),
      )
    })
    socket.on('error', reject)
  })
}

async function opened(cookie: string, id = instance): Promise<Opened> {
  const shell = await open(cookie, id)
  if (!('socket' in shell)) throw new Error(JSON.stringify(shell))
  return shell
}

const soon = { timeout: 5_000, interval: 20 }

test('bytes both ways, sizes, and the exit code', { timeout: 30_000 }, async () => {
  const { cookie } = await signedIn(owner)
  const shell = await opened(cookie)
  await expect.poll(shell.output, soon).toContain(`"instance":"${instance}"`)
  const bytes = Buffer.from([0, 255, 10, 13])
  shell.socket.send(Buffer.concat([Buffer.from('hello '), bytes]))
  await expect.poll(shell.output, soon).toContain('hello \0')
  shell.socket.send(JSON.stringify({ resize: { cols: 120, rows: 40 } }))
  await expect.poll(shell.output, soon).toContain('size {"rows":40,"columns":120}')
  shell.socket.send(Buffer.from('exit 3\n'))
  expect(await shell.closed).toMatchObject({ code: 1000 })
  expect(shell.texts).toEqual(['{"exit":3}'])
})

test('what is no message of the protocol ends it', { timeout: 30_000 }, async () => {
  const { cookie } = await signedIn(owner)
  for (const text of [
    'nonsense',
    '{"resize":{"cols":0,"rows":1}}',
    '{"resize":{"cols":1e9,"rows":1}}',
    '[]',
  ]) {
    const shell = await opened(cookie)
    shell.socket.send(text)
    expect(await shell.closed).toMatchObject({ code: 1008 })
  }
})

test('no session, no page of the console, no such instance, not one’s own', { timeout: 30_000 }, async () => {
  const { cookie } = await signedIn(owner)
  expect(await open('', instance)).toMatchObject({ status: 401, body: { Code: 'ConsoleNeedLogin' } })
  for (const origin of ['http://evil.example', 'null', `http://127.0.0.1:1`]) {
    expect(await open(cookie, instance, { origin })).toMatchObject({
      status: 403,
      body: { Code: 'PostonlyOrTokenError' },
    })
  }
  const missing = await open(cookie, 'i-aaaaaaaaaaaaaaaaaaaa')
  expect(missing).toMatchObject({ status: 404, body: { Code: 'InvalidInstanceId.NotFound' } })
  const foreign = await open((await signedIn(stranger)).cookie, instance)
  expect(foreign).toMatchObject({ status: 404, body: { Code: 'InvalidInstanceId.NotFound' } })
  expect(await open(cookie, '../session')).toMatchObject({ status: 404 })
})

test('a user needs the right to it, and each try is in the record', { timeout: 30_000 }, async () => {
  using client = signedClient({ host: server.host, credentials: owner })
  const ram = (Action: string, parameters: Record<string, string>) =>
    client.call({ Action, Version: '2015-05-01', ...parameters })
  await ram('CreateUser', { UserName: 'reader' })
  const { AccessKey } = await ram('CreateAccessKey', { UserName: 'reader' })
  const reader = await signedIn({ AccountId: '12345678', ...(AccessKey as Omit<Credentials, 'AccountId'>) })
  await ram('AttachPolicyToUser', {
    UserName: 'reader',
    PolicyType: 'System',
    PolicyName: 'AliyunECSReadOnlyAccess',
  })
  expect(await open(reader.cookie, instance)).toMatchObject({
    status: 403,
    body: { AccessDeniedDetail: { AuthAction: 'ecs:StartTerminalSession' } },
  })
  const resource = `acs:ecs:*:*:instance/${instance}`
  const Statement = [{ Effect: 'Allow', Action: 'ecs:StartTerminalSession', Resource: resource }]
  const PolicyDocument = JSON.stringify({ Version: '1', Statement })
  await ram('CreatePolicy', { PolicyName: 'shell', PolicyDocument })
  await ram('AttachPolicyToUser', { UserName: 'reader', PolicyType: 'Custom', PolicyName: 'shell' })
  const shell = await opened(reader.cookie)
  shell.socket.close()
  const { Events } = (await client.call({
    Action: 'LookupEvents',
    Version: '2020-07-06',
    'LookupAttribute.1.Key': 'EventName',
    'LookupAttribute.1.Value': 'StartTerminalSession',
    'LookupAttribute.2.Key': 'User',
    'LookupAttribute.2.Value': 'reader',
  })) as unknown as { Events: AuditedEvent[] }
  expect(Events).toHaveLength(2)
  expect(Events[0]).toMatchObject({
    eventType: 'ConsoleOperation',
    serviceName: 'Ecs',
    resourceName: instance,
  })
  expect(Events[0]).not.toHaveProperty('errorCode')
  expect(Events[1]).toMatchObject({ errorCode: 'Forbidden.RAM' })
})

test(
  'it ends with the session, and a server that ends does not wait for it',
  { timeout: 20_000 },
  async () => {
    const browser = await signedIn(owner)
    const shell = await opened(browser.cookie)
    await browser.send('DELETE', '/console/session')
    expect(await shell.closed).toMatchObject({ code: 4401 })
  },
)
