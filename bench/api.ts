/** How fast the API answers: signed reads and writes on a real server process, and lists of 100 and of 10,000. */
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { AccountId } from '../src/model/ids.ts'
import { startServer } from '../test/fixtures/running-server.ts'
import { signedClient, type Parameters, type SignedClient } from '../test/fixtures/signed-client.ts'
import { seed } from './seed.ts'
import { closedLoad, openLoad, type LoadFigure } from './signed-load.ts'
import { count, median, table } from './statistics.ts'

export interface ApiFigures {
  readonly loads: readonly LoadRow[]
  readonly lists: readonly ListFigure[]
}

export interface LoadRow {
  readonly name: string
  /** Requests a second that the API is meant to carry on two cores. */
  readonly goal: number
  /** The best of the rounds, as fast as answers come. */
  readonly full: LoadFigure
  /** Time of a processor that the server took for one request of it. */
  readonly serverMicros: number
  readonly half: LoadFigure
}

export interface ListFigure {
  readonly action: string
  readonly page: 'first' | 'last'
  /** Median milliseconds of one call after the other, by the number of objects. */
  readonly few: number
  readonly many: number
}

const connections = 32
const few = 100
const pageSize = 50
const many = 10_000
const account = '12345678' as AccountId
const vpc = { Version: '2016-04-28', RegionId: 'eu-central-1' }

export async function measureApi(seconds: number, progress: (text: string) => void): Promise<ApiFigures> {
  const loads = await measureLoads(seconds, progress)
  progress(`lists of ${few} and of ${many}`)
  return { loads, lists: await measureLists() }
}

const rounds = 3

/** One account asks here for as much as a whole server can do. */
async function allowAnyRate(databaseFile: string): Promise<void> {
  const rate = { perSecond: 1e6, burst: 1e6 }
  await writeFile(
    join(dirname(databaseFile), 'throttling.json'),
    JSON.stringify({ read: rate, write: rate, account: rate }),
  )
}

async function measureLoads(seconds: number, progress: (text: string) => void): Promise<LoadRow[]> {
  await using server = await startServer({ prepare: allowAnyRate })
  const credentials = await server.createAccount(account, 'bench')
  using client = signedClient({ host: server.host, credentials })
  const vpcs = await makeVpcs(client, 20)
  const [VpcId = ''] = vpcs
  const rows: LoadRow[] = []
  for (const [name, goal, next] of [
    ['read one', 2000, () => ({ ...vpc, Action: 'DescribeVpcAttribute', VpcId })],
    ['read ten', 2000, () => ({ ...vpc, Action: 'DescribeVpcs' })],
    ['write', 500, writeTo(vpcs)],
  ] as const) {
    progress(name)
    await closedLoad(client, connections, 1, next)
    const best = await bestOf(rounds, server.pid, () => closedLoad(client, connections, seconds, next))
    rows.push({ name, goal, ...best, half: await openLoad(client, goal / 2, seconds, next) })
  }
  return rows
}

/** Whatever else the machine does only makes a round slower. */
async function bestOf(
  tries: number,
  pid: number,
  run: () => Promise<LoadFigure>,
): Promise<Pick<LoadRow, 'full' | 'serverMicros'>> {
  const measured: Pick<LoadRow, 'full' | 'serverMicros'>[] = []
  for (let round = 0; round < tries; round++) {
    const before = await processorMicros(pid)
    const full = await run()
    measured.push({ full, serverMicros: ((await processorMicros(pid)) - before) / full.requests })
  }
  const best = measured.toSorted((a, b) => b.full.perSecond - a.full.perSecond)[0]
  if (!best) throw new Error('nothing was measured')
  return best
}

/** Of a process, in user and kernel mode. Linux counts in hundredths of a second. */
async function processorMicros(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

async function makeVpcs(client: SignedClient, number: number): Promise<string[]> {
  const vpcs: string[] = []
  for (let made = 0; made < number; made++) {
    const { VpcId } = await client.call({ ...vpc, Action: 'CreateVpc', CidrBlock: '10.0.0.0/8' })
    vpcs.push(String(VpcId))
  }
  return vpcs
}

/** Names of VPCs change: each is a write of a row and of its record. */
function writeTo(vpcs: readonly string[]): () => Parameters {
  let number = 0
  return () => {
    number += 1
    const VpcId = vpcs[number % vpcs.length] ?? ''
    return { ...vpc, Action: 'ModifyVpcAttribute', VpcId, VpcName: `name-${number}` }
  }
}

interface ListCall {
  readonly action: string
  readonly first: Parameters
  /** How the last page is asked for: by number, or by the tokens on the way. */
  readonly last: 'number' | 'token'
}

const ecs = { Version: '2014-05-26', RegionId: 'eu-central-1' }
const slb = { Version: '2014-05-15', RegionId: 'eu-central-1' }
const nlb = { Version: '2022-04-30', RegionId: 'eu-central-1' }
const privatelink = { Version: '2020-04-15', RegionId: 'eu-central-1' }
const resourceManager = { Version: '2020-03-31' }
const numbered = { PageSize: pageSize }
const byToken = { MaxResults: pageSize }
const ServiceId = 'epsrv-seed0000000000000000'

const lists: readonly ListCall[] = [
  { action: 'DescribeVSwitches', first: { ...vpc, ...numbered }, last: 'number' },
  { action: 'DescribeInstances', first: { ...ecs, ...numbered }, last: 'number' },
  { action: 'DescribeInstanceStatus', first: { ...ecs, ...numbered }, last: 'number' },
  { action: 'DescribeDisks', first: { ...ecs, ...numbered }, last: 'number' },
  { action: 'DescribeNetworkInterfaces', first: { ...ecs, ...numbered }, last: 'number' },
  { action: 'DescribeSecurityGroups', first: { ...ecs, ...numbered }, last: 'number' },
  { action: 'DescribePrefixLists', first: { ...ecs, ...byToken }, last: 'token' },
  { action: 'DescribeLoadBalancers', first: { ...slb, ...numbered }, last: 'number' },
  { action: 'ListLoadBalancers', first: { ...nlb, ...byToken }, last: 'token' },
  { action: 'ListListeners', first: { ...nlb, ...byToken }, last: 'token' },
  { action: 'ListServerGroups', first: { ...nlb, ...byToken }, last: 'token' },
  { action: 'ListVpcEndpoints', first: { ...privatelink, ...byToken }, last: 'token' },
  { action: 'ListVpcEndpointConnections', first: { ...privatelink, ...byToken }, last: 'token' },
  { action: 'ListVpcEndpointServices', first: { ...privatelink, ...byToken }, last: 'token' },
  { action: 'ListVpcEndpointServiceUsers', first: { ...privatelink, ...byToken, ServiceId }, last: 'token' },
  { action: 'ListResourceGroups', first: { ...resourceManager, ...numbered }, last: 'number' },
  { action: 'ListResources', first: { ...resourceManager, ...numbered }, last: 'number' },
]

const samples = 40

interface Filled extends AsyncDisposable {
  readonly client: SignedClient
  readonly objects: number
}

/** A server whose account has so many of everything, at rest. */
async function fill(objects: number): Promise<Filled> {
  const server = await startServer({ prepare: (file) => seed(file, account, objects) })
  const credentials = await server.createAccount(account, 'bench')
  await server.settled()
  const client = signedClient({ host: server.host, credentials })
  return {
    client,
    objects,
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}

async function measureLists(): Promise<ListFigure[]> {
  await using small = await fill(few)
  await using large = await fill(many)
  const figures: ListFigure[] = []
  for (const list of lists) {
    for (const page of ['first', 'last'] as const) {
      figures.push({ action: list.action, page, ...(await compare(list, page, small, large)) })
    }
  }
  return figures
}

/** In turns, so that whatever else the machine does slows both. */
async function compare(list: ListCall, page: ListFigure['page'], small: Filled, large: Filled) {
  const askSmall = await pageOf(list, page, small)
  const askLarge = await pageOf(list, page, large)
  const times = { few: [] as number[], many: [] as number[] }
  for (let sample = 0; sample < samples; sample++) {
    times.few.push(await timeOf(small.client, askSmall))
    times.many.push(await timeOf(large.client, askLarge))
  }
  return { few: median(times.few), many: median(times.many) }
}

async function pageOf(list: ListCall, page: ListFigure['page'], of: Filled): Promise<Parameters> {
  const first = { ...list.first, Action: list.action }
  if (page === 'first') return first
  return list.last === 'number'
    ? { ...first, PageNumber: of.objects / pageSize }
    : await lastPage(of.client, first)
}

async function lastPage(client: SignedClient, first: Parameters): Promise<Parameters> {
  let page = first
  for (;;) {
    const { NextToken } = await client.call(page)
    if (typeof NextToken !== 'string' || NextToken === '') return page
    page = { ...first, NextToken }
  }
}

async function timeOf(client: SignedClient, parameters: Parameters): Promise<number> {
  const start = performance.now()
  await client.call(parameters)
  return performance.now() - start
}

export function apiTables({ loads, lists: listed }: ApiFigures): string {
  const load = table([
    ['signed requests', '/s', 'goal', 'server CPU, us', 'at half the goal: median, ms', 'p99, ms'],
    ...loads.map(({ name, goal, full, serverMicros, half }) => [
      name,
      count(full.perSecond),
      count(goal),
      count(serverMicros),
      half.medianMs.toFixed(1),
      half.p99Ms.toFixed(1),
    ]),
  ])
  const flat = table([
    ['list', 'page', `of ${count(few)}, ms`, `of ${count(many)}, ms`, 'ratio'],
    ...listed.map((list) => [
      list.action,
      list.page,
      list.few.toFixed(2),
      list.many.toFixed(2),
      (list.many / list.few).toFixed(2),
    ]),
  ])
  return `${load}\n\n${flat}\n`
}
