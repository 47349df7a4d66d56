/** What the listener wizard gathers, and the calls it makes of it. */
import { callOf, type Call } from '../../api/call.ts'
import { httpCall, httpDefaults, isRedirect, type HttpValues } from './http-values.ts'

export type Protocol = 'TCP' | 'UDP' | 'HTTP' | 'HTTPS'

export interface ListenerValues {
  readonly protocol: Protocol
  readonly ListenerPort: number
  readonly Description?: string
  readonly Scheduler: 'wrr' | 'rr' | 'wlc' | 'sch'
  readonly Bandwidth: number
  readonly BackendServerPort: number
  /** Instances to be added to the default server group, and all of its weights. */
  readonly weights: Readonly<Record<string, number>>
  readonly HealthCheckType: 'tcp' | 'http'
  readonly checked: boolean
  readonly HealthCheckConnectPort?: number
  readonly HealthCheckURI?: string
  readonly HealthCheckConnectTimeout: number
  readonly HealthCheckInterval: number
  readonly HealthyThreshold: number
  readonly UnhealthyThreshold: number
  readonly http: HttpValues
}

export const listenerDefaults: ListenerValues = {
  protocol: 'TCP',
  ListenerPort: 80,
  Scheduler: 'wrr',
  Bandwidth: -1,
  BackendServerPort: 80,
  weights: {},
  HealthCheckType: 'tcp',
  checked: true,
  HealthCheckURI: '/',
  HealthCheckConnectTimeout: 5,
  HealthCheckInterval: 2,
  HealthyThreshold: 3,
  UnhealthyThreshold: 3,
  http: httpDefaults,
}

/** In the order they must be made: the servers, the listener, its start. */
export function listenerCalls(
  LoadBalancerId: string,
  values: ListenerValues,
  already: readonly string[],
): readonly Call[] {
  // Nothing is passed to servers where each request is sent elsewhere.
  const servers = Object.entries(isRedirect(values) ? {} : values.weights).map(([ServerId, Weight]) => ({
    ServerId,
    Weight,
    Type: 'ecs',
  }))
  const added = servers.filter(({ ServerId }) => !already.includes(ServerId))
  const changed = servers.filter(({ ServerId }) => already.includes(ServerId))
  const { ListenerPort } = values
  return [
    ...(added.length > 0
      ? [callOf('Slb', 'AddBackendServers', { LoadBalancerId, BackendServers: JSON.stringify(added) })]
      : []),
    ...(changed.length > 0
      ? [callOf('Slb', 'SetBackendServers', { LoadBalancerId, BackendServers: JSON.stringify(changed) })]
      : []),
    createCall(LoadBalancerId, values),
    callOf('Slb', 'StartLoadBalancerListener', {
      LoadBalancerId,
      ListenerPort,
      ListenerProtocol: wireName(values.protocol),
    }),
  ]
}

export function wireName(protocol: Protocol): 'tcp' | 'udp' | 'http' | 'https' {
  const names = { TCP: 'tcp', UDP: 'udp', HTTP: 'http', HTTPS: 'https' } as const
  return names[protocol]
}

function createCall(LoadBalancerId: string, values: ListenerValues): Call {
  if (values.protocol === 'HTTP' || values.protocol === 'HTTPS') return httpCall(LoadBalancerId, values)
  const { ListenerPort, Description, Scheduler, Bandwidth, BackendServerPort } = values
  const listener = { LoadBalancerId, ListenerPort, Description, Scheduler, Bandwidth, BackendServerPort }
  const timing = {
    HealthCheckConnectPort: values.HealthCheckConnectPort,
    HealthCheckConnectTimeout: values.HealthCheckConnectTimeout,
    HealthCheckInterval: values.HealthCheckInterval,
    HealthyThreshold: values.HealthyThreshold,
    UnhealthyThreshold: values.UnhealthyThreshold,
  }
  if (values.protocol === 'UDP') {
    return callOf('Slb', 'CreateLoadBalancerUDPListener', {
      ...listener,
      ...(values.checked ? timing : { HealthCheckSwitch: 'off' }),
    })
  }
  const check = {
    ...timing,
    HealthCheckType: values.HealthCheckType,
    HealthCheckURI: values.HealthCheckType === 'http' ? values.HealthCheckURI : undefined,
  }
  return callOf('Slb', 'CreateLoadBalancerTCPListener', {
    ...listener,
    ...(values.checked ? check : { HealthCheckSwitch: 'off' }),
  })
}
