/** What the picture shows, gathered from the lists of the API. */
import { useQueries } from '@tanstack/react-query'
import { callOf, type Call } from '../../api/call.ts'
import { useApi } from '../../api/context.ts'
import {
  useConnections,
  useEndpoints,
  useInstances,
  useLoadBalancers,
  useServices,
  useVpcs,
  type Connection,
  type Endpoint,
  type Instance,
  type LoadBalancer,
  type Service,
  type ServerHealth,
  type ServiceResource,
  type Vpc,
} from '../../api/lists.ts'
import { callKey } from '../../api/queries.ts'
import { useTraffic, type Flow } from '../../api/traffic.ts'

export interface Topology {
  readonly vpcs: readonly Vpc[]
  readonly instances: readonly Instance[]
  readonly endpoints: readonly (Endpoint & { readonly addresses: readonly string[] })[]
  readonly balancers: readonly LoadBalancer[]
  readonly services: readonly (Service & { readonly resources: readonly ServiceResource[] })[]
  readonly connections: readonly Connection[]
  /** By balancer. */
  readonly health: ReadonlyMap<string, readonly ServerHealth[]>
  /** What passes just now, by endpoint. */
  readonly traffic: ReadonlyMap<string, Flow>
}

interface Loading {
  readonly topology: Topology | undefined
  readonly error: Error | null
}

export function useTopology(): Loading {
  const vpcs = useVpcs()
  const instances = useInstances()
  const endpoints = useEndpoints()
  const balancers = useLoadBalancers()
  const services = useServices()
  const connections = useConnections()
  const lists = [vpcs, instances, endpoints, balancers, services, connections]
  const zones = useEach(endpoints.data, ({ EndpointId }) =>
    callOf('Privatelink', 'ListVpcEndpointZones', { EndpointId }),
  )
  const resources = useEach(services.data, ({ ServiceId }) =>
    callOf('Privatelink', 'ListVpcEndpointServiceResources', { ServiceId }),
  )
  const health = useEach(balancers.data, ({ LoadBalancerId }) =>
    callOf('Slb', 'DescribeHealthStatus', { LoadBalancerId }),
  )
  const traffic = useTraffic()
  const error = lists.find((list) => list.error)?.error ?? null
  const ready =
    vpcs.data && instances.data && endpoints.data && balancers.data && services.data && connections.data
  if (!ready) return { topology: undefined, error }
  return {
    error,
    topology: {
      vpcs: vpcs.data,
      instances: instances.data,
      balancers: balancers.data,
      connections: connections.data,
      endpoints: endpoints.data.map((one, index) => ({
        ...one,
        addresses: zones[index]?.Zones.map(({ EniIp }) => EniIp) ?? [],
      })),
      services: services.data.map((one, index) => ({
        ...one,
        resources: resources[index]?.Resources ?? [],
      })),
      health: new Map(
        balancers.data.map(({ LoadBalancerId }, index) => [
          LoadBalancerId,
          health[index]?.BackendServers.BackendServer ?? [],
        ]),
      ),
      traffic,
    },
  }
}

/** One call for each item; the answers in the items' order. */
function useEach<Item, Result>(items: readonly Item[] | undefined, callFor: (item: Item) => Call<Result>) {
  const { session, region, send } = useApi()
  return useQueries({
    queries: (items ?? []).map((item) => {
      const call = callFor(item)
      return {
        queryKey: callKey(session.account, region, call),
        queryFn: ({ signal }: { signal: AbortSignal }) => send(call, signal),
      }
    }),
    combine: (results) => results.map(({ data }) => data),
  })
}
