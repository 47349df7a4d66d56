/** Slb 2014-05-15: what an HTTP listener can be given, and what it has unless asked otherwise. */
import { z } from 'zod'
import type { ForwardedHeader, HttpSettings, StickyCookie } from '../../../model/world.ts'
import type { ListenerTable } from '../../../store/tables.ts'
import { choice, integer, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { noBandwidth, settings as layer4 } from './listener-settings.ts'

const onOff = () => choice(['on', 'off']).optional()

export const httpSettings = {
  Bandwidth: layer4.Bandwidth,
  Scheduler: choice(['wrr', 'rr', 'wlc']).optional(),
  StickySession: onOff(),
  StickySessionType: choice(['insert', 'server']).optional(),
  CookieTimeout: integer(1, 86_400).optional(),
  Cookie: text({ pattern: /^[a-zA-Z0-9_.-]{1,200}$/ }).optional(),
  IdleTimeout: integer(1, 60).optional(),
  RequestTimeout: integer(1, 180).optional(),
  Gzip: onOff(),
  XForwardedFor_SLBIP: onOff(),
  XForwardedFor_SLBID: onOff(),
  XForwardedFor_proto: onOff(),
  XForwardedFor_SLBPORT: onOff(),
  XForwardedFor_ClientSrcPort: onOff(),
  HealthCheck: onOff(),
  HealthCheckType: choice(['tcp', 'http']).optional(),
  HealthCheckConnectPort: layer4.HealthCheckConnectPort,
  HealthyThreshold: layer4.HealthyThreshold,
  UnhealthyThreshold: layer4.UnhealthyThreshold,
  HealthCheckTimeout: integer(1, 300).optional(),
  HealthCheckInterval: layer4.HealthCheckInterval,
  HealthCheckMethod: layer4.HealthCheckMethod,
  HealthCheckURI: layer4.HealthCheckURI,
  HealthCheckDomain: layer4.HealthCheckDomain,
  HealthCheckHttpCode: layer4.HealthCheckHttpCode,
  AclStatus: layer4.AclStatus,
  VServerGroup: layer4.VServerGroup,
  VServerGroupId: layer4.VServerGroupId,
  Description: layer4.Description,
}
const settingsObject = z.object(httpSettings)
export type GivenHttp = z.infer<typeof settingsObject>

/** Only at creation, as the API has it. */
export const forwarding = {
  ListenerForward: onOff(),
  ForwardPort: integer(1, 65535).optional(),
  ForwardCode: choice(['301', '302', '303', '307', '308']).optional(),
}
const forwardingObject = z.object(forwarding)
type GivenForwarding = z.infer<typeof forwardingObject>

/** What settings may be refused with that is no matter of one parameter's form. */
export const httpSettingErrors = [
  'InvalidParameter.AclStatus',
  'InvalidParameter.Bandwidth',
  'InvalidParameter.HealthCheckConnectPort',
  'MissingParam.Cookie',
  'MissingParam.CookieTimeout',
  'MissingParam.StickySessionType',
]

/** Refuses what a listener could be asked for in the cloud and is not carried here, rather than forget it. */
export function refuseUnsupportedHttp(given: GivenHttp): void {
  demand(given.Bandwidth !== 0, 'InvalidParameter.Bandwidth', { name: 'Bandwidth', reason: noBandwidth })
  demand(given.AclStatus !== 'on', 'InvalidParameter.AclStatus', {
    name: 'AclStatus',
    reason: 'access control lists are not carried',
  })
  const port = given.HealthCheckConnectPort
  demand(port === undefined || port === -520 || port >= 1, 'InvalidParameter.HealthCheckConnectPort', {
    name: 'HealthCheckConnectPort',
    reason: '1 to 65535',
  })
}

export const httpDefaults: HttpSettings = {
  sticky: undefined,
  idleTimeoutS: 15,
  requestTimeoutS: 60,
  gzip: true,
  forwarded: [],
  redirectPort: undefined,
  redirectCode: 301,
  tls: undefined,
}

export function withHttpSettings(present: HttpSettings, given: GivenHttp): HttpSettings {
  return {
    sticky: stickyOf(present.sticky, given),
    idleTimeoutS: given.IdleTimeout ?? present.idleTimeoutS,
    requestTimeoutS: given.RequestTimeout ?? present.requestTimeoutS,
    gzip: given.Gzip === undefined ? present.gzip : given.Gzip === 'on',
    forwarded: forwardedHeaders.filter((name) => {
      const asked = given[`XForwardedFor_${name}`]
      return asked === undefined ? present.forwarded.includes(name) : asked === 'on'
    }),
    redirectPort: present.redirectPort,
    redirectCode: present.redirectCode,
    tls: present.tls,
  }
}

/** To port 443 with 301 unless told otherwise (CreateLoadBalancerHTTPListener). */
export function redirectOf({ ListenerForward, ForwardPort, ForwardCode = '301' }: GivenForwarding): Redirect {
  return {
    redirectPort: ListenerForward === 'on' ? (ForwardPort ?? 443) : undefined,
    redirectCode: redirectCodes[ForwardCode],
  }
}

export type Redirect = Pick<HttpSettings, 'redirectPort' | 'redirectCode'>

const redirectCodes = { 301: 301, 302: 302, 303: 303, 307: 307, 308: 308 } as const

const forwardedHeaders: readonly ForwardedHeader[] = ['SLBIP', 'SLBID', 'proto', 'SLBPORT', 'ClientSrcPort']

function stickyOf(present: StickyCookie | undefined, given: GivenHttp): StickyCookie | undefined {
  const on = given.StickySession ?? (present ? 'on' : 'off')
  if (on === 'off') return undefined
  const name = 'StickySessionType'
  const kind = found(given.StickySessionType ?? present?.kind, `MissingParam.${name}`, { name })
  if (kind === 'insert') {
    const known = present?.kind === 'insert' ? present.timeoutS : undefined
    const timeout = found(given.CookieTimeout ?? known, 'MissingParam.CookieTimeout', {
      name: 'CookieTimeout',
    })
    return { kind, timeoutS: timeout }
  }
  const known = present?.kind === 'server' ? present.name : undefined
  return { kind, name: found(given.Cookie ?? known, 'MissingParam.Cookie', { name: 'Cookie' }) }
}

export const stickyResult = {
  StickySession: z.string(),
  StickySessionType: z.string().optional(),
  CookieTimeout: z.number().optional(),
  Cookie: z.string().optional(),
}

export function describeSticky(sticky: StickyCookie | undefined) {
  return {
    ...(sticky === undefined
      ? { StickySession: 'off' }
      : { StickySession: 'on', StickySessionType: sticky.kind }),
    ...(sticky?.kind === 'insert' && { CookieTimeout: sticky.timeoutS }),
    ...(sticky?.kind === 'server' && { Cookie: sticky.name }),
  }
}

export const httpResult = {
  ...stickyResult,
  IdleTimeout: z.number(),
  RequestTimeout: z.number(),
  Gzip: z.string(),
  XForwardedFor: z.string(),
  XForwardedFor_SLBIP: z.string(),
  XForwardedFor_SLBID: z.string(),
  XForwardedFor_proto: z.string(),
  XForwardedFor_SLBPORT: z.string(),
  XForwardedFor_ClientSrcPort: z.string(),
  ListenerForward: z.string(),
  ForwardPort: z.number().optional(),
  ForwardCode: z.number().optional(),
  HealthCheckTimeout: z.number().optional(),
}

export function describeHttp(row: ListenerTable, http: HttpSettings) {
  const { sticky, forwarded, redirectPort, redirectCode } = http
  const header = (name: ForwardedHeader) => (forwarded.includes(name) ? 'on' : 'off')
  return {
    ...describeSticky(sticky),
    IdleTimeout: http.idleTimeoutS,
    RequestTimeout: http.requestTimeoutS,
    Gzip: http.gzip ? 'on' : 'off',
    XForwardedFor: 'on',
    XForwardedFor_SLBIP: header('SLBIP'),
    XForwardedFor_SLBID: header('SLBID'),
    XForwardedFor_proto: header('proto'),
    XForwardedFor_SLBPORT: header('SLBPORT'),
    XForwardedFor_ClientSrcPort: header('ClientSrcPort'),
    ...(redirectPort === undefined
      ? { ListenerForward: 'off' }
      : { ListenerForward: 'on', ForwardPort: redirectPort, ForwardCode: redirectCode }),
    ...(row.health_check === 'on' && { HealthCheckTimeout: row.health_check_timeout }),
  }
}
