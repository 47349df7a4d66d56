/** The walkthrough's link with ECS2 as the only server, carried by the data plane that users get. */
import { walkthrough } from '../test/fixtures/walkthrough.ts'
import { compileHost } from '../src/compile/compile-host.ts'
import { createLinuxDataplane } from '../src/dataplane/linux.ts'
import type { SecurityGroupRuleId } from '../src/model/ids.ts'
import type { World } from '../src/model/world.ts'
import type { HostPlan } from '../src/plan/host-plan.ts'
import { httpPort, iperfPort } from './load.ts'

export interface Link extends AsyncDisposable {
  /** Namespaces, and the address by which the client reaches the server. */
  readonly client: string
  readonly server: string
  readonly host: string
  readonly plan: HostPlan
  /** Changes the bandwidth as it is; undefined is none. */
  readonly limit: (bandwidthMbps: number | undefined) => Promise<void>
}

export const datagramPort = 5202

export async function makeLink(
  bandwidthMbps: number | undefined,
  idleTimeoutS: number | undefined,
): Promise<Link> {
  await using scope = new AsyncDisposableStack()
  const deployment = mark()
  const dataplane = createLinuxDataplane({ deployment })
  scope.defer(() => dataplane.removeAll())
  const planFor = (mbps: number | undefined) => compileHost(linkWorld(deployment, mbps, idleTimeoutS)).plan
  async function apply(plan: HostPlan, how: 'cached' | 'observed'): Promise<void> {
    const problems = await dataplane.apply(plan, how)
    if (problems.length > 0) throw new Error(`the link could not be built: ${JSON.stringify(problems)}`)
  }
  const plan = planFor(bandwidthMbps)
  await apply(plan, 'observed')
  const [client, server] = ['i-ecs1', 'i-ecs2'].map(
    (id) => plan.fabric.instances.find((instance) => instance.id === id)?.netns ?? '',
  )
  if (!client || !server) throw new Error('the walkthrough has no such instance')
  const built = scope.move()
  return {
    client,
    server,
    host: '10.0.0.50',
    plan,
    limit: (mbps) => apply(planFor(mbps), 'cached'),
    [Symbol.asyncDispose]: () => built.disposeAsync(),
  }
}

function linkWorld(
  deployment: string,
  bandwidthMbps: number | undefined,
  idleTimeoutS: number | undefined,
): World {
  const listenerOn = (protocol: 'tcp' | 'udp', port: number) => ({
    protocol,
    port,
    lastPort: undefined,
    status: 'running' as const,
    scheduler: 'wrr' as const,
    idleTimeoutS,
    persistenceS: 0,
    drainS: undefined,
    newConnectionsPerS: undefined,
    proxyProtocol: undefined,
    http: undefined,
    servers: walkthrough.instances
      .filter(({ hostName }) => hostName === 'i-ecs2')
      .map(({ id }) => ({ server: id, address: '10.0.0.200', port, weight: 100, standby: false })),
    healthCheck: undefined,
  })
  return {
    ...walkthrough,
    deployment,
    endpoints: walkthrough.endpoints.map((endpoint) => ({ ...endpoint, bandwidthMbps })),
    loadBalancers: walkthrough.loadBalancers.map((balancer) => ({
      ...balancer,
      // What is measured is the path, not what a specification allows.
      limits: { connections: undefined, newConnectionsPerS: undefined },
      listeners: [listenerOn('tcp', httpPort), listenerOn('tcp', iperfPort), listenerOn('udp', datagramPort)],
    })),
    securityGroups: walkthrough.securityGroups.map((group) => ({
      ...group,
      rules: (['TCP', 'UDP'] as const).map((protocol) => ({
        id: `sgr-bench-${protocol}` as SecurityGroupRuleId,
        direction: 'ingress' as const,
        protocol,
        fromPort: 1,
        toPort: 65_535,
        policy: 'Accept' as const,
        priority: 1,
        peer: { kind: 'cidr' as const, cidr: '0.0.0.0/0' },
      })),
    })),
  }
}

/** Tells runs apart. */
export function mark(): string {
  return Math.random().toString(36).slice(2, 6).padEnd(4, '0')
}
