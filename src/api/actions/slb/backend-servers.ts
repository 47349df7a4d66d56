/** Slb 2014-05-15: the default server group of a load balancer, and the health of its servers. */
import { z } from 'zod'
import { quotas } from '../../../model/quotas.ts'
import { enisOfInstances } from '../../../store/enis.ts'
import { nextGeneration } from '../../../store/generation.ts'
import { rulesOfBalancer } from '../../../store/listener-rules.ts'
import {
  backendsOf,
  deleteBackends,
  insertBackends,
  listenersOf,
  updateBackend,
  updateLoadBalancer,
} from '../../../store/load-balancers.ts'
import { groupServersOf } from '../../../store/server-groups.ts'
import type {
  BackendServerTable,
  GroupServerTable,
  ListenerRuleTable,
  ListenerTable,
} from '../../../store/tables.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ApiError } from '../../errors.ts'
import { choice, integer, text } from '../../params.ts'
import { observedHealth } from '../../observed-health.ts'
import { demand } from '../../require.ts'
import { wrapped } from '../../results.ts'
import { liveLoadBalancer, ownLoadBalancer } from './own-load-balancer.ts'
import { checkServer, serverItem, serverList } from './server-list.ts'

const groupParams = z.object({ LoadBalancerId: text(), BackendServers: serverList(serverItem).optional() })

/** In answers a weight is a number here and text there, as the public API has it. */
function resultWith<Weight extends z.ZodType>(weight: Weight) {
  return z.object({
    LoadBalancerId: z.string(),
    BackendServers: wrapped(
      'BackendServer',
      z.object({
        ServerId: z.string(),
        Weight: weight,
        Type: z.string(),
        ServerIp: z.string(),
        Description: z.string(),
      }),
    ),
  })
}

function describe<Weight>(rows: readonly BackendServerTable[], weightOf: (weight: number) => Weight) {
  return {
    BackendServer: rows.map((row) => ({
      ServerId: row.server_id,
      Weight: weightOf(row.weight),
      Type: row.type,
      ServerIp: row.server_ip,
      Description: row.description,
    })),
  }
}

const addBackendServers = defineAction({
  product: 'Slb',
  name: 'AddBackendServers',
  summary: { en: 'Adds servers to the default server group.', zh: '添加后端服务器。' },
  status: {
    partial:
      'Servers are instances and network interfaces, these by their primary address; container instances (`eci`) are refused.',
  },
  params: groupParams,
  result: resultWith(z.string()),
  effect: 'write',
  answer: 'when-in-kernel',
  errors: ['InvalidLoadBalancerId.NotFound', 'InvalidParameter', 'NetworkConflict', 'OverQuota'],
  handler: async (context, { LoadBalancerId, BackendServers }) => {
    const { tx } = context
    const generation = await nextGeneration(tx)
    const balancer = await liveLoadBalancer(context, LoadBalancerId)
    const present = await backendsOf(tx, balancer.id)
    const added: BackendServerTable[] = []
    for (const server of BackendServers ?? []) {
      // A server named twice in one call counts once.
      if (added.some((other) => other.server_id === server.ServerId)) continue
      const twice = present.some((other) => other.server_id === server.ServerId)
      demand(!twice, 'InvalidParameter', {
        name: 'BackendServers',
        reason: `${server.ServerId} is in the server group already`,
      })
      added.push({
        load_balancer_id: balancer.id,
        server_id: server.ServerId,
        type: server.Type,
        server_ip: await checkServer(context, balancer, server),
        weight: server.Weight ?? 100,
        description: server.Description ?? '',
        generation,
      })
    }
    demand(present.length + added.length <= quotas.serversPerLoadBalancer, 'OverQuota')
    await insertBackends(tx, added)
    await updateLoadBalancer(tx, balancer.id, { generation })
    return {
      LoadBalancerId: balancer.id,
      BackendServers: describe(await backendsOf(tx, balancer.id), String),
    }
  },
})

const setBackendServers = defineAction({
  product: 'Slb',
  name: 'SetBackendServers',
  summary: { en: 'Sets the weights of servers.', zh: '设置后端服务器权重。' },
  status: {
    partial: 'All servers named must be in the group already.',
  },
  params: groupParams,
  result: resultWith(z.string()),
  effect: 'write',
  answer: 'when-in-kernel',
  errors: ['InvalidLoadBalancerId.NotFound', 'InvalidParameter'],
  handler: async (context, { LoadBalancerId, BackendServers }) => {
    const { tx } = context
    const generation = await nextGeneration(tx)
    const balancer = await liveLoadBalancer(context, LoadBalancerId)
    const present = await backendsOf(tx, balancer.id)
    for (const server of BackendServers ?? []) {
      const row = present.find((other) => other.server_id === server.ServerId)
      if (!row) {
        const reason = `${server.ServerId} is not in the server group`
        throw new ApiError('InvalidParameter', { name: 'BackendServers', reason })
      }
      await updateBackend(tx, row, {
        weight: server.Weight ?? row.weight,
        description: server.Description ?? row.description,
        generation,
      })
    }
    await updateLoadBalancer(tx, balancer.id, { generation })
    return {
      LoadBalancerId: balancer.id,
      BackendServers: describe(await backendsOf(tx, balancer.id), String),
    }
  },
})

/** Removing a server that is not there changes nothing and is no error. */
const removeBackendServers = defineAction({
  product: 'Slb',
  name: 'RemoveBackendServers',
  summary: { en: 'Removes servers from the default server group.', zh: '移除后端服务器。' },
  status: {
    partial: 'Without connection draining, established connections of a removed server go on until they end.',
  },
  params: groupParams,
  result: resultWith(z.number()),
  effect: 'write',
  answer: 'when-in-kernel',
  errors: ['InvalidLoadBalancerId.NotFound', 'InvalidParameter'],
  handler: async (context, { LoadBalancerId, BackendServers }) => {
    const { tx } = context
    const generation = await nextGeneration(tx)
    const balancer = await liveLoadBalancer(context, LoadBalancerId)
    await deleteBackends(
      tx,
      balancer.id,
      (BackendServers ?? []).map((server) => server.ServerId),
    )
    await updateLoadBalancer(tx, balancer.id, { generation })
    return {
      LoadBalancerId: balancer.id,
      BackendServers: describe(await backendsOf(tx, balancer.id), (weight) => weight),
    }
  },
})

const describeHealthStatus = defineAction({
  product: 'Slb',
  name: 'DescribeHealthStatus',
  summary: { en: 'Tells the health of backend servers.', zh: '查询后端服务器的健康状态。' },
  status: 'full',
  params: z.object({
    LoadBalancerId: text(),
    ListenerPort: integer(1, 65535).optional(),
    ListenerProtocol: choice(['tcp', 'udp', 'http', 'https']).optional(),
  }),
  result: z.object({
    BackendServers: wrapped(
      'BackendServer',
      z.object({
        ServerId: z.string(),
        ServerIp: z.string(),
        Port: z.number(),
        ListenerPort: z.number(),
        Protocol: z.string(),
        Type: z.string(),
        ServerHealthStatus: z.string(),
      }),
    ),
  }),
  effect: 'read',
  errors: ['InvalidLoadBalancerId.NotFound'],
  handler: async (context, params) => {
    const { tx } = context
    const balancer = await ownLoadBalancer(context, params.LoadBalancerId)
    const servers = await backendsOf(tx, balancer.id)
    const groupServers = await groupServersOf(tx, balancer.id)
    const rules = await rulesOfBalancer(tx, balancer.id)
    const addresses = await addressesOf(context, [...servers, ...groupServers])
    const listeners = (await listenersOf(tx, balancer.id)).filter(
      ({ port, protocol }) =>
        (params.ListenerPort === undefined || port === params.ListenerPort) &&
        (params.ListenerProtocol === undefined || protocol === params.ListenerProtocol),
    )
    return {
      BackendServers: {
        BackendServer: listeners.flatMap((listener) =>
          serversOf(listener, servers, groupServers, rules).map(({ server, port }) => ({
            ServerId: server.server_id,
            ServerIp: addresses.get(server.server_id) ?? server.server_ip,
            Port: port,
            ListenerPort: listener.port,
            Protocol: listener.protocol,
            Type: server.type,
            ServerHealthStatus: healthOf(context, listener, server, port),
          })),
        ),
      },
    }
  },
})

/** The servers of a listener and of its rules with the port that each is reached at, each once. */
function serversOf(
  listener: ListenerTable,
  servers: readonly BackendServerTable[],
  groupServers: readonly GroupServerTable[],
  rules: readonly ListenerRuleTable[],
) {
  const { server_group_id: group, backend_port: backendPort, protocol, port } = listener
  const inGroup = (id: string) =>
    groupServers.filter((server) => server.group_id === id).map((server) => ({ server, port: server.port }))
  const all = [
    ...(group === null ? servers.map((server) => ({ server, port: backendPort })) : inGroup(group)),
    ...rules
      .filter((rule) => rule.protocol === protocol && rule.port === port)
      .flatMap((rule) => inGroup(rule.server_group_id)),
  ]
  return [...new Map(all.map((one) => [`${one.server.server_id} ${one.port}`, one])).values()]
}

/** A server that takes no connections is not checked, and told as normal (CLB, questions about health checks). */
function healthOf(
  context: ActionContext,
  listener: ListenerTable,
  { server_id: server, weight }: Pick<BackendServerTable, 'server_id' | 'weight'>,
  backendPort: number,
): 'normal' | 'abnormal' | 'unavailable' {
  if (listener.health_check === 'off' || listener.status !== 'running') return 'unavailable'
  if (weight === 0) return 'normal'
  const { load_balancer_id: balancer, protocol, port } = listener
  return observedHealth(context, { balancer, protocol, port, server, backendPort })
}

async function addressesOf(
  { tx }: ActionContext,
  servers: readonly Pick<BackendServerTable, 'server_id' | 'type'>[],
): Promise<ReadonlyMap<string, string>> {
  const instances = servers.filter(({ type }) => type === 'ecs').map((server) => server.server_id)
  const enis = await enisOfInstances(tx, instances)
  return new Map(instances.map((id) => [id, enis.get(id)?.[0]?.address ?? '']))
}

export const backendServerActions: readonly Action[] = [
  addBackendServers,
  setBackendServers,
  removeBackendServers,
  describeHealthStatus,
]
