/** Slb 2014-05-15: layer-4 listeners. TCP and UDP differ in a few parameters only, so each action is made for both. */
import { z } from 'zod'
import { nextGeneration } from '../../../store/generation.ts'
import { insertListener, listenersOf, updateListener } from '../../../store/load-balancers.ts'
import type { ListenerTable } from '../../../store/tables.ts'
import { defineAction, type Action, type ActionContext, type ActionStatus } from '../../action.ts'
import { choice, integer } from '../../params.ts'
import { demand } from '../../require.ts'
import { keyValue, wrapped } from '../../results.ts'
import { checkProxyProtocol, chooseServerGroup, groupErrors } from './listener-group.ts'
import {
  defaults,
  describeHealthCheck,
  healthCheckResult,
  refuseUnsupported,
  settingErrors,
  settings,
  withSettings,
  type Protocol,
} from './listener-settings.ts'
import { newListenerErrors, placeForListener } from './new-listener.ts'
import { listenerPlace, ownListener } from './own-listener.ts'
import { liveLoadBalancer, ownLoadBalancer } from './own-load-balancer.ts'
import { ownServerGroup } from './own-server-group.ts'

/** UDP ports the load balancer keeps for itself (CLB user guide, listeners). */
const reservedUdpPorts = [250, 4789, 4790]

const settingsStatus: ActionStatus = {
  partial: 'Access control lists are refused.',
}

function createListener(protocol: Protocol) {
  return defineAction({
    product: 'Slb',
    name: `CreateLoadBalancer${protocol.toUpperCase()}Listener`,
    summary: {
      en: `Creates a ${protocol.toUpperCase()} listener; it starts stopped.`,
      zh: `创建 ${protocol.toUpperCase()} 监听，创建后处于停止状态。`,
    },
    status: settingsStatus,
    params: z.object({ ...listenerPlace, BackendServerPort: integer(1, 65535).optional(), ...settings }),
    result: z.object({}),
    effect: 'write',
    errors: [
      ...newListenerErrors,
      ...(protocol === 'udp' ? ['InvalidParameter.ListenerPort'] : []),
      ...settingErrors[protocol],
      ...groupErrors,
    ],
    handler: async (context, params) => {
      const { tx } = context
      refuseUnsupported(protocol, params)
      const generation = await nextGeneration(tx)
      const reserved = protocol === 'udp' && reservedUdpPorts.includes(params.ListenerPort)
      demand(!reserved, 'InvalidParameter.ListenerPort', { name: 'ListenerPort', reason: 'reserved' })
      const { balancer, present } = await placeForListener(context, params)
      const serverGroup = await chooseServerGroup(context, balancer.id, params, null)
      demand(
        serverGroup !== null || params.BackendServerPort !== undefined,
        'MissingParam.BackendServerPort',
        {
          name: 'BackendServerPort',
        },
      )
      const listener: ListenerTable = {
        load_balancer_id: balancer.id,
        protocol,
        port: params.ListenerPort,
        status: 'stopped',
        backend_port: params.BackendServerPort ?? 0,
        server_group_id: serverGroup,
        generation,
        http: null,
        ...withSettings(protocol, defaults(protocol), params),
      }
      checkProxyProtocol(listener, present)
      await insertListener(tx, listener)
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
    status: settingsStatus,
    params: z.object({ ...listenerPlace, ...settings }),
    result: z.object({}),
    effect: 'write',
    errors: [
      'InvalidLoadBalancerId.NotFound',
      'InvalidParameter.VServerGroup',
      'ResourceNotFound.Listener',
      ...settingErrors[protocol],
      ...groupErrors,
    ],
    handler: async (context, params) => {
      refuseUnsupported(protocol, params)
      const generation = await nextGeneration(context.tx)
      await liveLoadBalancer(context, params.LoadBalancerId)
      const listener = await ownListener(context, params, protocol)
      const current = listener.server_group_id
      const group = await chooseServerGroup(context, listener.load_balancer_id, params, current)
      demand(group !== null || listener.backend_port !== 0, 'InvalidParameter.VServerGroup', {
        name: 'VServerGroup',
        reason: 'the listener has no port for the servers of the default group',
      })
      const changed = { ...listener, ...withSettings(protocol, listener, params), server_group_id: group }
      checkProxyProtocol(changed, await listenersOf(context.tx, listener.load_balancer_id))
      await updateListener(context.tx, listener, { ...changed, generation })
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
    params: z.object(listenerPlace),
    result: z.object({
      LoadBalancerId: z.string(),
      ListenerPort: z.number(),
      BackendServerPort: z.number(),
      VServerGroupId: z.string().optional(),
      MasterSlaveServerGroupId: z.string().optional(),
      Status: z.string(),
      Description: z.string().optional(),
      Bandwidth: z.number(),
      Scheduler: z.string(),
      PersistenceTimeout: z.number().optional(),
      EstablishedTimeout: z.number().optional(),
      ...healthCheckResult,
      AclStatus: z.string(),
      ConnectionDrain: z.string(),
      ConnectionDrainTimeout: z.number().optional(),
      ProxyProtocolV2Enabled: z.boolean(),
      Tags: wrapped('Tag', keyValue),
    }),
    effect: 'read',
    errors: ['InvalidLoadBalancerId.NotFound', 'ResourceNotFound.Listener'],
    handler: async (context, params) => {
      await ownLoadBalancer(context, params.LoadBalancerId)
      const row = await ownListener(context, params, protocol)
      return {
        LoadBalancerId: row.load_balancer_id,
        ListenerPort: row.port,
        BackendServerPort: row.backend_port,
        ...(await describeGroup(context, row)),
        // The API has no word for a listener that is going: clients wait until it cannot be found.
        Status: row.status === 'deleting' ? 'stopping' : row.status,
        ...(row.description !== '' && { Description: row.description }),
        Bandwidth: row.bandwidth,
        Scheduler: row.scheduler,
        ...(protocol === 'tcp' && {
          PersistenceTimeout: row.persistence_timeout,
          EstablishedTimeout: row.established_timeout,
        }),
        ...describeHealthCheck(row),
        AclStatus: 'off',
        ...(row.connection_drain_timeout === null
          ? { ConnectionDrain: 'off' }
          : { ConnectionDrain: 'on', ConnectionDrainTimeout: row.connection_drain_timeout }),
        ProxyProtocolV2Enabled: row.proxy_protocol === 1,
        Tags: { Tag: [] },
      }
    },
  })
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
    params: z.object({
      ...listenerPlace,
      ListenerProtocol: choice(['tcp', 'udp', 'http', 'https']).optional(),
    }),
    result: z.object({}),
    effect: 'write',
    errors: [
      'InvalidLoadBalancerId.NotFound',
      'OperationDenied.LoadBalancerLocked',
      refusal,
      'ResourceNotFound.Listener',
    ],
    answer: 'when-in-kernel',
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

async function describeGroup(context: ActionContext, { server_group_id: id }: ListenerTable) {
  if (id === null) return {}
  const { kind } = await ownServerGroup(context, id)
  return kind === 'vserver' ? { VServerGroupId: id } : { MasterSlaveServerGroupId: id }
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
