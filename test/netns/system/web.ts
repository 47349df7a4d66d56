/** A CLB with HTTP or HTTPS listeners, offered by a private link to one client. */
import type { ParamValues } from '../../../src/cli/client.ts'
import { until } from '../../fixtures/deployment.ts'
import { makeConsumer, makeEndpoint, makeInstance, makeService, zone } from '../../fixtures/topology.ts'
import type { Consumer } from '../../fixtures/topology.ts'
import { webServer } from './programs.ts'
import type { System } from './system.ts'

export interface Web {
  readonly offer: Consumer
  readonly servers: readonly string[]
  readonly balancer: string
  readonly client: string
  /** The endpoint's. */
  readonly address: string
  readonly slb: (action: string, params?: ParamValues) => Promise<Record<string, unknown>>
  /** Makes a listener and waits until it runs. */
  readonly listen: (protocol: 'HTTP' | 'HTTPS', port: number, params?: ParamValues) => Promise<void>
  /** What `curl` prints in the client. */
  readonly ask: (url: string, ...options: readonly string[]) => Promise<string>
}

/** Servers are instances of `webServer`; the default group has all of them. */
export async function makeWeb(system: System, count: number): Promise<Web> {
  const offer = await makeConsumer(system)
  const servers = await Promise.all(
    Array.from({ length: count }, () => makeInstance(system, offer.vswitch, offer.group, webServer)),
  )
  const made = await system.call('Slb', 'CreateLoadBalancer', {
    AddressType: 'intranet',
    VpcId: offer.vpc,
    VSwitchId: offer.vswitch,
    LoadBalancerSpec: 'slb.s3.large',
    MasterZoneId: zone,
  })
  const balancer = String(made['LoadBalancerId'])
  const slb = (action: string, params: ParamValues = {}) =>
    system.call('Slb', action, { LoadBalancerId: balancer, ...params })
  await slb('AddBackendServers', {
    BackendServers: JSON.stringify(servers.map((ServerId) => ({ ServerId, Weight: 100 }))),
  })
  const service = await makeService(system, [{ balancer, zone }], true)
  const consumer = await makeConsumer(system)
  const client = await makeInstance(system, consumer.vswitch, consumer.group, '')
  const { address } = await makeEndpoint(system, service, consumer, ['Connected'])
  return {
    offer,
    servers,
    balancer,
    client,
    address,
    slb,
    async listen(protocol, ListenerPort, params) {
      const plain = { BackendServerPort: 80, StickySession: 'off', HealthCheck: 'off' }
      await slb(`CreateLoadBalancer${protocol}Listener`, { ListenerPort, ...plain, ...params })
      await slb('StartLoadBalancerListener', { ListenerPort })
      await until('the listener to run', async () => {
        const { Status } = await slb(`DescribeLoadBalancer${protocol}ListenerAttribute`, { ListenerPort })
        return Status === 'running' || undefined
      })
    },
    ask: async (url, ...options) =>
      (await system.run(client, ['curl', '-sSk', '-m', '5', ...options, url])).stdout,
  }
}
