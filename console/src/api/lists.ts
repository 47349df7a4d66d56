/** The lists that more than one page shows or chooses from. */
import { useLanguage } from '../i18n/language.tsx'
import { callOf, type ActionOf, type ParamsOf, type Product, type ResultOf } from './call.ts'
import { useCall, useList } from './queries.ts'

type Item<List> = List extends readonly (infer T)[] ? T : never

export type Vpc = Item<ResultOf<'Vpc', 'DescribeVpcs'>['Vpcs']['Vpc']>
export type VSwitch = Item<ResultOf<'Vpc', 'DescribeVSwitches'>['VSwitches']['VSwitch']>
export type SecurityGroup = Item<ResultOf<'Ecs', 'DescribeSecurityGroups'>['SecurityGroups']['SecurityGroup']>
export type Rule = Item<ResultOf<'Ecs', 'DescribeSecurityGroupAttribute'>['Permissions']['Permission']>
export type RouteTable = Item<
  ResultOf<'Vpc', 'DescribeRouteTableList'>['RouterTableList']['RouterTableListType']
>
export type PrefixList = Item<ResultOf<'Ecs', 'DescribePrefixLists'>['PrefixLists']['PrefixList']>
export type KeyPair = Item<ResultOf<'Ecs', 'DescribeKeyPairs'>['KeyPairs']['KeyPair']>
export type Instance = Item<ResultOf<'Ecs', 'DescribeInstances'>['Instances']['Instance']>
export type NetworkInterface = Item<
  ResultOf<'Ecs', 'DescribeNetworkInterfaces'>['NetworkInterfaceSets']['NetworkInterfaceSet']
>
export type LoadBalancer = Item<ResultOf<'Slb', 'DescribeLoadBalancers'>['LoadBalancers']['LoadBalancer']>
export type Certificate = Item<
  ResultOf<'Slb', 'DescribeServerCertificates'>['ServerCertificates']['ServerCertificate']
>
export type Authority = Item<ResultOf<'Slb', 'DescribeCACertificates'>['CACertificates']['CACertificate']>
export type ServerGroup = Item<ResultOf<'Slb', 'DescribeVServerGroups'>['VServerGroups']['VServerGroup']>
export type PairGroup = Item<
  ResultOf<'Slb', 'DescribeMasterSlaveServerGroups'>['MasterSlaveServerGroups']['MasterSlaveServerGroup']
>
export type NetworkBalancer = Item<ResultOf<'Nlb', 'ListLoadBalancers'>['LoadBalancers']>
export type NlbListener = Item<ResultOf<'Nlb', 'ListListeners'>['Listeners']>
export type NlbServerGroup = Item<ResultOf<'Nlb', 'ListServerGroups'>['ServerGroups']>
export type NlbServer = Item<ResultOf<'Nlb', 'ListServerGroupServers'>['Servers']>
export type ServerHealth = Item<ResultOf<'Slb', 'DescribeHealthStatus'>['BackendServers']['BackendServer']>
export type Service = Item<ResultOf<'Privatelink', 'ListVpcEndpointServices'>['Services']>
export type ServiceResource = Item<ResultOf<'Privatelink', 'ListVpcEndpointServiceResources'>['Resources']>
export type OfferedService = Item<ResultOf<'Privatelink', 'ListVpcEndpointServicesByEndUser'>['Services']>
export type Endpoint = Item<ResultOf<'Privatelink', 'ListVpcEndpoints'>['Endpoints']>
export type EndpointZone = Item<ResultOf<'Privatelink', 'ListVpcEndpointZones'>['Zones']>
export type Connection = Item<ResultOf<'Privatelink', 'ListVpcEndpointConnections'>['Connections']>

export function useVpcs(enabled = true) {
  return useList(callOf('Vpc', 'DescribeVpcs', { PageSize: 50 }), ({ Vpcs }) => Vpcs.Vpc, { enabled })
}

export function useVSwitches(vpc?: string, enabled = true) {
  const call = callOf('Vpc', 'DescribeVSwitches', { VpcId: vpc, PageSize: 50 })
  return useList(call, ({ VSwitches }) => VSwitches.VSwitch, { enabled })
}

export function useRouteTables(enabled = true) {
  const call = callOf('Vpc', 'DescribeRouteTableList', { PageNumber: 1, PageSize: 50 })
  return useList(call, ({ RouterTableList }) => RouterTableList.RouterTableListType, { enabled })
}

export function usePrefixLists(enabled = true) {
  const call = callOf('Ecs', 'DescribePrefixLists', { MaxResults: 100 })
  return useList(call, ({ PrefixLists }) => PrefixLists.PrefixList, { enabled })
}

export function useKeyPairs(enabled = true) {
  const call = callOf('Ecs', 'DescribeKeyPairs', { PageNumber: 1, PageSize: 50 })
  return useList(call, ({ KeyPairs }) => KeyPairs.KeyPair, { enabled })
}

export function useSecurityGroups(vpc?: string, enabled = true) {
  const call = callOf('Ecs', 'DescribeSecurityGroups', { VpcId: vpc, PageSize: 50 })
  return useList(call, ({ SecurityGroups }) => SecurityGroups.SecurityGroup, { enabled })
}

export function useInstances(vpc?: string, enabled = true) {
  const call = callOf('Ecs', 'DescribeInstances', { VpcId: vpc, PageSize: 100 })
  return useList(call, ({ Instances }) => Instances.Instance, { enabled })
}

export function useDisks(enabled = true) {
  const call = callOf('Ecs', 'DescribeDisks', { PageNumber: 1, PageSize: 100 })
  return useList(call, ({ Disks }) => Disks.Disk, { enabled })
}

export function useNetworkInterfaces(params: ParamsOf<'Ecs', 'DescribeNetworkInterfaces'>, enabled = true) {
  const call = callOf('Ecs', 'DescribeNetworkInterfaces', { ...params, PageSize: 100 })
  return useList(call, (answer) => answer.NetworkInterfaceSets.NetworkInterfaceSet, { enabled })
}

export function useLoadBalancers(enabled = true) {
  const call = callOf('Slb', 'DescribeLoadBalancers', { PageNumber: 1, PageSize: 100 })
  return useList(call, ({ LoadBalancers }) => LoadBalancers.LoadBalancer, { enabled })
}

export function useCertificates(enabled = true) {
  const call = callOf('Slb', 'DescribeServerCertificates', {})
  return useList(call, ({ ServerCertificates }) => ServerCertificates.ServerCertificate, { enabled })
}

/** Certificates of authorities, by which listeners tell clients they know. */
export function useAuthorities(enabled = true) {
  const call = callOf('Slb', 'DescribeCACertificates', {})
  return useList(call, ({ CACertificates }) => CACertificates.CACertificate, { enabled })
}

/** vServer groups of a CLB: each server with a port of its own. */
export function useServerGroups(LoadBalancerId: string, enabled = true) {
  const call = callOf('Slb', 'DescribeVServerGroups', { LoadBalancerId })
  return useList(call, ({ VServerGroups }) => VServerGroups.VServerGroup, { enabled })
}

/** Groups of a CLB with one server that serves and one that waits. */
export function usePairGroups(LoadBalancerId: string, enabled = true) {
  const call = callOf('Slb', 'DescribeMasterSlaveServerGroups', { LoadBalancerId, IncludeListener: true })
  return useList(call, (answer) => answer.MasterSlaveServerGroups.MasterSlaveServerGroup, { enabled })
}

export function useNetworkBalancers(enabled = true) {
  const call = callOf('Nlb', 'ListLoadBalancers', { MaxResults: 100 })
  return useList(call, ({ LoadBalancers }) => LoadBalancers, { enabled })
}

/** Of one balancer, or of all. */
export function useNlbListeners(balancer?: string, enabled = true) {
  const LoadBalancerIds = balancer === undefined ? undefined : [balancer]
  const call = callOf('Nlb', 'ListListeners', { LoadBalancerIds, MaxResults: 100 })
  return useList(call, ({ Listeners }) => Listeners, { enabled })
}

export function useNlbServerGroups(vpc?: string, enabled = true) {
  const call = callOf('Nlb', 'ListServerGroups', { VpcId: vpc, MaxResults: 100 })
  return useList(call, ({ ServerGroups }) => ServerGroups, { enabled })
}

export function useResourceGroups(enabled = true) {
  const call = callOf('ResourceManager', 'ListResourceGroups', { PageSize: 100 })
  return useList(call, ({ ResourceGroups }) => ResourceGroups.ResourceGroup, { enabled })
}

export function useServices(enabled = true) {
  const call = callOf('Privatelink', 'ListVpcEndpointServices', { MaxResults: 100 })
  return useList(call, ({ Services }) => Services, { enabled })
}

export function useEndpoints(enabled = true) {
  const call = callOf('Privatelink', 'ListVpcEndpoints', { MaxResults: 100 })
  return useList(call, ({ Endpoints }) => Endpoints, { enabled })
}

export function useEndpointZones(endpoint: string) {
  const call = callOf('Privatelink', 'ListVpcEndpointZones', { EndpointId: endpoint })
  return useList(call, ({ Zones }) => Zones)
}

export function useConnections(service?: string) {
  const call = callOf('Privatelink', 'ListVpcEndpointConnections', { ServiceId: service, MaxResults: 100 })
  return useList(call, ({ Connections }) => Connections)
}

export function useOfferedServices(name?: string, enabled = true) {
  const call = callOf('Privatelink', 'ListVpcEndpointServicesByEndUser', {
    ServiceName: name,
    MaxResults: 100,
  })
  return useList(call, ({ Services }) => Services, { enabled })
}

/** `zh-CN` or `en-US`, for actions that name regions and zones. */
function useAcceptLanguage(): string {
  return useLanguage().language === 'zh' ? 'zh-CN' : 'en-US'
}

export function useRegions() {
  const call = callOf('Vpc', 'DescribeRegions', { AcceptLanguage: useAcceptLanguage() })
  return useList(call, ({ Regions }) => Regions.Region)
}

export function useZones() {
  const call = callOf('Vpc', 'DescribeZones', { AcceptLanguage: useAcceptLanguage() })
  return useList(call, ({ Zones }) => Zones.Zone)
}

/** The name of a zone as people of the language say it, or its id. */
export function useZoneName(): (zone: string) => string {
  const zones = useZones().data ?? []
  return (id) => zones.find(({ ZoneId }) => ZoneId === id)?.LocalName ?? id
}

/** The zones of these ids as choices. */
export function useZoneOptions(zones: readonly string[]) {
  const zoneName = useZoneName()
  return zones.map((id) => ({ value: id, label: `${zoneName(id)} (${id})` }))
}

export function useOne<P extends Product, A extends ActionOf<P>>(
  product: P,
  action: A,
  params: ParamsOf<P, A>,
) {
  return useCall(callOf(product, action, params))
}
