/** What the central services (Tag, ResourceManager) call the resources of the other products. */
import type { GroupedType } from '../store/resource-group-members.ts'
import type { TaggedType } from '../store/tables.ts'

export interface ResourceKind {
  /** As in an ARN: `arn:acs:<service>:<region>:<account>:<type>/<id>`. */
  readonly service: string
  readonly type: string
  readonly tagged: TaggedType
  /** Undefined for what has no resource group of its own. */
  readonly grouped: GroupedType | undefined
}

export const resourceKinds: readonly ResourceKind[] = [
  { service: 'vpc', type: 'vpc', tagged: 'vpc', grouped: 'vpc' },
  { service: 'vpc', type: 'vswitch', tagged: 'vswitch', grouped: 'vswitch' },
  { service: 'vpc', type: 'routetable', tagged: 'routetable', grouped: undefined },
  { service: 'ecs', type: 'instance', tagged: 'instance', grouped: 'instance' },
  { service: 'ecs', type: 'disk', tagged: 'disk', grouped: undefined },
  { service: 'ecs', type: 'securitygroup', tagged: 'securitygroup', grouped: 'securitygroup' },
  { service: 'ecs', type: 'eni', tagged: 'eni', grouped: 'eni' },
  { service: 'ecs', type: 'prefixlist', tagged: 'prefixlist', grouped: 'prefixlist' },
  { service: 'ecs', type: 'keypair', tagged: 'keypair', grouped: 'keypair' },
  { service: 'slb', type: 'instance', tagged: 'loadbalancer', grouped: 'loadbalancer' },
  { service: 'slb', type: 'vservergroup', tagged: 'vservergroup', grouped: undefined },
  { service: 'slb', type: 'certificate', tagged: 'certificate', grouped: undefined },
  { service: 'nlb', type: 'loadbalancer', tagged: 'networkloadbalancer', grouped: 'networkloadbalancer' },
  { service: 'nlb', type: 'listener', tagged: 'nlblistener', grouped: undefined },
  { service: 'nlb', type: 'servergroup', tagged: 'nlbservergroup', grouped: 'nlbservergroup' },
  { service: 'privatelink', type: 'vpcendpoint', tagged: 'vpcendpoint', grouped: 'vpcendpoint' },
  {
    service: 'privatelink',
    type: 'vpcendpointservice',
    tagged: 'vpcendpointservice',
    grouped: 'vpcendpointservice',
  },
  { service: 'resourcemanager', type: 'resourcegroup', tagged: 'resourcegroup', grouped: undefined },
]

export function findKind(service: string, type: string): ResourceKind | undefined {
  return resourceKinds.find(
    (kind) => kind.service === service.toLowerCase() && kind.type === type.toLowerCase(),
  )
}
