import type { HealthCheck, Probe } from '../../model/world.ts'
import type { HealthCheckColumns } from '../tables.ts'

/** How CLB and NLB say that the backend's address is asked for. */
const ownAddress = ['', '$_ip', '$SERVER_IP']

export function healthCheckOf(row: HealthCheckColumns): HealthCheck {
  return {
    probe: probeOf(row),
    port: row.health_check_port ?? undefined,
    intervalS: row.health_check_interval,
    timeoutS: row.health_check_timeout,
    healthyThreshold: row.healthy_threshold,
    unhealthyThreshold: row.unhealthy_threshold,
  }
}

function probeOf(row: HealthCheckColumns): Probe {
  switch (row.health_check_type) {
    case 'tcp':
      return { kind: 'tcp' }
    case 'http':
      return {
        kind: 'http',
        method: row.health_check_method === 'get' ? 'GET' : 'HEAD',
        path: row.health_check_uri,
        host: ownAddress.includes(row.health_check_domain) ? undefined : row.health_check_domain,
        statuses: statusesOf(row.health_check_http_code),
      }
    case 'udp':
      return {
        kind: 'udp',
        request: row.health_check_req,
        response: row.health_check_exp === '' ? undefined : row.health_check_exp,
      }
  }
}

/** `http_2xx,http_3xx` → 2, 3. */
function statusesOf(codes: string): readonly number[] {
  return codes.split(',').map((code) => Number(code.slice('http_'.length, -'xx'.length)))
}
