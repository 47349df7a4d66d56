/** What is asked and what is answered: the way of a packet, step by step, each with its verdict and its reason. */
import type { RuleDecision } from './security.ts'

export interface Question {
  /** The instance that calls. */
  readonly client: string
  /** An address, a name, or the id of an endpoint, an instance or a balancer. */
  readonly target: string
  readonly port: number
  readonly protocol: 'tcp' | 'udp'
  /** What is asked of an HTTP or HTTPS listener; without it, only whether a connection is taken. */
  readonly request?: HttpRequest | undefined
}

export interface HttpRequest {
  readonly host: string
  readonly path: string
}

export interface Judgement {
  readonly passes: boolean
  /** The first one that stops is the last. */
  readonly steps: readonly Step[]
  /** What the network leads to, one of them for each new flow. */
  readonly destinations: readonly Destination[]
}

export interface Step {
  readonly verdict: 'passes' | 'stops'
  readonly reason: Reason
}

export interface Destination {
  /** Undefined for the resolver. */
  readonly instance: string | undefined
  readonly address: string
  readonly port: number
}

export type Reason =
  | { readonly code: 'clientUnknown'; readonly client: string }
  | {
      readonly code: 'clientState'
      readonly client: string
      readonly status: string
      readonly account: string
    }
  | { readonly code: 'clientWithoutAddress'; readonly client: string }
  | { readonly code: 'objectUnknown'; readonly target: string }
  | { readonly code: 'nameUnknown'; readonly name: string; readonly vpc: string }
  | { readonly code: 'nameOutside'; readonly name: string; readonly suffix: string }
  | {
      readonly code: 'nameOfOtherVpc'
      readonly name: string
      readonly endpoint: string
      readonly vpc: string
      readonly clientVpc: string
    }
  | { readonly code: 'nameEmpty'; readonly name: string; readonly endpoint: string }
  | { readonly code: 'nameResolves'; readonly name: string; readonly addresses: readonly string[] }
  | {
      readonly code: 'otherVpc'
      readonly object: string
      readonly address: string
      readonly vpc: string
      readonly clientVpc: string
    }
  | { readonly code: 'addressOfNobody'; readonly address: string; readonly vpc: string }
  | { readonly code: 'addressOfRouter'; readonly address: string; readonly vpc: string }
  | { readonly code: 'addressUnattached'; readonly address: string; readonly eni: string }
  | { readonly code: 'addressOf'; readonly address: string; readonly object: string }
  | { readonly code: 'ownAddress'; readonly address: string; readonly client: string }
  | { readonly code: 'resolver'; readonly address: string }
  | { readonly code: 'routed'; readonly address: string; readonly route: string; readonly instance: string }
  | { readonly code: 'routeWithoutHop'; readonly address: string; readonly route: string }
  | SecurityReason
  | {
      readonly code: 'connectionState'
      readonly endpoint: string
      readonly service: string
      readonly status: string
      /** Of the endpoint and of the service. */
      readonly account: string
      readonly provider: string | undefined
      readonly whitelisted: boolean
    }
  | {
      readonly code: 'endpointZoneState'
      readonly endpoint: string
      readonly service: string
      readonly zone: string
      readonly status: string
      readonly provider: string | undefined
    }
  | { readonly code: 'zoneDown'; readonly zone: string; readonly object: string }
  | {
      readonly code: 'zoneWithoutResource'
      readonly endpoint: string
      readonly service: string
      readonly zone: string
    }
  | { readonly code: 'resourceGone'; readonly balancer: string; readonly endpoint: string }
  | { readonly code: 'sameVpc'; readonly endpoint: string; readonly vpc: string }
  | {
      readonly code: 'noBandwidth'
      readonly endpoint: string
      readonly service: string
      readonly provider: string | undefined
    }
  | LimitReason
  | {
      readonly code: 'connected'
      readonly endpoint: string
      readonly zone: string
      readonly balancer: string
    }
  | {
      readonly code: 'balancerState'
      readonly balancer: string
      readonly status: string
      readonly account: string | undefined
    }
  | {
      readonly code: 'listenerAbsent'
      readonly balancer: string
      readonly protocol: string
      readonly port: number
      readonly existing: readonly string[]
    }
  | ListenerReason<'listenerStopped' | 'listenerRuns'>
  | ListenerReason<'proxyAnswers'>
  | (ListenerReason<'needsCertificate'> & { readonly authority: string })
  | (ListenerReason<'redirects'> & { readonly status: number; readonly location: string })
  | (ListenerReason<'ruleFits'> & RequestSeen & { readonly rule: string; readonly prefix: string })
  | (ListenerReason<'noRuleFits' | 'ruleForOtherPaths'> & RequestSeen)
  | ListenerReason<'noBackends' | 'weightsZero' | 'onlyItself'>
  | (ListenerReason<'allAbnormal' | 'backendsStopped' | 'someUnreached'> & {
      readonly servers: readonly string[]
    })
  | (ListenerReason<'backendsTake'> & {
      readonly servers: readonly string[]
      readonly others: readonly string[]
    })
  | {
      readonly code: 'instanceState'
      readonly instance: string
      readonly status: string
      readonly account: string
    }
  | { readonly code: 'arrives'; readonly instance: string }
  | {
      readonly code: 'nobodyListens' | 'listens' | 'someListen'
      readonly protocol: string
      readonly places: readonly string[]
    }

/** A limit that has dropped so many within the last minute (`limits.ts`). */
export type LimitReason =
  | (Dropped & {
      readonly code: 'bandwidthFull' | 'consumerFull'
      readonly endpoint: string
      readonly service: string
      /** Of the endpoint and of the service. */
      readonly account: string
      readonly provider: string | undefined
    })
  | (Dropped & ListenerReason<'balancerFull' | 'balancerBusy' | 'listenerBusy'>)

interface Dropped {
  readonly limit: number
  readonly dropped: number
}

export interface RequestSeen {
  readonly host: string
  readonly path: string
  /** Of the rule that fits, or of those that have other paths; empty for every domain. */
  readonly domain: string
}

export interface ListenerReason<Code extends string> {
  readonly code: Code
  readonly balancer: string
  readonly account: string | undefined
  readonly protocol: string
  readonly port: number
}

export type SecurityReason = {
  readonly code: 'leaves' | 'mayNotLeave' | 'enters' | 'mayNotEnter'
  /** Whose groups they are: an instance or an endpoint. */
  readonly object: string
  /** The other side's address. */
  readonly peer: string
  readonly protocol: string
  readonly port: number
  readonly account: string | undefined
  readonly groups: readonly string[]
  readonly decision: RuleDecision
}

export const passing = (reason: Reason): Step => ({ verdict: 'passes', reason })
export const stopping = (reason: Reason): Step => ({ verdict: 'stops', reason })

/** The steps of one way; it passes when no step stops. */
export function judgementOf(steps: readonly Step[], destinations: readonly Destination[] = []): Judgement {
  const passes = steps.every(({ verdict }) => verdict === 'passes')
  return { passes, steps, destinations: passes ? destinations : [] }
}

/** It passes to some of the servers, and each new flow may meet another one; or a limit lets some through. */
export function isUncertain({ passes, steps }: Judgement): boolean {
  return passes && steps.some(({ reason: { code } }) => uncertain.has(code))
}

const uncertain: ReadonlySet<Reason['code']> = new Set([
  'balancerBusy',
  'balancerFull',
  'bandwidthFull',
  'consumerFull',
  'listenerBusy',
  'someListen',
  'someUnreached',
])
