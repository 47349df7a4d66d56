/** What the picture shows, gathered from the lists of the API. */
import { callOf } from '../../api/call.ts'
import {
  useConnections,
  useEndpoints,
  useInstances,
  useLoadBalancers,
  useNetworkBalancers,
  useNlbListeners,
  useServices,
  useVpcs,
  type Connection,
  type Endpoint,
  type EndpointZone,
  type Instance,
  type LoadBalancer,
  type NetworkBalancer,
  type NlbListener,
  type NlbServer,
  type Service,
  type ServiceResource,
  type Vpc,
} from '../../api/lists.ts'
import { useEach } from '../../api/queries.ts'
import { useTraffic, type Flow } from '../../api/traffic.ts'

export interface Topology {
  readonly vpcs: readonly Vpc[]
  readonly instances: readonly Instance[]
  readonly endpoints: readonly (Endpoint & { readonly zones: readonly EndpointZone[] })[]
  readonly balancers: readonly LoadBalancer[]
  readonly networkBalancers: readonly NetworkBalancer[]
  readonly services: readonly (Service & { readonly resources: readonly ServiceResource[] })[]
  readonly connections: readonly Connection[]
  /** By balancer, of either kind. */
  readonly health: ReadonlyMap<string, readonly Health[]>
  /** What passes just now, by endpoint. */
  readonly traffic: ReadonlyMap<string, Flow>
}

interface Health {
  readonly ServerId: string
  readonly ServerHealthStatus: string
}

interface Loading {
  readonly topology: Topology | undefined
  readonly error: Error | null
  readonly retry: () => void
}

export function useTopology(): Loading {
  const vpcs = useVpcs()
  const instances = useInstances()
  const endpoints = useEndpoints()
  const balancers = useLoadBalancers()
  const networkBalancers = useNetworkBalancers()
  const services = useServices()
  const connections = useConnections()
  const lists = [vpcs, instances, endpoints, balancers, networkBalancers, services, connections]
  const zones = useEach(endpoints.data, ({ EndpointId }) =>
    callOf('Privatelink', 'ListVpcEndpointZones', { EndpointId }),
  )
  const resources = useEach(services.data, ({ ServiceId }) =>
    callOf('Privatelink', 'ListVpcEndpointServiceResources', { ServiceId }),
  )
  const health = useEach(balancers.data, ({ LoadBalancerId }) =>
    callOf('Slb', 'DescribeHealthStatus', { LoadBalancerId }),
  )
  const networkHealth = useNetworkHealth((networkBalancers.data ?? []).length > 0)
  const traffic = useTraffic()
  const error = lists.find((list) => list.error)?.error ?? null
  const ready =
    vpcs.data &&
    instances.data &&
    endpoints.data &&
    balancers.data &&
    networkBalancers.data &&
    services.data &&
    connections.data
  const retry = () => lists.filter((list) => list.error).forEach((list) => void list.refetch())
  if (!ready) return { topology: undefined, error, retry }
  return {
    error,
    retry,
    topology: {
      vpcs: vpcs.data,
      instances: instances.data,
      balancers: balancers.data,
      networkBalancers: networkBalancers.data,
      connections: connections.data,
      endpoints: endpoints.data.map((one, index) => ({
        ...one,
        zones: zones[index]?.Zones ?? [],
      })),
      services: services.data.map((one, index) => ({
        ...one,
        resources: resources[index]?.Resources ?? [],
      })),
      health: new Map([
        ...balancers.data.map(
          ({ LoadBalancerId }, index) =>
            [LoadBalancerId, health[index]?.BackendServers.BackendServer ?? []] as const,
        ),
        ...networkHealth,
      ]),
      traffic,
    },
  }
}

/** The servers behind the listeners of each NLB, and how they are. */
function useNetworkHealth(enabled: boolean): readonly (readonly [balancer: string, Health[]])[] {
  const listeners = useNlbListeners(undefined, enabled).data ?? []
  const servers = useEach(listeners, ({ ServerGroupId }) =>
    callOf('Nlb', 'ListServerGroupServers', { ServerGroupId, MaxResults: 100 }),
  )
  const told = useEach(listeners, ({ ListenerId }) =>
    callOf('Nlb', 'GetListenerHealthStatus', { ListenerId }),
  )
  const behind = (listener: NlbListener): readonly Health[] => {
    const place = listeners.indexOf(listener)
    // The API names the servers that are not well, and no others.
    const unwell = told[place]?.ListenerHealthStatus.flatMap(({ ServerGroupInfos }) =>
      ServerGroupInfos.flatMap(({ NonNormalServers }) => NonNormalServers),
    )
    const statusOf = ({ ServerId, Port }: NlbServer) =>
      unwell?.find((one) => one.ServerId === ServerId && one.Port === Port)?.Status ?? 'normal'
    return (servers[place]?.Servers ?? []).map((one) => ({
      ServerId: one.ServerId,
      ServerHealthStatus: statusOf(one),
    }))
  }
  const byBalancer = Map.groupBy(listeners, ({ LoadBalancerId }) => LoadBalancerId)
  return [...byBalancer].map(([balancer, own]) => [balancer, own.flatMap(behind)])
}
