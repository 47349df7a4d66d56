/** Health checks as the Nlb product's requests and answers name them. */
import { z } from 'zod'
import type { HealthCheckColumns, NlbServerGroupTable } from '../../../store/tables.ts'
import { choice, flag, integer, text } from '../../params.ts'
import { demand } from '../../require.ts'

const checkText = /^[a-zA-Z0-9]{1,512}$/
const httpCodes = ['http_2xx', 'http_3xx', 'http_4xx', 'http_5xx'] as const

export const healthCheckConfig = z.object({
  HealthCheckEnabled: flag().optional(),
  HealthCheckType: choice(['TCP', 'HTTP', 'UDP']).optional(),
  HealthCheckConnectPort: integer(0, 65535).optional(),
  HealthyThreshold: integer(2, 10).optional(),
  UnhealthyThreshold: integer(2, 10).optional(),
  HealthCheckConnectTimeout: integer(1, 300).optional(),
  HealthCheckInterval: integer(1, 300).optional(),
  HealthCheckDomain: text({ pattern: /^(\$SERVER_IP|[a-zA-Z0-9.-]{1,80})$/ }).optional(),
  HealthCheckUrl: text({ pattern: /^\/[a-zA-Z0-9/.%?#&=_-]{0,79}$/ }).optional(),
  HealthCheckHttpCode: z.array(choice(httpCodes)).optional(),
  HttpCheckMethod: choice(['GET', 'HEAD']).optional(),
  HealthCheckHttpVersion: choice(['HTTP1.0', 'HTTP1.1']).optional(),
  HealthCheckReq: text({ pattern: checkText }).optional(),
  HealthCheckExp: text({ pattern: checkText }).optional(),
})
export type HealthCheckConfig = z.infer<typeof healthCheckConfig>

export type CheckColumns = HealthCheckColumns &
  Pick<NlbServerGroupTable, 'health_check' | 'health_check_http_version'>

/** What a new group has unless asked otherwise (Nlb, CreateServerGroup). */
export function usualCheck(protocol: NlbServerGroupTable['protocol']): CheckColumns {
  return {
    health_check: 1,
    health_check_type: protocol === 'UDP' ? 'udp' : 'tcp',
    health_check_port: null,
    health_check_interval: 5,
    health_check_timeout: 5,
    healthy_threshold: 2,
    unhealthy_threshold: 2,
    health_check_method: 'get',
    health_check_uri: '/',
    health_check_domain: '$SERVER_IP',
    health_check_http_code: 'http_2xx',
    health_check_http_version: 'HTTP1.0',
    health_check_req: '',
    health_check_exp: '',
  }
}

export function withCheck(
  protocol: NlbServerGroupTable['protocol'],
  before: CheckColumns,
  given: HealthCheckConfig = {},
): CheckColumns {
  const type = given.HealthCheckType?.toLowerCase() as CheckColumns['health_check_type'] | undefined
  const port = given.HealthCheckConnectPort
  demand(type !== 'udp' || protocol !== 'TCP', 'IllegalParam.HealthCheckType', {
    name: 'HealthCheckType',
    reason: 'UDP checks are for UDP groups',
  })
  const next = {
    health_check:
      given.HealthCheckEnabled === undefined ? before.health_check : Number(given.HealthCheckEnabled),
    health_check_type: type ?? before.health_check_type,
    health_check_port: port === undefined ? before.health_check_port : port === 0 ? null : port,
    health_check_interval: given.HealthCheckInterval ?? before.health_check_interval,
    health_check_timeout: given.HealthCheckConnectTimeout ?? before.health_check_timeout,
    healthy_threshold: given.HealthyThreshold ?? before.healthy_threshold,
    unhealthy_threshold: given.UnhealthyThreshold ?? before.unhealthy_threshold,
    health_check_method:
      given.HttpCheckMethod === undefined ? before.health_check_method : lower(given.HttpCheckMethod),
    health_check_uri: given.HealthCheckUrl ?? before.health_check_uri,
    health_check_domain: given.HealthCheckDomain ?? before.health_check_domain,
    health_check_http_code: given.HealthCheckHttpCode?.join() ?? before.health_check_http_code,
    health_check_http_version: given.HealthCheckHttpVersion ?? before.health_check_http_version,
    health_check_req: given.HealthCheckReq ?? before.health_check_req,
    health_check_exp: given.HealthCheckExp ?? before.health_check_exp,
  }
  const longest = next.health_check_type === 'udp' ? 300 : 50
  demand(next.health_check_interval <= longest, 'IllegalParam.HealthCheckInterval', {
    name: 'HealthCheckInterval',
    reason: `at most ${longest}`,
  })
  return next
}

function lower(method: 'GET' | 'HEAD'): 'get' | 'head' {
  return method === 'GET' ? 'get' : 'head'
}

export const healthCheckResult = z.object({
  HealthCheckEnabled: z.boolean(),
  HealthCheckType: z.string(),
  HealthCheckConnectPort: z.number(),
  HealthyThreshold: z.number(),
  UnhealthyThreshold: z.number(),
  HealthCheckConnectTimeout: z.number(),
  HealthCheckInterval: z.number(),
  HealthCheckDomain: z.string().optional(),
  HealthCheckUrl: z.string().optional(),
  HealthCheckHttpCode: z.array(z.string()).optional(),
  HttpCheckMethod: z.string().optional(),
  HealthCheckHttpVersion: z.string().optional(),
  HealthCheckReq: z.string().optional(),
  HealthCheckExp: z.string().optional(),
})

export function describeCheck(row: CheckColumns): z.infer<typeof healthCheckResult> {
  return {
    HealthCheckEnabled: row.health_check === 1,
    HealthCheckType: row.health_check_type.toUpperCase(),
    HealthCheckConnectPort: row.health_check_port ?? 0,
    HealthyThreshold: row.healthy_threshold,
    UnhealthyThreshold: row.unhealthy_threshold,
    HealthCheckConnectTimeout: row.health_check_timeout,
    HealthCheckInterval: row.health_check_interval,
    ...(row.health_check_type === 'http' && {
      HealthCheckDomain: row.health_check_domain,
      HealthCheckUrl: row.health_check_uri,
      HealthCheckHttpCode: row.health_check_http_code.split(','),
      HttpCheckMethod: row.health_check_method.toUpperCase(),
      HealthCheckHttpVersion: row.health_check_http_version,
    }),
    ...(row.health_check_req !== '' && { HealthCheckReq: row.health_check_req }),
    ...(row.health_check_exp !== '' && { HealthCheckExp: row.health_check_exp }),
  }
}
