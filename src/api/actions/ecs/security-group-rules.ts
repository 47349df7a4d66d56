/** Ecs 2014-05-26: rules of security groups. */
import { z } from 'zod'
import { newId } from '../../../model/ids.ts'
import { parseSourceCidr } from '../../../model/ipv4.ts'
import { quotas } from '../../../model/quotas.ts'
import { nextGeneration } from '../../../store/generation.ts'
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
import { seconds, wrapped } from '../../results.ts'

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
  SourcePrefixListId: text().optional(),
  DestPrefixListId: text().optional(),
  PortRangeListId: text().optional(),
}
const ruleObject = z.object(ruleParams)
export type RuleParams = z.infer<typeof ruleObject>

const unsupported = [
  'Ipv6SourceCidrIp',
  'Ipv6DestCidrIp',
  'SourcePrefixListId',
  'DestPrefixListId',
  'PortRangeListId',
] as const

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

/** The other side. When both a block and a group are given, the block counts (AuthorizeSecurityGroup). */
function readPeer(
  direction: Direction,
  params: RuleParams,
): { peer_cidr: string | null; peer_group_id: string | null } {
  const ingress = direction === 'ingress'
  const cidr = ingress ? params.SourceCidrIp : params.DestCidrIp
  const group = ingress ? params.SourceGroupId : params.DestGroupId
  const ownSide = ingress ? params.DestCidrIp : params.SourceCidrIp
  demand(ownSide === undefined, 'InvalidParameter', {
    name: ingress ? 'DestCidrIp' : 'SourceCidrIp',
    reason: 'a rule names the other side only',
  })
  if (cidr !== undefined) {
    const code = ingress ? 'InvalidSourceCidrIp.Malformed' : 'InvalidDestCidrIp.Malformed'
    demand(parseSourceCidr(cidr) !== undefined, code)
    return { peer_cidr: cidr, peer_group_id: null }
  }
  if (group === undefined) throw new ApiError(ingress ? 'MissingParameter.Source' : 'MissingParameter.Dest')
  return { peer_cidr: null, peer_group_id: group }
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
    a.peer_group_id === b.peer_group_id
  )
}

const writeParams = {
  SecurityGroupId: text(),
  Permissions: z.array(ruleObject).max(100).optional(),
  ...ruleParams,
}

function authorize(direction: Direction) {
  return defineAction({
    product: 'Ecs',
    name: direction === 'ingress' ? 'AuthorizeSecurityGroup' : 'AuthorizeSecurityGroupEgress',
    summary: { en: `Adds ${direction} rules to a security group.`, zh: '增加安全组规则。' },
    status: {
      partial:
        'IPv4 blocks and groups of the same VPC only: prefix lists, port lists, IPv6, source ports and groups of other accounts are refused.',
    },
    params: z.object(writeParams),
    result: z.object({}),
    effect: 'write',
    answer: 'when-in-kernel',
    handler: async (context, params) => {
      const { tx, now, randomBytes } = context
      const wanted = readRules(direction, params)
      const generation = await nextGeneration(tx)
      const group = await ownGroup(context, params.SecurityGroupId)
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
      demand(present.length <= quotas.rulesPerSecurityGroup, 'AuthorizationLimitExceed')
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
    status: 'full',
    params: z.object({ SecurityGroupRuleId: z.array(text()).max(100).optional(), ...writeParams }),
    result: z.object({}),
    effect: 'write',
    answer: 'when-in-kernel',
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

/** A rule may only name a group of the same VPC: elsewhere the same addresses are other machines. */
export async function checkPeers(
  context: ActionContext,
  group: SecurityGroupTable,
  rules: readonly Rule[],
): Promise<void> {
  const peers = rules.flatMap(({ peer_group_id: peer }) => (peer === null ? [] : [peer]))
  const known = await groupsOfVpc(context.tx, ownerOf(context), group.vpc_id, peers)
  const strange = rules.find(
    ({ peer_group_id: peer }) => peer !== null && !known.some(({ id }) => id === peer),
  )
  if (!strange) return
  throw new ApiError(
    strange.direction === 'ingress' ? 'InvalidSourceGroupId.NotFound' : 'InvalidDestGroupId.NotFound',
  )
}

const describeSecurityGroupAttribute = defineAction({
  product: 'Ecs',
  name: 'DescribeSecurityGroupAttribute',
  summary: { en: 'Describes a security group with its rules.', zh: '查询安全组详情和规则。' },
  status: {
    partial: 'Gives all rules at once: `MaxResults` and `NextToken` are ignored.',
  },
  params: z.object({
    SecurityGroupId: text(),
    Direction: text().optional(),
    NicType: text().optional(),
  }),
  result: z.object({
    SecurityGroupId: z.string(),
    SecurityGroupName: z.string(),
    VpcId: z.string(),
    RegionId: z.string(),
    Description: z.string(),
    InnerAccessPolicy: z.string(),
    NextToken: z.string(),
    Permissions: wrapped(
      'Permission',
      z.object({
        SecurityGroupRuleId: z.string(),
        Direction: z.string(),
        IpProtocol: z.string(),
        PortRange: z.string(),
        Policy: z.string(),
        Priority: z.string(),
        SourceCidrIp: z.string(),
        SourceGroupId: z.string(),
        SourceGroupName: z.string(),
        SourceGroupOwnerAccount: z.string(),
        SourcePrefixListId: z.string(),
        SourcePrefixListName: z.string(),
        SourcePortRange: z.string(),
        Ipv6SourceCidrIp: z.string(),
        DestCidrIp: z.string(),
        DestGroupId: z.string(),
        DestGroupName: z.string(),
        DestGroupOwnerAccount: z.string(),
        DestPrefixListId: z.string(),
        DestPrefixListName: z.string(),
        Ipv6DestCidrIp: z.string(),
        NicType: z.string(),
        Description: z.string(),
        CreateTime: z.string(),
      }),
    ),
  }),
  effect: 'read',
  handler: async (context, params) => {
    const group = await ownGroup(context, params.SecurityGroupId)
    const direction = params.Direction?.toLowerCase()
    const rules = (await rulesOfGroup(context.tx, group.id)).filter(
      (rule) => (direction !== 'ingress' && direction !== 'egress') || rule.direction === direction,
    )
    return {
      SecurityGroupId: group.id,
      SecurityGroupName: group.name,
      VpcId: group.vpc_id,
      RegionId: group.region_id,
      Description: group.description,
      InnerAccessPolicy: group.inner_access,
      NextToken: '',
      Permissions: { Permission: rules.map(describeRule) },
    }
  },
})

function describeRule(rule: SecurityGroupRuleTable) {
  const ingress = rule.direction === 'ingress'
  const cidr = rule.peer_cidr ?? ''
  const group = rule.peer_group_id ?? ''
  return {
    SecurityGroupRuleId: rule.id,
    Direction: rule.direction,
    IpProtocol: rule.protocol,
    PortRange: `${rule.from_port}/${rule.to_port}`,
    Policy: rule.policy,
    Priority: String(rule.priority),
    SourceCidrIp: ingress ? cidr : '',
    SourceGroupId: ingress ? group : '',
    SourceGroupName: '',
    SourceGroupOwnerAccount: '',
    SourcePrefixListId: '',
    SourcePrefixListName: '',
    SourcePortRange: '-1/-1',
    Ipv6SourceCidrIp: '',
    DestCidrIp: ingress ? '' : cidr,
    DestGroupId: ingress ? '' : group,
    DestGroupName: '',
    DestGroupOwnerAccount: '',
    DestPrefixListId: '',
    DestPrefixListName: '',
    Ipv6DestCidrIp: '',
    NicType: 'intranet',
    Description: rule.description,
    CreateTime: seconds(rule.created_at),
  }
}

export async function ownGroup(context: ActionContext, id: string): Promise<SecurityGroupTable> {
  return found(await findSecurityGroup(context.tx, ownerOf(context), id), 'InvalidSecurityGroupId.NotFound')
}

export const securityGroupRuleActions: readonly Action[] = [
  authorize('ingress'),
  authorize('egress'),
  revoke('ingress'),
  revoke('egress'),
  describeSecurityGroupAttribute,
]
