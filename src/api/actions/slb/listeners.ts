/** Slb 2014-05-15: layer-4 listeners. TCP and UDP differ in a few parameters only, so each action is made for both. */
import { z } from 'zod'
import { quotas } from '../../../model/quotas.ts'
import { listenerDescription } from '../../../model/rules.ts'
import { nextGeneration } from '../../../store/generation.ts'
import { insertListener, listenersOf, updateListener } from '../../../store/load-balancers.ts'
import type { ListenerTable } from '../../../store/tables.ts'
import { defineAction, type Action, type ActionContext, type ActionStatus } from '../../action.ts'
import { choice, flag, integer, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { keyValue, wrapped } from '../../results.ts'
import { liveLoadBalancer, ownLoadBalancer } from './own-load-balancer.ts'
import { ownServerGroup } from './own-server-group.ts'

type Protocol = ListenerTable['protocol']

/** UDP ports the load balancer keeps for itself (CLB user guide, listeners). */
const reservedUdpPorts = [250, 4789, 4790]

/** HealthCheckConnectPort: the backend's own port. */
const backendPort = -520

/**
 * What a listener can be given. Clients share one request among all protocols, so what only HTTP knows is not
 * declared and thereby ignored; a TCP listener does not turn to HTTP checks because of a HealthCheckURI.
 */
const settings = {
  Bandwidth: integer(-1, 5120).optional(),
  Scheduler: choice(['wrr', 'rr', 'sch', 'tch']).optional(),
  PersistenceTimeout: integer(0, 3600).optional(),
  EstablishedTimeout: integer(10, 900).optional(),
  HealthCheckSwitch: choice(['on', 'off']).optional(),
  HealthCheckType: text().optional(),
  HealthCheckConnectPort: integer(backendPort, 65535).optional(),
  HealthyThreshold: integer(1, 10).optional(),
  UnhealthyThreshold: integer(1, 10).optional(),
  HealthCheckConnectTimeout: integer(1, 300).optional(),
  HealthCheckInterval: integer(1, 50).optional(),
  AclStatus: choice(['on', 'off']).optional(),
  VServerGroup: choice(['on', 'off']).optional(),
  VServerGroupId: text().optional(),
  MasterSlaveServerGroup: choice(['on', 'off']).optional(),
  MasterSlaveServerGroupId: text().optional(),
  ConnectionDrain: choice(['on', 'off']).optional(),
  ProxyProtocolV2Enabled: flag().optional(),
  Description: text({ pattern: listenerDescription }).optional(),
}
const settingsObject = z.object(settings)
type Settings = z.infer<typeof settingsObject>

/** Refuses what a listener could be asked for in the cloud and is not carried here, rather than forget it. */
function refuseUnsupported(protocol: Protocol, given: Settings): void {
  const unsupported: readonly (readonly [keyof Settings, boolean])[] = [
    ['Bandwidth', (given.Bandwidth ?? -1) !== -1],
    ['PersistenceTimeout', (given.PersistenceTimeout ?? 0) !== 0],
    ['HealthCheckType', given.HealthCheckType === 'http'],
    ['HealthCheckSwitch', protocol === 'udp' && given.HealthCheckSwitch === 'on'],
    ['AclStatus', given.AclStatus === 'on'],
    ['MasterSlaveServerGroup', given.MasterSlaveServerGroup === 'on'],
    ['MasterSlaveServerGroupId', given.MasterSlaveServerGroupId !== undefined],
    ['ConnectionDrain', given.ConnectionDrain === 'on'],
    ['ProxyProtocolV2Enabled', given.ProxyProtocolV2Enabled === true],
  ]
  for (const [name, refused] of unsupported) {
    demand(!refused, `InvalidParameter.${name}`, { name, reason: 'not supported yet' })
  }
  const type = given.HealthCheckType ?? 'tcp'
  demand(['tcp', 'http', 'udp'].includes(type), 'InvalidParameter.HealthCheckType', {
    name: 'HealthCheckType',
    reason: type,
  })
  const port = given.HealthCheckConnectPort
  demand(port === undefined || port === backendPort || port >= 1, 'InvalidParameter.HealthCheckConnectPort', {
    name: 'HealthCheckConnectPort',
    reason: '1 to 65535',
  })
}

function settingsStatus(protocol: Protocol): ActionStatus {
  const refused =
    'a bandwidth, persistence, access control, master/slave groups, draining and PROXY protocol are refused'
  const checks =
    protocol === 'tcp' ? 'health checks by HTTP are refused too' : 'UDP servers are not health-checked'
  return { partial: `Of the settings, ${refused}; ${checks}.` }
}

type Values = Omit<
  ListenerTable,
  'load_balancer_id' | 'protocol' | 'port' | 'status' | 'backend_port' | 'server_group_id' | 'generation'
>

/** What a new listener has unless asked otherwise. UDP backends cannot be probed yet, so UDP has no health check. */
function defaults(protocol: Protocol): Values {
  return {
    scheduler: 'wrr',
    established_timeout: 900,
    health_check: protocol === 'tcp' ? 'on' : 'off',
    health_check_port: null,
    health_check_interval: protocol === 'tcp' ? 2 : 5,
    health_check_timeout: protocol === 'tcp' ? 5 : 10,
    healthy_threshold: 3,
    unhealthy_threshold: 3,
    description: '',
  }
}

function withSettings(values: Values, given: Settings): Values {
  const port = given.HealthCheckConnectPort
  return {
    scheduler: given.Scheduler ?? values.scheduler,
    established_timeout: given.EstablishedTimeout ?? values.established_timeout,
    health_check: given.HealthCheckSwitch ?? values.health_check,
    health_check_port: port === undefined ? values.health_check_port : port === backendPort ? null : port,
    health_check_interval: given.HealthCheckInterval ?? values.health_check_interval,
    health_check_timeout: given.HealthCheckConnectTimeout ?? values.health_check_timeout,
    healthy_threshold: given.HealthyThreshold ?? values.healthy_threshold,
    unhealthy_threshold: given.UnhealthyThreshold ?? values.unhealthy_threshold,
    description: given.Description ?? values.description,
  }
}

const place = { LoadBalancerId: text(), ListenerPort: integer(1, 65535) }

function createListener(protocol: Protocol) {
  return defineAction({
    product: 'Slb',
    name: `CreateLoadBalancer${protocol.toUpperCase()}Listener`,
    summary: {
      en: `Creates a ${protocol.toUpperCase()} listener; it starts stopped.`,
      zh: `创建 ${protocol.toUpperCase()} 监听，创建后处于停止状态。`,
    },
    status: settingsStatus(protocol),
    params: z.object({ ...place, BackendServerPort: integer(1, 65535).optional(), ...settings }),
    result: z.object({}),
    effect: 'write',
    handler: async (context, params) => {
      const { tx } = context
      refuseUnsupported(protocol, params)
      const generation = await nextGeneration(tx)
      const balancer = await liveLoadBalancer(context, params.LoadBalancerId)
      demand(balancer.vpc_id !== null, 'InvalidParameter', {
        name: 'LoadBalancerId',
        reason: 'public addresses are not carried here: only intranet load balancers take listeners',
      })
      const reserved = protocol === 'udp' && reservedUdpPorts.includes(params.ListenerPort)
      demand(!reserved, 'InvalidParameter.ListenerPort', { name: 'ListenerPort', reason: 'reserved' })
      const present = await listenersOf(tx, balancer.id)
      demand(!present.some(({ port }) => port === params.ListenerPort), 'ListenerPortConflict')
      demand(present.length < quotas.listenersPerLoadBalancer, 'OverQuota')
      const serverGroup = await readServerGroup(context, balancer.id, params, null)
      demand(
        serverGroup !== null || params.BackendServerPort !== undefined,
        'MissingParam.BackendServerPort',
        {
          name: 'BackendServerPort',
        },
      )
      await insertListener(tx, {
        load_balancer_id: balancer.id,
        protocol,
        port: params.ListenerPort,
        status: 'stopped',
        backend_port: params.BackendServerPort ?? 0,
        server_group_id: serverGroup,
        generation,
        ...withSettings(defaults(protocol), params),
      })
      return {}
    },
  })
}

function setListener(protocol: Protocol) {
  return defineAction({
    product: 'Slb',
    name: `SetLoadBalancer${protocol.toUpperCase()}ListenerAttribute`,
    summary: {
      en: `Changes a ${protocol.toUpperCase()} listener.`,
      zh: `修改 ${protocol.toUpperCase()} 监听的配置。`,
    },
    status: settingsStatus(protocol),
    params: z.object({ ...place, ...settings }),
    result: z.object({}),
    effect: 'write',
    handler: async (context, params) => {
      refuseUnsupported(protocol, params)
      const generation = await nextGeneration(context.tx)
      await liveLoadBalancer(context, params.LoadBalancerId)
      const listener = await ownListener(context, params, protocol)
      const current = listener.server_group_id
      const group = await readServerGroup(context, listener.load_balancer_id, params, current)
      demand(group !== null || listener.backend_port !== 0, 'InvalidParameter.VServerGroup', {
        name: 'VServerGroup',
        reason: 'the listener has no port for the servers of the default group',
      })
      await updateListener(context.tx, listener, {
        ...withSettings(listener, params),
        server_group_id: group,
        generation,
      })
      return {}
    },
  })
}

function describeListener(protocol: Protocol) {
  return defineAction({
    product: 'Slb',
    name: `DescribeLoadBalancer${protocol.toUpperCase()}ListenerAttribute`,
    summary: {
      en: `Describes a ${protocol.toUpperCase()} listener.`,
      zh: `查询 ${protocol.toUpperCase()} 监听的配置。`,
    },
    status: 'full',
    params: z.object(place),
    // Clients take a null for an answer of the wrong type, so a key without a value is left out.
    result: z.object({
      LoadBalancerId: z.string(),
      ListenerPort: z.number(),
      BackendServerPort: z.number(),
      VServerGroupId: z.string().optional(),
      Status: z.string(),
      Description: z.string().optional(),
      Bandwidth: z.number(),
      Scheduler: z.string(),
      PersistenceTimeout: z.number().optional(),
      EstablishedTimeout: z.number().optional(),
      HealthCheck: z.string(),
      HealthCheckType: z.string().optional(),
      HealthCheckConnectPort: z.number().optional(),
      HealthCheckConnectTimeout: z.number().optional(),
      HealthCheckInterval: z.number().optional(),
      HealthyThreshold: z.number().optional(),
      UnhealthyThreshold: z.number().optional(),
      AclStatus: z.string(),
      ConnectionDrain: z.string(),
      ProxyProtocolV2Enabled: z.boolean(),
      Tags: wrapped('Tag', keyValue),
    }),
    effect: 'read',
    handler: async (context, params) => {
      await ownLoadBalancer(context, params.LoadBalancerId)
      const row = await ownListener(context, params, protocol)
      return {
        LoadBalancerId: row.load_balancer_id,
        ListenerPort: row.port,
        BackendServerPort: row.backend_port,
        ...(row.server_group_id !== null && { VServerGroupId: row.server_group_id }),
        // The API has no word for a listener that is going: clients wait until it cannot be found.
        Status: row.status === 'deleting' ? 'stopping' : row.status,
        ...(row.description !== '' && { Description: row.description }),
        Bandwidth: -1,
        Scheduler: row.scheduler,
        ...(protocol === 'tcp' && { PersistenceTimeout: 0, EstablishedTimeout: row.established_timeout }),
        HealthCheck: row.health_check,
        ...(row.health_check === 'on' && {
          HealthCheckType: protocol,
          ...(row.health_check_port !== null && { HealthCheckConnectPort: row.health_check_port }),
          HealthCheckConnectTimeout: row.health_check_timeout,
          HealthCheckInterval: row.health_check_interval,
          HealthyThreshold: row.healthy_threshold,
          UnhealthyThreshold: row.unhealthy_threshold,
        }),
        AclStatus: 'off',
        ConnectionDrain: 'off',
        ProxyProtocolV2Enabled: false,
        Tags: { Tag: [] },
      }
    },
  })
}

/** The VServer group that a request asks for; `current` when it says nothing about it. */
async function readServerGroup(
  context: ActionContext,
  balancer: string,
  given: Settings,
  current: string | null,
): Promise<string | null> {
  if (given.VServerGroup === 'off') return null
  const id = given.VServerGroupId ?? current
  demand(given.VServerGroup !== 'on' || id !== null, 'MissingParam.VServerGroupId', {
    name: 'VServerGroupId',
  })
  if (id === null) return null
  const group = await ownServerGroup(context, id)
  demand(group.load_balancer_id === balancer, 'InvalidParameter.VServerGroupId')
  return group.id
}

/** An action that takes a listener on its way to another status. */
function power(
  name: 'StartLoadBalancerListener' | 'StopLoadBalancerListener' | 'DeleteLoadBalancerListener',
  summary: { readonly en: string; readonly zh: string },
  from: readonly ListenerTable['status'][],
  to: ListenerTable['status'],
  refusal: string,
) {
  return defineAction({
    product: 'Slb',
    name,
    summary,
    status: 'full',
    params: z.object({ ...place, ListenerProtocol: choice(['tcp', 'udp', 'http', 'https']).optional() }),
    result: z.object({}),
    effect: 'write',
    handler: async (context, params) => {
      const generation = await nextGeneration(context.tx)
      const balancer = await liveLoadBalancer(context, params.LoadBalancerId)
      demand(balancer.status !== 'locked', 'OperationDenied.LoadBalancerLocked')
      const listener = await ownListener(context, params, params.ListenerProtocol)
      demand(from.includes(listener.status), refusal)
      await updateListener(context.tx, listener, { status: to, generation })
      return {}
    },
  })
}

async function ownListener(
  context: ActionContext,
  params: { readonly LoadBalancerId: string; readonly ListenerPort: number },
  protocol: string | undefined,
): Promise<ListenerTable> {
  const listeners = await listenersOf(context.tx, params.LoadBalancerId)
  const listener = listeners.find(
    ({ port, protocol: own }) => port === params.ListenerPort && (protocol === undefined || protocol === own),
  )
  return found(listener, 'ResourceNotFound.Listener')
}

export const listenerActions: readonly Action[] = [
  createListener('tcp'),
  createListener('udp'),
  setListener('tcp'),
  setListener('udp'),
  describeListener('tcp'),
  describeListener('udp'),
  power(
    'StartLoadBalancerListener',
    { en: 'Starts a stopped listener.', zh: '启动监听。' },
    ['stopped'],
    'starting',
    'OperationFailed.ListenerStatusNotSupport',
  ),
  power(
    'StopLoadBalancerListener',
    { en: 'Stops a running listener.', zh: '停止监听。' },
    ['running', 'starting'],
    'stopping',
    'OperationFailed.ListenerStatusNotSupport',
  ),
  power(
    'DeleteLoadBalancerListener',
    { en: 'Deletes a listener.', zh: '删除监听。' },
    ['stopped', 'running'],
    'deleting',
    'ListenerProcessing',
  ),
]
