/** Nlb 2022-04-30: the servers of a group, and their health. */
import { z } from 'zod'
import { quotas } from '../../../model/quotas.ts'
import { nlbDescription } from '../../../model/rules.ts'
import { enisOfInstances, findEni, findEniByAddress } from '../../../store/enis.ts'
import { nextGeneration } from '../../../store/generation.ts'
import { findInstance } from '../../../store/instances.ts'
import { insertServers, serversOf, updateServer } from '../../../store/nlb/server-groups.ts'
import { listPage } from '../../../store/page.ts'
import type { NlbListenerTable, NlbServerGroupTable, NlbServerTable } from '../../../store/tables.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ApiError } from '../../errors.ts'
import { ownerOf } from '../../new-resource.ts'
import { observedHealth } from '../../observed-health.ts'
import { nextToken, tokenPageOf, tokenParams } from '../../paging.ts'
import { choice, integer, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { jobResult, startJob } from './jobs.ts'
import { ownGroup, ownListener } from './own.ts'
import { describePorts, rangeResult } from './ports.ts'
import { balancersOfGroup } from './server-groups.ts'

const serverItem = z.object({
  ServerId: text(),
  ServerType: choice(['Ecs', 'Eni', 'Eci', 'Ip']),
  ServerIp: text().optional(),
  Port: integer(0, 65535).default(0),
  Weight: integer(0, 100).optional(),
  Description: text({ pattern: nlbDescription, invalid: 'IllegalParam.description' }).optional(),
})
type Server = z.infer<typeof serverItem>
const groupParams = z.object({ ServerGroupId: text(), Servers: z.array(serverItem).min(1) })
const groupResult = z.object({ ServerGroupId: z.string(), ...jobResult })

const addServersToServerGroup = defineAction({
  product: 'Nlb',
  name: 'AddServersToServerGroup',
  summary: { en: 'Adds servers to a server group.', zh: '向服务器组添加后端服务器。' },
  status: {
    partial:
      'Servers are instances, network interfaces and, in groups of addresses, addresses of instances of the VPC.',
  },
  params: groupParams,
  result: groupResult,
  effect: 'write',
  answer: 'when-in-kernel',
  errors: [
    'DuplicatedParam.Server',
    'IllegalParam.IP',
    'IllegalParam.Port',
    'IllegalParam.RSPortConflictWithServerGroup',
    'IllegalParam.description',
    'Mismatch.ServerType',
    'Mismatch.VpcId',
    'QuotaExceeded.QuotaInsufficient',
    'ResourceNotFound.Eci',
    'ResourceNotFound.Ecs',
    'ResourceNotFound.Eni',
    'ResourceNotFound.serverGroup',
  ],
  handler: (context, params) =>
    changeServers(context, params.ServerGroupId, async (group, present, generation) => {
      const added: NlbServerTable[] = []
      for (const server of params.Servers) {
        checkPort(group, server)
        const row: NlbServerTable = {
          group_id: group.id,
          server_id: server.ServerId,
          server_ip: await addressOf(context, group, server),
          server_type: typeOf(server),
          port: server.Port,
          weight: server.Weight ?? 100,
          description: server.Description ?? '',
          status: 'Adding',
          generation,
        }
        const twice = [...present, ...added].some(
          (other) => isSame(other, row) && other.status !== 'Removing',
        )
        demand(!twice, 'DuplicatedParam.Server')
        added.push(row)
      }
      const most = quotas.serversPerNlbServerGroup
      demand(present.length + added.length <= most, 'QuotaExceeded.QuotaInsufficient')
      await insertServers(context.tx, added)
    }),
})

const removeServersFromServerGroup = defineAction({
  product: 'Nlb',
  name: 'RemoveServersFromServerGroup',
  summary: { en: 'Removes servers from a server group; open flows go on.', zh: '从服务器组移除后端服务器。' },
  status: { partial: 'Without connection draining, open flows of a removed server go on until they end.' },
  params: groupParams,
  result: groupResult,
  effect: 'write',
  answer: 'when-in-kernel',
  errors: ['IllegalParam.description', 'ResourceNotFound.BackendServer', 'ResourceNotFound.serverGroup'],
  handler: (context, params) =>
    changeServers(context, params.ServerGroupId, async (_, present, generation) => {
      for (const server of params.Servers) {
        const row = rowOf(present, server)
        await updateServer(context.tx, row, { status: 'Removing', generation })
      }
    }),
})

const updateServerGroupServersAttribute = defineAction({
  product: 'Nlb',
  name: 'UpdateServerGroupServersAttribute',
  summary: { en: 'Changes weights of servers.', zh: '修改服务器组中后端服务器的权重和描述。' },
  status: 'full',
  params: groupParams,
  result: groupResult,
  effect: 'write',
  answer: 'when-in-kernel',
  errors: ['IllegalParam.description', 'ResourceNotFound.BackendServer', 'ResourceNotFound.serverGroup'],
  handler: (context, params) =>
    changeServers(context, params.ServerGroupId, async (_, present, generation) => {
      for (const server of params.Servers) {
        const row = rowOf(present, server)
        await updateServer(context.tx, row, {
          weight: server.Weight ?? row.weight,
          description: server.Description ?? row.description,
          status: 'Configuring',
          generation,
        })
      }
    }),
})

type Change = (
  group: NlbServerGroupTable,
  present: readonly NlbServerTable[],
  generation: number,
) => Promise<void>

async function changeServers(context: ActionContext, id: string, change: Change) {
  const generation = await nextGeneration(context.tx)
  const group = await ownGroup(context, id)
  await change(group, await serversOf(context.tx, group.id), generation)
  const balancers = await balancersOfGroup(context, group)
  return { ServerGroupId: group.id, ...(await startJob(context, generation, balancers)) }
}

function isSame(
  row: Pick<NlbServerTable, 'server_id' | 'server_ip' | 'port'>,
  other: Pick<NlbServerTable, 'server_id' | 'server_ip' | 'port'>,
): boolean {
  return row.server_id === other.server_id && row.server_ip === other.server_ip && row.port === other.port
}

function rowOf(present: readonly NlbServerTable[], { ServerId, ServerIp, Port }: Server): NlbServerTable {
  const row = present.find(
    (candidate) =>
      candidate.server_id === ServerId &&
      candidate.port === Port &&
      candidate.status !== 'Removing' &&
      (ServerIp === undefined || candidate.server_ip === '' || candidate.server_ip === ServerIp),
  )
  return found(row, 'ResourceNotFound.BackendServer')
}

function checkPort({ any_port: anyPort }: NlbServerGroupTable, { Port }: Server): void {
  if (anyPort === 0) return demand(Port > 0, 'IllegalParam.Port', { name: 'Port', reason: '1 to 65535' })
  demand(Port === 0, 'IllegalParam.RSPortConflictWithServerGroup', {
    name: 'Port',
    reason: 'servers of a group that forwards all ports have none of their own',
  })
}

function typeOf({ ServerType }: Server): NlbServerTable['server_type'] {
  if (ServerType === 'Eci') throw new ApiError('ResourceNotFound.Eci')
  return ServerType
}

/** The address of a server that is known by more than its id; the server must be the caller's and in the group's VPC. */
async function addressOf(
  context: ActionContext,
  group: NlbServerGroupTable,
  server: Server,
): Promise<string> {
  const { tx } = context
  const owner = ownerOf(context)
  const type = typeOf(server)
  demand((group.type === 'Ip') === (type === 'Ip'), 'Mismatch.ServerType')
  switch (type) {
    case 'Ecs': {
      const instance = await findInstance(tx, owner, server.ServerId)
      const own = found(instance?.status === 'Deleting' ? undefined : instance, 'ResourceNotFound.Ecs')
      demand(own.vpc_id === group.vpc_id, 'Mismatch.VpcId')
      return ''
    }
    case 'Eni': {
      const eni = await findEni(tx, owner, server.ServerId)
      const own = found(eni?.instance_id === null ? undefined : eni, 'ResourceNotFound.Eni')
      demand(own.vpc_id === group.vpc_id, 'Mismatch.VpcId')
      demand(server.ServerIp === undefined || server.ServerIp === own.address, 'IllegalParam.IP', {
        name: 'ServerIp',
        reason: 'not an address of the interface',
      })
      return own.address
    }
    case 'Ip': {
      const eni = await findEniByAddress(tx, owner, group.vpc_id, server.ServerId)
      demand(eni !== undefined && eni.instance_id !== null, 'IllegalParam.IP', {
        name: 'ServerId',
        reason: 'not an address of an instance of the VPC',
      })
      return server.ServerId
    }
  }
}

const listServerGroupServers = defineAction({
  product: 'Nlb',
  name: 'ListServerGroupServers',
  summary: { en: 'Lists the servers of a server group.', zh: '查询服务器组中的后端服务器列表。' },
  status: 'full',
  params: z.object({
    ServerGroupId: text(),
    ServerIds: z.array(text()).max(40).optional(),
    ServerIps: z.array(text()).max(40).optional(),
    ...tokenParams(100, 20),
  }),
  result: z.object({
    Servers: z.array(
      z.object({
        ServerGroupId: z.string(),
        ServerId: z.string(),
        ServerIp: z.string(),
        ServerType: z.string(),
        Port: z.number(),
        Weight: z.number(),
        Description: z.string(),
        Status: z.string(),
        ZoneId: z.string(),
      }),
    ),
    TotalCount: z.number(),
    MaxResults: z.number(),
    NextToken: z.string(),
  }),
  effect: 'read',
  errors: ['ResourceNotFound.serverGroup'],
  handler: async (context, params) => {
    const group = await ownGroup(context, params.ServerGroupId)
    const page = tokenPageOf(params)
    const places = await placesOf(context, await serversOf(context.tx, group.id))
    const matching = places.filter(
      ({ server, address }) =>
        (params.ServerIds === undefined || params.ServerIds.includes(server.server_id)) &&
        (params.ServerIps === undefined || params.ServerIps.includes(address)),
    )
    const keyOf = ({ server }: (typeof matching)[number]) =>
      `${server.server_id} ${String(server.port).padStart(5, '0')} ${server.server_ip}`
    const { rows, total, next } = listPage(matching, keyOf, page)
    return {
      Servers: rows.map(({ server, address, zone }) => ({
        ServerGroupId: group.id,
        ServerId: server.server_id,
        ServerIp: address,
        ServerType: server.server_type,
        Port: server.port,
        Weight: server.weight,
        Description: server.description,
        Status: server.status,
        ZoneId: zone,
      })),
      TotalCount: total,
      MaxResults: params.MaxResults,
      NextToken: nextToken({ next }),
    }
  },
})

/** Servers with the address and the zone where they are now. */
async function placesOf(context: ActionContext, servers: readonly NlbServerTable[]) {
  const { tx } = context
  const instances = servers.filter(({ server_type: type }) => type === 'Ecs').map(({ server_id: id }) => id)
  const enis = await enisOfInstances(tx, instances)
  const places = []
  for (const server of servers) {
    const eni =
      server.server_type === 'Ecs'
        ? enis.get(server.server_id)?.[0]
        : server.server_type === 'Eni'
          ? await findEni(tx, ownerOf(context), server.server_id)
          : undefined
    places.push({ server, address: eni?.address ?? server.server_ip, zone: eni?.zone_id ?? '' })
  }
  return places
}

const getListenerHealthStatus = defineAction({
  product: 'Nlb',
  name: 'GetListenerHealthStatus',
  summary: { en: 'Tells which servers of a listener are not healthy.', zh: '查询监听的健康检查状态。' },
  status: 'full',
  params: z.object({ ListenerId: text(), ...tokenParams(100, 20) }),
  result: z.object({
    ListenerHealthStatus: z.array(
      z.object({
        ListenerId: z.string(),
        ListenerPort: z.number(),
        ...rangeResult,
        ListenerProtocol: z.string(),
        ServerGroupInfos: z.array(
          z.object({
            ServerGroupId: z.string(),
            // Spelt so in the public API.
            HeathCheckEnabled: z.boolean(),
            NonNormalServers: z.array(
              z.object({
                ServerId: z.string(),
                ServerIp: z.string(),
                Port: z.number(),
                Status: z.string(),
              }),
            ),
          }),
        ),
      }),
    ),
    TotalCount: z.number(),
    MaxResults: z.number(),
    NextToken: z.string(),
  }),
  effect: 'read',
  errors: ['ResourceNotFound.listener'],
  handler: async (context, params) => {
    const listener = await ownListener(context, params.ListenerId)
    const group = await ownGroup(context, listener.server_group_id)
    const places = await placesOf(context, await serversOf(context.tx, group.id))
    return {
      ListenerHealthStatus: [
        {
          ListenerId: listener.id,
          ...describePorts(listener),
          ListenerProtocol: listener.protocol,
          ServerGroupInfos: [
            {
              ServerGroupId: group.id,
              HeathCheckEnabled: group.health_check === 1,
              NonNormalServers: places
                .filter(({ server }) => server.status !== 'Removing')
                .flatMap(({ server, address }) => {
                  const status = statusOf(context, listener, group, server)
                  const { server_id: ServerId, port: Port } = server
                  return status ? [{ ServerId, ServerIp: address, Port, Status: status }] : []
                }),
            },
          ],
        },
      ],
      TotalCount: 1,
      MaxResults: params.MaxResults,
      NextToken: '',
    }
  },
})

/** Undefined for a healthy server. One without weight is not checked, and counts as healthy. */
function statusOf(
  context: ActionContext,
  listener: NlbListenerTable,
  group: NlbServerGroupTable,
  server: NlbServerTable,
): 'Initial' | 'Unhealthy' | 'Unavailable' | undefined {
  if (group.health_check === 0) return 'Unavailable'
  if (server.weight === 0) return undefined
  const health = observedHealth(context, {
    balancer: listener.load_balancer_id,
    protocol: listener.protocol === 'TCP' ? 'tcp' : 'udp',
    port: listener.port,
    server: server.server_id,
    backendPort: server.port,
  })
  if (health === 'normal') return undefined
  return health === 'abnormal' ? 'Unhealthy' : 'Initial'
}

export const nlbServerActions: readonly Action[] = [
  addServersToServerGroup,
  removeServersFromServerGroup,
  updateServerGroupServersAttribute,
  listServerGroupServers,
  getListenerHealthStatus,
]
