/** Slb 2014-05-15: HTTP listeners, carried by the balancer's proxy. HTTPS is refused. */
import { z } from 'zod'
import { nextGeneration } from '../../../store/generation.ts'
import { insertListener, updateListener } from '../../../store/load-balancers.ts'
import { httpSettingsOf } from '../../../store/world/http-settings.ts'
import { defineAction, type Action } from '../../action.ts'
import { ApiError } from '../../errors.ts'
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
  redirectPortOf,
  refuseUnsupportedHttp,
  withHttpSettings,
  type GivenHttp,
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

const status = { partial: 'A bandwidth of the listener and access control lists are refused.' }

const groupErrors = ['InvalidParameter.VServerGroupId', 'MissingParam.VServerGroupId']

/** The settings that layer 4 has, too, under the names it has them. */
function shared(given: GivenHttp): Settings {
  const { HealthCheck, HealthCheckTimeout, ...rest } = given
  return { ...rest, HealthCheckSwitch: HealthCheck, HealthCheckConnectTimeout: HealthCheckTimeout }
}

const createHttpListener = defineAction({
  product: 'Slb',
  name: 'CreateLoadBalancerHTTPListener',
  summary: {
    en: 'Creates an HTTP listener; it starts stopped.',
    zh: '创建 HTTP 监听，创建后处于停止状态。',
  },
  status,
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
  errors: [...newListenerErrors, ...httpSettingErrors, ...groupErrors],
  handler: async (context, params) => {
    refuseUnsupportedHttp(params)
    const generation = await nextGeneration(context.tx)
    const { balancer } = await placeForListener(context, params)
    const serverGroup = await chooseServerGroup(context, balancer.id, shared(params), null)
    demand(serverGroup !== null || params.BackendServerPort !== undefined, 'MissingParam.BackendServerPort', {
      name: 'BackendServerPort',
    })
    const http = {
      ...withHttpSettings(httpDefaults, params),
      redirectPort: redirectPortOf(params),
    }
    await insertListener(context.tx, {
      load_balancer_id: balancer.id,
      protocol: 'http',
      port: params.ListenerPort,
      status: 'stopped',
      backend_port: params.BackendServerPort ?? 0,
      server_group_id: serverGroup,
      generation,
      http: JSON.stringify(http),
      ...withSettings('tcp', { ...defaults('tcp'), health_check_type: 'http' }, shared(params)),
    })
    return {}
  },
})

const setHttpListener = defineAction({
  product: 'Slb',
  name: 'SetLoadBalancerHTTPListenerAttribute',
  summary: { en: 'Changes an HTTP listener.', zh: '修改 HTTP 监听的配置。' },
  status,
  params: z.object({ ...listenerPlace, ...httpSettings }),
  result: z.object({}),
  effect: 'write',
  errors: [
    'InvalidLoadBalancerId.NotFound',
    'InvalidParameter.VServerGroup',
    'ResourceNotFound.Listener',
    ...httpSettingErrors,
    ...groupErrors,
  ],
  handler: async (context, params) => {
    refuseUnsupportedHttp(params)
    const generation = await nextGeneration(context.tx)
    await liveLoadBalancer(context, params.LoadBalancerId)
    const listener = await ownListener(context, params, 'http')
    const { load_balancer_id: balancer, server_group_id: current } = listener
    const group = await chooseServerGroup(context, balancer, shared(params), current)
    demand(group !== null || listener.backend_port !== 0, 'InvalidParameter.VServerGroup', {
      name: 'VServerGroup',
      reason: 'the listener has no port for the servers of the default group',
    })
    const http = withHttpSettings(
      httpSettingsOf(found(listener.http ?? undefined, 'ResourceNotFound.Listener')),
      params,
    )
    await updateListener(context.tx, listener, {
      ...withSettings('tcp', listener, shared(params)),
      server_group_id: group,
      http: JSON.stringify(http),
      generation,
    })
    return {}
  },
})

const describeHttpListener = defineAction({
  product: 'Slb',
  name: 'DescribeLoadBalancerHTTPListenerAttribute',
  summary: { en: 'Describes an HTTP listener.', zh: '查询 HTTP 监听的配置。' },
  status: 'full',
  params: z.object(listenerPlace),
  result: z.object({
    LoadBalancerId: z.string(),
    ListenerPort: z.number(),
    BackendServerPort: z.number(),
    VServerGroupId: z.string().optional(),
    Status: z.string(),
    Description: z.string().optional(),
    Bandwidth: z.number(),
    Scheduler: z.string(),
    ...healthCheckResult,
    ...httpResult,
    AclStatus: z.string(),
    Tags: wrapped('Tag', keyValue),
  }),
  effect: 'read',
  errors: ['InvalidLoadBalancerId.NotFound', 'ResourceNotFound.Listener'],
  handler: async (context, params) => {
    await ownLoadBalancer(context, params.LoadBalancerId)
    const row = await ownListener(context, params, 'http')
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
      ...describeHealthCheck(row),
      ...describeHttp(row, httpSettingsOf(found(row.http ?? undefined, 'ResourceNotFound.Listener'))),
      AclStatus: 'off',
      Tags: { Tag: [] },
    }
  },
})

/** Certificates are not carried: refused with the code of a parameter that cannot be, rather than as an unknown action. */
const refusedHttpsListener = defineAction({
  product: 'Slb',
  name: 'CreateLoadBalancerHTTPSListener',
  summary: { en: 'Refused: HTTPS listeners are not carried here.', zh: '不支持 HTTPS 监听，调用将被拒绝。' },
  status: { refused: 'Certificates are not carried: load balancers serve HTTP, and forward TCP and UDP.' },
  params: z.object(listenerPlace),
  result: z.object({}),
  effect: 'write',
  errors: ['InvalidLoadBalancerId.NotFound', 'InvalidParameter'],
  handler: async (context, params) => {
    await liveLoadBalancer(context, params.LoadBalancerId)
    throw new ApiError('InvalidParameter', {
      name: 'ListenerProtocol',
      reason: 'HTTPS is not carried here: use a TCP listener',
    })
  },
})

export const httpListenerActions: readonly Action[] = [
  createHttpListener,
  refusedHttpsListener,
  setHttpListener,
  describeHttpListener,
]
