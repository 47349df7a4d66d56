/** The resources of the region of one kind that can have tags. */
import { callOf } from '../../api/call.ts'
import {
  useAuthorities,
  useCertificates,
  useDisks,
  useEndpoints,
  useInstances,
  useKeyPairs,
  useLoadBalancers,
  useNetworkBalancers,
  useNetworkInterfaces,
  useNlbListeners,
  useNlbServerGroups,
  usePrefixLists,
  useResourceGroups,
  useRouteTables,
  useSecurityGroups,
  useServices,
  useVpcs,
  useVSwitches,
} from '../../api/lists.ts'
import { useEach } from '../../api/queries.ts'
import type { TaggedKind } from './tagged-kinds.ts'

interface Resource {
  readonly id: string
  readonly name: string
}

interface Taggable {
  readonly resources: readonly Resource[]
  readonly isPending: boolean
}

/** Only the lists that the kind needs are asked for; none without a kind. */
export function useTaggable(kind: TaggedKind | undefined): Taggable {
  const wants = (...kinds: readonly TaggedKind[]) => kind !== undefined && kinds.includes(kind)
  const named = <Item>(
    query: { readonly data: readonly Item[] | undefined; readonly isLoading: boolean },
    read: (item: Item) => readonly [id: string, name: string],
  ) => ({
    isPending: query.isLoading,
    resources: (query.data ?? []).map(read).map(([id, name]): Resource => ({ id, name })),
  })
  const balancers = useLoadBalancers(wants('slb:instance', 'slb:vservergroup'))
  const certificates = useCertificates(wants('slb:certificate'))
  const authorities = useAuthorities(wants('slb:certificate'))
  const groups = useBalancerGroups(wants('slb:vservergroup') ? balancers.data : undefined)
  const lists: Readonly<Record<TaggedKind, Taggable>> = {
    'vpc:vpc': named(useVpcs(wants('vpc:vpc')), (one) => [one.VpcId, one.VpcName]),
    'vpc:vswitch': named(useVSwitches(undefined, wants('vpc:vswitch')), (one) => [
      one.VSwitchId,
      one.VSwitchName,
    ]),
    'vpc:routetable': named(useRouteTables(wants('vpc:routetable')), (one) => [
      one.RouteTableId,
      one.RouteTableName,
    ]),
    'ecs:instance': named(useInstances(undefined, wants('ecs:instance')), (one) => [
      one.InstanceId,
      one.InstanceName,
    ]),
    'ecs:disk': named(useDisks(wants('ecs:disk')), (one) => [one.DiskId, one.DiskName]),
    'ecs:securitygroup': named(useSecurityGroups(undefined, wants('ecs:securitygroup')), (one) => [
      one.SecurityGroupId,
      one.SecurityGroupName,
    ]),
    'ecs:eni': named(useNetworkInterfaces({}, wants('ecs:eni')), (one) => [
      one.NetworkInterfaceId,
      one.NetworkInterfaceName || one.PrivateIpAddress,
    ]),
    'ecs:prefixlist': named(usePrefixLists(wants('ecs:prefixlist')), (one) => [
      one.PrefixListId,
      one.PrefixListName,
    ]),
    'ecs:keypair': named(useKeyPairs(wants('ecs:keypair')), (one) => [one.KeyPairId, one.KeyPairName]),
    'slb:instance': named(balancers, (one) => [one.LoadBalancerId, one.LoadBalancerName]),
    'slb:vservergroup': { isPending: balancers.isLoading, resources: groups },
    'slb:certificate': {
      isPending: certificates.isLoading || authorities.isLoading,
      resources: [
        ...named(certificates, (one) => [one.ServerCertificateId, one.ServerCertificateName]).resources,
        ...named(authorities, (one) => [one.CACertificateId, one.CACertificateName]).resources,
      ],
    },
    'nlb:loadbalancer': named(useNetworkBalancers(wants('nlb:loadbalancer')), (one) => [
      one.LoadBalancerId,
      one.LoadBalancerName,
    ]),
    'nlb:listener': named(useNlbListeners(undefined, wants('nlb:listener')), (one) => [
      one.ListenerId,
      one.ListenerDescription,
    ]),
    'nlb:servergroup': named(useNlbServerGroups(undefined, wants('nlb:servergroup')), (one) => [
      one.ServerGroupId,
      one.ServerGroupName,
    ]),
    'privatelink:vpcendpoint': named(useEndpoints(wants('privatelink:vpcendpoint')), (one) => [
      one.EndpointId,
      one.EndpointName,
    ]),
    'privatelink:vpcendpointservice': named(useServices(wants('privatelink:vpcendpointservice')), (one) => [
      one.ServiceId,
      one.ServiceDescription,
    ]),
    'resourcemanager:resourcegroup': named(
      useResourceGroups(wants('resourcemanager:resourcegroup')),
      (one) => [one.Id, one.DisplayName],
    ),
  }
  return kind === undefined ? { resources: [], isPending: false } : lists[kind]
}

/** The vServer and the master/slave groups of these balancers: the API lists them by balancer only, and tags both alike. */
function useBalancerGroups(
  balancers: readonly { readonly LoadBalancerId: string }[] | undefined,
): readonly Resource[] {
  const servers = useEach(balancers, ({ LoadBalancerId }) =>
    callOf('Slb', 'DescribeVServerGroups', { LoadBalancerId }),
  )
  const pairs = useEach(balancers, ({ LoadBalancerId }) =>
    callOf('Slb', 'DescribeMasterSlaveServerGroups', { LoadBalancerId }),
  )
  return [
    ...servers.flatMap((answer) =>
      (answer?.VServerGroups.VServerGroup ?? []).map((one) => ({
        id: one.VServerGroupId,
        name: one.VServerGroupName,
      })),
    ),
    ...pairs.flatMap((answer) =>
      (answer?.MasterSlaveServerGroups.MasterSlaveServerGroup ?? []).map((one) => ({
        id: one.MasterSlaveServerGroupId,
        name: one.MasterSlaveServerGroupName,
      })),
    ),
  ]
}
