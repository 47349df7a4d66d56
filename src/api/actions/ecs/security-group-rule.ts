/** Ecs 2014-05-26: one rule of a security group, as a request gives it and as it is compared with others. */
import { z } from 'zod'
import { parseSourceCidr } from '../../../model/ipv4.ts'
import type { SecurityGroupRuleTable } from '../../../store/tables.ts'
import { ApiError } from '../../errors.ts'
import { text } from '../../params.ts'
import { demand, found } from '../../require.ts'

export type Direction = SecurityGroupRuleTable['direction']

/** A rule as a request gives it. NicType is there for clients of old networks; a VPC has only one kind. */
export const ruleParams = {
  IpProtocol: text().optional(),
  PortRange: text().optional(),
  Policy: text().optional(),
  Priority: text().optional(),
  SourceCidrIp: text().optional(),
  SourceGroupId: text().optional(),
  DestCidrIp: text().optional(),
  DestGroupId: text().optional(),
  Description: text({ max: 512, invalid: 'InvalidParamter.Description' }).optional(),
  NicType: text().optional(),
  Ipv6SourceCidrIp: text().optional(),
  Ipv6DestCidrIp: text().optional(),
  SourcePortRange: text().optional(),
  SourceGroupOwnerId: text().optional(),
  SourceGroupOwnerAccount: text().optional(),
  DestGroupOwnerId: text().optional(),
  DestGroupOwnerAccount: text().optional(),
  SourcePrefixListId: text().optional(),
  DestPrefixListId: text().optional(),
  PortRangeListId: text().optional(),
}
export const ruleObject = z.object(ruleParams)
export type RuleParams = z.infer<typeof ruleObject>

const unsupported = ['Ipv6SourceCidrIp', 'Ipv6DestCidrIp', 'PortRangeListId'] as const

export type Rule = Pick<
  SecurityGroupRuleTable,
  | 'direction'
  | 'protocol'
  | 'from_port'
  | 'to_port'
  | 'policy'
  | 'priority'
  | 'peer_cidr'
  | 'peer_group_id'
  | 'peer_prefix_list_id'
  | 'description'
>

const protocols: Readonly<Record<string, Rule['protocol']>> = {
  tcp: 'TCP',
  udp: 'UDP',
  icmp: 'ICMP',
  gre: 'GRE',
  all: 'ALL',
}

export function readRule(direction: Direction, params: RuleParams): Rule {
  for (const name of unsupported) {
    demand(params[name] === undefined, 'InvalidParameter', { name, reason: 'not supported' })
  }
  const { SourcePortRange } = params
  demand(SourcePortRange === undefined || SourcePortRange === '-1/-1', 'InvalidParameter', {
    name: 'SourcePortRange',
    reason: 'not supported',
  })
  const name = found(params.IpProtocol, 'MissingParameter', { name: 'IpProtocol' })
  const protocol = found(protocols[name.toLowerCase()], 'InvalidIpProtocol.ValueNotSupported')
  const policy = (params.Policy ?? 'accept').toLowerCase()
  demand(policy === 'accept' || policy === 'drop', 'InvalidPolicy.Malformed')
  const priority = params.Priority ?? '1'
  demand(/^([1-9]\d?|100)$/.test(priority), 'InvalidPriority.ValueNotSupported')
  return {
    direction,
    protocol,
    ...readPorts(protocol, params.PortRange),
    policy: policy === 'accept' ? 'Accept' : 'Drop',
    priority: Number(priority),
    ...readPeer(direction, params),
    description: params.Description ?? '',
  }
}

function readPorts(
  protocol: Rule['protocol'],
  range: string | undefined,
): { from_port: number; to_port: number } {
  const hasPorts = protocol === 'TCP' || protocol === 'UDP'
  if (!hasPorts) {
    demand(range === undefined || range === '-1/-1', 'InvalidIpPortRange.Malformed')
    return { from_port: -1, to_port: -1 }
  }
  const [, from, to] =
    /^(\d{1,5})\/(\d{1,5})$/.exec(found(range, 'MissingParameter', { name: 'PortRange' })) ?? []
  const [first, last] = [Number(from), Number(to)]
  demand(first >= 1 && last <= 65535 && first <= last, 'InvalidIpPortRange.Malformed')
  return { from_port: first, to_port: last }
}

type Peer = Pick<Rule, 'peer_cidr' | 'peer_group_id' | 'peer_prefix_list_id'>
const nobody: Peer = { peer_cidr: null, peer_group_id: null, peer_prefix_list_id: null }

/** The other side. Of several, the block counts before the group, and both before a prefix list (AuthorizeSecurityGroup). */
function readPeer(direction: Direction, params: RuleParams): Peer {
  const ingress = direction === 'ingress'
  const cidr = ingress ? params.SourceCidrIp : params.DestCidrIp
  const group = ingress ? params.SourceGroupId : params.DestGroupId
  const list = ingress ? params.SourcePrefixListId : params.DestPrefixListId
  const ownSide = ingress ? params.DestCidrIp : params.SourceCidrIp
  demand(ownSide === undefined, 'InvalidParameter', {
    name: ingress ? 'DestCidrIp' : 'SourceCidrIp',
    reason: 'a rule names the other side only',
  })
  if (cidr !== undefined) {
    const code = ingress ? 'InvalidSourceCidrIp.Malformed' : 'InvalidDestCidrIp.Malformed'
    demand(parseSourceCidr(cidr) !== undefined, code)
    return { ...nobody, peer_cidr: cidr }
  }
  if (group !== undefined) return { ...nobody, peer_group_id: group }
  if (list !== undefined) return { ...nobody, peer_prefix_list_id: list }
  throw new ApiError(ingress ? 'MissingParameter.Source' : 'MissingParameter.Dest')
}

/** What a rule may be refused for, as it is written. */
export function ruleErrors(direction: Direction): readonly string[] {
  const side = direction === 'ingress' ? 'Source' : 'Dest'
  return [
    `Invalid${side}CidrIp.Malformed`,
    'InvalidIpPortRange.Malformed',
    'InvalidIpProtocol.ValueNotSupported',
    'InvalidParameter',
    'InvalidParamter.Description',
    'InvalidPolicy.Malformed',
    'InvalidPriority.ValueNotSupported',
    `MissingParameter.${side}`,
  ]
}

/** Whether two rules say the same; the description says nothing. */
export function sameRule(a: Rule, b: Rule): boolean {
  return samePackets(a, b) && a.policy === b.policy && a.priority === b.priority
}

/** Whether two rules are about the same packets, whatever they do with them. */
export function samePackets(a: Rule, b: Rule): boolean {
  return (
    a.direction === b.direction &&
    a.protocol === b.protocol &&
    a.from_port === b.from_port &&
    a.to_port === b.to_port &&
    a.peer_cidr === b.peer_cidr &&
    a.peer_group_id === b.peer_group_id &&
    a.peer_prefix_list_id === b.peer_prefix_list_id
  )
}
