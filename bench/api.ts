/** How fast the API answers: signed reads and writes on a real server process, and lists of 100 and of 10,000. */
import type { AccountId } from '../src/model/ids.ts'
import { startServer } from '../test/fixtures/running-server.ts'
import { signedClient, type Parameters, type SignedClient } from '../test/fixtures/signed-client.ts'
import { seed } from './seed.ts'
import { closedLoad, openLoad, type LoadFigure } from './signed-load.ts'
import { count, median, table } from './statistics.ts'

export interface ApiFigures {
  readonly reads: LoadFigure
  readonly writes: LoadFigure
  readonly readsAtHalf: LoadFigure
  readonly writesAtHalf: LoadFigure
  readonly lists: readonly ListFigure[]
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
const many = 10_000
const account = '12345678' as AccountId
const vpc = { Version: '2016-04-28', RegionId: 'eu-central-1' }

/** The goals that the issue of this API names. */
const goals = { reads: 2000, writes: 500 }

export async function measureApi(seconds: number, progress: (text: string) => void): Promise<ApiFigures> {
  const load = await measureLoad(seconds, progress)
  const lists: ListFigure[] = []
  const fast = await measureLists(few, progress)
  const slow = await measureLists(many, progress)
  for (const [index, { action, page, ms }] of fast.entries()) {
    lists.push({ action, page, few: ms, many: slow[index]?.ms ?? Number.NaN })
  }
  return { ...load, lists }
}

async function measureLoad(
  seconds: number,
  progress: (text: string) => void,
): Promise<Omit<ApiFigures, 'lists'>> {
  await using server = await startServer()
  const credentials = await server.createAccount(account, 'bench')
  using client = signedClient({ host: server.host, credentials })
  const vpcs = await makeVpcs(client, 20)
  const read = () => ({ ...vpc, Action: 'DescribeVpcs' })
  const write = writeTo(vpcs)
  await closedLoad(client, connections, 1, read)
  progress('reads')
  const reads = await closedLoad(client, connections, seconds, read)
  progress('reads at half the goal')
  const readsAtHalf = await openLoad(client, goals.reads / 2, seconds, read)
  progress('writes')
  const writes = await closedLoad(client, connections, seconds, write)
  progress('writes at half the goal')
  const writesAtHalf = await openLoad(client, goals.writes / 2, seconds, write)
  return { reads, readsAtHalf, writes, writesAtHalf }
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

const privatelink = { Version: '2020-04-15', RegionId: 'eu-central-1' }
const ecs = { Version: '2014-05-26', RegionId: 'eu-central-1' }

const lists: readonly ListCall[] = [
  { action: 'DescribeVSwitches', first: { ...vpc, PageSize: 50 }, last: 'number' },
  { action: 'DescribeInstances', first: { ...ecs, PageSize: 50 }, last: 'number' },
  { action: 'ListVpcEndpoints', first: { ...privatelink, MaxResults: 50 }, last: 'token' },
  { action: 'ListVpcEndpointConnections', first: { ...privatelink, MaxResults: 50 }, last: 'token' },
]

const samples = 60

async function measureLists(objects: number, progress: (text: string) => void) {
  progress(`lists of ${objects}`)
  await using server = await startServer({ prepare: (file) => seed(file, account, objects) })
  const credentials = await server.createAccount(account, 'bench')
  await server.settled()
  using client = signedClient({ host: server.host, credentials })
  const figures: { action: string; page: ListFigure['page']; ms: number }[] = []
  for (const list of lists) {
    const first = { ...list.first, Action: list.action }
    const last =
      list.last === 'number' ? { ...first, PageNumber: objects / 50 } : await lastPage(client, first)
    for (const [page, parameters] of [
      ['first', first],
      ['last', last],
    ] as const) {
      figures.push({ action: list.action, page, ms: await timeOf(client, parameters) })
    }
  }
  return figures
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
  const times: number[] = []
  for (let sample = 0; sample < samples; sample++) {
    const start = performance.now()
    await client.call(parameters)
    times.push(performance.now() - start)
  }
  return median(times.slice(10))
}

export function apiTables({ reads, writes, readsAtHalf, writesAtHalf, lists: listed }: ApiFigures): string {
  const row = (name: string, goal: number, full: LoadFigure, half: LoadFigure) => [
    name,
    count(full.perSecond),
    count(goal),
    full.p99Ms.toFixed(1),
    half.medianMs.toFixed(1),
    half.p99Ms.toFixed(1),
  ]
  const load = table([
    ['signed requests', '/s', 'goal', 'p99, ms', 'half the goal: median, ms', 'p99, ms'],
    row('reads', goals.reads, reads, readsAtHalf),
    row('writes', goals.writes, writes, writesAtHalf),
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
