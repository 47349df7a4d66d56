/** The command line against a real server: what people type, what they get, and how the program ends. */
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { run } from '../../src/cli/program.ts'
import { type Credentials, type RunningServer, startServer } from '../fixtures/running-server.ts'

let server: RunningServer
let consumer: Credentials
let provider: Credentials
let ca: string
let home: string

beforeAll(async () => {
  server = await startServer()
  consumer = await server.createAccount('12345678', 'consumer')
  provider = await server.createAccount('87654321', 'provider')
  ca = join(server.state, 'ca.pem')
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'postern-home-'))
})
afterEach(() => rm(home, { recursive: true }))

const keyOf = (credentials: Credentials): NodeJS.ProcessEnv => ({
  ALIBABA_CLOUD_ACCESS_KEY_ID: credentials.AccessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: credentials.AccessKeySecret,
})
const consuming = (): NodeJS.ProcessEnv => ({
  ...keyOf(consumer),
  POSTERN_ENDPOINT: server.host,
  POSTERN_CA: ca,
})

async function postern(words: readonly string[], env: NodeJS.ProcessEnv = consuming(), input = '') {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  stdin.end(input)
  const code = await run(words, {
    version: '1.2.3',
    language: 'en',
    machine: { root: false, env: { HOME: home, ...env } },
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    stderr: stderr as unknown as NodeJS.WriteStream,
    quickstart: () => Promise.resolve(),
  })
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') }
}

async function answer(words: readonly string[], env?: NodeJS.ProcessEnv): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await postern(words, env)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout) as Record<string, unknown>
}

const createVpc = async (name: string) => {
  const made = await answer(['vpc', 'CreateVpc', '--CidrBlock', '10.0.0.0/16', '--VpcName', name])
  return String(made['VpcId'])
}

describe('a call', () => {
  test.each(['https', 'http'])('by %s', async (scheme) => {
    const words = ['sts', 'GetCallerIdentity', '--endpoint', `${scheme}://${server.host}`]
    expect(await answer(words)).toMatchObject({ AccountId: '12345678' })
  })

  test('lists and objects arrive as such, and the first letter of a name is free', async () => {
    const tags = ['--Tag.1.Key', 'env', '--Tag.1.Value', 'a b&c=d', '--tag.2.Key', 'two']
    const { VpcId } = await answer(['vpc', 'createvpc', '--cidrBlock', '10.1.0.0/16', ...tags])
    expect(await answer(['vpc', 'DescribeVpcAttribute', '--VpcId', String(VpcId)])).toMatchObject({
      Tags: { Tag: [{ Key: 'env', Value: 'a b&c=d' }, { Key: 'two' }] },
    })
  })

  test('by the words of the first releases', async () => {
    expect(await answer(['call', 'Vpc', 'DescribeVpcs', 'PageSize=1'])).toMatchObject({ PageSize: 1 })
  })

  test('a refusal shows code, text and request id, and ends with 1', async () => {
    const { code, stdout, stderr } = await postern(['vpc', 'DeleteVpc', '--VpcId', 'vpc-none'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^postern: InvalidVpcId\.NotFound: .+\n {2}RequestId: [0-9A-F-]{36}\n$/)
  })

  test('--dryrun shows what would be sent and sends nothing', async () => {
    const words = ['vpc', 'CreateVpc', '--CidrBlock', '10.0.0.0/16', '--VpcName', 'never']
    const { stdout } = await postern([...words, '--region', 'cn-beijing', '--dryrun'])
    expect(stdout).not.toContain(consumer.AccessKeySecret)
    expect(JSON.parse(stdout)).toMatchObject({
      Action: 'CreateVpc',
      Parameters: { RegionId: 'cn-beijing', VpcName: 'never' },
    })
    expect(await answer(['vpc', 'DescribeVpcs', '--VpcName', 'never'])).toMatchObject({ TotalCount: 0 })
  })

  test('--quiet prints nothing', async () => {
    expect(await postern(['vpc', 'DescribeVpcs', '--quiet'])).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  test('nobody at the address is said, with the address', async () => {
    const { code, stderr } = await postern(['vpc', 'DescribeVpcs', '--endpoint', 'http://127.0.0.1:1'])
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('http://127.0.0.1:1') })
  })

  test('a server that no known authority vouches for is not called', async () => {
    const { code, stderr } = await postern(['vpc', 'DescribeVpcs'], { ...consuming(), POSTERN_CA: '' })
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot be called') })
  })
})

describe('what is shown', () => {
  let ids: readonly string[]
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'postern-home-'))
    ids = await Promise.all(['shown-1', 'shown-2', 'shown-3'].map(createVpc))
    await rm(home, { recursive: true })
  })

  test('--query is JMESPath', async () => {
    const filter = "Vpcs.Vpc[?starts_with(VpcName,'shown-')].VpcName | sort(@)"
    const { stdout } = await postern(['vpc', 'DescribeVpcs', '--PageSize', '50', '--query', filter])
    expect(JSON.parse(stdout)).toEqual(['shown-1', 'shown-2', 'shown-3'])
    const { stdout: same } = await postern(['vpc', 'DescribeVpcs', '--cli-query', 'PageNumber'])
    expect(same).toBe('1\n')
  })

  test('--output cols and rows make a table', async () => {
    const rows = "rows=Vpcs.Vpc[?VpcName=='shown-2']"
    const { stdout } = await postern([
      'vpc',
      'DescribeVpcs',
      '--PageSize',
      '50',
      '--output',
      'cols=VpcName,CidrBlock',
      rows,
    ])
    expect(stdout).toBe('VpcName | CidrBlock\n------- | ---------\nshown-2 | 10.0.0.0/16\n')
  })

  test('--pager gathers by number and by token', async () => {
    const words = ['vpc', 'DescribeVpcs', '--PageSize', '1', '--pager', 'path=Vpcs.Vpc']
    const { stdout } = await postern([...words, '--query', 'Vpcs.Vpc[].VpcId'])
    expect(JSON.parse(stdout)).toEqual(expect.arrayContaining([...ids]))
    await answer(['privatelink', 'OpenPrivateLinkService'])
    for (const name of ['one', 'two', 'three']) {
      await answer(['privatelink', 'CreateVpcEndpointService', '--ServiceDescription', name])
    }
    const services = await answer(['privatelink', 'ListVpcEndpointServices', '--MaxResults', '2', '--pager'])
    expect(services).toMatchObject({ NextToken: '' })
    expect(services['Services']).toHaveLength(3)
  })
})

describe('--waiter', () => {
  test('returns when the status is there', async () => {
    const id = await createVpc('waited')
    const wait = ['--waiter', 'expr=Status', 'to=Available', 'timeout=10', 'interval=0.05']
    const words = ['vpc', 'DescribeVpcAttribute', '--VpcId', id, ...wait]
    expect(await answer(words)).toMatchObject({ VpcId: id, Status: 'Available' })
  })

  test('says what it was when the time was over', async () => {
    const wait = ['--waiter', 'expr=PageNumber', 'to=2', 'timeout=0.2', 'interval=0.05']
    const { code, stderr } = await postern(['vpc', 'DescribeVpcs', ...wait])
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'postern: PageNumber was 1, not 2, after 0.2 s\n' })
  })
})

describe('wrong use ends with 2 before anything is sent', () => {
  test.each([
    [['vpc', 'DescribVpcs'], 'Did you mean DescribeVpcs?'],
    [['vpc', 'DescribeVpcs', '--VpcIdd', 'x'], 'Did you mean --VpcId?'],
    [['vpc', 'DescribeVpcs', '--VpcId'], '--VpcId needs a value'],
    [['vpc', 'DescribeVpcs', '--query', 'a['], "'a[' is no JMESPath expression"],
    [['vpc', 'DescribeVpcs', '--query', 'nonsense(@)'], 'is no JMESPath expression'],
    [['vpc', 'DescribeVpcs', '--profile', 'none'], 'there is no profile none'],
    [['vpc', 'DescribeVpcs', '--ca', '/none'], '/none cannot be read'],
    [['call', 'Nothing'], 'there is no product Nothing'],
  ])('%j', async (words, said) => {
    const { code, stdout, stderr } = await postern(words)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(said)
  })

  test('--force leaves it to the server', async () => {
    const { code, stderr } = await postern(['vpc', 'DescribVpcs', '--force'])
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('InvalidAction.NotFound'),
    })
    expect((await postern(['vpc', 'DescribeVpcs', '--Unknown', 'x', '--force'])).code).toBe(0)
  })

  test('nothing says where to call', async () => {
    const { code, stderr } = await postern(['vpc', 'DescribeVpcs', '--state', home], {})
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('--endpoint') })
  })
})

describe('profiles', () => {
  const file = () => join(home, '.postern', 'config.json')
  const set = async (name: string, credentials: Credentials, ...more: string[]) => {
    const key = [
      '--access-key-id',
      credentials.AccessKeyId,
      '--access-key-secret',
      credentials.AccessKeySecret,
    ]
    const address = ['--endpoint', server.host, '--ca', ca]
    const done = await postern(['configure', 'set', '--profile', name, ...key, ...address, ...more], {})
    expect(done).toEqual({ code: 0, stdout: '', stderr: '' })
  }
  const whoami = async (words: readonly string[] = [], env: NodeJS.ProcessEnv = {}) =>
    (await answer(['sts', 'GetCallerIdentity', ...words], env))['AccountId']

  test('are made, switched between, named and removed', async () => {
    await set('buyer', consumer)
    await set('seller', provider, '--region', 'cn-beijing')
    expect((await stat(file())).mode & 0o777).toBe(0o600)
    expect(await whoami()).toBe('87654321')
    expect(await whoami(['--profile', 'buyer'])).toBe('12345678')
    expect(await whoami([], { POSTERN_PROFILE: 'buyer' })).toBe('12345678')
    await postern(['configure', 'switch', '--profile', 'buyer'], {})
    expect(await whoami()).toBe('12345678')
    await postern(['configure', 'delete', '--profile', 'buyer'], {})
    expect(await whoami()).toBe('87654321')
    expect((await postern(['configure', 'delete', '--profile', 'buyer'], {})).code).toBe(2)
  })

  test('give way to keys in the environment, unless named', async () => {
    await set('seller', provider)
    expect(await whoami([], keyOf(consumer))).toBe('12345678')
    expect(await whoami(['--profile', 'seller'], keyOf(consumer))).toBe('87654321')
    const flags = ['--access-key-id', consumer.AccessKeyId, '--access-key-secret', consumer.AccessKeySecret]
    expect(await whoami(flags)).toBe('12345678')
  })

  test('name the region of calls', async () => {
    await set('seller', provider, '--region', 'cn-beijing')
    const zones = await answer(['vpc', 'DescribeZones'], {})
    expect(JSON.stringify(zones)).toContain('cn-beijing-a')
  })

  test('are shown without their secrets', async () => {
    await set('seller', provider)
    const list = await postern(['configure', 'list'], {})
    expect(list.stdout).toContain('seller *')
    const all = await postern(['configure', 'get'], {})
    expect(list.stdout + all.stdout).not.toContain(provider.AccessKeySecret)
    expect((await postern(['configure', 'get', 'access-key-id'], {})).stdout).toBe(
      `${provider.AccessKeyId}\n`,
    )
    expect((await postern(['configure', 'get', 'nothing'], {})).code).toBe(2)
  })

  test('are asked for at the terminal', async () => {
    const answers = [consumer.AccessKeyId, consumer.AccessKeySecret, 'eu-central-1', server.host, ca]
    const { code, stderr } = await postern(['configure', '--profile', 'mine'], {}, `${answers.join('\n')}\n`)
    expect(code).toBe(0)
    expect(stderr).not.toContain(consumer.AccessKeySecret)
    expect(await whoami()).toBe('12345678')
  })

  test('a mode that is none and a file that is none are refused', async () => {
    expect((await postern(['configure', 'set', '--mode', 'Magic'], {})).code).toBe(2)
    await mkdir(join(home, '.postern'))
    await writeFile(file(), '{"profiles":[{"name":1}]}')
    expect((await postern(['configure', 'list'], {})).code).toBe(2)
  })
})

describe('temporary keys', () => {
  const user = 'cli-user'
  const role = 'acs:ram::12345678:role/cli-role'
  const session = 'acs:ram::12345678:assumed-role/cli-role'
  let profile: readonly string[]

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'postern-home-'))
    await answer(['ram', 'CreateUser', '--UserName', user])
    const { AccessKey } = await answer(['ram', 'CreateAccessKey', '--UserName', user])
    const key = AccessKey as { AccessKeyId: string; AccessKeySecret: string }
    const assume = ['--PolicyType', 'System', '--PolicyName', 'AliyunSTSAssumeRoleAccess']
    await answer(['ram', 'AttachPolicyToUser', '--UserName', user, ...assume])
    const Principal = { RAM: ['acs:ram::12345678:root'] }
    const trust = { Version: '1', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }] }
    const document = ['--AssumeRolePolicyDocument', JSON.stringify(trust)]
    await answer(['ram', 'CreateRole', '--RoleName', 'cli-role', ...document])
    await rm(home, { recursive: true })
    const secret = ['--access-key-id', key.AccessKeyId, '--access-key-secret', key.AccessKeySecret]
    profile = ['--endpoint', server.host, '--ca', ca, ...secret]
  })
  const identity = async (words: readonly string[] = []) =>
    await answer(['sts', 'GetCallerIdentity', ...words], {})

  test('a profile of a role assumes it for each call', async () => {
    const mode = ['--mode', 'RamRoleArn', '--ram-role-arn', role, '--role-session-name', 'me']
    await postern(['configure', 'set', ...profile, ...mode], {})
    expect(await identity()).toMatchObject({
      IdentityType: 'AssumedRoleUser',
      Arn: `${session}/me`,
    })
  })

  test('a flag does it for one call', async () => {
    await postern(['configure', 'set', ...profile], {})
    expect(await identity()).toMatchObject({ IdentityType: 'RAMUser' })
    expect(await identity(['--ram-role-arn', role])).toMatchObject({ Arn: `${session}/postern` })
  })

  test('a token is a part of the key', async () => {
    await postern(['configure', 'set', ...profile], {})
    const words = ['sts', 'AssumeRole', '--RoleArn', role, '--RoleSessionName', 'mine']
    const given = (await answer(words, {}))['Credentials'] as Record<string, string>
    const key = [
      '--access-key-id',
      given['AccessKeyId'] ?? '',
      '--access-key-secret',
      given['AccessKeySecret'] ?? '',
    ]
    const token = ['--sts-token', given['SecurityToken'] ?? '']
    await postern(
      [
        'configure',
        'set',
        '--profile',
        'temporary',
        '--mode',
        'StsToken',
        ...profile.slice(0, 4),
        ...key,
        ...token,
      ],
      {},
    )
    expect(await identity()).toMatchObject({ Arn: `${session}/mine` })
    await postern(['configure', 'set', '--profile', 'temporary', '--mode', 'AK'], {})
    expect((await postern(['sts', 'GetCallerIdentity'], {})).code).toBe(1)
  })

  test('a role that is not for one is refused as such', async () => {
    await postern(['configure', 'set', ...profile], {})
    const { code, stderr } = await postern(['sts', 'GetCallerIdentity', '--ram-role-arn', `${role}-none`], {})
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('EntityNotExist.Role'),
    })
  })
})

describe('the operator of a deployment', () => {
  let state: string
  beforeEach(async () => {
    state = join(home, 'deployment')
    await mkdir(state)
    await symlink(server.state, join(state, 'server'))
    const config = { deployment: 'test', listen: server.host, purpose: 'service' }
    await writeFile(join(state, 'config.json'), JSON.stringify(config))
    await writeFile(join(state, 'ca.pem'), await readFile(ca))
  })
  const asAccount = (account: string) => ['sts', 'GetCallerIdentity', '--state', state, '--account', account]

  test('acts as any of its accounts, with one key that is kept', async () => {
    expect(await answer(asAccount('12345678'), {})).toMatchObject({ AccountId: '12345678' })
    const file = join(state, 'keys', '12345678.json')
    const kept = await readFile(file, 'utf8')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    await answer(asAccount('12345678'), {})
    expect(await readFile(file, 'utf8')).toBe(kept)
    expect(await answer(asAccount('87654321'), {})).toMatchObject({ AccountId: '87654321' })
    expect(await readdir(join(state, 'keys'))).toHaveLength(2)
  })

  test('a key that the server does not know any more is forgotten', async () => {
    await mkdir(join(state, 'keys'))
    const file = join(state, 'keys', '12345678.json')
    await writeFile(file, '{"accessKeyId":"LTAIgone","accessKeySecret":"gone"}')
    expect((await postern(asAccount('12345678'), {})).code).toBe(1)
    expect(existsSync(file)).toBe(false)
    expect((await postern(asAccount('12345678'), {})).code).toBe(0)
  })

  test('says which account when there are several', async () => {
    const { code, stderr } = await postern(['vpc', 'DescribeVpcs', '--state', state], {})
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('12345678, 87654321') })
  })

  test('needs only a key in the environment, as the SDKs do', async () => {
    const words = ['sts', 'GetCallerIdentity', '--state', state]
    expect(await answer(words, keyOf(consumer))).toMatchObject({ AccountId: '12345678' })
  })
})
