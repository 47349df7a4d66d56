/** The resources of the region that can have tags, by the ARN that the Tag product names them with. */
import {
  useEndpoints,
  useInstances,
  useLoadBalancers,
  useSecurityGroups,
  useServices,
  useVpcs,
  useVSwitches,
} from '../../api/lists.ts'

interface Choice {
  readonly value: string
  readonly label: string
}

export function useTaggable(region: string, account: string): Choice[] {
  const choice = (product: string, kind: string, id: string, name: string): Choice => ({
    value: `arn:acs:${product}:${region}:${account}:${kind}/${id}`,
    label: [name, id].filter(Boolean).join(' · '),
  })
  return [
    ...(useVpcs().data ?? []).map((one) => choice('vpc', 'vpc', one.VpcId, one.VpcName)),
    ...(useVSwitches().data ?? []).map((one) => choice('vpc', 'vswitch', one.VSwitchId, one.VSwitchName)),
    ...(useSecurityGroups().data ?? []).map((one) =>
      choice('ecs', 'securitygroup', one.SecurityGroupId, one.SecurityGroupName),
    ),
    ...(useInstances().data ?? []).map((one) => choice('ecs', 'instance', one.InstanceId, one.InstanceName)),
    ...(useLoadBalancers().data ?? []).map((one) =>
      choice('slb', 'instance', one.LoadBalancerId, one.LoadBalancerName),
    ),
    ...(useServices().data ?? []).map((one) =>
      choice('privatelink', 'vpcendpointservice', one.ServiceId, one.ServiceDescription),
    ),
    ...(useEndpoints().data ?? []).map((one) =>
      choice('privatelink', 'vpcendpoint', one.EndpointId, one.EndpointName),
    ),
  ]
}
