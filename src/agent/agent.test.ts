/** The agent against a scripted server on a real socket, with a data plane and sandboxes that only remember. */
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { planOf, twoVpcsWords } from '../../test/fixtures/plans.ts'
import { planChange } from '../plan/change.ts'
import type { HostPlan } from '../plan/host-plan.ts'
import { encodeFrame, readFrames } from '../protocol/frames.ts'
import {
  isAgentMessage,
  type AgentMessage,
  type CutReport,
  type Problem,
  type Report,
  type ServerMessage,
  type WireReport,
} from '../protocol/messages.ts'
import { instanceFiles } from '../sandbox/directory.ts'
import type { Sandboxes } from '../sandbox/sandboxes.ts'
import { startAgent, type Agent, type AgentTiming } from './agent.ts'
import { silentFlowRecorder } from './flow-recorder.ts'
import type { How } from './loop.ts'
import { openPlanFile } from './plan-file.ts'

const fast: AgentTiming = {
  resyncMs: 60_000,
  countersMs: 20,
  flowsMs: 20,
  refusalsMs: 20,
  retryFirstMs: 10,
  retryLongestMs: 20,
}

let directory: string
let server: Server
let sockets: Socket[]
let received: AgentMessage[]
let agent: Agent | undefined
let applied: { generation: number; how: How }[]
let problems: (plan: HostPlan, how: How) => readonly Problem[]
let counters: readonly WireReport[]
let cuts: CutReport[]

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-agent-'))
  applied = []
  problems = () => []
  counters = []
  cuts = []
  await startServer()
})

afterEach(async () => {
  await agent?.close()
  agent = undefined
  await stopServer()
  await rm(directory, { recursive: true })
})

async function startServer(): Promise<void> {
  sockets = []
  received = []
  server = createServer((socket) => {
    sockets.push(socket)
    void listen(socket)
  })
  server.listen(join(directory, 'agent.sock'))
  await once(server, 'listening')
}

async function listen(socket: Socket): Promise<void> {
  try {
    for await (const message of readFrames(socket, isAgentMessage)) received.push(message)
  } catch {
    // The agent was ended in the middle.
  }
}

async function stopServer(): Promise<void> {
  for (const socket of sockets) socket.destroy()
  server.close()
  await once(server, 'close')
}

const sandboxes: Sandboxes = {
  stopUnwanted: async () => [],
  startWanted: async () => [],
  reports: () => [],
  find: () => undefined,
  stopAll: async () => undefined,
  close: () => undefined,
}

async function start(timing: Partial<AgentTiming> = {}): Promise<void> {
  agent = await startAgent({
    host: 'here',
    deployment: 'test',
    directory,
    serverSocket: join(directory, 'agent.sock'),
    dataplane: {
      apply: async (wanted, how) => {
        applied.push({ generation: wanted.generation, how })
        return problems(wanted, how)
      },
      takeCuts: () => cuts.splice(0),
      readCounters: async () => ({ wires: counters, balancers: [] }),
      removeAll: async () => undefined,
      close: async () => undefined,
    },
    flows: { list: () => Promise.resolve([]), end: () => Promise.resolve() },
    files: instanceFiles(directory),
    createSandboxes: () => sandboxes,
    createFlowRecorder: () => silentFlowRecorder,
    createProxies: () => ({ apply: () => Promise.resolve([]), close: () => undefined }),
    serviceCommand: () => ['sh', '-c', 'cat >/dev/null'],
    timing: { ...fast, ...timing },
    random: () => 0.5,
    log: pino({ level: 'silent' }),
  })
}

function plan(generation: number, change: Partial<Parameters<typeof planOf>[0]> = {}): HostPlan {
  const vswitches = [{ zone: 'eu-central-1b', cidr: '10.0.0.0/24' }]
  const vpcs = [{ id: 'vpc-1', cidr: '10.0.0.0/16', number: 1, vswitches }]
  return planOf({ deployment: 'test', generation, vpcs, ...change })
}

function send(message: ServerMessage): void {
  sockets.at(-1)?.write(encodeFrame(message))
}

const tellings = () =>
  received.flatMap((message, index) => (message.type === 'cuts' ? [{ index, cuts: message.cuts }] : []))
const hellos = () => received.filter((message) => message.type === 'hello')
const reports = () =>
  received.flatMap((message): Report[] => (message.type === 'report' ? [message.report] : []))

async function until<Value>(probe: () => Value): Promise<NonNullable<Value>> {
  return vi.waitFor(() => {
    const value = probe()
    if (value === undefined || value === null || value === false) throw new Error('not yet')
    return value
  })
}

const reported = (generation: number) => until(() => reports().find((one) => one.generation === generation))

test('a plan and changes to it are applied, kept and reported', async () => {
  await start()
  await until(() => hellos().length === 1)
  expect(hellos()[0]).toEqual({ type: 'hello', host: 'here', generation: 0 })
  send({ type: 'plan', plan: plan(5) })
  expect(await reported(5)).toEqual({
    generation: 5,
    problems: [],
    instances: [],
    health: [],
    wires: [],
    balancers: [],
  })
  send({ type: 'change', change: planChange(plan(5), plan(6)) })
  await reported(6)
  expect(applied).toEqual([
    { generation: 5, how: 'observed' },
    { generation: 6, how: 'cached' },
  ])
  expect((await openPlanFile(directory)).loaded).toEqual(JSON.parse(JSON.stringify(plan(6))))
})

test('a cut that an agent was at when it was killed is told by the next one, once', async () => {
  const words = twoVpcsWords('test')
  const linked = planOf({ ...words, generation: 5 })
  const file = join(directory, 'cuts.json')
  await start()
  await until(() => hellos().length === 1)
  send({ type: 'plan', plan: linked })
  await reported(5)
  let left = ''
  problems = () => {
    left = readFileSync(file, 'utf8')
    return []
  }
  send({ type: 'plan', plan: planOf({ ...words, generation: 6, endpoints: [] }) })
  await until(() => left !== '')
  await agent?.close()
  problems = () => []
  received.length = 0
  await writeFile(file, left)

  await start()
  await until(() => tellings().length > 0)
  const told = tellings()[0]?.cuts ?? []
  expect(told).toMatchObject([{ wire: linked.links.wires[0]?.id, cause: 'disconnected' }])
  send({ type: 'cuts-stored', ids: told.map(({ id }) => id) })
  send({ type: 'plan', plan: planOf({ ...words, generation: 7, endpoints: [] }) })
  await reported(7)
  await agent?.close()
  const toldAt = received.length
  await start()
  await until(() => received.slice(toldAt).some(({ type }) => type === 'report'))
  expect(tellings()).toHaveLength(1)
})

test('a cut is told before the report of the generation that did it, and again until it is stored', async () => {
  await start()
  await until(() => hellos().length === 1)
  const cut = { wire: 'ep-1/z', cause: 'disconnected', kernelAtMs: 1, endedAtMs: 2, flows: 3 } as const
  cuts.push(cut)
  send({ type: 'plan', plan: plan(5) })
  await reported(5)
  send({ type: 'plan', plan: plan(6) })
  await reported(6)
  const [told] = tellings()
  expect(tellings().map(({ cuts: list }) => list)).toEqual([[{ ...cut, id: expect.any(String) as string }]])
  expect(received[(told?.index ?? 0) + 1]).toMatchObject({ type: 'report', report: { generation: 5 } })

  // The server dies before it has stored it; the agent does, too, before it can tell the next one.
  await stopServer()
  await agent?.close()
  await startServer()
  await start()
  await until(() => tellings().length === 1)
  expect(tellings()[0]?.cuts).toEqual(told?.cuts)
  send({ type: 'cuts-stored', ids: told?.cuts.map(({ id }) => id) ?? [] })
  send({ type: 'plan', plan: plan(7) })
  await reported(7)
  sockets[0]?.destroy()
  received = []
  await until(() => hellos().length === 1)
  await reported(7)
  expect(tellings()).toEqual([])
})

test('an older plan is refused, a change that does not fit is answered by a hello', async () => {
  await start()
  await until(() => hellos().length === 1)
  send({ type: 'plan', plan: plan(5) })
  await reported(5)
  send({ type: 'plan', plan: plan(4) })
  send({ type: 'plan', plan: { ...plan(9), deployment: 'else' } })
  send({ type: 'change', change: planChange(plan(7), plan(8)) })
  await until(() => hellos().length === 2)
  expect(hellos()[1]).toMatchObject({ generation: 5 })
  send({ type: 'plan', plan: plan(6) })
  await reported(6)
  expect(applied.map(({ generation }) => generation)).toEqual([5, 6])
})

test('after a restart the kept plan is applied without the server, and told to it later', async () => {
  await start()
  await until(() => hellos().length === 1)
  send({ type: 'plan', plan: plan(5) })
  await reported(5)
  await agent?.close()
  await stopServer()
  applied = []
  await start()
  await until(() => applied.length > 0)
  expect(applied).toEqual([{ generation: 5, how: 'observed' }])
  await startServer()
  await reported(5)
  expect(hellos()[0]).toMatchObject({ generation: 5 })
})

test('a lost connection is made again, and everything is said again', async () => {
  counters = [
    {
      id: 'ep-1/b',
      atMs: 1,
      inBytes: 1,
      inPackets: 1,
      inDropped: 0,
      outBytes: 1,
      outPackets: 1,
      outDropped: 0,
      pair: 'cw-1',
      newConnections: 0,
      activeConnections: 0,
      overConnections: 0,
      denied: 0,
      unserved: 0,
      portsUsed: 0,
      portsInAll: 64512,
      sources: 1,
    },
  ]
  await start()
  await until(() => hellos().length === 1)
  send({ type: 'plan', plan: plan(5) })
  await until(() => reports().find(({ wires }) => wires.length === 1))
  received = []
  sockets[0]?.destroy()
  await until(() => hellos().length === 1)
  const again = await reported(5)
  expect(again.wires).toHaveLength(1)
})

test('what fails is reported and tried again, looking at the kernel, until it works', async () => {
  const broken = [{ id: 'vpc-1', message: 'broken' }]
  problems = () => (applied.length < 3 ? broken : [])
  await start()
  await until(() => hellos().length === 1)
  send({ type: 'plan', plan: plan(5) })
  await until(() => reports().find((one) => one.problems.length === 0))
  expect(applied).toEqual([
    { generation: 5, how: 'observed' },
    { generation: 5, how: 'observed' },
    { generation: 5, how: 'observed' },
  ])
  expect(reports()[0]?.problems).toEqual(broken)
  expect(reports()).toHaveLength(2)
})

test('an apply that throws becomes a problem and ends nothing', async () => {
  problems = () => {
    if (applied.length < 2) throw new Error('out of order')
    return []
  }
  await start()
  await until(() => hellos().length === 1)
  send({ type: 'plan', plan: plan(5) })
  await until(() => reports().find((one) => one.problems.length === 0))
  expect(reports()[0]?.problems).toEqual([{ id: 'agent', message: 'out of order' }])
})

test('the plan is applied again, from the kernel up, at every resync', async () => {
  await start({ resyncMs: 30 })
  await until(() => hellos().length === 1)
  send({ type: 'plan', plan: plan(5) })
  await until(() => applied.length >= 3)
  expect(new Set(applied.map(({ how }) => how))).toEqual(new Set(['observed']))
  expect(reports()).toHaveLength(1)
})

test('counters that do not move are not said again', async () => {
  const wire = {
    id: 'ep-1/b',
    inBytes: 1,
    inPackets: 1,
    inDropped: 0,
    outBytes: 1,
    outPackets: 1,
    outDropped: 0,
    pair: 'cw-1',
    newConnections: 0,
    activeConnections: 0,
    overConnections: 0,
    denied: 0,
    unserved: 0,
    portsUsed: 0,
    portsInAll: 64512,
    sources: 1,
  }
  counters = [{ ...wire, atMs: 1 }]
  await start()
  await until(() => hellos().length === 1)
  send({ type: 'plan', plan: plan(5) })
  await until(() => reports().find(({ wires }) => wires.length === 1))
  const before = reports().length
  counters = [{ ...wire, atMs: 2 }]
  counters = [
    { ...wire, atMs: 3 },
    { ...wire, id: 'ep-2/b', atMs: 3 },
  ]
  await until(() => reports().length > before)
  expect(
    reports()
      .at(-1)
      ?.wires.map(({ id }) => id),
  ).toEqual(['ep-2/b'])
})
