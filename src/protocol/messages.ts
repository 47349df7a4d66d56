/**
 * What server and agent say to each other: one JSON object a line over a unix socket on which the server listens.
 *
 *     agent → server   hello, report, cuts, console (an answer)
 *     server → agent   plan, change, cuts-stored, shell, ask-console
 *
 * A plan comes whole after each hello, then as changes against the generation the agent last took. The agent
 * refuses a plan older than the one it has, and a change whose base it does not hold: it says hello again.
 */
import type { HostPlan } from '../plan/host-plan.ts'
import type { PlanChange } from '../plan/change.ts'

export type ServerMessage = PlanMessage | CutsStored | ShellMessage | ConsoleQuestion

/** Asks for a line to `shell.sock`, beside the server's socket, on which the ticket is shown first and commands are taken then. */
export interface ShellMessage {
  readonly type: 'shell'
  readonly ticket: string
}

/** These cuts are on record: whoever told them may forget them. */
export interface CutsStored {
  readonly type: 'cuts-stored'
  readonly ids: readonly string[]
}

export type PlanMessage =
  | { readonly type: 'plan'; readonly plan: HostPlan }
  | { readonly type: 'change'; readonly change: PlanChange }

export type AgentMessage =
  | { readonly type: 'hello'; readonly host: string; readonly generation: number }
  | { readonly type: 'report'; readonly report: Report }
  | { readonly type: 'cuts'; readonly cuts: readonly ToldCut[] }
  | ({ readonly type: 'console' } & ConsoleAnswer)

export interface ConsoleQuestion {
  readonly type: 'ask-console'
  /** The answer bears the same number. */
  readonly question: number
  readonly instance: string
}

/** The end of an instance's console log. */
export interface ConsoleAnswer {
  readonly question: number
  /** Base64. */
  readonly output: string
  /** Undefined while nothing was written. */
  readonly changedAtMs: number | undefined
}

/** As much of a console log as the public API shows (ECS, GetInstanceConsoleOutput). */
export const consoleAnswerBytes = 64 * 1024

/** What was observed, after `generation` was applied. Lists hold everything after a hello, then what changed. */
export interface Report {
  /** Every object of this generation is in the kernel, but for those in `problems`. */
  readonly generation: number
  /** Everything that is not as the plan wants it, now; replaces the list of the report before. */
  readonly problems: readonly Problem[]
  readonly instances: readonly InstanceReport[]
  readonly health: readonly HealthReport[]
  readonly wires: readonly WireReport[]
  readonly balancers: readonly BalancerReport[]
}

/** A plan item (`vpc-…`, `eni-…`, `<endpoint>/<zone>`, …) that could not be carried out; it is tried again. */
export interface Problem {
  readonly id: string
  readonly message: string
}

/** A wire whose open flows were ended: told before the report of the generation that did it. */
export interface CutReport {
  /** `<endpoint id>/<zone>`. */
  readonly wire: string
  /** The wire is gone, or a security group admits less. */
  readonly cause: 'disconnected' | 'security-group'
  /** When the kernel no longer had the devices, or had the rules, and when both ends of the last flow had been told. */
  readonly kernelAtMs: number
  readonly endedAtMs: number
  readonly flows: number
}

/** A cut is told again after each hello until the server says that it is stored; its id says that it is the same one. */
export interface ToldCut extends CutReport {
  readonly id: string
}

export interface InstanceReport {
  readonly id: string
  readonly boot: number
  readonly state: 'running' | 'stopped'
  /** How often its first process ended and was started again in this boot. */
  readonly restarts: number
}

export interface HealthReport {
  readonly balancer: string
  readonly protocol: 'tcp' | 'udp' | 'http' | 'https'
  readonly port: number
  readonly server: string
  readonly backendPort: number
  readonly status: 'normal' | 'abnormal' | 'unavailable'
}

/** Counters of a wire since it was made, seen from the consumer: `in` flows into the endpoint. */
export interface WireReport {
  readonly id: string
  readonly atMs: number
  /** Names the pair of devices: another pair has counters of its own. */
  readonly pair: string
  readonly inBytes: number
  readonly inPackets: number
  readonly inDropped: number
  readonly outBytes: number
  readonly outPackets: number
  readonly outDropped: number
  readonly newConnections: number
  /** Connections dropped because the consumer had too many open. */
  readonly overConnections: number
  /** Packets that the endpoint's security groups refused. */
  readonly denied: number
  /** Packets to a port that no listener has, or none with a server. */
  readonly unserved: number
  /** Open now, not a counter. */
  readonly activeConnections: number
  /** Ports of the wire's source addresses that are taken now, towards the listener with the most flows. */
  readonly portsUsed: number
  readonly portsInAll: number
  /** Its source addresses. */
  readonly sources: number
}

/** Counters of a balancer: connections dropped by its limits. */
export interface BalancerReport {
  readonly id: string
  readonly atMs: number
  readonly overRate: number
  readonly overConnections: number
  readonly listeners: readonly ListenerReport[]
}

/** Counters of a listener: `in` flows to the backends. */
export interface ListenerReport {
  readonly protocol: 'tcp' | 'udp' | 'http' | 'https'
  readonly port: number
  readonly inBytes: number
  readonly inPackets: number
  readonly outBytes: number
  readonly outPackets: number
  readonly newConnections: number
  readonly overRate: number
  /** Open now, not counters: established, or answered; and all others that the kernel knows. */
  readonly activeConnections: number
  readonly inactiveConnections: number
}

/** For `readFrames`, on either end of the agent's socket. */
export function isServerMessage(frame: object): frame is ServerMessage {
  return hasType(frame, ['plan', 'change', 'cuts-stored', 'shell', 'ask-console'])
}

export function isAgentMessage(frame: object): frame is AgentMessage {
  return hasType(frame, ['hello', 'report', 'cuts', 'console'])
}

function hasType(frame: object, types: readonly string[]): boolean {
  return 'type' in frame && typeof frame.type === 'string' && types.includes(frame.type)
}
