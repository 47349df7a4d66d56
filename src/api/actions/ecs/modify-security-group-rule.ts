/** Ecs 2014-05-26: changes of rules that a security group has. */
import { z } from 'zod'
import { nextGeneration } from '../../../store/generation.ts'
import { rulesOfGroup, updateRule, updateSecurityGroup } from '../../../store/security-groups.ts'
import type { SecurityGroupRuleTable } from '../../../store/tables.ts'
import { defineAction, type Action } from '../../action.ts'
import { text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import {
  readRule,
  ruleErrors,
  ruleParams,
  samePackets,
  sameRule,
  type Direction,
  type RuleParams,
} from './security-group-rule.ts'
import { checkOwners, checkPeers, checkQuota, ownGroup, peerErrors } from './security-group-rules.ts'

function modify(direction: Direction) {
  return defineAction({
    product: 'Ecs',
    name: direction === 'ingress' ? 'ModifySecurityGroupRule' : 'ModifySecurityGroupEgressRule',
    summary: {
      en: `Changes an ${direction} rule: any part of the one named by SecurityGroupRuleId, or policy, priority and description of the one that matches.`,
      zh: '修改安全组规则。',
    },
    status: {
      partial:
        'As in `Ecs.AuthorizeSecurityGroup`: IPv4 only; source ports, port lists and groups of other VPCs and accounts are refused.',
    },
    params: z.object({ SecurityGroupId: text(), SecurityGroupRuleId: text().optional(), ...ruleParams }),
    result: z.object({}),
    effect: 'write',
    answer: 'when-in-kernel',
    errors: [
      ...ruleErrors(direction),
      ...peerErrors(direction),
      'AuthorizationLimitExceed',
      'InvalidSecurityGroupId.NotFound',
      'InvalidSecurityGroupRule.RuleExist',
      'InvalidSecurityGroupRuleId.NotFound',
    ].sort(),
    handler: async (context, params) => {
      const { tx } = context
      const { SecurityGroupRuleId: id } = params
      const generation = await nextGeneration(tx)
      const group = await ownGroup(context, params.SecurityGroupId)
      checkOwners(context, direction, [params])
      const rules = await rulesOfGroup(tx, group.id)
      const present = rules.filter((rule) => rule.direction === direction)
      const row = found(
        id === undefined ? matching(present, direction, params) : present.find((rule) => rule.id === id),
        'InvalidSecurityGroupRuleId.NotFound',
      )
      const rule = readRule(direction, withGiven(row, params))
      await checkPeers(context, group, [rule])
      const twice = present.some((other) => other.id !== row.id && sameRule(rule, other))
      demand(!twice, 'InvalidSecurityGroupRule.RuleExist')
      await checkQuota(context, [rule, ...rules.filter((other) => other.id !== row.id)])
      await updateRule(tx, row.id, { ...rule, generation })
      await updateSecurityGroup(tx, group.id, { generation })
      return {}
    },
  })
}

/** The rule that says the same; if there is none, the one about the same packets, which gets another policy. */
function matching(
  present: readonly SecurityGroupRuleTable[],
  direction: Direction,
  params: RuleParams,
): SecurityGroupRuleTable | undefined {
  const wanted = readRule(direction, params)
  return present.find((rule) => sameRule(rule, wanted)) ?? present.find((rule) => samePackets(rule, wanted))
}

/** The rule as a request would give it, changed by what this one gives. */
function withGiven(row: SecurityGroupRuleTable, params: RuleParams): RuleParams {
  const ingress = row.direction === 'ingress'
  const peerGiven = ingress
    ? (params.SourceCidrIp ?? params.SourceGroupId ?? params.SourcePrefixListId)
    : (params.DestCidrIp ?? params.DestGroupId ?? params.DestPrefixListId)
  const cidr = row.peer_cidr ?? undefined
  const group = row.peer_group_id ?? undefined
  const list = row.peer_prefix_list_id ?? undefined
  const peer = ingress
    ? { SourceCidrIp: cidr, SourceGroupId: group, SourcePrefixListId: list }
    : { DestCidrIp: cidr, DestGroupId: group, DestPrefixListId: list }
  const keepsPorts =
    params.IpProtocol === undefined || (row.from_port !== -1 && /^(tcp|udp)$/i.test(params.IpProtocol))
  const kept: RuleParams = {
    IpProtocol: row.protocol,
    ...(keepsPorts && { PortRange: `${row.from_port}/${row.to_port}` }),
    Policy: row.policy,
    Priority: String(row.priority),
    Description: row.description,
    ...(peerGiven === undefined && peer),
  }
  const given = Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined))
  return { ...kept, ...given }
}

export const modifySecurityGroupRuleActions: readonly Action[] = [modify('ingress'), modify('egress')]
