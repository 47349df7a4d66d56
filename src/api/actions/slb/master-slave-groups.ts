/** Slb 2014-05-15: groups of a master and a slave, which takes connections only while the master cannot. */
import { z } from 'zod'
import { newId } from '../../../model/ids.ts'
import { quotas } from '../../../model/quotas.ts'
import { freeText } from '../../../model/rules.ts'
import { nextGeneration } from '../../../store/generation.ts'
import { listenersOf } from '../../../store/load-balancers.ts'
import {
  deleteServerGroup,
  groupServersOf,
  insertGroupServers,
  insertServerGroup,
  serverGroupsOf,
} from '../../../store/server-groups.ts'
import type { GroupServerTable, ServerGroupTable } from '../../../store/tables.ts'
import { putTags, readTags, removeTags } from '../../../store/tags.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ApiError } from '../../errors.ts'
import { flag, tags, text } from '../../params.ts'
import { demand } from '../../require.ts'
import { asTagKeyValue, seconds, tagKeyValue, wrapped } from '../../results.ts'
import { readTagParams } from '../../tags.ts'
import { slbTagErrors } from './errors.ts'
import { groupListeners, listenersWith } from './group-listeners.ts'
import { liveLoadBalancer, ownLoadBalancer } from './own-load-balancer.ts'
import { ownServerGroup } from './own-server-group.ts'
import { checkServer, groupServerItem, serverList } from './server-list.ts'

const pairItem = groupServerItem.extend({ ServerType: z.enum(['Master', 'Slave']) })

const serverFields = wrapped(
  'MasterSlaveBackendServer',
  z.object({
    ServerId: z.string(),
    Port: z.number(),
    Weight: z.number(),
    ServerType: z.string(),
    Type: z.string(),
    ServerIp: z.string(),
    Description: z.string(),
  }),
)

const createMasterSlaveServerGroup = defineAction({
  product: 'Slb',
  name: 'CreateMasterSlaveServerGroup',
  summary: {
    en: 'Creates a group of a master and a slave server.',
    zh: '创建主备服务器组。',
  },
  status: 'full',
  params: z.object({
    LoadBalancerId: text(),
    MasterSlaveServerGroupName: text({ pattern: freeText(1, 80) }).optional(),
    MasterSlaveBackendServers: serverList(pairItem),
    Tag: tags(),
  }),
  result: z.object({ MasterSlaveServerGroupId: z.string(), MasterSlaveBackendServers: serverFields }),
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
    checkPair(params.MasterSlaveBackendServers)
    await nextGeneration(tx)
    const balancer = await liveLoadBalancer(context, params.LoadBalancerId)
    const present = await serverGroupsOf(tx, balancer.id, 'master_slave')
    demand(present.length < quotas.serverGroupsPerLoadBalancer, 'OverQuota')
    const id = newId('rsp', randomBytes)
    const group: ServerGroupTable = {
      id,
      kind: 'master_slave',
      account_id: caller.account,
      region_id: region,
      load_balancer_id: balancer.id,
      name: params.MasterSlaveServerGroupName ?? id,
      created_at: now.toISOString(),
    }
    const servers: GroupServerTable[] = []
    for (const server of params.MasterSlaveBackendServers) {
      servers.push({
        group_id: id,
        load_balancer_id: balancer.id,
        server_id: server.ServerId,
        port: server.Port,
        type: server.Type,
        server_ip: await checkServer(context, balancer, server),
        weight: server.Weight ?? 100,
        server_type: server.ServerType,
        description: server.Description ?? '',
      })
    }
    await insertServerGroup(tx, group)
    await insertGroupServers(tx, servers)
    await putTags(tx, 'vservergroup', [id], given)
    return { MasterSlaveServerGroupId: id, MasterSlaveBackendServers: await describeServers(context, group) }
  },
})

/** Exactly one of each, and not the same server under the same port twice. */
function checkPair(servers: readonly z.infer<typeof pairItem>[]): void {
  const refuse = (reason: string) =>
    new ApiError('InvalidParameter', { name: 'MasterSlaveBackendServers', reason })
  if (servers.length !== 2) throw refuse('exactly two servers')
  const [one, other] = servers
  if (one?.ServerType === other?.ServerType) throw refuse('one Master and one Slave')
  if (one?.ServerId === other?.ServerId && one?.Port === other?.Port) throw refuse('two different servers')
}

const describeMasterSlaveServerGroups = defineAction({
  product: 'Slb',
  name: 'DescribeMasterSlaveServerGroups',
  summary: { en: 'Lists the master/slave groups of a load balancer.', zh: '查询主备服务器组列表。' },
  status: 'full',
  params: z.object({ LoadBalancerId: text(), IncludeListener: flag().default(false) }),
  result: z.object({
    MasterSlaveServerGroups: wrapped(
      'MasterSlaveServerGroup',
      z.object({
        MasterSlaveServerGroupId: z.string(),
        MasterSlaveServerGroupName: z.string(),
        CreateTime: z.string(),
        AssociatedObjects: z.object({ Listeners: groupListeners }),
        Tags: wrapped('Tag', tagKeyValue),
      }),
    ),
  }),
  effect: 'read',
  errors: ['InvalidLoadBalancerId.NotFound'],
  handler: async (context, { LoadBalancerId, IncludeListener }) => {
    const { tx } = context
    const { id: balancer } = await ownLoadBalancer(context, LoadBalancerId)
    const groups = await serverGroupsOf(tx, balancer, 'master_slave')
    const all = IncludeListener ? await listenersOf(tx, balancer) : []
    const tagLists = await readTags(
      tx,
      'vservergroup',
      groups.map(({ id }) => id),
    )
    return {
      MasterSlaveServerGroups: {
        MasterSlaveServerGroup: groups.map(({ id, name, created_at: created }) => ({
          MasterSlaveServerGroupId: id,
          MasterSlaveServerGroupName: name,
          CreateTime: seconds(created),
          AssociatedObjects: {
            Listeners: listenersWith(all, id),
          },
          Tags: {
            Tag: (tagLists.get(id) ?? []).map(asTagKeyValue),
          },
        })),
      },
    }
  },
})

const describeMasterSlaveServerGroupAttribute = defineAction({
  product: 'Slb',
  name: 'DescribeMasterSlaveServerGroupAttribute',
  summary: { en: 'Describes a master/slave group with its servers.', zh: '查询主备服务器组的详细信息。' },
  status: 'full',
  params: z.object({ MasterSlaveServerGroupId: text() }),
  result: z.object({
    MasterSlaveServerGroupId: z.string(),
    MasterSlaveServerGroupName: z.string(),
    LoadBalancerId: z.string(),
    CreateTime: z.string(),
    MasterSlaveBackendServers: serverFields,
    Tags: wrapped('Tag', tagKeyValue),
  }),
  effect: 'read',
  errors: ['InvalidParameter.MasterSlaveServerGroupId'],
  handler: async (context, { MasterSlaveServerGroupId }) => {
    const group = await ownServerGroup(context, MasterSlaveServerGroupId, 'master_slave')
    const tagLists = await readTags(context.tx, 'vservergroup', [group.id])
    return {
      MasterSlaveServerGroupId: group.id,
      MasterSlaveServerGroupName: group.name,
      LoadBalancerId: group.load_balancer_id,
      CreateTime: seconds(group.created_at),
      MasterSlaveBackendServers: await describeServers(context, group),
      Tags: {
        Tag: (tagLists.get(group.id) ?? []).map(asTagKeyValue),
      },
    }
  },
})

const deleteMasterSlaveServerGroup = defineAction({
  product: 'Slb',
  name: 'DeleteMasterSlaveServerGroup',
  summary: { en: 'Deletes a master/slave group that no listener uses.', zh: '删除主备服务器组。' },
  status: 'full',
  params: z.object({ MasterSlaveServerGroupId: text() }),
  result: z.object({}),
  effect: 'write',
  errors: ['InvalidParameter.MasterSlaveServerGroupId', 'RspoolVipExist'],
  handler: async (context, { MasterSlaveServerGroupId }) => {
    const { tx } = context
    await nextGeneration(tx)
    const group = await ownServerGroup(context, MasterSlaveServerGroupId, 'master_slave')
    const all = await listenersOf(tx, group.load_balancer_id)
    demand(!all.some((listener) => listener.server_group_id === group.id), 'RspoolVipExist')
    await removeTags(tx, 'vservergroup', [group.id], 'all')
    await deleteServerGroup(tx, group.id)
    return {}
  },
})

async function describeServers({ tx }: ActionContext, group: ServerGroupTable) {
  const all = await groupServersOf(tx, group.load_balancer_id)
  return {
    MasterSlaveBackendServer: all
      .filter((server) => server.group_id === group.id)
      .toSorted((a, b) => (a.server_type < b.server_type ? -1 : 1))
      .map((server) => ({
        ServerId: server.server_id,
        Port: server.port,
        Weight: server.weight,
        ServerType: server.server_type,
        Type: server.type,
        ServerIp: server.server_ip,
        Description: server.description,
      })),
  }
}

export const masterSlaveGroupActions: readonly Action[] = [
  createMasterSlaveServerGroup,
  describeMasterSlaveServerGroups,
  describeMasterSlaveServerGroupAttribute,
  deleteMasterSlaveServerGroup,
]
