/** A hundred writers at once on a real server process: nothing is lost, nothing is given away twice. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { overlaps, parseCidr } from '../../src/model/ipv4.ts'
import { startServer, type RunningServer } from '../fixtures/running-server.ts'
import { signedClient, type Answer, type Parameters, type SignedClient } from '../fixtures/signed-client.ts'

const writers = 100
const zone = 'eu-central-1b'

let server: RunningServer
let client: SignedClient
beforeAll(async () => {
  server = await startServer()
  const credentials = await server.createAccount('12345678', 'many')
  client = signedClient({ host: server.host, credentials })
})
afterAll(async () => {
  client[Symbol.dispose]()
  await server[Symbol.asyncDispose]()
})

const vpcCall = (Action: string, parameters: Parameters) =>
  client.send({ Action, Version: '2016-04-28', ...parameters })
const ecsCall = (Action: string, parameters: Parameters) =>
  client.send({ Action, Version: '2014-05-26', ...parameters })

function atOnce(send: (number: number) => Promise<Answer>): Promise<Answer[]> {
  return Promise.all(Array.from({ length: writers }, (_, number) => send(number)))
}

function count(answers: readonly Answer[]): Readonly<Record<string, number>> {
  const codes = Map.groupBy(answers, ({ body: { Code } }) => (typeof Code === 'string' ? Code : 'done'))
  return Object.fromEntries([...codes].map(([code, of]) => [code, of.length]))
}

async function until(wanted: string, look: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000
  while (!(await look())) if (performance.now() > end) throw new Error(`waited in vain for ${wanted}`)
}

async function makeVpc(): Promise<string> {
  const { body } = await vpcCall('CreateVpc', { CidrBlock: '10.0.0.0/8' })
  const VpcId = String(body['VpcId'])
  await until('the VPC', async () => {
    return (await vpcCall('DescribeVpcAttribute', { VpcId })).body['Status'] === 'Available'
  })
  return VpcId
}

async function makeVSwitch(VpcId: string, CidrBlock: string): Promise<string> {
  const { body } = await vpcCall('CreateVSwitch', { VpcId, ZoneId: zone, CidrBlock })
  const VSwitchId = String(body['VSwitchId'])
  await until('the vSwitch', async () => {
    return (await vpcCall('DescribeVSwitchAttributes', { VSwitchId })).body['Status'] === 'Available'
  })
  return VSwitchId
}

async function makeGroup(VpcId: string): Promise<string> {
  const { body } = await ecsCall('CreateSecurityGroup', { VpcId })
  return String(body['SecurityGroupId'])
}

async function cidrsOf(VpcId: string): Promise<string[]> {
  const { body } = await vpcCall('DescribeVSwitches', { VpcId, PageSize: 50 })
  const found = (answer: Answer['body']) =>
    (answer['VSwitches'] as { VSwitch: { CidrBlock: string }[] }).VSwitch.map((row) => row.CidrBlock)
  const cidrs = found(body)
  for (let PageNumber = 2; cidrs.length < Number(body['TotalCount']); PageNumber++) {
    cidrs.push(...found((await vpcCall('DescribeVSwitches', { VpcId, PageSize: 50, PageNumber })).body))
  }
  return cidrs
}

test('one block asked for by all is given once', async () => {
  const VpcId = await makeVpc()
  const answers = await atOnce(() =>
    vpcCall('CreateVSwitch', { VpcId, ZoneId: zone, CidrBlock: '10.1.0.0/24' }),
  )
  expect(count(answers)).toEqual({ done: 1, 'InvalidCidrBlock.Overlapped': writers - 1 })
  expect(await cidrsOf(VpcId)).toEqual(['10.1.0.0/24'])
})

test('of blocks that overlap, those given do not', async () => {
  const VpcId = await makeVpc()
  const answers = await atOnce((number) => {
    const CidrBlock = `10.${number % 10}.${(number * 8) % 32}.0/${20 + (number % 5)}`
    return parseCidr(CidrBlock)
      ? vpcCall('CreateVSwitch', { VpcId, ZoneId: zone, CidrBlock })
      : Promise.resolve({ status: 200, body: { Code: 'unaligned' } })
  })
  const cidrs = (await cidrsOf(VpcId)).map((text) => parseCidr(text))
  expect(cidrs.length).toBe(count(answers)['done'])
  expect(cidrs.length).toBeGreaterThan(5)
  expect(cidrs.length).toBeLessThan(writers)
  const pairs = cidrs.flatMap((a, index) => cidrs.slice(index + 1).map((b) => [a, b] as const))
  expect(pairs.filter(([a, b]) => !a || !b || overlaps(a, b))).toEqual([])
})

test('a hundred blocks that do not overlap are all there, each with an address between namespaces of its own', async () => {
  const VpcId = await makeVpc()
  const wanted = Array.from({ length: writers }, (_, number) => `10.9.${number}.0/24`)
  const answers = await atOnce((number) =>
    vpcCall('CreateVSwitch', { VpcId, ZoneId: zone, CidrBlock: wanted[number] ?? '' }),
  )
  expect(count(answers)).toEqual({ done: writers })
  expect((await cidrsOf(VpcId)).toSorted()).toEqual(wanted.toSorted())
  using database = new DatabaseSync(join(server.state, 'postern.db'), { readOnly: true })
  const pairs = database.prepare('select pair, owner from transit_pair').all()
  const owners = answers.map(({ body }) => body['VSwitchId'])
  expect(pairs.filter(({ owner }) => owners.includes(owner))).toHaveLength(writers)
  expect(new Set(pairs.map(({ pair }) => pair)).size).toBe(pairs.length)
})

test('one token from all gives one object and one answer', async () => {
  const answers = await atOnce(() =>
    vpcCall('CreateVpc', { CidrBlock: '10.0.0.0/8', VpcName: 'once', ClientToken: 'one-for-all' }),
  )
  expect(count(answers)).toEqual({ done: writers })
  expect(new Set(answers.map(({ body }) => body['VpcId'])).size).toBe(1)
  expect(new Set(answers.map(({ body }) => body['RequestId'])).size).toBe(writers)
  const { body } = await vpcCall('DescribeVpcs', { VpcName: 'once' })
  expect(body['TotalCount']).toBe(1)
})

test('one token with other parameters each is good for one of them', async () => {
  const answers = await atOnce((number) =>
    vpcCall('CreateVpc', { VpcName: `one-of-many-${number}`, ClientToken: 'other' }),
  )
  expect(count(answers)).toEqual({ done: 1, IdempotentParameterMismatch: writers - 1 })
})

test('no address is given to two instances', async () => {
  const VpcId = await makeVpc()
  const VSwitchId = await makeVSwitch(VpcId, '10.2.0.0/24')
  const SecurityGroupId = await makeGroup(VpcId)
  const machine = {
    VSwitchId,
    SecurityGroupId,
    ImageId: 'postern_sandbox',
    InstanceType: 'ecs.t6-c1m1.large',
  }
  const asked = await atOnce(() => ecsCall('RunInstances', { ...machine, PrivateIpAddress: '10.2.0.200' }))
  expect(count(asked)).toEqual({ done: 1, 'InvalidIPAddress.AlreadyUsed': writers - 1 })
  const answers = await atOnce(() => ecsCall('RunInstances', machine))
  expect(count(answers)).toEqual({ done: writers })
  const addresses: string[] = []
  for (const PageNumber of [1, 2]) {
    const { body } = await ecsCall('DescribeNetworkInterfaces', { VSwitchId, PageSize: 100, PageNumber })
    const sets = body['NetworkInterfaceSets'] as { NetworkInterfaceSet: { PrivateIpAddress: string }[] }
    addresses.push(...sets.NetworkInterfaceSet.map((eni) => eni.PrivateIpAddress))
  }
  expect(addresses).toHaveLength(writers + 1)
  expect(new Set(addresses).size).toBe(writers + 1)
})

test('a hundred rules added to one group are all there', async () => {
  const SecurityGroupId = await makeGroup(await makeVpc())
  const answers = await atOnce((number) =>
    ecsCall('AuthorizeSecurityGroup', {
      SecurityGroupId,
      'Permissions.1.IpProtocol': 'TCP',
      'Permissions.1.PortRange': `${1000 + number}/${1000 + number}`,
      'Permissions.1.SourceCidrIp': '0.0.0.0/0',
    }),
  )
  expect(count(answers)).toEqual({ done: writers })
  const { body } = await ecsCall('DescribeSecurityGroupAttribute', {
    SecurityGroupId,
    Direction: 'ingress',
  })
  const { Permission } = body['Permissions'] as { Permission: { PortRange: string }[] }
  const ports = Permission.map(({ PortRange }) => Number.parseInt(PortRange, 10))
  expect(ports.toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: writers }, (_, number) => 1000 + number),
  )
})

test('of a hundred deletions of one object, one does it', async () => {
  const VpcId = await makeVpc()
  const SecurityGroupId = await makeGroup(VpcId)
  const answers = await atOnce(() => ecsCall('DeleteSecurityGroup', { SecurityGroupId }))
  expect(count(answers)).toEqual({ done: 1, 'InvalidSecurityGroupId.NotFound': writers - 1 })
})

test('every one of these calls is in the record, once', async () => {
  using database = new DatabaseSync(join(server.state, 'postern.db'), { readOnly: true })
  const number = (text: string) => Number(database.prepare(text).get()?.['number'])
  // The operator, who made the accounts, signs nothing.
  const signed = `from audit_event where principal_type <> 'operator'`
  const calls = number(`select count(*) as number ${signed}`)
  expect(calls).toBeGreaterThan(9 * writers)
  expect(number(`select count(distinct request_id) as number ${signed}`)).toBe(calls)
  expect(number('select count(*) as number from nonce')).toBe(calls)
})
