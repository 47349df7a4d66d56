/** What the listener wizard gathers for HTTP and HTTPS beyond what TCP has, and the call that it makes of it. */
import { callOf, type Call, type ParamsOf } from '../../api/call.ts'
import type { ListenerValues } from './listener-values.ts'

export type ForwardedHeader = 'SLBIP' | 'SLBID' | 'proto' | 'SLBPORT' | 'ClientSrcPort'
export type TlsPolicy = NonNullable<ParamsOf<'Slb', 'CreateLoadBalancerHTTPSListener'>['TLSCipherPolicy']>

export interface HttpValues {
  readonly redirect: boolean
  readonly redirectPort: number
  readonly certificate?: string
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

/** Only HTTP can send its requests elsewhere. */
export function isRedirect({ protocol, http }: Pick<ListenerValues, 'protocol' | 'http'>): boolean {
  return protocol === 'HTTP' && http.redirect
}

const on = (is: boolean) => (is ? ('on' as const) : ('off' as const))

export function httpCall(LoadBalancerId: string, values: ListenerValues): Call {
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
  const settings = { ...which, ...passing(values), ...stickyParams(http), ...checkParams(values) }
  if (values.protocol === 'HTTP') return callOf('Slb', 'CreateLoadBalancerHTTPListener', settings)
  return callOf('Slb', 'CreateLoadBalancerHTTPSListener', {
    ...settings,
    ServerCertificateId: http.certificate ?? '',
    TLSCipherPolicy: http.tls,
    EnableHttp2: on(http.http2),
  })
}

function passing({ BackendServerPort, Scheduler, http }: ListenerValues) {
  const has = (header: ForwardedHeader) => on(http.forwarded.includes(header))
  return {
    BackendServerPort,
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
    HealthCheckURI: values.HealthCheckType === 'http' ? values.HealthCheckURI : undefined,
    HealthCheckConnectPort: values.HealthCheckConnectPort,
    HealthCheckTimeout: values.HealthCheckConnectTimeout,
    HealthCheckInterval: values.HealthCheckInterval,
    HealthyThreshold: values.HealthyThreshold,
    UnhealthyThreshold: values.UnhealthyThreshold,
  } as const
}
