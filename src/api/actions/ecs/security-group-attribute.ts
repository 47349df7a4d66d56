/** Ecs 2014-05-26: what a security group says, and who refers to it. */
import { z } from 'zod'
import { prefixListsById } from '../../../store/prefix-lists.ts'
import { groupsReferringTo, rulesOfGroup } from '../../../store/security-groups.ts'
import type { SecurityGroupRuleTable } from '../../../store/tables.ts'
import { listPage } from '../../../store/page.ts'
import { defineAction, type Action } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import { nextToken, token, tokenPageOf } from '../../paging.ts'
import { integer, text } from '../../params.ts'
import { seconds, wrapped } from '../../results.ts'
import { ownGroup } from './security-group-rules.ts'

const describeSecurityGroupAttribute = defineAction({
  product: 'Ecs',
  name: 'DescribeSecurityGroupAttribute',
  summary: { en: 'Describes a security group with its rules.', zh: '查询安全组详情和规则。' },
  status: { partial: 'Fields of IPv6 and of groups of other accounts are always empty.' },
  params: z.object({
    SecurityGroupId: text(),
    Direction: text().optional(),
    NicType: text().optional(),
    MaxResults: integer(1, 1000).optional(),
    NextToken: token().optional(),
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
  errors: ['InvalidSecurityGroupId.NotFound'],
  handler: async (context, params) => {
    const group = await ownGroup(context, params.SecurityGroupId)
    const direction = params.Direction?.toLowerCase()
    const rules = (await rulesOfGroup(context.tx, group.id)).filter(
      (rule) => (direction !== 'ingress' && direction !== 'egress') || rule.direction === direction,
    )
    const page = tokenPageOf({ MaxResults: params.MaxResults ?? 1000, NextToken: params.NextToken })
    const { rows: shown, next } = listPage(rules, (rule) => `${rule.created_at} ${rule.id}`, page)
    const lists = await prefixListsById(
      context.tx,
      ownerOf(context),
      shown.flatMap(({ peer_prefix_list_id: list }) => list ?? []),
    )
    const listName = (list: string) => lists.get(list)?.name ?? ''
    return {
      SecurityGroupId: group.id,
      SecurityGroupName: group.name,
      VpcId: group.vpc_id,
      RegionId: group.region_id,
      Description: group.description,
      InnerAccessPolicy: group.inner_access,
      NextToken: nextToken({ next }),
      Permissions: { Permission: shown.map((rule) => describeRule(rule, listName)) },
    }
  },
})

function describeRule(rule: SecurityGroupRuleTable, listName: (list: string) => string) {
  const ingress = rule.direction === 'ingress'
  const cidr = rule.peer_cidr ?? ''
  const group = rule.peer_group_id ?? ''
  const list = rule.peer_prefix_list_id ?? ''
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
    SourcePrefixListId: ingress ? list : '',
    SourcePrefixListName: ingress ? listName(list) : '',
    SourcePortRange: '-1/-1',
    Ipv6SourceCidrIp: '',
    DestCidrIp: ingress ? '' : cidr,
    DestGroupId: ingress ? '' : group,
    DestGroupName: '',
    DestGroupOwnerAccount: '',
    DestPrefixListId: ingress ? '' : list,
    DestPrefixListName: ingress ? '' : listName(list),
    Ipv6DestCidrIp: '',
    NicType: 'intranet',
    Description: rule.description,
    CreateTime: seconds(rule.created_at),
  }
}

const describeSecurityGroupReferences = defineAction({
  product: 'Ecs',
  name: 'DescribeSecurityGroupReferences',
  summary: {
    en: 'Lists the groups whose rules name these groups.',
    zh: '查询安全组和其他哪些安全组有安全组级别的授权行为。',
  },
  status: { partial: 'No group of another account can name one, so references are within the account.' },
  params: z.object({ SecurityGroupId: z.array(text()).max(10) }),
  result: z.object({
    SecurityGroupReferences: wrapped(
      'SecurityGroupReference',
      z.object({
        SecurityGroupId: z.string(),
        ReferencingSecurityGroups: wrapped(
          'ReferencingSecurityGroup',
          z.object({ AliUid: z.string(), SecurityGroupId: z.string() }),
        ),
      }),
    ),
  }),
  effect: 'read',
  errors: ['InvalidSecurityGroupId.NotFound'],
  handler: async (context, { SecurityGroupId }) => {
    for (const id of SecurityGroupId) await ownGroup(context, id)
    const referring = await groupsReferringTo(context.tx, SecurityGroupId)
    return {
      SecurityGroupReferences: {
        SecurityGroupReference: SecurityGroupId.filter((id) => referring(id).length > 0).map((id) => ({
          SecurityGroupId: id,
          ReferencingSecurityGroups: {
            ReferencingSecurityGroup: referring(id).map((group) => ({
              AliUid: context.caller.account,
              SecurityGroupId: group,
            })),
          },
        })),
      },
    }
  },
})

export const securityGroupAttributeActions: readonly Action[] = [
  describeSecurityGroupAttribute,
  describeSecurityGroupReferences,
]
