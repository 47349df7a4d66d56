/**
 * What one account may ask, and what it may know of the judgement: its own side as it is, and of another account's only whether
 * it answers. A consumer never learns of the provider's balancers, instances, addresses or health, nor the reverse.
 */
import type { World } from '../model/world.ts'
import { judge } from './judge.ts'
import { judgementOf, stopping, type Judgement, type Question, type Reason, type Step } from './judgement.ts'
import { mendOf } from './mend.ts'
import { ownerOfVpc, type Scene } from './scene.ts'

export interface View {
  readonly passes: boolean
  readonly steps: readonly SeenStep[]
  /** The last of the way is another account's, of which nothing is told but whether it answers. */
  readonly beyond: boolean
}

export interface SeenStep {
  readonly verdict: Step['verdict']
  readonly reason: SeenReason
  /** The command that would mend it, where the account itself may give it. */
  readonly mend?: string
}

export type SeenReason =
  | Reason
  /** From here on it is the provider's. */
  | { readonly code: 'handedOver'; readonly endpoint: string; readonly service: string }
  | { readonly code: 'serviceSilent'; readonly endpoint: string; readonly service: string }

/** As if nothing of others existed that the account has not been let into. */
export function judgeFor(scene: Scene, account: string, question: Question): Judgement {
  const { world } = scene
  const { client, target } = question
  if (!world.instances.some(({ id, owner }) => id === client && owner === account)) {
    return judgementOf([stopping({ code: 'clientUnknown', client })])
  }
  const owner = ownerOf(world, target)
  if (owner !== undefined && owner !== account) {
    return judgementOf([stopping({ code: 'objectUnknown', target })])
  }
  return judge({ ...scene, world: ownFirst(world, account) }, question)
}

/** Undefined for what is no id of anything. */
export function ownerOf(world: World, id: string): string | undefined {
  const owned = [...world.endpoints, ...world.instances].find((one) => one.id === id)
  const balancer = world.loadBalancers.find((one) => one.id === id)
  return owned?.owner ?? ownerOfVpc(world, balancer?.vpc)
}

/** Of several that have an address, the account's own one is meant. */
function ownFirst(world: World, account: string): World {
  const isOther = ({ vpc }: { readonly vpc: string }) => Number(ownerOfVpc(world, vpc) !== account)
  const sorted = <Item extends { readonly vpc: string }>(items: readonly Item[]) =>
    items.toSorted((a, b) => isOther(a) - isOther(b))
  return { ...world, enis: sorted(world.enis), loadBalancers: sorted(world.loadBalancers) }
}

/** Instances that may be looked into for the account. */
export function isOwnInstance({ instances }: World, account: string): (id: string) => boolean {
  return (id) => instances.some((one) => one.id === id && one.owner === account)
}

export function viewOf(world: World, account: string, { steps, passes }: Judgement): View {
  const border = steps.findIndex(({ reason }) => isOthers(world, account, reason))
  const seen = (border < 0 ? steps : steps.slice(0, border)).map((step) => show(world, account, step))
  const over = steps[border]
  if (!over || !('endpoint' in over.reason)) return { passes, steps: seen, beyond: false }
  const { endpoint } = over.reason
  const service = world.endpoints.find(({ id }) => id === endpoint)?.service ?? ''
  const handed: SeenStep = { verdict: 'passes', reason: { code: 'handedOver', endpoint, service } }
  return passes
    ? { passes, steps: [...seen, handed], beyond: true }
    : { passes, steps: [...seen, handed, silent(endpoint, service)], beyond: true }
}

/** What came of a real packet is said of the other side too: an answer is what the client sees anyway. */
export function withAnswer(view: View, answered: boolean): View {
  const last = view.steps.at(-1)?.reason
  if (answered || last?.code !== 'handedOver') return view
  return { ...view, passes: false, steps: [...view.steps, silent(last.endpoint, last.service)] }
}

function silent(endpoint: string, service: string): SeenStep {
  return { verdict: 'stops', reason: { code: 'serviceSilent', endpoint, service } }
}

/** With this step the packet is in another account's hands. */
function isOthers({ endpoints, services }: World, account: string, reason: Reason): boolean {
  if (reason.code !== 'connected' && reason.code !== 'resourceGone') return false
  const service = endpoints.find(({ id }) => id === reason.endpoint)?.service
  return services.find(({ id }) => id === service)?.owner !== account
}

function show(world: World, account: string, { verdict, reason }: Step): SeenStep {
  const told = hide(world, account, reason)
  const mend = verdict === 'stops' && isFor(account, told) ? mendOf(told) : undefined
  return { verdict, reason: told, ...(mend === undefined ? {} : { mend }) }
}

/** Another account's and the operator's commands are theirs. */
function isFor(account: string, reason: Reason): boolean {
  return reason.code !== 'zoneDown' && (!('provider' in reason) || reason.provider === account)
}

/** Without what is not the account's to know. Each reason is named, so that a new one must be thought about. */
function hide(world: World, account: string, reason: Reason): Reason {
  switch (reason.code) {
    case 'otherVpc': {
      if (ownerOfVpc(world, reason.vpc) === account) return reason
      return { code: 'addressOfNobody', address: reason.address, vpc: reason.clientVpc }
    }
    case 'nameOfOtherVpc':
      if (ownerOfVpc(world, reason.vpc) === account) return reason
      return { code: 'nameUnknown', name: reason.name, vpc: reason.clientVpc }
    case 'connectionState':
    case 'endpointZoneState':
    case 'bandwidthFull':
    case 'consumerFull':
    case 'noBandwidth':
      return { ...reason, provider: reason.provider === account ? account : undefined }
    // Of the account's own VPC or endpoint, or of what it asked itself.
    case 'addressOf':
    case 'addressOfNobody':
    case 'addressOfRouter':
    case 'addressUnattached':
    case 'arrives':
    case 'clientState':
    case 'clientUnknown':
    case 'clientWithoutAddress':
    case 'enters':
    case 'instanceState':
    case 'leaves':
    case 'mayNotEnter':
    case 'mayNotLeave':
    case 'nameEmpty':
    case 'nameOutside':
    case 'nameResolves':
    case 'nameUnknown':
    case 'objectUnknown':
    case 'ownAddress':
    case 'resolver':
    case 'routeWithoutHop':
    case 'routed':
    case 'sameVpc':
    case 'zoneDown':
    case 'zoneWithoutResource':
      return reason
    // Behind the border, which `isOthers` finds, unless the balancer is the account's own.
    case 'allAbnormal':
    case 'backendsStopped':
    case 'backendsTake':
    case 'balancerBusy':
    case 'balancerFull':
    case 'balancerState':
    case 'connected':
    case 'listenerAbsent':
    case 'listenerBusy':
    case 'listenerRuns':
    case 'listenerStopped':
    case 'listens':
    case 'needsCertificate':
    case 'noBackends':
    case 'noRuleFits':
    case 'nobodyListens':
    case 'onlyItself':
    case 'proxyAnswers':
    case 'redirects':
    case 'resourceGone':
    case 'ruleFits':
    case 'ruleForOtherPaths':
    case 'someListen':
    case 'someUnreached':
    case 'weightsZero':
      return reason
  }
}
