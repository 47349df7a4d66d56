/**
 * Judges a plan, whoever made it. A plan with findings is not applied: an address given twice would carry one
 * tenant's traffic to another.
 */
import { difference, middle, type Identified } from '../lists/sorted.ts'
import { containsAddress, containsBlock, parseAddress, parseCidr, type Cidr } from '../model/ipv4.ts'
import { cloudServices } from '../model/rules.ts'
import { sectionOf, sections, type Section } from '../plan/change.ts'
import {
  addressesOf,
  type BalancerPlan,
  type Fabric,
  type HostPlan,
  type Links,
  type RelayPlan,
  type VpcPlan,
} from '../plan/host-plan.ts'
import { netnsPrefix } from '../plan/kernel-names.ts'
import { proxyPorts, relayPorts } from '../plan/leg-ports.ts'

export interface Finding {
  readonly rule:
    | 'DuplicateId'
    | 'DuplicateDevice'
    | 'DuplicateAddress'
    | 'DuplicateRelayPort'
    | 'DuplicateUid'
    | 'AddressOutsideVSwitch'
    | 'AddressOutsideTransit'
    | 'UnknownReference'
    | 'ForeignNamespace'
    | 'RelayPortOutOfRange'
    | 'DuplicateRoute'
    | 'RouteShadowsVpc'
    | 'DeviceNameTooLong'
  readonly ids: readonly string[]
}

export function check(plan: HostPlan): Finding[] {
  return createChecker()(plan)
}

/**
 * A judge that remembers what it has judged: of the next plan it looks at the items that are other objects than
 * before. The findings are the same as those of a judge without memory.
 */
export function createChecker(): (plan: HostPlan) => Finding[] {
  const courts = sections.map((section) => new Court(section))
  const claims = new Claims()
  let surroundings: Surroundings | undefined
  return (plan) => {
    const before = surroundings
    const around = surroundingsOf(plan, before)
    surroundings = around
    // What an item is judged against: with another surrounding every item is judged anew.
    const same = before !== undefined && sameSurroundings(before, around)
    const findings = courts.flatMap((court) => court.judge(plan, around, same, claims))
    return [...findings, ...claims.clashes()]
  }
}

/** The items of one section, judged one by one. */
class Court {
  readonly #section: Section
  readonly #judged = new Map<string, Judged>()
  readonly #guilty = new Set<string>()
  #last: readonly Identified[] = []

  constructor(section: Section) {
    this.#section = section
  }

  judge(plan: HostPlan, around: Surroundings, same: boolean, claims: Claims): readonly Finding[] {
    const { items, twice } = withoutDuplicates(sectionOf(plan, this.#section), this.#last)
    const { gone, come } = same ? difference(this.#last, items) : { gone: this.#last, come: items }
    for (const { id } of gone) this.#forget(id, claims)
    for (const item of come) this.#remember(item.id, judge(this.#section, item, around), claims)
    this.#last = items
    return [...twice, ...[...this.#guilty].flatMap((id) => this.#judged.get(id)?.findings ?? [])]
  }

  #remember(id: string, judged: Judged, claims: Claims): void {
    this.#judged.set(id, judged)
    claims.take(id, judged.claims)
    if (judged.findings.length > 0) this.#guilty.add(id)
  }

  #forget(id: string, claims: Claims): void {
    const old = this.#judged.get(id)
    if (!old) return
    claims.release(id, old.claims)
    this.#judged.delete(id)
    this.#guilty.delete(id)
  }
}

/** `last` has none, so only what is not the same has to be looked at. */
function withoutDuplicates(
  items: readonly Identified[],
  last: readonly Identified[],
): { readonly items: readonly Identified[]; readonly twice: readonly Finding[] } {
  const { start, afterEnd } = middle(last, items)
  if (isRising(items.slice(Math.max(0, start - 1), afterEnd + 1))) return { items, twice: [] }
  const byId = new Map<string, Identified>()
  const twice: Finding[] = []
  for (const item of items) {
    if (byId.has(item.id)) twice.push({ rule: 'DuplicateId', ids: [item.id, item.id] })
    byId.set(item.id, item)
  }
  return { items: [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1)), twice }
}

function isRising(items: readonly Identified[]): boolean {
  return items.every(({ id }, position) => position === 0 || (items[position - 1]?.id ?? '') < id)
}

interface Judged {
  readonly claims: readonly Claim[]
  readonly findings: readonly Finding[]
}

/** A thing of which there may be only one, such as an address in a VPC. */
interface Claim {
  readonly rule: Finding['rule']
  readonly key: string
}

/** Who holds what. */
class Claims {
  readonly #holders = new Map<string, { readonly rule: Finding['rule']; readonly ids: string[] }>()
  readonly #clashing = new Set<string>()

  take(id: string, claims: readonly Claim[]): void {
    for (const { rule, key } of claims) {
      const held = this.#holders.get(key)
      if (held) {
        held.ids.push(id)
        this.#clashing.add(key)
      } else {
        this.#holders.set(key, { rule, ids: [id] })
      }
    }
  }

  release(id: string, claims: readonly Claim[]): void {
    for (const { key } of claims) {
      const held = this.#holders.get(key)
      if (!held) continue
      held.ids.splice(held.ids.indexOf(id), 1)
      if (held.ids.length < 2) this.#clashing.delete(key)
      if (held.ids.length === 0) this.#holders.delete(key)
    }
  }

  clashes(): Finding[] {
    return [...this.#clashing].map((key) => {
      const held = this.#holders.get(key)
      return { rule: held?.rule ?? 'DuplicateId', ids: [...(held?.ids ?? [])] }
    })
  }
}

/** What the items of a plan refer to. */
interface Surroundings {
  readonly prefix: string
  readonly serviceNetns: string
  /** VPC → blocks of its vSwitches. */
  readonly blocks: ReadonlyMap<string, readonly Cidr[]>
  readonly groups: ReadonlySet<string>
  readonly balancers: ReadonlySet<string>
  readonly vpcs: readonly VpcPlan[]
  readonly balancerPlans: readonly BalancerPlan[]
}

function surroundingsOf(plan: HostPlan, before: Surroundings | undefined): Surroundings {
  const { vpcs, securityGroups } = plan.fabric
  const { balancers } = plan.links
  return {
    prefix: netnsPrefix(plan.deployment),
    serviceNetns: plan.serviceNetns,
    blocks: before && sameItems(before.vpcs, vpcs) ? before.blocks : blocksOf(vpcs),
    groups: new Set(securityGroups.map(({ id }) => id)),
    balancers: new Set(balancers.map(({ id }) => id)),
    vpcs,
    balancerPlans: balancers,
  }
}

/** A group that is new, or has other members, changes nothing for the items that were there. */
function sameSurroundings(a: Surroundings, b: Surroundings): boolean {
  return (
    a.prefix === b.prefix &&
    a.blocks === b.blocks &&
    sameItems(a.balancerPlans, b.balancerPlans) &&
    [...a.groups].every((group) => b.groups.has(group))
  )
}

function blocksOf(vpcs: readonly VpcPlan[]): Surroundings['blocks'] {
  return new Map(vpcs.map((vpc) => [vpc.id, vpc.vswitches.flatMap(({ cidr }) => parseCidr(cidr) ?? [])]))
}

function sameItems(a: readonly Identified[], b: readonly Identified[]): boolean {
  return a.length === b.length && middle(a, b).start === a.length
}

type Item<S extends Section> = (Fabric & Links)[S][number]

/** What an item of each section claims, and what is wrong with it by itself or in its surroundings. */
const judges: { readonly [S in Section]: (item: Item<S>, around: Surroundings, verdict: Verdict) => void } = {
  vpcs({ id, netns, vswitches, serviceLeg: leg }, around, verdict) {
    verdict.device(`${id} ${leg.vpcDevice}`, leg.vpcDevice)
    verdict.device(`${around.serviceNetns} ${leg.serviceDevice}`, leg.serviceDevice)
    verdict.transit(leg.serviceAddress, leg.vpcAddress, ...vswitches.map((vswitch) => vswitch.resolverSource))
    for (const { gateway } of vswitches) verdict.claim('DuplicateAddress', `${id} ${gateway}`)
    verdict.netns(netns, around)
  },
  routes({ vpc, destination, vswitches }, around, verdict) {
    for (const vswitch of vswitches) verdict.claim('DuplicateRoute', `${vpc} ${vswitch} ${destination}`)
    verdict.foreignBlock(destination, around.blocks.get(vpc) ?? [])
    verdict.references(around.blocks.has(vpc))
  },
  enis(eni, around, verdict) {
    verdict.device(`${eni.vpc} ${eni.vpcDevice}`, eni.vpcDevice)
    verdict.device(`${eni.netns} ${eni.device}`, eni.device)
    for (const address of addressesOf(eni)) verdict.tenantAddress({ vpc: eni.vpc, address }, around)
    verdict.references(
      around.blocks.has(eni.vpc) && eni.securityGroups.every((group) => around.groups.has(group)),
    )
    verdict.netns(eni.netns, around)
  },
  securityGroups: ({ vpc }, around, verdict) => verdict.references(around.blocks.has(vpc)),
  instances({ vpc, netns, uid }, around, verdict) {
    verdict.claim('DuplicateUid', `uid ${uid}`)
    verdict.references(around.blocks.has(vpc))
    verdict.netns(netns, around)
  },
  endpointEnis(eni, around, verdict) {
    verdict.tenantAddress(eni, around)
    verdict.references(
      around.blocks.has(eni.vpc) && eni.securityGroups.every((group) => around.groups.has(group)),
    )
  },
  wires(wire, { blocks, balancers }, verdict) {
    verdict.device(`${wire.consumerVpc} ${wire.consumerDevice}`, wire.consumerDevice)
    verdict.device(`${wire.providerVpc} ${wire.providerDevice}`, wire.providerDevice)
    verdict.transit(wire.consumerAddress, wire.providerAddress, ...wire.furtherSources)
    verdict.relays(wire.consumerVpc, wire.relays)
    verdict.references(
      blocks.has(wire.consumerVpc) && blocks.has(wire.providerVpc) && balancers.has(wire.balancer),
    )
  },
  balancers(balancer, around, verdict) {
    const { vpc, addresses, relays, listeners } = balancer
    for (const address of addresses) verdict.tenantAddress({ vpc, address }, around)
    verdict.relays(vpc, relays)
    for (const { http } of listeners) if (http) verdict.proxyPort(vpc, http.proxyPort)
    verdict.references(around.blocks.has(vpc))
  },
  names: ({ vpc }, around, verdict) => verdict.references(around.blocks.has(vpc)),
}

function judge<S extends Section>(section: S, item: { readonly id: string }, around: Surroundings): Judged {
  const verdict = new Verdict(item.id)
  judges[section](item as Item<S>, around, verdict)
  return { claims: verdict.claims, findings: verdict.findings }
}

class Verdict {
  readonly claims: Claim[] = []
  readonly findings: Finding[] = []
  readonly #id: string

  constructor(id: string) {
    this.#id = id
  }

  claim(rule: Finding['rule'], key: string): void {
    this.claims.push({ rule, key })
  }

  /** Names of devices have 15 bytes at most (IFNAMSIZ). */
  device(key: string, name: string): void {
    this.claim('DuplicateDevice', key)
    if (name.length > 15) this.#find('DeviceNameTooLong')
  }

  /** The resolver and other reserved addresses of the cloud lie in 100.100.0.0/16: it carries no transit. */
  transit(...addresses: readonly string[]): void {
    for (const address of addresses) {
      this.claim('DuplicateAddress', address)
      const inside = /^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./.test(address)
      if (!inside || address.startsWith('100.100.')) this.#find('AddressOutsideTransit')
    }
  }

  tenantAddress(
    { vpc, address }: { readonly vpc: string; readonly address: string },
    around: Surroundings,
  ): void {
    this.claim('DuplicateAddress', `${vpc} ${address}`)
    const value = parseAddress(address)
    const inside = around.blocks
      .get(vpc)
      ?.some((block) => value !== undefined && containsAddress(block, value))
    if (!inside) this.#find('AddressOutsideVSwitch')
  }

  relays(vpc: string, relays: readonly RelayPlan[]): void {
    for (const { relayPort } of relays) {
      this.claim('DuplicateRelayPort', `${vpc} relay ${relayPort}`)
      if (relayPort < relayPorts.first || relayPort > relayPorts.last) this.#find('RelayPortOutOfRange')
    }
  }

  proxyPort(vpc: string, port: number): void {
    this.claim('DuplicateRelayPort', `${vpc} relay ${port}`)
    if (port < proxyPorts.first || port > proxyPorts.last) this.#find('RelayPortOutOfRange')
  }

  /** A route may lead to all the world beside, but not to a part of the VPC or of the cloud's services. */
  foreignBlock(destination: string, own: readonly Cidr[]): void {
    const block = parseCidr(destination)
    const shadows = [...own, cloudServices].some((other) => block && other && containsBlock(other, block))
    if (!block || shadows) this.#find('RouteShadowsVpc')
  }

  references(known: boolean): void {
    if (!known) this.#find('UnknownReference')
  }

  netns(netns: string, { prefix }: Surroundings): void {
    if (!netns.startsWith(prefix)) this.#find('ForeignNamespace')
  }

  #find(rule: Finding['rule']): void {
    this.findings.push({ rule, ids: [this.#id] })
  }
}
