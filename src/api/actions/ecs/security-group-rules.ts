/** Ecs 2014-05-26: rules of security groups. */
import { z } from 'zod'
import { newId } from '../../../model/ids.ts'
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
import { ownerOf } from '../../new-resource.ts'
import { text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import {
  readRule,
  ruleErrors,
  ruleObject,
  ruleParams,
  sameRule,
  type Direction,
  type Rule,
  type RuleParams,
} from './security-group-rule.ts'

/** Rules of a request: `Permissions.N.…`, or one rule without that prefix, as older clients send it. */
function readRules(
  direction: Direction,
  params: RuleParams & { readonly Permissions?: RuleParams[] | undefined },
): Rule[] {
  return (params.Permissions ?? [params]).map((rule) => readRule(direction, rule))
}

const writeParams = {
  SecurityGroupId: text(),
  Permissions: z.array(ruleObject).max(100).optional(),
  ...ruleParams,
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
