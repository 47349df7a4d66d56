/** Search across the resources of the region, by id, name or address. What there is, is asked when the field is entered. */
import { Select } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import {
  useEndpoints,
  useInstances,
  useLoadBalancers,
  useSecurityGroups,
  useServices,
  useVpcs,
  useVSwitches,
} from '../api/lists.ts'
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
  const found = (
    kind: 'vpcs' | 'vswitches' | 'securityGroups' | 'instances' | 'loadBalancers' | 'services' | 'endpoints',
    list: readonly Found[],
  ) => ({ kind, found: list })
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
  ]
}
