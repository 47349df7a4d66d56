/** What the listener wizard gathers for HTTP and HTTPS beyond what TCP has, and the call that it makes of it. */
import { callOf, type Call, type ParamsOf } from '../../api/call.ts'
import type { ListenerValues, Protocol } from './listener-values.ts'

export type ForwardedHeader = 'SLBIP' | 'SLBID' | 'proto' | 'SLBPORT' | 'ClientSrcPort'
export type TlsPolicy = NonNullable<ParamsOf<'Slb', 'CreateLoadBalancerHTTPSListener'>['TLSCipherPolicy']>

export interface HttpValues {
  readonly redirect: boolean
  readonly redirectPort: number
  readonly certificate?: string
  /** Of the authority whose clients are let in; anybody without. */
  readonly authority?: string
  readonly tls: TlsPolicy
  readonly http2: boolean
  readonly sticky: 'off' | 'insert' | 'server'
  readonly cookieTimeout: number
  readonly cookie?: string
  readonly forwarded: readonly ForwardedHeader[]
  readonly idleTimeout: number
  readonly requestTimeout: number
  readonly gzip: boolean
}

export const httpDefaults: HttpValues = {
  redirect: false,
  redirectPort: 443,
  tls: 'tls_cipher_policy_1_2',
  http2: true,
  sticky: 'off',
  cookieTimeout: 1000,
  forwarded: ['proto'],
  idleTimeout: 15,
  requestTimeout: 60,
  gzip: true,
}

export function isHttp(protocol: Protocol): protocol is 'HTTP' | 'HTTPS' {
  return protocol === 'HTTP' || protocol === 'HTTPS'
}

/** Only HTTP can send its requests elsewhere. */
export function isRedirect({ protocol, http }: Pick<ListenerValues, 'protocol' | 'http'>): boolean {
  return protocol === 'HTTP' && http.redirect
}

const on = (is: boolean) => (is ? ('on' as const) : ('off' as const))

export function httpCall(LoadBalancerId: string, values: ListenerValues, group: string): Call {
  const { ListenerPort, Description, http } = values
  const which = { LoadBalancerId, ListenerPort, Description }
  if (isRedirect(values)) {
    return callOf('Slb', 'CreateLoadBalancerHTTPListener', {
      ...which,
      // Wanted by the API though no request gets there.
      BackendServerPort: values.BackendServerPort,
      StickySession: 'off',
      HealthCheck: 'off',
      ListenerForward: 'on',
      ForwardPort: http.redirectPort,
    })
  }
  const settings = { ...which, ...passing(values, group), ...stickyParams(http), ...checkParams(values) }
  if (values.protocol === 'HTTP') return callOf('Slb', 'CreateLoadBalancerHTTPListener', settings)
  return callOf('Slb', 'CreateLoadBalancerHTTPSListener', {
    ...settings,
    ServerCertificateId: http.certificate ?? '',
    CACertificateId: http.authority,
    TLSCipherPolicy: http.tls,
    EnableHttp2: on(http.http2),
  })
}

function passing({ target, BackendServerPort, Scheduler, http }: ListenerValues, group: string) {
  const has = (header: ForwardedHeader) => on(http.forwarded.includes(header))
  return {
    ...(target === 'default' ? { BackendServerPort } : { VServerGroupId: group }),
    Scheduler: Scheduler === 'sch' ? ('wrr' as const) : Scheduler,
    XForwardedFor_SLBIP: has('SLBIP'),
    XForwardedFor_SLBID: has('SLBID'),
    XForwardedFor_proto: has('proto'),
    XForwardedFor_SLBPORT: has('SLBPORT'),
    XForwardedFor_ClientSrcPort: has('ClientSrcPort'),
    IdleTimeout: http.idleTimeout,
    RequestTimeout: http.requestTimeout,
    Gzip: on(http.gzip),
  }
}

function stickyParams({ sticky, cookieTimeout, cookie }: HttpValues) {
  switch (sticky) {
    case 'off':
      return { StickySession: 'off' } as const
    case 'insert':
      return { StickySession: 'on', StickySessionType: sticky, CookieTimeout: cookieTimeout } as const
    case 'server':
      return { StickySession: 'on', StickySessionType: sticky, Cookie: cookie } as const
  }
}

function checkParams(values: ListenerValues) {
  if (!values.checked) return { HealthCheck: 'off' } as const
  return {
    HealthCheck: 'on',
    HealthCheckType: values.HealthCheckType,
    ...requestParams(values),
    HealthCheckConnectPort: values.HealthCheckConnectPort,
    HealthCheckTimeout: values.HealthCheckConnectTimeout,
    HealthCheckInterval: values.HealthCheckInterval,
    HealthyThreshold: values.HealthyThreshold,
    UnhealthyThreshold: values.UnhealthyThreshold,
  } as const
}

/** What an HTTP check asks for. */
export function requestParams({ HealthCheckType, HealthCheckURI, HealthCheckDomain }: ListenerValues) {
  return HealthCheckType === 'http' ? { HealthCheckURI, HealthCheckDomain } : {}
}
