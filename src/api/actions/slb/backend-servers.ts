/** Slb 2014-05-15: the default server group of a load balancer, and the health of its servers. */
import { z } from 'zod'
import { quotas } from '../../../model/quotas.ts'
import { enisOfInstances, findEni } from '../../../store/enis.ts'
import { nextGeneration } from '../../../store/generation.ts'
import { findInstance } from '../../../store/instances.ts'
import {
  backendsOf,
  deleteBackends,
  insertBackends,
  listenersOf,
  updateBackend,
  updateLoadBalancer,
} from '../../../store/load-balancers.ts'
import type { BackendServerTable, ListenerTable, LoadBalancerTable } from '../../../store/tables.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ApiError } from '../../errors.ts'
import { ownerOf } from '../../new-resource.ts'
import { choice, integer, text } from '../../params.ts'
import { demand } from '../../require.ts'
import { wrapped } from '../../results.ts'
import { liveLoadBalancer, ownLoadBalancer } from './own-load-balancer.ts'

const wholeNumber = z.union([
  z.number(),
  z
    .string()
    .regex(/^\d{1,3}$/)
    .transform(Number),
])

const serverItem = z.object({
  ServerId: z.string().min(1),
  Weight: wholeNumber.pipe(z.number().int().min(0).max(100)).optional(),
  Type: z.enum(['ecs', 'eni']).default('ecs'),
  ServerIp: z.string().default(''),
  Description: z.string().max(80).optional(),
})
type Server = z.infer<typeof serverItem>

/**
 * A list of servers in what is nearly JSON: the Terraform provider writes single quotes and weights as text.
 * Its last call of a series may carry no list at all.
 */
const serverList = () =>
  z
    .string()
    .transform((value, context) => {
      try {
        return JSON.parse(value.replaceAll("'", '"')) as unknown
      } catch {
        context.addIssue({ code: 'custom', message: 'not a list of servers' })
        return z.NEVER
      }
    })
    .pipe(z.array(serverItem))
    .meta({ wire: 'json', invalid: 'InvalidParameter' })
    .optional()

const groupParams = z.object({ LoadBalancerId: text(), BackendServers: serverList() })

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
  params: groupParams,
  result: resultWith(z.string()),
  effect: 'write',
  answer: 'when-in-kernel',
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

/** The server must be the caller's and in the load balancer's VPC. Only an `eni` server has an address of its own. */
async function checkServer(
  context: ActionContext,
  balancer: LoadBalancerTable,
  server: Server,
): Promise<string> {
  const { tx } = context
  const refuse = (reason: string) => new ApiError('InvalidParameter', { name: 'BackendServers', reason })
  if (server.Type === 'ecs') {
    const instance = await findInstance(tx, ownerOf(context), server.ServerId)
    if (!instance || instance.status === 'Deleting') throw refuse(`${server.ServerId} does not exist`)
    if (instance.vpc_id !== balancer.vpc_id) throw new ApiError('NetworkConflict')
    return ''
  }
  const eni = await findEni(tx, ownerOf(context), server.ServerId)
  if (!eni || eni.instance_id === null) throw refuse(`${server.ServerId} does not exist`)
  if (eni.vpc_id !== balancer.vpc_id) throw new ApiError('NetworkConflict')
  if (server.ServerIp !== '' && server.ServerIp !== eni.address) {
    throw refuse(`${server.ServerIp} is not an address of ${server.ServerId}`)
  }
  return eni.address
}

const setBackendServers = defineAction({
  product: 'Slb',
  name: 'SetBackendServers',
  summary: { en: 'Sets the weights of servers.', zh: '设置后端服务器权重。' },
  params: groupParams,
  result: resultWith(z.string()),
  effect: 'write',
  answer: 'when-in-kernel',
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
  params: groupParams,
  result: resultWith(z.number()),
  effect: 'write',
  answer: 'when-in-kernel',
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
  handler: async (context, params) => {
    const { tx } = context
    const balancer = await ownLoadBalancer(context, params.LoadBalancerId)
    const servers = await backendsOf(tx, balancer.id)
    const addresses = await addressesOf(context, servers)
    const listeners = (await listenersOf(tx, balancer.id)).filter(
      ({ port, protocol }) =>
        (params.ListenerPort === undefined || port === params.ListenerPort) &&
        (params.ListenerProtocol === undefined || protocol === params.ListenerProtocol),
    )
    return {
      BackendServers: {
        BackendServer: listeners.flatMap((listener) =>
          servers.map((server) => ({
            ServerId: server.server_id,
            ServerIp: addresses.get(server.server_id) ?? server.server_ip,
            Port: listener.backend_port,
            ListenerPort: listener.port,
            Protocol: listener.protocol,
            Type: server.type,
            ServerHealthStatus: healthOf(context, listener, server),
          })),
        ),
      },
    }
  },
})

function healthOf(
  { observed }: ActionContext,
  listener: ListenerTable,
  server: BackendServerTable,
): 'normal' | 'abnormal' | 'unavailable' {
  if (listener.health_check === 'off' || listener.status !== 'running') return 'unavailable'
  const report = observed.health.find(
    (seen) =>
      seen.balancer === listener.load_balancer_id &&
      seen.protocol === listener.protocol &&
      seen.port === listener.port &&
      seen.server === server.server_id,
  )
  return report?.status ?? 'unavailable'
}

async function addressesOf(
  { tx }: ActionContext,
  servers: readonly BackendServerTable[],
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
