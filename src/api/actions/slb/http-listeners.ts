/** Slb 2014-05-15: HTTP listeners, carried by the balancer's proxy, and what HTTPS listeners have of them. */
import { z } from 'zod'
import { nextGeneration } from '../../../store/generation.ts'
import { insertListener, updateListener } from '../../../store/load-balancers.ts'
import type { HttpSettings, TlsSettings } from '../../../model/world.ts'
import type { ListenerTable } from '../../../store/tables.ts'
import { httpSettingsOf } from '../../../store/world/http-settings.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { choice, integer } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { keyValue, wrapped } from '../../results.ts'
import {
  describeHttp,
  forwarding,
  httpDefaults,
  httpResult,
  httpSettingErrors,
  httpSettings,
  redirectOf,
  refuseUnsupportedHttp,
  withHttpSettings,
  type GivenHttp,
  type Redirect,
} from './http-settings.ts'
import { chooseServerGroup } from './listener-group.ts'
import {
  defaults,
  describeHealthCheck,
  healthCheckResult,
  withSettings,
  type Settings,
} from './listener-settings.ts'
import { newListenerErrors, placeForListener } from './new-listener.ts'
import { listenerPlace, ownListener } from './own-listener.ts'
import { liveLoadBalancer, ownLoadBalancer } from './own-load-balancer.ts'

export const httpListenerStatus = {
  partial: 'Access control lists are refused.',
}

const groupErrors = ['InvalidParameter.VServerGroupId', 'MissingParam.VServerGroupId']
export const newHttpListenerErrors = [...newListenerErrors, ...httpSettingErrors, ...groupErrors]
export const changedHttpListenerErrors = [
  'InvalidLoadBalancerId.NotFound',
  'InvalidParameter.VServerGroup',
  'ResourceNotFound.Listener',
  ...httpSettingErrors,
  ...groupErrors,
]

/** The settings that layer 4 has, too, under the names it has them. */
function shared(given: GivenHttp): Settings {
  const { HealthCheck, HealthCheckTimeout, ...rest } = given
  return { ...rest, HealthCheckSwitch: HealthCheck, HealthCheckConnectTimeout: HealthCheckTimeout }
}

type Place = z.infer<z.ZodObject<typeof listenerPlace>>

export async function createWith(
  context: ActionContext,
  protocol: 'http' | 'https',
  params: Place & GivenHttp & { readonly BackendServerPort?: number | undefined },
  redirect: Redirect | undefined,
  tls: TlsSettings | undefined,
): Promise<void> {
  refuseUnsupportedHttp(params)
  const generation = await nextGeneration(context.tx)
  const { balancer } = await placeForListener(context, params)
  const serverGroup = await chooseServerGroup(context, balancer.id, shared(params), null)
  demand(serverGroup !== null || params.BackendServerPort !== undefined, 'MissingParam.BackendServerPort', {
    name: 'BackendServerPort',
  })
  await insertListener(context.tx, {
    load_balancer_id: balancer.id,
    protocol,
    port: params.ListenerPort,
    status: 'stopped',
    backend_port: params.BackendServerPort ?? 0,
    server_group_id: serverGroup,
    generation,
    http: JSON.stringify({ ...withHttpSettings(httpDefaults, params), ...redirect, tls }),
    ...withSettings('tcp', { ...defaults('tcp'), health_check_type: 'http' }, shared(params)),
  })
}

export async function changeWith(
  context: ActionContext,
  protocol: 'http' | 'https',
  params: Place & GivenHttp,
  tls: TlsSettings | undefined,
): Promise<void> {
  refuseUnsupportedHttp(params)
  const generation = await nextGeneration(context.tx)
  await liveLoadBalancer(context, params.LoadBalancerId)
  const { row: listener, http } = await ownHttpListener(context, params, protocol)
  const { load_balancer_id: balancer, server_group_id: current } = listener
  const group = await chooseServerGroup(context, balancer, shared(params), current)
  demand(group !== null || listener.backend_port !== 0, 'InvalidParameter.VServerGroup', {
    name: 'VServerGroup',
    reason: 'the listener has no port for the servers of the default group',
  })
  await updateListener(context.tx, listener, {
    ...withSettings('tcp', listener, shared(params)),
    server_group_id: group,
    http: JSON.stringify({ ...withHttpSettings(http, params), tls }),
    generation,
  })
}

export async function ownHttpListener(
  context: ActionContext,
  params: Place,
  protocol: 'http' | 'https',
): Promise<{ readonly row: ListenerTable; readonly http: HttpSettings }> {
  await ownLoadBalancer(context, params.LoadBalancerId)
  const row = await ownListener(context, params, protocol)
  return { row, http: httpSettingsOf(found(row.http ?? undefined, 'ResourceNotFound.Listener')) }
}

export const httpListenerResult = {
  LoadBalancerId: z.string(),
  ListenerPort: z.number(),
  BackendServerPort: z.number(),
  VServerGroupId: z.string().optional(),
  Status: z.string(),
  Description: z.string().optional(),
  Bandwidth: z.number(),
  Scheduler: z.string(),
  ...healthCheckResult,
  AclStatus: z.string(),
  Tags: wrapped('Tag', keyValue),
}

export function describeRow(row: ListenerTable) {
  return {
    LoadBalancerId: row.load_balancer_id,
    ListenerPort: row.port,
    BackendServerPort: row.backend_port,
    ...(row.server_group_id !== null && { VServerGroupId: row.server_group_id }),
    // The API has no word for a listener that is going: clients wait until it cannot be found.
    Status: row.status === 'deleting' ? 'stopping' : row.status,
    ...(row.description !== '' && { Description: row.description }),
    Bandwidth: row.bandwidth,
    Scheduler: row.scheduler,
    ...describeHealthCheck(row),
    AclStatus: 'off',
    Tags: { Tag: [] },
  }
}

const createHttpListener = defineAction({
  product: 'Slb',
  name: 'CreateLoadBalancerHTTPListener',
  summary: {
    en: 'Creates an HTTP listener; it starts stopped.',
    zh: '创建 HTTP 监听，创建后处于停止状态。',
  },
  status: httpListenerStatus,
  params: z.object({
    ...listenerPlace,
    BackendServerPort: integer(1, 65535).optional(),
    ...httpSettings,
    ...forwarding,
    StickySession: choice(['on', 'off']),
    HealthCheck: choice(['on', 'off']),
  }),
  result: z.object({}),
  effect: 'write',
  errors: newHttpListenerErrors,
  handler: async (context, params) => {
    await createWith(context, 'http', params, redirectOf(params), undefined)
    return {}
  },
})

const setHttpListener = defineAction({
  product: 'Slb',
  name: 'SetLoadBalancerHTTPListenerAttribute',
  summary: { en: 'Changes an HTTP listener.', zh: '修改 HTTP 监听的配置。' },
  status: httpListenerStatus,
  params: z.object({ ...listenerPlace, ...httpSettings }),
  result: z.object({}),
  effect: 'write',
  errors: changedHttpListenerErrors,
  handler: async (context, params) => {
    await changeWith(context, 'http', params, undefined)
    return {}
  },
})

const describeHttpListener = defineAction({
  product: 'Slb',
  name: 'DescribeLoadBalancerHTTPListenerAttribute',
  summary: { en: 'Describes an HTTP listener.', zh: '查询 HTTP 监听的配置。' },
  status: 'full',
  params: z.object(listenerPlace),
  result: z.object({ ...httpListenerResult, ...httpResult }),
  effect: 'read',
  errors: ['InvalidLoadBalancerId.NotFound', 'ResourceNotFound.Listener'],
  handler: async (context, params) => {
    const { row, http } = await ownHttpListener(context, params, 'http')
    return { ...describeRow(row), ...describeHttp(row, http) }
  },
})

export const httpListenerActions: readonly Action[] = [
  createHttpListener,
  setHttpListener,
  describeHttpListener,
]
