/**
 * The agent: takes the newest plan, carries it out, says what it sees. Its parts know nothing of one another; this
 * file is the wiring, and the order in which one plan is carried out.
 *
 *     server → connection → plan on disk → loop → sandboxes stop → dataplane → resolver and probes → sandboxes start
 *     server ← connection ← what is new  ← report ← problems, instances, health, counters
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Counters, Dataplane } from '../dataplane/dataplane.ts'
import type { FlowTable } from '../dataplane/end-flows.ts'
import { mayBeShort } from './may-be-short.ts'
import { withGuards, type Guards } from '../flows/limit-guards.ts'
import { createLimitKeeper } from '../flows/limit-keeper.ts'
import type { Leaving } from '../flows/judge.ts'
import { createFlowKeeper } from '../flows/keeper.ts'
import { withConnections } from '../flows/least-connections.ts'
import { withLivingZones } from '../health/living-zones.ts'
import { reportKey, withHealth, type HealthMap } from '../health/with-health.ts'
import type { HostPlan, InstancePlan } from '../plan/host-plan.ts'
import type { InstanceFiles } from '../sandbox/directory.ts'
import type { Sandboxes } from '../sandbox/sandboxes.ts'
import { acceptPlan } from './accept-plan.ts'
import { openConnection, type Connection } from './connection.ts'
import { startExecServer, type ExecServer } from './exec-server.ts'
import { endingWires, openCutFile } from './cut-file.ts'
import type { FlowRecorder } from './flow-recorder.ts'
import { openHealthStore } from './health-store.ts'
import { openKeptFile } from './kept-file.ts'
import { startLoop, type How, type Loop } from './loop.ts'
import { openPlanFile } from './plan-file.ts'
import type { Proxies } from './proxies.ts'
import { readConsoleTail } from '../sandbox/console-tail.ts'
import {
  consoleAnswerBytes,
  type ConsoleQuestion,
  type HealthReport,
  type Problem,
  type Report,
  type ServerMessage,
} from '../protocol/messages.ts'
import { createReportFilter } from './reports.ts'
import { createServiceChild } from './service-child.ts'
import { openShellLine, shellSocket } from './shell-line.ts'

export interface AgentOptions {
  readonly host: string
  readonly deployment: string
  /** The agent's own directory. */
  readonly directory: string
  /** The server's socket. */
  readonly serverSocket: string
  readonly dataplane: Dataplane
  readonly flows: FlowTable
  readonly files: InstanceFiles
  /** Made here, because it reports back. */
  readonly createSandboxes: (onChange: () => void) => Sandboxes
  readonly serviceCommand: (netns: string) => readonly string[]
  /** Made here, because one that ended is to be started again. */
  readonly createProxies: (onEnded: () => void) => Proxies
  /** Made here, because health explains what is refused. */
  readonly createFlowRecorder: (health: () => HealthMap) => FlowRecorder
  readonly timing: AgentTiming
  readonly random: () => number
  readonly log: Logger
}

/** A map as a file holds it. */
type Entries<Kept extends ReadonlyMap<string, unknown>> =
  Kept extends ReadonlyMap<string, infer Value> ? readonly (readonly [string, Value])[] : never

export interface AgentTiming {
  readonly resyncMs: number
  readonly countersMs: number
  readonly flowsMs: number
  readonly refusalsMs: number
  readonly retryFirstMs: number
  readonly retryLongestMs: number
}

export const usualTiming: AgentTiming = {
  resyncMs: 60_000,
  countersMs: 5000,
  flowsMs: 30_000,
  refusalsMs: 10_000,
  retryFirstMs: 500,
  retryLongestMs: 30_000,
}

/** Pauses between readings of counters last this many times what a reading takes. */
const counterShare = 20
/** What is told by the minute must not be older than half of one. */
const longestPauseMs = 30_000

export interface Agent {
  /** Ends the agent; what it made stays as it is. */
  close(): Promise<void>
}

export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { dataplane, deployment, directory, log, random, timing } = options
  const retry = { firstMs: timing.retryFirstMs, longestMs: timing.retryLongestMs }
  await mkdir(directory, { recursive: true })

  const planFile = await openPlanFile(directory)
  let plan = planFile.loaded
  /** What the kernel holds or was to hold last. */
  let carried = planFile.loaded
  /** What the plan's last apply left undone; undefined before the first. */
  let applied: { readonly generation: number; readonly problems: readonly Problem[] } | undefined
  let settledInstances: readonly InstancePlan[] | undefined
  let counters: Counters = { wires: [], balancers: [] }
  /** When open flows are looked at next. */
  let flowsAtMs = 0
  let atLastFlows: Counters['wires'] = []
  let closed = false
  let kernel: Promise<unknown> = Promise.resolve()
  let reading: NodeJS.Timeout | undefined
  let looking: NodeJS.Timeout | undefined

  const health = await openHealthStore(directory, log)
  // Since when backends have been leaving: a restart gives their connections no more time.
  const leaving = await openKeptFile<Entries<Leaving>>(join(directory, 'leaving.json'), log)
  const cuts = await openCutFile(directory, log)
  const recorder = options.createFlowRecorder(() => health.statuses())
  const flowKeeper = createFlowKeeper({
    flows: {
      list: options.flows.list,
      end(current, vpc, ended) {
        recorder.ending(ended)
        return options.flows.end(current, vpc, ended)
      },
    },
    leaving: new Map(leaving.loaded),
    onLeaving: (now) => void leaving.save([...now]),
    onConnections: () => loop.wake(),
    now: Date.now,
    log,
  })
  const guards = await openKeptFile<Entries<Guards>>(join(directory, 'limit-guards.json'), log)
  const limitKeeper = createLimitKeeper({
    flows: options.flows,
    guards: new Map(guards.loaded),
    save: (now) => guards.save([...now]),
    onGuards: () => loop.wake(),
    now: Date.now,
    log,
  })
  const filter = createReportFilter(reportKey)
  const sandboxes = options.createSandboxes(report)
  const proxies = options.createProxies(() => loop.wake())
  const service = createServiceChild({
    command: options.serviceCommand,
    lastHealth: () => health.all(),
    onHealth,
    onProblems: report,
    retry,
    random,
    log,
  })
  const exec: ExecServer = await startExecServer({
    path: join(directory, 'exec.sock'),
    find: (instance) => sandboxes.find(instance),
    consoleOf: (instance) => options.files.consoleOf(instance),
    log,
  })

  /** Calls into the kernel one at a time: counters are not read from what is being changed. */
  function exclusive<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = kernel.then(work)
    kernel = result.catch(() => undefined)
    return result
  }

  async function carryOut(wanted: HostPlan, how: How): Promise<readonly Problem[]> {
    const { instances } = wanted.fabric
    health.keepOnly(wanted)
    // Reading the state of all sandboxes would cost every change the size of the plan.
    const settled = how === 'cached' && instances === settledInstances
    const stopped = settled ? [] : await sandboxes.stopUnwanted(instances)
    const statuses = health.statuses()
    const healthy = withHealth(wanted, statuses)
    await limitKeeper.prepare(carried, wanted)
    const chosen = withGuards(withConnections(healthy, flowKeeper.connections()), limitKeeper.guards())
    recorder.expect(wanted)
    await cuts.begin(endingWires(carried, wanted))
    carried = wanted
    const kernelProblems = await dataplane.apply(chosen, how, cuts.begun())
    await cuts.end(dataplane.takeCuts(), wanted, kernelProblems.length === 0, Date.now())
    await recorder.listen(wanted)
    const proxyProblems = await proxies.apply(healthy, how === 'observed')
    service.configure(withLivingZones(wanted, healthy))
    flowKeeper.watch(wanted, statuses)
    limitKeeper.watch(wanted)
    const started = settled ? [] : await sandboxes.startWanted(instances)
    settledInstances = stopped.length + started.length === 0 ? instances : undefined
    return [...stopped, ...kernelProblems, ...proxyProblems, ...started]
  }

  async function apply(wanted: HostPlan, how: How): Promise<readonly Problem[]> {
    // The report says that this generation holds: it must also hold after a crash.
    const [problems] = await Promise.all([exclusive(() => carryOut(wanted, how)), planFile.save(wanted)])
    return problems
  }

  function onHealth(reports: readonly HealthReport[]): void {
    // Who is told that a backend is out must not meet it: the apply that this wakes reports when it is done.
    if (health.take(reports) === 'rotation') loop.wake()
    else report()
  }

  async function answerConsole({ question, instance }: ConsoleQuestion): Promise<void> {
    const tail = await readConsoleTail(options.files.consoleOf(instance), consoleAnswerBytes)
    const output = tail?.bytes.toString('base64') ?? ''
    connection.send({ type: 'console', question, output, changedAtMs: tail?.changedAtMs })
  }

  function onMessage(message: ServerMessage): void {
    if (message.type === 'shell') {
      const line = openShellLine(shellSocket(options.serverSocket), message.ticket, log)
      if (line) exec.attach(line)
      return
    }
    if (message.type === 'ask-console') {
      answerConsole(message).catch((error: unknown) => log.warn({ err: error }, 'console log not read'))
      return
    }
    if (message.type === 'cuts-stored') {
      cuts.stored(message.ids)
      return
    }
    const taken = acceptPlan(plan, message, deployment)
    switch (taken.kind) {
      case 'taken':
        plan = taken.plan
        loop.setPlan(plan)
        break
      case 'refused':
        log.error({ reason: taken.reason }, 'plan refused')
        break
      case 'ask-again':
        sayHello()
        break
    }
  }

  function hello() {
    filter.reset()
    cuts.tellAgain()
    return { type: 'hello', host: options.host, generation: plan?.generation ?? 0 } as const
  }

  function sayHello(): void {
    connection.send(hello())
    report()
  }

  function report(): void {
    if (!applied || !connection.connected()) return
    const ended = cuts.take()
    if (ended.length > 0) connection.send({ type: 'cuts', cuts: ended })
    const full: Report = {
      generation: applied.generation,
      problems: [...applied.problems, ...service.problems()],
      instances: sandboxes.reports(),
      health: health.all(),
      ...counters,
    }
    const news = filter.next(full)
    if (news) connection.send({ type: 'report', report: news })
  }

  async function readCounters(): Promise<void> {
    const current = plan
    if (!current || !applied || !connection.connected()) return
    try {
      const nowMs = performance.now()
      const read = (flows: boolean) => exclusive(() => dataplane.readCounters(current, flows))
      const due = nowMs >= flowsAtMs
      counters = await read(due)
      const early = !due && mayBeShort(counters.wires, atLastFlows)
      if (early) counters = await read(true)
      if (due || early) {
        flowsAtMs = nowMs + timing.flowsMs
        atLastFlows = counters.wires
      }
    } catch (error) {
      log.warn({ err: error }, 'counters not read')
    }
    report()
  }

  /** With a thousand wires one reading takes a second of a processor, so it is asked for less often. */
  async function keepCounting(): Promise<void> {
    const startMs = performance.now()
    await readCounters()
    const longMs = Math.min((performance.now() - startMs) * counterShare, longestPauseMs)
    if (!closed) reading = setTimeout(() => void keepCounting(), Math.max(timing.countersMs, longMs))
  }

  /** One program a VPC, so with many VPCs it is asked for less often. */
  async function keepLooking(): Promise<void> {
    const startMs = performance.now()
    await recorder.look()
    const longMs = (performance.now() - startMs) * counterShare
    if (!closed) looking = setTimeout(() => void keepLooking(), Math.max(timing.refusalsMs, longMs))
  }

  const loop: Loop = startLoop({
    apply,
    onApplied(done, problems) {
      if (problems.length > 0) log.warn({ problems: problems.slice(0, 10) }, 'problems')
      applied = { generation: done.generation, problems }
      report()
    },
    resyncMs: timing.resyncMs,
    retry,
    random,
    log,
  })
  const connection: Connection = openConnection({
    path: options.serverSocket,
    hello,
    onConnected: report,
    onMessage,
    retry: { firstMs: 100, longestMs: 5000 },
    random,
    log,
  })
  reading = setTimeout(() => void keepCounting(), timing.countersMs)
  looking = setTimeout(() => void keepLooking(), timing.refusalsMs)
  if (plan) loop.setPlan(plan)

  return {
    async close() {
      closed = true
      clearTimeout(reading)
      clearTimeout(looking)
      connection.close()
      exec.close()
      sandboxes.close()
      await flowKeeper.close()
      await limitKeeper.close()
      await leaving.close()
      await guards.close()
      await cuts.close()
      await loop.close()
      await kernel
      await dataplane.close()
      recorder.close()
      service.close()
      proxies.close()
      await health.close()
    },
  }
}
