/** Slb 2014-05-15: VServer groups, whose servers have a port each. */
import { z } from 'zod'
import { newId } from '../../../model/ids.ts'
import { quotas } from '../../../model/quotas.ts'
import { freeText } from '../../../model/rules.ts'
import { nextGeneration } from '../../../store/generation.ts'
import { rulesOfBalancer } from '../../../store/listener-rules.ts'
import { listenersOf, updateLoadBalancer } from '../../../store/load-balancers.ts'
import {
  deleteGroupServer,
  deleteServerGroup,
  groupServersOf,
  insertGroupServers,
  insertServerGroup,
  renameServerGroup,
  serverGroupsOf,
  updateGroupServer,
} from '../../../store/server-groups.ts'
import type { GroupServerTable, ListenerRuleTable, ServerGroupTable } from '../../../store/tables.ts'
import { putTags, readTags, removeTags } from '../../../store/tags.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ApiError } from '../../errors.ts'
import { tags, text } from '../../params.ts'
import { demand } from '../../require.ts'
import { asTagKeyValue, seconds, tagKeyValue, wrapped } from '../../results.ts'
import { readTagParams } from '../../tags.ts'
import { slbTagErrors } from './errors.ts'
import { groupListeners, listenersWith } from './group-listeners.ts'
import { liveLoadBalancer, ownLoadBalancer } from './own-load-balancer.ts'
import { ownServerGroup } from './own-server-group.ts'
import { checkServer, groupServerItem, serverList, type GroupServer } from './server-list.ts'

const servers = () => serverList(groupServerItem).optional()
const groupName = () => text({ pattern: freeText(1, 80) })

const serverFields = wrapped(
  'BackendServer',
  z.object({
    ServerId: z.string(),
    Port: z.number(),
    Weight: z.number(),
    Type: z.string(),
    ServerIp: z.string(),
    Description: z.string(),
  }),
)
const groupResult = z.object({ VServerGroupId: z.string(), BackendServers: serverFields })

const createVServerGroup = defineAction({
  product: 'Slb',
  name: 'CreateVServerGroup',
  summary: { en: 'Creates a VServer group.', zh: '创建虚拟服务器组。' },
  status: 'full',
  params: z.object({
    LoadBalancerId: text(),
    VServerGroupName: groupName().optional(),
    BackendServers: servers(),
    Tag: tags(),
  }),
  result: groupResult,
  effect: 'write',
  errors: [
    'InvalidLoadBalancerId.NotFound',
    'InvalidParam.TagKey',
    'InvalidParam.TagValue',
    'InvalidParameter',
    'NetworkConflict',
    'OverQuota',
  ],
  handler: async (context, params) => {
    const { tx, caller, region, now, randomBytes } = context
    const given = readTagParams(params.Tag, slbTagErrors)
    const generation = await nextGeneration(tx)
    const balancer = await liveLoadBalancer(context, params.LoadBalancerId)
    const present = await serverGroupsOf(tx, balancer.id, 'vserver')
    demand(present.length < quotas.serverGroupsPerLoadBalancer, 'OverQuota')
    const id = newId('rsp', randomBytes)
    const group: ServerGroupTable = {
      id,
      kind: 'vserver',
      account_id: caller.account,
      region_id: region,
      load_balancer_id: balancer.id,
      name: params.VServerGroupName ?? id,
      created_at: now.toISOString(),
    }
    await insertServerGroup(tx, group)
    await putTags(tx, 'vservergroup', [id], given)
    await addServers(context, group, params.BackendServers ?? [])
    return await changed(context, group, generation)
  },
})

const describeVServerGroups = defineAction({
  product: 'Slb',
  name: 'DescribeVServerGroups',
  summary: { en: 'Lists the VServer groups of a load balancer.', zh: '查询虚拟服务器组列表。' },
  status: 'full',
  params: z.object({ LoadBalancerId: text() }),
  result: z.object({
    VServerGroups: wrapped(
      'VServerGroup',
      z.object({
        VServerGroupId: z.string(),
        VServerGroupName: z.string(),
        ServerCount: z.number(),
        CreateTime: z.string(),
        AssociatedObjects: z.object({
          Listeners: groupListeners,
          Rules: wrapped(
            'Rule',
            z.object({ RuleId: z.string(), RuleName: z.string(), Domain: z.string(), Url: z.string() }),
          ),
        }),
        Tags: wrapped('Tag', tagKeyValue),
      }),
    ),
  }),
  effect: 'read',
  errors: ['InvalidLoadBalancerId.NotFound'],
  handler: async (context, { LoadBalancerId }) => {
    const { tx } = context
    const { id: balancer } = await ownLoadBalancer(context, LoadBalancerId)
    const groups = await serverGroupsOf(tx, balancer, 'vserver')
    const all = await groupServersOf(tx, balancer)
    const listeners = await listenersOf(tx, balancer)
    const rules = await rulesOfBalancer(tx, balancer)
    const tagLists = await readTags(
      tx,
      'vservergroup',
      groups.map(({ id }) => id),
    )
    return {
      VServerGroups: {
        VServerGroup: groups.map(({ id, name, created_at: created }) => ({
          VServerGroupId: id,
          VServerGroupName: name,
          ServerCount: all.filter((server) => server.group_id === id).length,
          CreateTime: seconds(created),
          AssociatedObjects: {
            Listeners: listenersWith(listeners, id),
            Rules: { Rule: rulesWith(rules, id) },
          },
          Tags: {
            Tag: (tagLists.get(id) ?? []).map(asTagKeyValue),
          },
        })),
      },
    }
  },
})

const describeVServerGroupAttribute = defineAction({
  product: 'Slb',
  name: 'DescribeVServerGroupAttribute',
  summary: { en: 'Describes a VServer group with its servers.', zh: '查询虚拟服务器组的详细信息。' },
  status: 'full',
  params: z.object({ VServerGroupId: text() }),
  result: groupResult.extend({
    VServerGroupName: z.string(),
    LoadBalancerId: z.string(),
    CreateTime: z.string(),
  }),
  effect: 'read',
  errors: ['InvalidParameter.VServerGroupId'],
  handler: async (context, { VServerGroupId }) => {
    const group = await ownServerGroup(context, VServerGroupId, 'vserver')
    return {
      VServerGroupId: group.id,
      VServerGroupName: group.name,
      LoadBalancerId: group.load_balancer_id,
      CreateTime: seconds(group.created_at),
      BackendServers: await describeServers(context, group),
    }
  },
})

const changedResult = groupResult.extend({ VServerGroupName: z.string() })

/** Changes a group of a live load balancer, and answers with what is in it then. */
async function changeGroup(
  context: ActionContext,
  id: string,
  change: (group: ServerGroupTable) => Promise<void>,
): Promise<z.infer<typeof changedResult>> {
  const generation = await nextGeneration(context.tx)
  const group = await ownServerGroup(context, id, 'vserver')
  await liveLoadBalancer(context, group.load_balancer_id)
  await change(group)
  const after = await ownServerGroup(context, id, 'vserver')
  return { ...(await changed(context, after, generation)), VServerGroupName: after.name }
}

const addVServerGroupBackendServers = defineAction({
  product: 'Slb',
  name: 'AddVServerGroupBackendServers',
  summary: { en: 'Adds servers to a VServer group.', zh: '向虚拟服务器组添加后端服务器。' },
  status: 'full',
  params: z.object({ VServerGroupId: text(), BackendServers: servers() }),
  result: changedResult,
  effect: 'write',
  answer: 'when-in-kernel',
  errors: [
    'InvalidLoadBalancerId.NotFound',
    'InvalidParameter',
    'InvalidParameter.VServerGroupId',
    'NetworkConflict',
    'OverQuota',
  ],
  handler: (context, { VServerGroupId, BackendServers }) =>
    changeGroup(context, VServerGroupId, (group) => addServers(context, group, BackendServers ?? [])),
})

const removeVServerGroupBackendServers = defineAction({
  product: 'Slb',
  name: 'RemoveVServerGroupBackendServers',
  summary: { en: 'Removes servers from a VServer group.', zh: '移除虚拟服务器组中的后端服务器。' },
  status: {
    partial: 'Without connection draining, established connections of a removed server go on until they end.',
  },
  params: z.object({ VServerGroupId: text(), BackendServers: servers() }),
  result: changedResult,
  effect: 'write',
  answer: 'when-in-kernel',
  errors: ['InvalidLoadBalancerId.NotFound', 'InvalidParameter', 'InvalidParameter.VServerGroupId'],
  handler: (context, { VServerGroupId, BackendServers }) =>
    changeGroup(context, VServerGroupId, (group) => removeServers(context, group, BackendServers ?? [])),
})

const modifyVServerGroupBackendServers = defineAction({
  product: 'Slb',
  name: 'ModifyVServerGroupBackendServers',
  summary: { en: 'Replaces servers of a VServer group.', zh: '替换虚拟服务器组中的后端服务器。' },
  status: 'full',
  params: z.object({ VServerGroupId: text(), OldBackendServers: servers(), NewBackendServers: servers() }),
  result: changedResult,
  effect: 'write',
  answer: 'when-in-kernel',
  errors: [
    'InvalidLoadBalancerId.NotFound',
    'InvalidParameter',
    'InvalidParameter.VServerGroupId',
    'NetworkConflict',
    'OverQuota',
  ],
  handler: (context, { VServerGroupId, OldBackendServers, NewBackendServers }) =>
    changeGroup(context, VServerGroupId, async (group) => {
      await removeServers(context, group, OldBackendServers ?? [])
      await addServers(context, group, NewBackendServers ?? [])
    }),
})

const setVServerGroupAttribute = defineAction({
  product: 'Slb',
  name: 'SetVServerGroupAttribute',
  summary: {
    en: 'Changes the name of a VServer group and weights in it.',
    zh: '修改虚拟服务器组的名称和权重。',
  },
  status: 'full',
  params: z.object({
    VServerGroupId: text(),
    VServerGroupName: groupName().optional(),
    BackendServers: servers(),
  }),
  result: changedResult,
  effect: 'write',
  answer: 'when-in-kernel',
  errors: ['InvalidLoadBalancerId.NotFound', 'InvalidParameter', 'InvalidParameter.VServerGroupId'],
  handler: (context, { VServerGroupId, VServerGroupName, BackendServers }) =>
    changeGroup(context, VServerGroupId, async (group) => {
      if (VServerGroupName !== undefined) await renameServerGroup(context.tx, group.id, VServerGroupName)
      await setWeights(context, group, BackendServers ?? [])
    }),
})

const deleteVServerGroup = defineAction({
  product: 'Slb',
  name: 'DeleteVServerGroup',
  summary: { en: 'Deletes a VServer group that no listener or rule uses.', zh: '删除虚拟服务器组。' },
  status: 'full',
  params: z.object({ VServerGroupId: text() }),
  result: z.object({}),
  effect: 'write',
  errors: ['InvalidParameter.VServerGroupId', 'RspoolRuleExist', 'RspoolVipExist'],
  handler: async (context, { VServerGroupId }) => {
    const { tx } = context
    await nextGeneration(tx)
    const group = await ownServerGroup(context, VServerGroupId, 'vserver')
    const listeners = await listenersOf(tx, group.load_balancer_id)
    demand(!listeners.some((listener) => listener.server_group_id === group.id), 'RspoolVipExist')
    const rules = await rulesOfBalancer(tx, group.load_balancer_id)
    demand(rulesWith(rules, group.id).length === 0, 'RspoolRuleExist')
    await removeTags(tx, 'vservergroup', [group.id], 'all')
    await deleteServerGroup(tx, group.id)
    return {}
  },
})

function rulesWith(rules: readonly ListenerRuleTable[], group: string) {
  return rules
    .filter((rule) => rule.server_group_id === group)
    .map(({ id, name, domain, url }) => ({ RuleId: id, RuleName: name, Domain: domain, Url: url }))
}

function isSame(row: GroupServerTable, server: GroupServer): boolean {
  return row.server_id === server.ServerId && row.port === server.Port
}

function refusal(reason: string): ApiError {
  return new ApiError('InvalidParameter', { name: 'BackendServers', reason })
}

async function addServers(
  context: ActionContext,
  group: ServerGroupTable,
  wanted: readonly GroupServer[],
): Promise<void> {
  const balancer = await ownLoadBalancer(context, group.load_balancer_id)
  const present = await serversOfGroup(context, group)
  const added: GroupServerTable[] = []
  for (const server of wanted) {
    // A server named twice in one call counts once.
    if (added.some((other) => isSame(other, server))) continue
    if (present.some((other) => isSame(other, server))) {
      throw refusal(`${server.ServerId} is in the server group with this port already`)
    }
    added.push({
      group_id: group.id,
      load_balancer_id: balancer.id,
      server_id: server.ServerId,
      port: server.Port,
      type: server.Type,
      server_ip: await checkServer(context, balancer, server),
      weight: server.Weight ?? 100,
      server_type: '',
      description: server.Description ?? '',
    })
  }
  demand(present.length + added.length <= quotas.serversPerLoadBalancer, 'OverQuota')
  await insertGroupServers(context.tx, added)
}

async function setWeights(
  context: ActionContext,
  group: ServerGroupTable,
  wanted: readonly GroupServer[],
): Promise<void> {
  const present = await serversOfGroup(context, group)
  for (const server of wanted) {
    const row = present.find((other) => isSame(other, server))
    if (!row) throw refusal(`${server.ServerId} is not in the server group with this port`)
    await updateGroupServer(context.tx, row, {
      weight: server.Weight ?? row.weight,
      description: server.Description ?? row.description,
    })
  }
}

/** Removing a server that is not there changes nothing and is no error. */
async function removeServers(
  context: ActionContext,
  group: ServerGroupTable,
  unwanted: readonly GroupServer[],
): Promise<void> {
  for (const row of await serversOfGroup(context, group)) {
    if (unwanted.some((server) => isSame(row, server))) await deleteGroupServer(context.tx, row)
  }
}

async function serversOfGroup(
  { tx }: ActionContext,
  group: ServerGroupTable,
): Promise<readonly GroupServerTable[]> {
  const all = await groupServersOf(tx, group.load_balancer_id)
  return all.filter((server) => server.group_id === group.id)
}

async function describeServers(context: ActionContext, group: ServerGroupTable) {
  return {
    BackendServer: (await serversOfGroup(context, group)).map((row) => ({
      ServerId: row.server_id,
      Port: row.port,
      Weight: row.weight,
      Type: row.type,
      ServerIp: row.server_ip,
      Description: row.description,
    })),
  }
}

async function changed(context: ActionContext, group: ServerGroupTable, generation: number) {
  await updateLoadBalancer(context.tx, group.load_balancer_id, { generation })
  return { VServerGroupId: group.id, BackendServers: await describeServers(context, group) }
}

export const serverGroupActions: readonly Action[] = [
  createVServerGroup,
  describeVServerGroups,
  describeVServerGroupAttribute,
  addVServerGroupBackendServers,
  removeVServerGroupBackendServers,
  modifyVServerGroupBackendServers,
  setVServerGroupAttribute,
  deleteVServerGroup,
]
