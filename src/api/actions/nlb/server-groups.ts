/** Nlb 2022-04-30: server groups, which any NLB of their VPC may use. */
import { z } from 'zod'
import { newId } from '../../../model/ids.ts'
import { quotas } from '../../../model/quotas.ts'
import { nlbName } from '../../../model/rules.ts'
import { nextGeneration } from '../../../store/generation.ts'
import { listenersOfGroups } from '../../../store/nlb/listeners.ts'
import {
  countGroups,
  countServers,
  insertGroup,
  listGroups,
  updateGroup,
} from '../../../store/nlb/server-groups.ts'
import type { NlbServerGroupTable } from '../../../store/tables.ts'
import { putTags, readTags } from '../../../store/tags.ts'
import { findVpc } from '../../../store/vpcs.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ownedColumns, ownerOf } from '../../new-resource.ts'
import { nextToken, tokenPageOf, tokenParams } from '../../paging.ts'
import { choice, flag, integer, tags, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { accountNumber, asKeyValue, keyValue } from '../../results.ts'
import { asFilter, readTagParams } from '../../tags.ts'
import { nlbTagErrors } from './errors.ts'
import {
  describeCheck,
  healthCheckConfig,
  healthCheckResult,
  usualCheck,
  withCheck,
  type CheckColumns,
} from './health-check.ts'
import { jobResult, startJob } from './jobs.ts'
import { ownGroup } from './own.ts'

const groupName = () => text({ pattern: nlbName, invalid: 'IllegalParam.ServerGroupName' })

const settings = {
  Scheduler: text({ pattern: /^(wrr|rr|wlc|sch|tch|qch)$/i }).optional(),
  HealthCheckConfig: healthCheckConfig.optional(),
  ConnectionDrainEnabled: flag().optional(),
  ConnectionDrainTimeout: integer(0, 900).optional(),
  PreserveClientIpEnabled: flag().optional(),
}
const settingsObject = z.object(settings)

const settingErrors = [
  'IllegalParam.AnyPortServerGroupConflictWithHealthCheckConfig',
  'IllegalParam.HealthCheckInterval',
  'IllegalParam.HealthCheckType',
  'IllegalParam.PreserveClientIpEnabled',
  'IllegalParam.Scheduler',
  'MissingParam.ConnectionDrainTimeout',
]

/** Refuses what a group could be asked for in the cloud and is not carried here. */
function refuseUnsupported(
  protocol: NlbServerGroupTable['protocol'],
  given: z.infer<typeof settingsObject>,
): void {
  const streams = protocol !== 'UDP' && given.Scheduler?.toLowerCase() === 'qch'
  demand(!streams, 'IllegalParam.Scheduler', {
    name: 'Scheduler',
    reason: 'QUIC is datagrams: UDP groups only',
  })
  demand(given.PreserveClientIpEnabled !== false, 'IllegalParam.PreserveClientIpEnabled', {
    name: 'PreserveClientIpEnabled',
    reason: 'servers always see the address of a client of their VPC',
  })
}

/** A server that is called at any port has none of its own that could be checked. */
function checkAnyPort(
  anyPort: boolean,
  { health_check: checks, health_check_port: port }: CheckColumns,
): void {
  const lacksPort = anyPort && checks === 1 && port === null
  demand(!lacksPort, 'IllegalParam.AnyPortServerGroupConflictWithHealthCheckConfig', {
    name: 'HealthCheckConfig',
    reason: 'a group that forwards all ports needs a HealthCheckConnectPort, or no health check',
  })
}

/** Null for no draining. */
function drainTimeout(present: number | null, given: z.infer<typeof settingsObject>): number | null {
  if (!(given.ConnectionDrainEnabled ?? present !== null)) return null
  const seconds = given.ConnectionDrainTimeout ?? present ?? undefined
  return found(seconds, 'MissingParam.ConnectionDrainTimeout', { name: 'ConnectionDrainTimeout' })
}

const createServerGroup = defineAction({
  product: 'Nlb',
  name: 'CreateServerGroup',
  summary: { en: 'Creates a server group.', zh: '创建服务器组。' },
  status: {
    partial: '`PreserveClientIpEnabled` = false and dual stack are refused.',
  },
  params: z.object({
    ServerGroupName: groupName(),
    ServerGroupType: choice(['Instance', 'Ip']).default('Instance'),
    VpcId: text(),
    Protocol: choice(['TCP', 'UDP', 'TCP_UDP']).default('TCP'),
    AddressIPVersion: text({ pattern: /^(ipv4|DualStack)$/i }).default('ipv4'),
    AnyPortEnabled: flag().default(false),
    ResourceGroupId: text().optional(),
    ...settings,
    Tag: tags(),
  }),
  result: z.object({ ServerGroupId: z.string(), ...jobResult }),
  effect: 'write',
  errors: [
    'DuplicatedParam.TagKey',
    'IllegalParam.TagKey',
    'IllegalParam.TagValue',
    'OperationDenied.VpcNotSupportIpv6',
    'QuotaExceeded.ServerGroup',
    'ResourceNotFound.ResourceGroup',
    'ResourceNotFound.Vpc',
    ...settingErrors,
  ],
  handler: async (context, params) => {
    const { tx, randomBytes } = context
    const tagList = readTagParams(params.Tag, nlbTagErrors)
    refuseUnsupported(params.Protocol, params)
    demand(params.AddressIPVersion.toLowerCase() === 'ipv4', 'OperationDenied.VpcNotSupportIpv6')
    const check = withCheck(params.Protocol, usualCheck(params.Protocol), params.HealthCheckConfig)
    checkAnyPort(params.AnyPortEnabled, check)
    const generation = await nextGeneration(tx)
    const owner = ownerOf(context)
    demand((await countGroups(tx, owner)) < quotas.nlbServerGroupsPerRegion, 'QuotaExceeded.ServerGroup')
    const vpc = found(await findVpc(tx, owner, params.VpcId), 'ResourceNotFound.Vpc')
    const id = newId('sgp', randomBytes)
    await insertGroup(tx, {
      ...(await ownedColumns(context, params.ResourceGroupId, 'ResourceNotFound.ResourceGroup')),
      id,
      generation,
      name: params.ServerGroupName,
      type: params.ServerGroupType,
      vpc_id: vpc.id,
      protocol: params.Protocol,
      scheduler: params.Scheduler ?? 'Wrr',
      connection_drain_timeout: drainTimeout(null, params),
      any_port: Number(params.AnyPortEnabled),
      ...check,
      status: 'Creating',
    })
    await putTags(tx, 'nlbservergroup', [id], tagList)
    return { ServerGroupId: id, ...(await startJob(context, generation, [])) }
  },
})

const listServerGroups = defineAction({
  product: 'Nlb',
  name: 'ListServerGroups',
  summary: { en: 'Lists server groups.', zh: '查询服务器组列表。' },
  status: 'full',
  params: z.object({
    ServerGroupIds: z.array(text()).max(20).optional(),
    ServerGroupNames: z.array(text()).max(20).optional(),
    ServerGroupType: text().optional(),
    VpcId: text().optional(),
    ResourceGroupId: text().optional(),
    Tag: tags(),
    ...tokenParams(100, 20),
  }),
  result: z.object({
    ServerGroups: z.array(
      z.object({
        ServerGroupId: z.string(),
        ServerGroupName: z.string(),
        ServerGroupType: z.string(),
        ServerGroupStatus: z.string(),
        AddressIPVersion: z.string(),
        AliUid: accountNumber(),
        AnyPortEnabled: z.boolean(),
        ConnectionDrainEnabled: z.boolean(),
        ConnectionDrainTimeout: z.number(),
        HealthCheck: healthCheckResult,
        PreserveClientIpEnabled: z.boolean(),
        Protocol: z.string(),
        RegionId: z.string(),
        RelatedLoadBalancerIds: z.array(z.string()),
        ResourceGroupId: z.string(),
        Scheduler: z.string(),
        ServerCount: z.number(),
        VpcId: z.string(),
        Tags: z.array(keyValue),
      }),
    ),
    TotalCount: z.number(),
    MaxResults: z.number(),
    NextToken: z.string(),
  }),
  effect: 'read',
  handler: async (context, params) => {
    const { tx } = context
    const page = tokenPageOf(params)
    const filter = {
      ids: params.ServerGroupIds,
      names: params.ServerGroupNames,
      type: params.ServerGroupType,
      vpc: params.VpcId,
      resourceGroup: params.ResourceGroupId,
      tags: asFilter(params.Tag),
    }
    const { rows, total, next } = await listGroups(tx, ownerOf(context), filter, page)
    const ids = rows.map(({ id }) => id)
    const tagLists = await readTags(tx, 'nlbservergroup', ids)
    const listeners = await listenersOfGroups(tx, ids)
    const counts = await countServers(tx, ids)
    return {
      ServerGroups: rows.map((row) => ({
        ServerGroupId: row.id,
        ServerGroupName: row.name,
        ServerGroupType: row.type,
        ServerGroupStatus: row.status,
        AddressIPVersion: 'ipv4',
        AliUid: BigInt(row.account_id),
        AnyPortEnabled: row.any_port === 1,
        ConnectionDrainEnabled: row.connection_drain_timeout !== null,
        ConnectionDrainTimeout: row.connection_drain_timeout ?? 0,
        HealthCheck: describeCheck(row),
        PreserveClientIpEnabled: true,
        Protocol: row.protocol,
        RegionId: row.region_id,
        RelatedLoadBalancerIds: balancersIn(listeners(row.id)),
        ResourceGroupId: row.resource_group_id,
        Scheduler: row.scheduler,
        ServerCount: counts.get(row.id) ?? 0,
        VpcId: row.vpc_id,
        Tags: (tagLists.get(row.id) ?? []).map(asKeyValue),
      })),
      TotalCount: total,
      MaxResults: params.MaxResults,
      NextToken: nextToken({ next }),
    }
  },
})

function balancersIn(listeners: readonly { readonly load_balancer_id: string }[]): string[] {
  return [...new Set(listeners.map(({ load_balancer_id: balancer }) => balancer))]
}

/** The load balancers that a change of a group concerns. */
export async function balancersOfGroup({ tx }: ActionContext, group: NlbServerGroupTable): Promise<string[]> {
  return balancersIn((await listenersOfGroups(tx, [group.id]))(group.id))
}

const updateServerGroupAttribute = defineAction({
  product: 'Nlb',
  name: 'UpdateServerGroupAttribute',
  summary: { en: 'Changes a server group.', zh: '修改服务器组的属性。' },
  status: { partial: 'Refuses what `Nlb.CreateServerGroup` refuses.' },
  params: z.object({ ServerGroupId: text(), ServerGroupName: groupName().optional(), ...settings }),
  result: z.object({ ServerGroupId: z.string(), ...jobResult }),
  effect: 'write',
  errors: ['IncorrectStatus.serverGroup', 'ResourceNotFound.serverGroup', ...settingErrors],
  handler: async (context, params) => {
    const { tx } = context
    const generation = await nextGeneration(tx)
    const group = await ownGroup(context, params.ServerGroupId)
    refuseUnsupported(group.protocol, params)
    demand(group.status === 'Available', 'IncorrectStatus.serverGroup')
    const check = withCheck(group.protocol, group, params.HealthCheckConfig)
    checkAnyPort(group.any_port === 1, check)
    await updateGroup(tx, group.id, {
      name: params.ServerGroupName ?? group.name,
      scheduler: params.Scheduler ?? group.scheduler,
      connection_drain_timeout: drainTimeout(group.connection_drain_timeout, params),
      ...check,
      status: 'Configuring',
      generation,
    })
    const balancers = await balancersOfGroup(context, group)
    return { ServerGroupId: group.id, ...(await startJob(context, generation, balancers)) }
  },
})

const deleteServerGroup = defineAction({
  product: 'Nlb',
  name: 'DeleteServerGroup',
  summary: { en: 'Deletes a server group that no listener uses.', zh: '删除服务器组。' },
  status: 'full',
  params: z.object({ ServerGroupId: text() }),
  result: z.object(jobResult),
  effect: 'write',
  errors: ['IncorrectStatus.serverGroup', 'ResourceInUse.ServerGroup', 'ResourceNotFound.serverGroup'],
  handler: async (context, { ServerGroupId }) => {
    const generation = await nextGeneration(context.tx)
    const group = await ownGroup(context, ServerGroupId)
    demand(group.status === 'Available', 'IncorrectStatus.serverGroup')
    demand((await balancersOfGroup(context, group)).length === 0, 'ResourceInUse.ServerGroup')
    await updateGroup(context.tx, group.id, { status: 'Deleting', generation })
    return await startJob(context, generation, [])
  },
})

export const nlbServerGroupActions: readonly Action[] = [
  createServerGroup,
  listServerGroups,
  updateServerGroupAttribute,
  deleteServerGroup,
]
