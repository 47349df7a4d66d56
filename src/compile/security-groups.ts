import { disjointBlocks, formatCidr, parseCidr } from '../model/ipv4.ts'
import type { SecurityGroup, SecurityGroupRule } from '../model/world.ts'
import {
  addressesOf,
  type EndpointEniPlan,
  type EniPlan,
  type RulePlan,
  type SecurityGroupPlan,
} from '../plan/host-plan.ts'
import type { Index } from './index-world.ts'

export function compileSecurityGroups(
  index: Index,
  enis: readonly (EniPlan | EndpointEniPlan)[],
): SecurityGroupPlan[] {
  const members = new Map<string, string[]>()
  for (const eni of enis) {
    const own = 'endpoint' in eni ? [eni.address] : addressesOf(eni)
    for (const group of eni.securityGroups) {
      const addresses = members.get(group)
      if (addresses) addresses.push(...own)
      else members.set(group, [...own])
    }
  }
  return index.world.securityGroups
    .filter((group) => index.vpcs.has(group.vpc))
    .map((group) => {
      const addresses = (members.get(group.id) ?? []).toSorted()
      return index.memo.of(group.id, [group, ...addresses], () => compileGroup(group, addresses))
    })
}

function compileGroup(group: SecurityGroup, members: readonly string[]): SecurityGroupPlan {
  return {
    id: group.id,
    vpc: group.vpc,
    ingress: compileRules(group.rules, 'ingress'),
    egress: compileRules(group.rules, 'egress'),
    innerAccept: group.innerAccess === 'Accept',
    members,
  }
}

/** In evaluation order: a smaller number first; at equal priority drop beats accept (ECS, AuthorizeSecurityGroup). */
function compileRules(rules: readonly SecurityGroupRule[], direction: 'ingress' | 'egress'): RulePlan[] {
  return rules
    .filter((rule) => rule.direction === direction && !isEmpty(rule))
    .map(compileRule)
    .toSorted(
      (a, b) =>
        a.priority - b.priority ||
        Number(a.verdict === 'accept') - Number(b.verdict === 'accept') ||
        (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1),
    )
}

function compileRule(rule: SecurityGroupRule): RulePlan {
  return {
    protocol: protocols[rule.protocol],
    ports: rule.fromPort < 0 ? undefined : [rule.fromPort, rule.toPort],
    priority: rule.priority,
    verdict: rule.policy === 'Accept' ? 'accept' : 'drop',
    peer: compilePeer(rule.peer),
  }
}

/** A rule about an empty prefix list matches nobody. */
function isEmpty({ peer }: SecurityGroupRule): boolean {
  return peer.kind === 'blocks' && peer.blocks.length === 0
}

function compilePeer(peer: SecurityGroupRule['peer']): RulePlan['peer'] {
  switch (peer.kind) {
    case 'cidr':
      return { cidr: peer.cidr }
    case 'group':
      return { group: peer.group }
    case 'blocks':
      return { blocks: disjointBlocks(peer.blocks.flatMap((cidr) => parseCidr(cidr) ?? [])).map(formatCidr) }
  }
}

const protocols = { TCP: 'tcp', UDP: 'udp', ICMP: 'icmp', GRE: 'gre', ALL: 'all' } as const
