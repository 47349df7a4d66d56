/** Ecs 2014-05-26: rules of security groups. */
import { z } from 'zod'
import { newId } from '../../../model/ids.ts'
import { parseSourceCidr } from '../../../model/ipv4.ts'
import { quotas } from '../../../model/quotas.ts'
import { nextGeneration } from '../../../store/generation.ts'
import { prefixListsById } from '../../../store/prefix-lists.ts'
import {
  deleteRules,
  findSecurityGroup,
  groupsOfVpc,
  insertRules,
  rulesOfGroup,
  updateSecurityGroup,
} from '../../../store/security-groups.ts'
import type { SecurityGroupRuleTable, SecurityGroupTable } from '../../../store/tables.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ApiError } from '../../errors.ts'
import { ownerOf } from '../../new-resource.ts'
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
const ruleObject = z.object(ruleParams)
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

/** Rules of a request: `Permissions.N.…`, or one rule without that prefix, as older clients send it. */
function readRules(
  direction: Direction,
  params: RuleParams & { readonly Permissions?: RuleParams[] | undefined },
): Rule[] {
  return (params.Permissions ?? [params]).map((rule) => readRule(direction, rule))
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

const writeParams = {
  SecurityGroupId: text(),
  Permissions: z.array(ruleObject).max(100).optional(),
  ...ruleParams,
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

/** What a rule may be refused for, because of what it names. */
export function peerErrors(direction: Direction): readonly string[] {
  return ['InvalidPrefixListId.NotFound', strangeGroup(direction)]
}

function authorize(direction: Direction) {
  return defineAction({
    product: 'Ecs',
    name: direction === 'ingress' ? 'AuthorizeSecurityGroup' : 'AuthorizeSecurityGroupEgress',
    summary: { en: `Adds ${direction} rules to a security group.`, zh: '增加安全组规则。' },
    status: {
      partial: 'IPv4 only; source ports, port lists and groups of other VPCs and accounts are refused.',
    },
    params: z.object(writeParams),
    result: z.object({}),
    effect: 'write',
    answer: 'when-in-kernel',
    errors: [
      ...ruleErrors(direction),
      ...peerErrors(direction),
      'AuthorizationLimitExceed',
      'InvalidSecurityGroupId.NotFound',
    ].sort(),
    handler: async (context, params) => {
      const { tx, now, randomBytes } = context
      const wanted = readRules(direction, params)
      const generation = await nextGeneration(tx)
      const group = await ownGroup(context, params.SecurityGroupId)
      checkOwners(context, direction, params.Permissions ?? [params])
      await checkPeers(context, group, wanted)
      const present: Rule[] = [...(await rulesOfGroup(tx, group.id))]
      const added: SecurityGroupRuleTable[] = []
      for (const rule of wanted) {
        if (present.some((other) => sameRule(rule, other))) continue
        present.push(rule)
        added.push({
          ...rule,
          id: newId('sgr', randomBytes),
          security_group_id: group.id,
          created_at: now.toISOString(),
          generation,
        })
      }
      await checkQuota(context, present)
      await insertRules(tx, added)
      await updateSecurityGroup(tx, group.id, { generation })
      return {}
    },
  })
}

function revoke(direction: Direction) {
  return defineAction({
    product: 'Ecs',
    name: direction === 'ingress' ? 'RevokeSecurityGroup' : 'RevokeSecurityGroupEgress',
    summary: { en: `Removes ${direction} rules from a security group.`, zh: '删除安全组规则。' },
    status: {
      partial: 'As in `Ecs.AuthorizeSecurityGroup`: IPv4 only; source ports and port lists are refused.',
    },
    params: z.object({ SecurityGroupRuleId: z.array(text()).max(100).optional(), ...writeParams }),
    result: z.object({}),
    effect: 'write',
    answer: 'when-in-kernel',
    errors: [
      ...ruleErrors(direction),
      'InvalidSecurityGroupId.NotFound',
      'InvalidSecurityGroupRuleId.NotFound',
    ].sort(),
    handler: async (context, params) => {
      const { tx } = context
      const ids = params.SecurityGroupRuleId
      const wanted = ids ? [] : readRules(direction, params)
      const generation = await nextGeneration(tx)
      const group = await ownGroup(context, params.SecurityGroupId)
      const present = await rulesOfGroup(tx, group.id)
      const known = ids?.every((id) => present.some((rule) => rule.id === id && rule.direction === direction))
      demand(known !== false, 'InvalidSecurityGroupRuleId.NotFound')
      const gone = present.filter(
        (rule) => ids?.includes(rule.id) ?? wanted.some((other) => sameRule(rule, other)),
      )
      await deleteRules(
        tx,
        gone.map(({ id }) => id),
      )
      await updateSecurityGroup(tx, group.id, { generation })
      return {}
    },
  })
}

/**
 * A rule may only name a group of the same VPC, since elsewhere the same addresses are other machines, and a prefix list
 * of the same account.
 */
export async function checkPeers(
  context: ActionContext,
  group: SecurityGroupTable,
  rules: readonly Rule[],
): Promise<void> {
  const peers = rules.flatMap(({ peer_group_id: peer }) => peer ?? [])
  const known = await groupsOfVpc(context.tx, ownerOf(context), group.vpc_id, peers)
  for (const { direction, peer_group_id: peer } of rules) {
    demand(peer === null || known.some(({ id }) => id === peer), strangeGroup(direction))
  }
  const lists = await listsOf(context, rules)
  for (const { peer_prefix_list_id: list } of rules) {
    demand(list === null || lists.has(list), 'InvalidPrefixListId.NotFound')
  }
}

/** No VPC is shared, so a group of another account is never in the same one. */
export function checkOwners(
  { caller }: ActionContext,
  direction: Direction,
  rules: readonly RuleParams[],
): void {
  const side = direction === 'ingress' ? 'Source' : 'Dest'
  for (const rule of rules) {
    for (const owner of [rule[`${side}GroupOwnerId`], rule[`${side}GroupOwnerAccount`]]) {
      demand(owner === undefined || owner === caller.account, strangeGroup(direction))
    }
  }
}

function strangeGroup(direction: Direction): string {
  return direction === 'ingress' ? 'InvalidSourceGroupId.NotFound' : 'InvalidDestGroupId.NotFound'
}

/** A rule about a prefix list counts as many times as the list may have entries (ECS, prefix lists). */
export async function checkQuota(context: ActionContext, rules: readonly Rule[]): Promise<void> {
  const lists = await listsOf(context, rules)
  const count = rules.reduce(
    (sum, rule) => sum + (lists.get(rule.peer_prefix_list_id ?? '')?.max_entries ?? 1),
    0,
  )
  demand(count <= quotas.rulesPerSecurityGroup, 'AuthorizationLimitExceed')
}

async function listsOf(context: ActionContext, rules: readonly Rule[]) {
  const ids = rules.flatMap(({ peer_prefix_list_id: list }) => list ?? [])
  return await prefixListsById(context.tx, ownerOf(context), ids)
}

export async function ownGroup(context: ActionContext, id: string): Promise<SecurityGroupTable> {
  return found(await findSecurityGroup(context.tx, ownerOf(context), id), 'InvalidSecurityGroupId.NotFound')
}

export const securityGroupRuleActions: readonly Action[] = [
  authorize('ingress'),
  authorize('egress'),
  revoke('ingress'),
  revoke('egress'),
]
