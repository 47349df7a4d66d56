import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildProgram, run, type Surroundings } from './program.ts'
import { completionScript, shells } from './completion.ts'
import { displayWidth } from './screen.ts'

let state: string
beforeEach(() => (state = mkdtempSync(join(tmpdir(), 'postern-cli-'))))
afterEach(() => rmSync(state, { recursive: true, force: true }))

function surroundings(language: 'en' | 'zh' = 'en') {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  const made: Surroundings = {
    version: '1.2.3',
    language,
    machine: { root: false, env: {} },
    stdin: process.stdin,
    stdout: stdout as unknown as NodeJS.WriteStream,
    stderr: stderr as unknown as NodeJS.WriteStream,
    quickstart: () => Promise.resolve(),
  }
  const read = (stream: PassThrough) => String(stream.read() ?? '')
  return { made, stdout: () => read(stdout), stderr: () => read(stderr) }
}

async function postern(argv: readonly string[], language: 'en' | 'zh' = 'en') {
  const { made, stdout, stderr } = surroundings(language)
  const code = await run(argv, made)
  return { code, stdout: stdout(), stderr: stderr() }
}

describe('usage', () => {
  test.each([
    [['frobnicate']],
    [[]],
    [['up', '--nothing']],
    [['up', '--listen', 'here']],
    [['up', '--output', 'yaml']],
    [['account', 'create']],
    [['exec', 'not-an-instance', '--', 'true']],
    [['exec', 'i-1']],
    [['exec', 'i-1', '--']],
    [['explain', 'i-1', 'nowhere']],
    [['explain', 'i-1', 'ep-1:0']],
    [['proof', '--ports', 'eighty']],
    [['proof', '--limit', '0']],
    [['completion', 'csh']],
    [['call', 'Nothing']],
    [['vpc', 'Nothing']],
  ])('%j is wrong usage', async (argv) => {
    const { code, stdout, stderr } = await postern(argv)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).not.toBe('')
  })

  test('help and version are no errors', async () => {
    expect(await postern(['--version'])).toEqual({ code: 0, stdout: '1.2.3\n', stderr: '' })
    const help = await postern(['quickstart', '--help'])
    expect(help).toMatchObject({ code: 0, stderr: '' })
    expect(help.stdout).toContain('both walkthroughs')
  })

  test('in Chinese too', async () => {
    expect((await postern(['up', '--help'], 'zh')).stdout).toContain('选项：')
    expect((await postern(['frobnicate'], 'zh')).stderr).toContain('用法不对')
  })
})

test('regions that cannot be used are refused before anything starts', async () => {
  writeFileSync(join(state, 'mine.json'), '{"defaultRegion":"eu-west-1"}')
  const argv = ['up', '--state', join(state, 'd'), '--regions', join(state, 'mine.json')]
  const { code, stderr } = await postern(argv)
  expect(code).toBe(2)
  expect(stderr).toContain('mine.json: domainSuffix')
  expect(existsSync(join(state, 'd'))).toBe(false)
})

test('a deployment that is not there is said so, with what to do', async () => {
  const commands = [
    ['status'],
    ['metrics'],
    ['capacity'],
    ['audit'],
    ['events'],
    ['flows'],
    ['account', 'list'],
    ['exec', 'i-1', 'true'],
    ['console', 'i-1'],
  ]
  for (const [name = '', ...words] of commands) {
    const group = name === 'account' ? words.splice(0, 1) : []
    const { code, stderr } = await postern([name, ...group, '--state', state, ...words])
    expect(code).toBe(1)
    expect(stderr).toContain('./postern up')
  }
})

describe('accounts', () => {
  let server: Server
  const key = {
    AccountId: '12345678',
    AccountName: 'consumer',
    AccessKeyId: 'LTAI1',
    AccessKeySecret: 's3cret',
  }
  const requests: string[] = []

  beforeEach(async () => {
    requests.length = 0
    mkdirSync(join(state, 'server'))
    writeFileSync(
      join(state, 'config.json'),
      '{"deployment":"test","listen":"127.0.0.1:7080","purpose":"service"}',
    )
    server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => (body += String(chunk)))
      request.on('end', () => {
        requests.push(`${request.method} ${request.url} ${body}`)
        const refused = body.includes('"name":"taken"')
        response.writeHead(refused ? 409 : 200, { 'content-type': 'application/json' })
        const list = { Accounts: [{ AccountId: '12345678', AccountName: 'consumer' }] }
        response.end(JSON.stringify(refused ? { Message: 'exists' } : request.method === 'GET' ? list : key))
      })
    })
    await new Promise<void>((resolve) => server.listen(join(state, 'server/admin.sock'), resolve))
  })
  afterEach(() => server.close())

  const account = (...argv: string[]) => postern(['account', ...argv, '--state', state])

  test('create prints the key as one JSON object', async () => {
    const made = await account('create', '--id', '12345678', '--name', 'consumer', '--output', 'json')
    expect(made).toEqual({
      code: 0,
      stdout: `${JSON.stringify(key)}\n`,
      stderr: expect.stringContaining('LTAI1'),
    })
    expect(requests).toEqual(['POST /accounts {"id":"12345678","name":"consumer"}'])
  })

  test('create for a person says how to use it', async () => {
    const { stdout } = await account('create', '--name', 'consumer')
    expect(stdout).toContain('export ALIBABA_CLOUD_ACCESS_KEY_SECRET=s3cret')
    expect(stdout).toContain('PRIVATELINK_ENDPOINT=127.0.0.1:7080')
    expect(requests).toEqual(['POST /accounts {"name":"consumer"}'])
  })

  test('key create and list', async () => {
    expect((await account('key', 'create', '--id', '12345678')).code).toBe(0)
    expect((await account('list')).stdout).toContain('12345678  consumer')
    expect(requests).toEqual(['POST /accounts/12345678/keys ', 'GET /accounts '])
  })

  test('an id that is none is refused before the server is asked', async () => {
    expect((await account('create', '--id', '0x1', '--name', 'n')).code).toBe(2)
    expect(requests).toEqual([])
  })

  test('a refusal of the server is shown', async () => {
    expect(await account('create', '--name', 'taken')).toMatchObject({
      code: 1,
      stderr: 'postern: the server refused: exists\n',
    })
  })

  test('a server that does not answer is said not to run', async () => {
    server.close()
    await expect.poll(() => server.listening).toBe(false)
    const { code, stderr } = await account('list')
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('does not run') })
  })
})

test.each(shells)('the completion for %s knows every command', (shell) => {
  const script = completionScript(
    buildProgram(surroundings().made, () => {}),
    shell,
  )
  for (const word of ['quickstart', 'doctor', 'create', 'purge']) expect(script).toContain(word)
})

test('a Chinese character takes two columns', () => {
  expect(displayWidth('ECS1 访问')).toBe(9)
})
