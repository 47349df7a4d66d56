/**
 * Security groups, as the API says they are evaluated (ECS, AuthorizeSecurityGroup): rules of all groups by priority, at equal
 * priority drop first; then members of one group with inner access; then nothing comes in and everything goes out.
 */
import { containsAddress, parseAddress, parseSourceCidr } from '../model/ipv4.ts'
import type { Eni, SecurityGroup, SecurityGroupRule, World } from '../model/world.ts'
import { addressesOf, downZoneOf } from './scene.ts'

export type RuleDecision =
  | {
      readonly by: 'rule'
      readonly group: string
      readonly rule: string
      readonly priority: number
      readonly policy: 'Accept' | 'Drop'
    }
  | { readonly by: 'sameGroup'; readonly group: string }
  /** No rule fits. */
  | { readonly by: 'default' }

export interface Packet {
  readonly protocol: 'tcp' | 'udp'
  readonly port: number
  /** The other side. */
  readonly peer: string
}

export interface Decided {
  readonly allowed: boolean
  readonly decision: RuleDecision
}

export function decide(
  world: World,
  direction: SecurityGroupRule['direction'],
  { vpc, securityGroups }: Pick<Eni, 'vpc' | 'securityGroups'>,
  packet: Packet,
): Decided {
  const groups = world.securityGroups.filter(
    (group) => group.vpc === vpc && securityGroups.includes(group.id),
  )
  const [first] = groups
    .flatMap((group) => group.rules.map((rule) => ({ group, rule })))
    .filter(({ rule }) => rule.direction === direction && fits(world, vpc, rule, packet))
    .toSorted((a, b) => rank(a.rule) - rank(b.rule))
  if (first) {
    const { id: rule, priority, policy } = first.rule
    const decision = { by: 'rule', group: first.group.id, rule, priority, policy } as const
    return { allowed: policy === 'Accept', decision }
  }
  if (direction === 'egress') return { allowed: true, decision: { by: 'default' } }
  const common = groups.find((group) => group.innerAccess === 'Accept' && isMember(world, group, packet.peer))
  if (common) return { allowed: true, decision: { by: 'sameGroup', group: common.id } }
  return { allowed: false, decision: { by: 'default' } }
}

function rank({ priority, policy }: SecurityGroupRule): number {
  return priority * 2 + (policy === 'Drop' ? 0 : 1)
}

function fits(world: World, vpc: string, rule: SecurityGroupRule, { protocol, port, peer }: Packet): boolean {
  if (rule.protocol !== 'ALL' && rule.protocol.toLowerCase() !== protocol) return false
  if (rule.fromPort >= 0 && (port < rule.fromPort || port > rule.toPort)) return false
  const { peer: of } = rule
  switch (of.kind) {
    case 'cidr':
      return inBlock(peer, of.cidr)
    case 'blocks':
      return of.blocks.some((block) => inBlock(peer, block))
    case 'group': {
      const group = world.securityGroups.find(({ id }) => id === of.group)
      return group?.vpc === vpc && isMember(world, group, peer)
    }
  }
}

/** A detached interface is nobody's, and one in a zone that is down is not there. */
function isMember(world: World, { id, vpc }: SecurityGroup, address: string): boolean {
  return world.enis.some(
    (eni) =>
      eni.vpc === vpc &&
      eni.attachment.kind !== 'none' &&
      downZoneOf(world, eni) === undefined &&
      eni.securityGroups.includes(id) &&
      addressesOf(eni).includes(address),
  )
}

export function inBlock(address: string, cidr: string): boolean {
  const block = parseSourceCidr(cidr)
  const value = parseAddress(address)
  return block !== undefined && value !== undefined && containsAddress(block, value)
}
