/** Keeps the service process alive and configured; what it finds out comes back through callbacks. */
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { createResolverVpcs, type ResolverVpc } from '../dns/zone.ts'
import { probedBalancers } from '../health/targets.ts'
import { relayedListeners } from '../relay/relayed.ts'
import type { HostPlan } from '../plan/host-plan.ts'
import { backoffMs, type Backoff } from './backoff.ts'
import { encodeFrame, readFrames } from '../protocol/frames.ts'
import { createItemDiff } from './item-diff.ts'
import type { HealthReport, Problem } from '../protocol/messages.ts'
import { isServiceMessage, type ItemChange, type ServiceChange } from './service-protocol.ts'

export interface ServiceChild {
  /** What it serves from now on; the first call starts it. Its namespace must be there. */
  configure(plan: HostPlan): void
  problems(): readonly Problem[]
  close(): void
}

export interface ServiceChildOptions {
  readonly command: (netns: string) => readonly string[]
  /** Asked for when a process starts, so that a new one goes on from what the last one knew. */
  readonly lastHealth: () => readonly HealthReport[]
  readonly onHealth: (reports: readonly HealthReport[]) => void
  readonly onProblems: () => void
  readonly retry: Backoff
  readonly random: () => number
  readonly log: Logger
}

interface Running {
  readonly child: ChildProcessByStdio<Writable, Readable, null>
  readonly change: (plan: HostPlan) => Pick<ServiceChange, 'vpcs' | 'balancers' | 'relays'>
}

/** A process that ran this long had a good start. */
const steadyMs = 30_000

/** `nobody`: the service process owns nothing and needs nothing of the file system. */
const nobody = 65_534

export function serviceCommand(
  suffix: string,
  mapsUser: (uid: number) => boolean,
): (netns: string) => readonly string[] {
  const drops = mapsUser(nobody)
  const program = fileURLToPath(new URL('../cmd/service.ts', import.meta.url))
  return (netns) =>
    [
      ['nsenter', `--net=/run/netns/${netns}`],
      ['setpriv', '--no-new-privs', '--inh-caps=-all'],
      [`--bounding-set=-all${drops ? ',+setuid,+setgid,+dac_read_search' : ''}`, '--'],
      [
        process.execPath,
        '--max-semi-space-size=1',
        '--heap-growing-percent=20',
        program,
        `--suffix=${suffix}`,
      ],
      drops ? [`--drop-to=${nobody}`] : [],
    ].flat()
}

const isEmpty = (change: ItemChange<unknown>) => change.put.length + change.drop.length === 0

export function createServiceChild(options: ServiceChildOptions): ServiceChild {
  const { log } = options
  let plan: HostPlan | undefined
  let running: Running | undefined
  let problems: readonly Problem[] = []
  let attempts = 0
  let restart: NodeJS.Timeout | undefined
  let closed = false

  function setProblems(list: readonly Problem[]): void {
    problems = list
    options.onProblems()
  }

  function start(netns: string): Running {
    const [program = '', ...args] = options.command(netns)
    const startedAtMs = performance.now()
    // Its log lines are ours: only errors before its start go there.
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    const resolverVpcs = createResolverVpcs()
    const vpcs = createItemDiff<ResolverVpc>()
    const balancers = createItemDiff<ReturnType<typeof probedBalancers>[number]>()
    const relays = createItemDiff<ReturnType<typeof relayedListeners>[number]>()
    child.stdin.on('error', (error) => log.debug({ err: error }, 'service process does not read'))
    child.on('error', (error) => ended(error.message, startedAtMs))
    child.on('exit', (code, signal) => ended(`ended with ${signal ?? code}`, startedAtMs))
    void listen(child)
    log.info({ pid: child.pid }, 'service process started')
    return {
      child,
      change: ({ fabric, links }) => ({
        vpcs: vpcs(resolverVpcs(fabric.vpcs, links.names)),
        balancers: balancers(probedBalancers(fabric.vpcs, links.balancers)),
        relays: relays(relayedListeners(fabric.vpcs, links.wires, links.balancers)),
      }),
    }
  }

  async function listen(child: Running['child']): Promise<void> {
    try {
      for await (const message of readFrames(child.stdout, isServiceMessage)) {
        if (message.type === 'health') options.onHealth(message.reports)
        else setProblems(message.problems)
      }
    } catch (error) {
      log.error({ err: error }, 'service process speaks nonsense')
      child.kill('SIGKILL')
    }
  }

  function ended(reason: string, startedAtMs: number): void {
    if (!running) return
    running = undefined
    if (closed) return
    attempts = performance.now() - startedAtMs > steadyMs ? 1 : attempts + 1
    const pauseMs = backoffMs(options.retry, attempts, options.random)
    log.error({ reason, pauseMs: Math.round(pauseMs) }, 'service process ended')
    setProblems([{ id: 'service', message: `resolver, health checks and relays: process ${reason}` }])
    restart = setTimeout(() => {
      restart = undefined
      if (plan) configure(plan)
    }, pauseMs)
  }

  function configure(next: HostPlan): void {
    plan = next
    if (restart || closed) return
    const fresh = running === undefined
    const { child, change } = (running ??= start(next.serviceNetns))
    if (fresh && problems.length > 0) setProblems([])
    const { vpcs, balancers, relays } = change(next)
    if (!fresh && [vpcs, balancers, relays].every(isEmpty)) return
    child.stdin.write(
      encodeFrame({ type: 'change', vpcs, balancers, relays, health: fresh ? options.lastHealth() : [] }),
    )
  }

  return {
    configure,
    problems: () => problems,
    close() {
      closed = true
      clearTimeout(restart)
      running?.child.stdin.end()
    },
  }
}
