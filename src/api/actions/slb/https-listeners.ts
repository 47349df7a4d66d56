/** Slb 2014-05-15: HTTPS listeners: HTTP ones with a certificate, a TLS policy and HTTP/2. */
import { z } from 'zod'
import type { TlsSettings } from '../../../model/world.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { choice, integer, text } from '../../params.ts'
import { found } from '../../require.ts'
import {
  changedHttpListenerErrors,
  changeWith,
  createWith,
  describeRow,
  httpListenerResult,
  httpListenerStatus,
  newHttpListenerErrors,
  ownHttpListener,
} from './http-listeners.ts'
import { ownCaCertificate } from './ca-certificates.ts'
import { describeHttp, httpResult, httpSettings } from './http-settings.ts'
import { listenerPlace } from './own-listener.ts'
import { liveLoadBalancer } from './own-load-balancer.ts'
import { ownServerCertificate } from './server-certificates.ts'

const tlsParams = {
  ServerCertificateId: text().optional(),
  CACertificateId: text().meta({ wire: 'text', keepEmpty: true }).optional(),
  EnableHttp2: choice(['on', 'off']).optional(),
  TLSCipherPolicy: choice([
    'tls_cipher_policy_1_0',
    'tls_cipher_policy_1_1',
    'tls_cipher_policy_1_2',
    'tls_cipher_policy_1_2_strict',
    'tls_cipher_policy_1_2_strict_with_1_3',
  ]).optional(),
}
const tlsObject = z.object(tlsParams)
type GivenTls = z.infer<typeof tlsObject>

const tlsErrors = ['CACertificateId.NotFound', 'ServerCertificateId.NotFound']

/** `present` with what a request says about it. */
async function withTls(
  context: ActionContext,
  present: Omit<TlsSettings, 'certificate'>,
  certificate: string,
  given: GivenTls,
): Promise<TlsSettings> {
  const { id } = await ownServerCertificate(context, certificate)
  return {
    certificate: id,
    clientAuthority: await chosenAuthority(context, present.clientAuthority, given.CACertificateId),
    cipherPolicy: given.TLSCipherPolicy ?? present.cipherPolicy,
    http2: given.EnableHttp2 === undefined ? present.http2 : given.EnableHttp2 === 'on',
  }
}

/** An empty id: clients need no certificate any more. */
async function chosenAuthority(
  context: ActionContext,
  present: string | undefined,
  given: string | undefined,
): Promise<string | undefined> {
  if (given === '') return undefined
  return given === undefined ? present : (await ownCaCertificate(context, given)).id
}

const createHttpsListener = defineAction({
  product: 'Slb',
  name: 'CreateLoadBalancerHTTPSListener',
  summary: {
    en: 'Creates an HTTPS listener; it starts stopped.',
    zh: '创建 HTTPS 监听，创建后处于停止状态。',
  },
  status: httpListenerStatus,
  params: z.object({
    ...listenerPlace,
    BackendServerPort: integer(1, 65535).optional(),
    ...httpSettings,
    ...tlsParams,
    StickySession: choice(['on', 'off']),
    HealthCheck: choice(['on', 'off']),
    ServerCertificateId: text(),
  }),
  result: z.object({}),
  effect: 'write',
  errors: [...newHttpListenerErrors, ...tlsErrors],
  handler: async (context, params) => {
    await liveLoadBalancer(context, params.LoadBalancerId)
    const defaults = {
      cipherPolicy: 'tls_cipher_policy_1_0',
      clientAuthority: undefined,
      http2: true,
    } as const
    const tls = await withTls(context, defaults, params.ServerCertificateId, params)
    await createWith(context, 'https', params, undefined, tls)
    return {}
  },
})

const setHttpsListener = defineAction({
  product: 'Slb',
  name: 'SetLoadBalancerHTTPSListenerAttribute',
  summary: {
    en: 'Changes an HTTPS listener. Another certificate ends no request.',
    zh: '修改 HTTPS 监听的配置；更换证书不会中断请求。',
  },
  status: httpListenerStatus,
  params: z.object({ ...listenerPlace, ...httpSettings, ...tlsParams }),
  result: z.object({}),
  effect: 'write',
  errors: [...changedHttpListenerErrors, ...tlsErrors],
  handler: async (context, params) => {
    const { http } = await ownHttpListener(context, params, 'https')
    const present = found(http.tls, 'ResourceNotFound.Listener')
    const tls = await withTls(context, present, params.ServerCertificateId ?? present.certificate, params)
    await changeWith(context, 'https', params, tls)
    return {}
  },
})

const describeHttpsListener = defineAction({
  product: 'Slb',
  name: 'DescribeLoadBalancerHTTPSListenerAttribute',
  summary: { en: 'Describes an HTTPS listener.', zh: '查询 HTTPS 监听的配置。' },
  status: 'full',
  params: z.object(listenerPlace),
  result: z.object({
    ...httpListenerResult,
    ...httpResult,
    ServerCertificateId: z.string(),
    CACertificateId: z.string().optional(),
    EnableHttp2: z.string(),
    TLSCipherPolicy: z.string(),
  }),
  effect: 'read',
  errors: ['InvalidLoadBalancerId.NotFound', 'ResourceNotFound.Listener'],
  handler: async (context, params) => {
    const { row, http } = await ownHttpListener(context, params, 'https')
    const tls = found(http.tls, 'ResourceNotFound.Listener')
    return {
      ...describeRow(row),
      ...describeHttp(row, http),
      ServerCertificateId: tls.certificate,
      ...(tls.clientAuthority !== undefined && { CACertificateId: tls.clientAuthority }),
      EnableHttp2: tls.http2 ? 'on' : 'off',
      TLSCipherPolicy: tls.cipherPolicy,
    }
  },
})

export const httpsListenerActions: readonly Action[] = [
  createHttpsListener,
  setHttpsListener,
  describeHttpsListener,
]
