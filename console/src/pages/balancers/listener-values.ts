/** What the listener wizard gathers, and the calls it makes of it. */
import { callOf, type Call } from '../../api/call.ts'
import { httpCall, httpDefaults, isHttp, isRedirect, requestParams, type HttpValues } from './http-values.ts'

export type Protocol = 'TCP' | 'UDP' | 'HTTP' | 'HTTPS'

/** Where a listener passes to: the default server group, a vServer group, or a master/slave group. */
export type Target = 'default' | 'vserver' | 'pair'

/** As a choice among the groups that are there. */
export const newGroup = 'new'

export interface ListenerValues {
  readonly protocol: Protocol
  readonly ListenerPort: number
  readonly Description?: string
  readonly Scheduler: 'wrr' | 'rr' | 'wlc' | 'sch'
  readonly Bandwidth: number
  /** Seconds in which a client stays with its server; 0 for no such thing. TCP and UDP only. */
  readonly PersistenceTimeout: number
  readonly target: Target
  /** A group that is there, or `newGroup`. */
  readonly group: string
  readonly groupName?: string
  readonly BackendServerPort: number
  /** Of the default group the weights to have, of a new vServer group all of its servers. */
  readonly weights: Readonly<Record<string, number>>
  readonly master?: string
  readonly slave?: string
  readonly HealthCheckType: 'tcp' | 'http'
  readonly checked: boolean
  readonly HealthCheckConnectPort?: number
  readonly HealthCheckURI?: string
  readonly HealthCheckDomain?: string
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
  PersistenceTimeout: 0,
  target: 'default',
  group: newGroup,
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

/** The kinds of groups that a listener can have: an HTTP or HTTPS listener has no master/slave group. */
export function targetsOf(protocol: Protocol): readonly Target[] {
  return isHttp(protocol) ? ['default', 'vserver'] : ['default', 'vserver', 'pair']
}

export interface MadeGroup {
  readonly VServerGroupId?: string
  readonly MasterSlaveServerGroupId?: string
}

/** The calls in the order they must be made. */
export interface ListenerPlan {
  /** Makes the group whose id the others need. */
  readonly group: Call<MadeGroup> | undefined
  /** The servers, the listener, its start. */
  readonly others: (group: string) => readonly Call[]
}

export function listenerPlan(
  LoadBalancerId: string,
  values: ListenerValues,
  already: readonly string[],
): ListenerPlan {
  // Nothing is passed to servers where each request is sent elsewhere.
  const serves = !isRedirect(values)
  const { ListenerPort, target, weights } = values
  const makesGroup = serves && target !== 'default' && values.group === newGroup
  return {
    group: makesGroup ? groupCall(LoadBalancerId, values) : undefined,
    others: (group) => [
      ...(serves && target === 'default' ? defaultGroupCalls(LoadBalancerId, weights, already) : []),
      createCall(LoadBalancerId, values, group),
      callOf('Slb', 'StartLoadBalancerListener', {
        LoadBalancerId,
        ListenerPort,
        ListenerProtocol: wireName(values.protocol),
      }),
    ],
  }
}

export function madeGroupId({ VServerGroupId, MasterSlaveServerGroupId }: MadeGroup): string {
  return VServerGroupId ?? MasterSlaveServerGroupId ?? ''
}

function groupCall(LoadBalancerId: string, values: ListenerValues): Call<MadeGroup> {
  const { target, groupName, BackendServerPort: Port, weights, master, slave } = values
  if (target === 'pair') {
    return callOf('Slb', 'CreateMasterSlaveServerGroup', {
      LoadBalancerId,
      MasterSlaveServerGroupName: groupName,
      MasterSlaveBackendServers: pairText(master ?? '', slave ?? '', Port),
    })
  }
  const servers = Object.entries(weights).map(([ServerId, Weight]) => ({
    ServerId,
    Port,
    Weight,
    Type: 'ecs',
  }))
  return callOf('Slb', 'CreateVServerGroup', {
    LoadBalancerId,
    VServerGroupName: groupName,
    BackendServers: JSON.stringify(servers),
  })
}

/** The JSON text in which the API takes the two servers. */
export function pairText(master: string, slave: string, Port: number): string {
  const one = (ServerId: string, ServerType: 'Master' | 'Slave') => ({
    ServerId,
    Port,
    Weight: 100,
    Type: 'ecs',
    ServerType,
  })
  return JSON.stringify([one(master, 'Master'), one(slave, 'Slave')])
}

function defaultGroupCalls(
  LoadBalancerId: string,
  weights: ListenerValues['weights'],
  already: readonly string[],
): readonly Call[] {
  const servers = Object.entries(weights).map(([ServerId, Weight]) => ({ ServerId, Weight, Type: 'ecs' }))
  const added = servers.filter(({ ServerId }) => !already.includes(ServerId))
  const changed = servers.filter(({ ServerId }) => already.includes(ServerId))
  return [
    ...(added.length > 0
      ? [callOf('Slb', 'AddBackendServers', { LoadBalancerId, BackendServers: JSON.stringify(added) })]
      : []),
    ...(changed.length > 0
      ? [callOf('Slb', 'SetBackendServers', { LoadBalancerId, BackendServers: JSON.stringify(changed) })]
      : []),
  ]
}

export function wireName(protocol: Protocol): 'tcp' | 'udp' | 'http' | 'https' {
  const names = { TCP: 'tcp', UDP: 'udp', HTTP: 'http', HTTPS: 'https' } as const
  return names[protocol]
}

function createCall(LoadBalancerId: string, values: ListenerValues, group: string): Call {
  if (isHttp(values.protocol)) return httpCall(LoadBalancerId, values, group)
  const { ListenerPort, Description, Scheduler, Bandwidth, PersistenceTimeout } = values
  const listener = { LoadBalancerId, ListenerPort, Description, Scheduler, Bandwidth, PersistenceTimeout }
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
      ...targetParams(values, group),
      ...(values.checked ? timing : { HealthCheckSwitch: 'off' }),
    })
  }
  const check = { ...timing, HealthCheckType: values.HealthCheckType, ...requestParams(values) }
  return callOf('Slb', 'CreateLoadBalancerTCPListener', {
    ...listener,
    ...targetParams(values, group),
    ...(values.checked ? check : { HealthCheckSwitch: 'off' }),
  })
}

function targetParams({ target, BackendServerPort }: ListenerValues, group: string) {
  switch (target) {
    case 'default':
      return { BackendServerPort }
    case 'vserver':
      return { VServerGroupId: group }
    case 'pair':
      return { MasterSlaveServerGroupId: group }
  }
}
