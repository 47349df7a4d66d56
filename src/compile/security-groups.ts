import { Grouping } from '../lists/grouping.ts'
import { disjointBlocks, formatCidr, parseCidr } from '../model/ipv4.ts'
import type { SecurityGroup, SecurityGroupRule } from '../model/world.ts'
import type { EndpointEniPlan, EniPlan, RulePlan, SecurityGroupPlan } from '../plan/host-plan.ts'
import type { Index } from './index-world.ts'

/** Both lists of ENIs sorted by id. */
export function compileSecurityGroups(
  index: Index,
  enis: readonly EniPlan[],
  endpointEnis: readonly EndpointEniPlan[],
): SecurityGroupPlan[] {
  const { memo } = index
  const groupsOf = ({ securityGroups }: Member) => securityGroups
  const ofInstances = memo.keep('members of instances', () => new Grouping<Member>(groupsOf)).update(enis)
  const ofEndpoints = memo
    .keep('members of endpoints', () => new Grouping<Member>(groupsOf))
    .update(endpointEnis)
  return index.world.securityGroups
    .filter((group) => index.vpcs.has(group.vpc))
    .map((group) => {
      const members = [ofInstances.get(group.id), ofEndpoints.get(group.id)]
      return memo.of(group.id, [group, ...members], () => compileGroup(group, members.flat()))
    })
}

type Member = Pick<EniPlan | EndpointEniPlan, 'id' | 'address' | 'securityGroups'> &
  Partial<Pick<EniPlan, 'furtherAddresses'>>

function compileGroup(group: SecurityGroup, members: readonly Member[]): SecurityGroupPlan {
  return {
    id: group.id,
    vpc: group.vpc,
    ingress: compileRules(group.rules, 'ingress'),
    egress: compileRules(group.rules, 'egress'),
    innerAccept: group.innerAccess === 'Accept',
    members: members.flatMap(({ address, furtherAddresses = [] }) => [address, ...furtherAddresses]).sort(),
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
