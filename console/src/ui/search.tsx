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
  const [open, setOpen] = useState(false)
  return open ? <OpenSearch onClose={() => setOpen(false)} /> : <ClosedSearch onOpen={() => setOpen(true)} />
}

const style = { width: 280, maxWidth: '60vw' }

function ClosedSearch({ onOpen }: { readonly onOpen: () => void }) {
  const { frame } = useText()
  return (
    <Select
      showSearch
      open={false}
      aria-label={frame.search}
      placeholder={frame.search}
      onFocus={onOpen}
      onClick={onOpen}
      style={style}
    />
  )
}

function OpenSearch({ onClose }: { readonly onClose: () => void }) {
  const { frame, nav, common } = useText()
  const navigate = useNavigate()
  const groups = useFound()
  return (
    <Select
      showSearch={{ optionFilterProp: 'text' }}
      autoFocus
      defaultOpen
      aria-label={frame.search}
      placeholder={frame.searchPlaceholder}
      style={style}
      popupMatchSelectWidth={420}
      notFoundContent={common.noMatch}
      onBlur={onClose}
      onSelect={(to: string) => {
        onClose()
        void navigate(to)
      }}
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

function useFound() {
  const paths = usePaths()
  const vpcs = useVpcs().data ?? []
  const vswitches = useVSwitches().data ?? []
  const groups = useSecurityGroups().data ?? []
  const instances = useInstances().data ?? []
  const balancers = useLoadBalancers().data ?? []
  const services = useServices().data ?? []
  const endpoints = useEndpoints().data ?? []
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
