/** Slb 2014-05-15: what a layer-4 listener can be given, and what it has unless asked otherwise. */
import { z } from 'zod'
import { listenerDescription } from '../../../model/rules.ts'
import type { ListenerTable } from '../../../store/tables.ts'
import { choice, flag, integer, text } from '../../params.ts'
import { demand, found } from '../../require.ts'

export type Protocol = Exclude<ListenerTable['protocol'], 'http' | 'https'>

/** HealthCheckConnectPort: the backend's own port. */
const backendPort = -520

/** What a datagram of a check says and is answered with: letters and digits. */
const checkText = /^[a-zA-Z0-9]{1,64}$/

/**
 * Clients share one request among all protocols, so what only HTTP knows is not declared and thereby ignored; a TCP
 * listener does not turn to HTTP checks because of a HealthCheckURI, but because of its HealthCheckType.
 */
export const settings = {
  Bandwidth: integer(-1, 5120).optional(),
  Scheduler: choice(['wrr', 'rr', 'wlc', 'sch', 'tch', 'qch']).optional(),
  PersistenceTimeout: integer(0, 3600).optional(),
  EstablishedTimeout: integer(10, 900).optional(),
  HealthCheckSwitch: choice(['on', 'off']).optional(),
  HealthCheckType: choice(['tcp', 'http', 'udp']).optional(),
  HealthCheckConnectPort: integer(backendPort, 65535).optional(),
  HealthyThreshold: integer(1, 10).optional(),
  UnhealthyThreshold: integer(1, 10).optional(),
  HealthCheckConnectTimeout: integer(1, 300).optional(),
  HealthCheckInterval: integer(1, 50).optional(),
  HealthCheckMethod: choice(['head', 'get']).optional(),
  HealthCheckURI: text({ pattern: /^\/[a-zA-Z0-9/.%#&?=_-]{0,79}$/ }).optional(),
  HealthCheckDomain: text({ pattern: /^(\$_ip|[a-zA-Z0-9.-]{1,80})$/ }).optional(),
  HealthCheckHttpCode: text({ pattern: /^http_[2-5]xx(,http_[2-5]xx)*$/ }).optional(),
  HealthCheckReq: text({ pattern: checkText }).optional(),
  HealthCheckExp: text({ pattern: checkText }).optional(),
  AclStatus: choice(['on', 'off']).optional(),
  VServerGroup: choice(['on', 'off']).optional(),
  VServerGroupId: text().optional(),
  MasterSlaveServerGroup: choice(['on', 'off']).optional(),
  MasterSlaveServerGroupId: text().optional(),
  ConnectionDrain: choice(['on', 'off']).optional(),
  ConnectionDrainTimeout: integer(10, 900).optional(),
  ProxyProtocolV2Enabled: flag().optional(),
  Description: text({ pattern: listenerDescription }).optional(),
}
const settingsObject = z.object(settings)
export type Settings = z.infer<typeof settingsObject>

/** What settings may be refused with that is no matter of one parameter's form. */
export const settingErrors: Readonly<Record<Protocol, readonly string[]>> = {
  tcp: [
    'InvalidParameter.AclStatus',
    'InvalidParameter.Bandwidth',
    'InvalidParameter.HealthCheckConnectPort',
    'InvalidParameter.HealthCheckType',
    'InvalidParameter.ProxyProtocolV2Enabled',
    'InvalidParameter.Scheduler',
    'MissingParam.ConnectionDrainTimeout',
  ],
  udp: [
    'InvalidParameter.AclStatus',
    'InvalidParameter.Bandwidth',
    'InvalidParameter.HealthCheckConnectPort',
    'InvalidParameter.PersistenceTimeout',
    'InvalidParameter.ProxyProtocolV2Enabled',
    'MissingParam.ConnectionDrainTimeout',
  ],
}

export const noBandwidth = '-1 for no limit, or 1 to 5120'

/** Refuses what a listener could be asked for in the cloud and is not carried here, rather than forget it. */
export function refuseUnsupported(protocol: Protocol, given: Settings): void {
  const datagrams = protocol === 'udp'
  const unsupported: readonly (readonly [keyof Settings, boolean, string])[] = [
    ['Bandwidth', given.Bandwidth === 0, noBandwidth],
    ['PersistenceTimeout', datagrams && (given.PersistenceTimeout ?? 0) !== 0, 'TCP listeners only'],
    ['AclStatus', given.AclStatus === 'on', 'access control lists are not carried'],
    ['Scheduler', !datagrams && given.Scheduler === 'qch', 'QUIC is datagrams: UDP listeners only'],
    [
      'ProxyProtocolV2Enabled',
      datagrams && given.ProxyProtocolV2Enabled === true,
      'a header goes before a stream, so TCP listeners only',
    ],
  ]
  for (const [name, refused, reason] of unsupported)
    demand(!refused, `InvalidParameter.${name}`, { name, reason })
  const type = given.HealthCheckType
  demand(datagrams || type !== 'udp', 'InvalidParameter.HealthCheckType', {
    name: 'HealthCheckType',
    reason: 'tcp or http',
  })
  const port = given.HealthCheckConnectPort
  demand(port === undefined || port === backendPort || port >= 1, 'InvalidParameter.HealthCheckConnectPort', {
    name: 'HealthCheckConnectPort',
    reason: '1 to 65535',
  })
}

export type Values = Omit<
  ListenerTable,
  | 'load_balancer_id'
  | 'protocol'
  | 'port'
  | 'status'
  | 'backend_port'
  | 'server_group_id'
  | 'generation'
  | 'http'
>

/** What a new listener has unless asked otherwise. */
export function defaults(protocol: Protocol): Values {
  return {
    scheduler: 'wrr',
    established_timeout: 900,
    persistence_timeout: 0,
    connection_drain_timeout: null,
    bandwidth: -1,
    proxy_protocol: 0,
    health_check: 'on',
    health_check_type: protocol,
    health_check_port: null,
    health_check_interval: protocol === 'tcp' ? 2 : 5,
    health_check_timeout: protocol === 'tcp' ? 5 : 10,
    healthy_threshold: 3,
    unhealthy_threshold: 3,
    health_check_method: 'head',
    health_check_uri: '/',
    health_check_domain: '',
    health_check_http_code: 'http_2xx',
    health_check_req: '',
    health_check_exp: '',
    description: '',
  }
}

export function withSettings(protocol: Protocol, values: Values, given: Settings): Values {
  const port = given.HealthCheckConnectPort
  return {
    scheduler: given.Scheduler ?? values.scheduler,
    established_timeout: given.EstablishedTimeout ?? values.established_timeout,
    persistence_timeout: given.PersistenceTimeout ?? values.persistence_timeout,
    connection_drain_timeout: drainTimeout(values, given),
    bandwidth: given.Bandwidth ?? values.bandwidth,
    proxy_protocol: Number(given.ProxyProtocolV2Enabled ?? values.proxy_protocol === 1),
    health_check: given.HealthCheckSwitch ?? values.health_check,
    // Datagrams have one kind of check, whatever a request that is shared by all protocols says.
    health_check_type: protocol === 'udp' ? 'udp' : (given.HealthCheckType ?? values.health_check_type),
    health_check_port: port === undefined ? values.health_check_port : port === backendPort ? null : port,
    health_check_interval: given.HealthCheckInterval ?? values.health_check_interval,
    health_check_timeout: given.HealthCheckConnectTimeout ?? values.health_check_timeout,
    healthy_threshold: given.HealthyThreshold ?? values.healthy_threshold,
    unhealthy_threshold: given.UnhealthyThreshold ?? values.unhealthy_threshold,
    health_check_method: given.HealthCheckMethod ?? values.health_check_method,
    health_check_uri: given.HealthCheckURI ?? values.health_check_uri,
    health_check_domain: given.HealthCheckDomain ?? values.health_check_domain,
    health_check_http_code: given.HealthCheckHttpCode ?? values.health_check_http_code,
    health_check_req: given.HealthCheckReq ?? values.health_check_req,
    health_check_exp: given.HealthCheckExp ?? values.health_check_exp,
    description: given.Description ?? values.description,
  }
}

function drainTimeout({ connection_drain_timeout: present }: Values, given: Settings): number | null {
  const on = given.ConnectionDrain ?? (present === null ? 'off' : 'on')
  if (on === 'off') return null
  const seconds = given.ConnectionDrainTimeout ?? present ?? undefined
  return found(seconds, 'MissingParam.ConnectionDrainTimeout', { name: 'ConnectionDrainTimeout' })
}

/** Clients take a null for an answer of the wrong type, so a key without a value is left out. */
export const healthCheckResult = {
  HealthCheck: z.string(),
  HealthCheckType: z.string().optional(),
  HealthCheckConnectPort: z.number().optional(),
  HealthCheckConnectTimeout: z.number().optional(),
  HealthCheckInterval: z.number().optional(),
  HealthyThreshold: z.number().optional(),
  UnhealthyThreshold: z.number().optional(),
  HealthCheckMethod: z.string().optional(),
  HealthCheckURI: z.string().optional(),
  HealthCheckDomain: z.string().optional(),
  HealthCheckHttpCode: z.string().optional(),
  HealthCheckReq: z.string().optional(),
  HealthCheckExp: z.string().optional(),
}

export function describeHealthCheck(row: ListenerTable) {
  if (row.health_check === 'off') return { HealthCheck: row.health_check }
  return {
    HealthCheck: row.health_check,
    HealthCheckType: row.health_check_type,
    ...(row.health_check_port !== null && { HealthCheckConnectPort: row.health_check_port }),
    HealthCheckConnectTimeout: row.health_check_timeout,
    HealthCheckInterval: row.health_check_interval,
    HealthyThreshold: row.healthy_threshold,
    UnhealthyThreshold: row.unhealthy_threshold,
    ...(row.health_check_type === 'http' && {
      HealthCheckMethod: row.health_check_method,
      HealthCheckURI: row.health_check_uri,
      HealthCheckHttpCode: row.health_check_http_code,
      ...(row.health_check_domain !== '' && { HealthCheckDomain: row.health_check_domain }),
    }),
    ...(row.health_check_req !== '' && { HealthCheckReq: row.health_check_req }),
    ...(row.health_check_exp !== '' && { HealthCheckExp: row.health_check_exp }),
  }
}
