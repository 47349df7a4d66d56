/** One function a page: calls of the API in, tables out. The page holds no state of its own. */
import { button, element, state, table, type Child } from './dom.ts'
import type { Answer } from './client.ts'
import type { Messages } from './messages.ts'

export interface Page {
  readonly call: (
    product: 'Privatelink' | 'Vpc' | 'Ecs' | 'Slb',
    action: string,
    params?: Record<string, string>,
  ) => Promise<Answer>
  readonly t: Messages
  /** Runs a change, shows its error if it fails, and draws the page anew. */
  readonly change: (work: () => Promise<unknown>) => void
}

type Row = Readonly<Record<string, unknown>>

export const pages = { services, endpoints, network, compute }
export type PageName = keyof typeof pages

async function services({ call, t, change }: Page): Promise<HTMLElement[]> {
  const own = list(await call('Privatelink', 'ListVpcEndpointServices'), 'Services')
  const perService = await Promise.all(
    own.map(async (service) =>
      list(
        await call('Privatelink', 'ListVpcEndpointConnections', { ServiceId: text(service, 'ServiceId') }),
        'Connections',
      ),
    ),
  )
  return [
    table(
      t.services,
      t.nothing,
      [t.id, t.name, t.description, t.status],
      own.map((service) => [
        code(service, 'ServiceId'),
        code(service, 'ServiceName'),
        text(service, 'ServiceDescription'),
        state(text(service, 'ServiceStatus')),
      ]),
    ),
    table(
      t.connections,
      t.nothing,
      [t.endpoint, t.service, t.owner, t.connection, t.bandwidth, t.actions],
      perService.flat().map((connection) => {
        const ids = { ServiceId: text(connection, 'ServiceId'), EndpointId: text(connection, 'EndpointId') }
        const status = text(connection, 'ConnectionStatus')
        return [
          code(connection, 'EndpointId'),
          code(connection, 'ServiceId'),
          text(connection, 'EndpointOwnerId'),
          state(status),
          `${text(connection, 'Bandwidth')} Mbit/s`,
          element(
            'span',
            {},
            button(t.allow, status === 'Disconnected', () =>
              change(() => call('Privatelink', 'EnableVpcEndpointConnection', ids)),
            ),
            button(t.deny, status === 'Connected', () =>
              change(() => call('Privatelink', 'DisableVpcEndpointConnection', ids)),
            ),
          ),
        ]
      }),
    ),
  ]
}

async function endpoints({ call, t }: Page): Promise<HTMLElement[]> {
  const own = list(await call('Privatelink', 'ListVpcEndpoints'), 'Endpoints')
  const zones = await Promise.all(
    own.map(async (endpoint) =>
      list(
        await call('Privatelink', 'ListVpcEndpointZones', { EndpointId: text(endpoint, 'EndpointId') }),
        'Zones',
      ).map((zone): Row => ({ ...zone, EndpointId: text(endpoint, 'EndpointId') })),
    ),
  )
  return [
    table(
      t.endpoints,
      t.nothing,
      [t.id, t.name, t.status, t.connection, t.domain],
      own.map((endpoint) => [
        code(endpoint, 'EndpointId'),
        text(endpoint, 'EndpointName'),
        state(text(endpoint, 'EndpointStatus')),
        state(text(endpoint, 'ConnectionStatus')),
        code(endpoint, 'EndpointDomain'),
      ]),
    ),
    table(
      t.zones,
      t.nothing,
      [t.endpoint, t.zone, t.status, t.address, t.domain],
      zones
        .flat()
        .map((zone) => [
          code(zone, 'EndpointId'),
          text(zone, 'ZoneId'),
          state(text(zone, 'ZoneStatus')),
          code(zone, 'EniIp'),
          code(zone, 'ZoneDomain'),
        ]),
    ),
  ]
}

async function network({ call, t }: Page): Promise<HTMLElement[]> {
  const [vpcs, vswitches] = await Promise.all([
    call('Vpc', 'DescribeVpcs', { PageSize: '50' }),
    call('Vpc', 'DescribeVSwitches', { PageSize: '50' }),
  ])
  return [
    table(
      t.vpcs,
      t.nothing,
      [t.id, t.name, t.block, t.status],
      list(vpcs, 'Vpcs', 'Vpc').map((vpc) => [
        code(vpc, 'VpcId'),
        text(vpc, 'VpcName'),
        code(vpc, 'CidrBlock'),
        state(text(vpc, 'Status')),
      ]),
    ),
    table(
      t.vswitches,
      t.nothing,
      [t.id, t.vpc, t.zone, t.block, t.status],
      list(vswitches, 'VSwitches', 'VSwitch').map((vswitch) => [
        code(vswitch, 'VSwitchId'),
        code(vswitch, 'VpcId'),
        text(vswitch, 'ZoneId'),
        code(vswitch, 'CidrBlock'),
        state(text(vswitch, 'Status')),
      ]),
    ),
  ]
}

async function compute({ call, t }: Page): Promise<HTMLElement[]> {
  const [instances, balancers] = await Promise.all([
    call('Ecs', 'DescribeInstances', { PageSize: '100' }),
    call('Slb', 'DescribeLoadBalancers', { PageNumber: '1', PageSize: '100' }),
  ])
  const own = list(balancers, 'LoadBalancers', 'LoadBalancer')
  const health = await Promise.all(
    own.map(async (balancer) =>
      list(
        await call('Slb', 'DescribeHealthStatus', { LoadBalancerId: text(balancer, 'LoadBalancerId') }),
        'BackendServers',
        'BackendServer',
      ).map((server): Row => ({ ...server, LoadBalancerId: text(balancer, 'LoadBalancerId') })),
    ),
  )
  return [
    table(
      t.instances,
      t.nothing,
      [t.id, t.name, t.zone, t.address, t.status],
      list(instances, 'Instances', 'Instance').map((instance) => [
        code(instance, 'InstanceId'),
        text(instance, 'InstanceName'),
        text(instance, 'ZoneId'),
        code(instance, 'VpcAttributes', 'PrivateIpAddress', 'IpAddress'),
        state(text(instance, 'Status')),
      ]),
    ),
    table(
      t.loadBalancers,
      t.nothing,
      [t.id, t.name, t.address, t.status],
      own.map((balancer) => [
        code(balancer, 'LoadBalancerId'),
        text(balancer, 'LoadBalancerName'),
        code(balancer, 'Address'),
        state(text(balancer, 'LoadBalancerStatus')),
      ]),
    ),
    table(
      t.health,
      t.nothing,
      [t.loadBalancers, t.listener, t.server, t.address, t.status],
      health
        .flat()
        .map((server) => [
          code(server, 'LoadBalancerId'),
          `${text(server, 'Protocol')} ${text(server, 'ListenerPort')}`,
          code(server, 'ServerId'),
          code(server, 'ServerIp'),
          state(text(server, 'ServerHealthStatus')),
        ]),
    ),
  ]
}

function list(answer: Answer, ...path: readonly string[]): Row[] {
  const value = at(answer, path)
  return Array.isArray(value) ? (value as Row[]) : []
}

function text(row: Row, ...path: readonly string[]): string {
  const value = at(row, path)
  if (Array.isArray(value)) return value.join(', ')
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function code(row: Row, ...path: readonly string[]): Child {
  return element('code', {}, text(row, ...path))
}

function at(row: Row, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as Row)[key] : undefined),
    row,
  )
}
