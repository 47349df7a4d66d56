/** Search across the resources of the region, by id, name or address. What there is, is asked when the field is entered. */
import { Select } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import {
  useEndpoints,
  useInstances,
  useKeyPairs,
  useLoadBalancers,
  useNetworkBalancers,
  useNlbServerGroups,
  usePrefixLists,
  useRouteTables,
  useSecurityGroups,
  useServices,
  useVpcs,
  useVSwitches,
} from '../api/lists.ts'
import type { Messages } from '../i18n/en.ts'
import { useText } from '../i18n/language.tsx'
import { usePaths } from '../paths.ts'

export function Search() {
  const { frame, nav, common } = useText()
  const navigate = useNavigate()
  const [entered, setEntered] = useState(false)
  const groups = useFound(entered)
  return (
    <Select
      showSearch={{ optionFilterProp: 'text' }}
      value={null}
      aria-label={frame.search}
      placeholder={frame.searchPlaceholder}
      style={{ width: 280, maxWidth: '60vw' }}
      popupMatchSelectWidth={420}
      notFoundContent={common.noMatch}
      onFocus={() => setEntered(true)}
      onBlur={() => setEntered(false)}
      onSelect={(to: string | null) => to !== null && void navigate(to)}
      options={groups
        .filter(({ found }) => found.length > 0)
        .map(({ kind, found }) => ({
          label: nav[kind],
          options: found.map(({ id, name, more, to }) => ({
            value: to,
            label: [id, name, more].filter(Boolean).join(' · '),
            text: [id, name, more].join(' '),
          })),
        }))}
    />
  )
}

interface Found {
  readonly id: string
  readonly name: string
  readonly more?: string | undefined
  readonly to: string
}

function useFound(enabled: boolean) {
  const paths = usePaths()
  const vpcs = useVpcs(enabled).data ?? []
  const vswitches = useVSwitches(undefined, enabled).data ?? []
  const groups = useSecurityGroups(undefined, enabled).data ?? []
  const instances = useInstances(undefined, enabled).data ?? []
  const balancers = useLoadBalancers(enabled).data ?? []
  const services = useServices(enabled).data ?? []
  const endpoints = useEndpoints(enabled).data ?? []
  const networkBalancers = useNetworkBalancers(enabled).data ?? []
  const serverGroups = useNlbServerGroups(undefined, enabled).data ?? []
  const routeTables = useRouteTables(enabled).data ?? []
  const prefixLists = usePrefixLists(enabled).data ?? []
  const keyPairs = useKeyPairs(enabled).data ?? []
  const found = (kind: keyof Messages['nav'], list: readonly Found[]) => ({ kind, found: list })
  return [
    found(
      'endpoints',
      endpoints.map((one) => ({
        id: one.EndpointId,
        name: one.EndpointName,
        more: one.EndpointDomain,
        to: paths.endpoint(one.EndpointId),
      })),
    ),
    found(
      'services',
      services.map((one) => ({
        id: one.ServiceId,
        name: one.ServiceDescription,
        more: one.ServiceName,
        to: paths.service(one.ServiceId),
      })),
    ),
    found(
      'vpcs',
      vpcs.map((one) => ({
        id: one.VpcId,
        name: one.VpcName,
        more: one.CidrBlock,
        to: paths.vpc(one.VpcId),
      })),
    ),
    found(
      'vswitches',
      vswitches.map((one) => ({
        id: one.VSwitchId,
        name: one.VSwitchName,
        more: one.CidrBlock,
        to: `${paths.vswitches}?q=${one.VSwitchId}`,
      })),
    ),
    found(
      'securityGroups',
      groups.map((one) => ({
        id: one.SecurityGroupId,
        name: one.SecurityGroupName,
        to: paths.securityGroup(one.SecurityGroupId),
      })),
    ),
    found(
      'instances',
      instances.map((one) => ({
        id: one.InstanceId,
        name: one.InstanceName,
        more: one.VpcAttributes.PrivateIpAddress.IpAddress[0],
        to: paths.instance(one.InstanceId),
      })),
    ),
    found(
      'loadBalancers',
      balancers.map((one) => ({
        id: one.LoadBalancerId,
        name: one.LoadBalancerName,
        more: one.Address,
        to: paths.loadBalancer(one.LoadBalancerId),
      })),
    ),
    found(
      'networkBalancers',
      networkBalancers.map((one) => ({
        id: one.LoadBalancerId,
        name: one.LoadBalancerName,
        to: paths.networkBalancer(one.LoadBalancerId),
      })),
    ),
    found(
      'nlbServerGroups',
      serverGroups.map((one) => ({
        id: one.ServerGroupId,
        name: one.ServerGroupName,
        to: paths.nlbServerGroup(one.ServerGroupId),
      })),
    ),
    found(
      'routeTables',
      routeTables.map((one) => ({
        id: one.RouteTableId,
        name: one.RouteTableName,
        more: one.VpcId,
        to: paths.routeTable(one.RouteTableId),
      })),
    ),
    found(
      'prefixLists',
      prefixLists.map((one) => ({
        id: one.PrefixListId,
        name: one.PrefixListName,
        to: paths.prefixList(one.PrefixListId),
      })),
    ),
    found(
      'keyPairs',
      keyPairs.map((one) => ({
        id: one.KeyPairId,
        name: one.KeyPairName,
        more: one.KeyPairFingerPrint,
        to: `${paths.keyPairs}?q=${one.KeyPairName}`,
      })),
    ),
  ]
}
