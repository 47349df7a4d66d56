/** Every action there is, by product. */
import type { Action } from '../action.ts'
import { lookupEvents } from './actiontrail.ts'
import { queryAvailableInstances } from './bss.ts'
import { metricCatalogueActions } from './cms/catalogue.ts'
import { metricDataActions } from './cms/data.ts'
import { metricRuleActions } from './cms/rules.ts'
import { attachKeyPairActions } from './ecs/attach-key-pair.ts'
import { attachNetworkInterfaceActions } from './ecs/attach-network-interface.ts'
import { ecsCatalogueActions } from './ecs/catalogue.ts'
import { getInstanceConsoleOutput } from './ecs/console-output.ts'
import { diskActions } from './ecs/disks.ts'
import { instanceBatchActions } from './ecs/instance-batches.ts'
import { instanceDetailActions } from './ecs/instance-details.ts'
import { instanceRamRoleActions } from './ecs/instance-ram-role.ts'
import { instancePowerActions } from './ecs/instance-power.ts'
import { instanceActions } from './ecs/instances.ts'
import { interfaceAddressActions } from './ecs/interface-addresses.ts'
import { keyPairActions } from './ecs/key-pairs.ts'
import { maintenanceActions } from './ecs/maintenance.ts'
import { modifyInstanceActions } from './ecs/modify-instance.ts'
import { modifySecurityGroupRuleActions } from './ecs/modify-security-group-rule.ts'
import { moveInstanceActions } from './ecs/move-instance.ts'
import { networkInterfaceActions } from './ecs/network-interfaces.ts'
import { prefixListActions } from './ecs/prefix-lists.ts'
import { releaseTimeActions } from './ecs/release-time.ts'
import { replaceSystemDiskActions } from './ecs/replace-system-disk.ts'
import { newInstanceActions } from './ecs/run-instances.ts'
import { securityGroupAttributeActions } from './ecs/security-group-attribute.ts'
import { securityGroupMemberActions } from './ecs/security-group-members.ts'
import { securityGroupRuleActions } from './ecs/security-group-rules.ts'
import { securityGroupActions } from './ecs/security-groups.ts'
import { describeEndpoints } from './location.ts'
import { moveToGroupActions } from './move-to-group.ts'
import { nlbCatalogueActions } from './nlb/catalogue.ts'
import { jobActions } from './nlb/jobs.ts'
import { nlbListenerActions } from './nlb/listeners.ts'
import { nlbActions } from './nlb/load-balancers.ts'
import { nlbServerGroupActions } from './nlb/server-groups.ts'
import { nlbServerActions } from './nlb/servers.ts'
import { changeResourceGroup } from './privatelink/change-resource-group.ts'
import { connectionActions } from './privatelink/connections.ts'
import { endpointSecurityGroupActions } from './privatelink/endpoint-security-groups.ts'
import { endpointZoneActions } from './privatelink/endpoint-zones.ts'
import { endpointActions } from './privatelink/endpoints.ts'
import { productActions } from './privatelink/product.ts'
import { serviceResourceActions } from './privatelink/service-resources.ts'
import { serviceUserActions } from './privatelink/service-users.ts'
import { serviceActions } from './privatelink/services.ts'
import { zoneConnectionActions } from './privatelink/zone-connections.ts'
import { zoneResourceActions } from './privatelink/zone-resource.ts'
import { accessKeyActions } from './ram/access-keys.ts'
import { accountAliasActions } from './ram/account-alias.ts'
import { attachmentActions } from './ram/attachments.ts'
import { groupActions } from './ram/groups.ts'
import { loginProfileActions } from './ram/login-profiles.ts'
import { passwordPolicyActions } from './ram/password-policy.ts'
import { policyActions } from './ram/policies.ts'
import { policyVersionActions } from './ram/policy-versions.ts'
import { roleActions } from './ram/roles.ts'
import { userActions } from './ram/users.ts'
import { resourceGroupMemberActions } from './resource-group-members.ts'
import { resourceManagerActions } from './resource-manager.ts'
import { backendServerActions } from './slb/backend-servers.ts'
import { slbCatalogueActions } from './slb/catalogue.ts'
import { httpListenerActions } from './slb/http-listeners.ts'
import { httpsListenerActions } from './slb/https-listeners.ts'
import { listenerActions } from './slb/listeners.ts'
import { loadBalancerActions } from './slb/load-balancers.ts'
import { masterSlaveGroupActions } from './slb/master-slave-groups.ts'
import { modifyLoadBalancerActions } from './slb/modify-load-balancer.ts'
import { ruleActions } from './slb/rules.ts'
import { caCertificateActions } from './slb/ca-certificates.ts'
import { serverCertificateActions } from './slb/server-certificates.ts'
import { serverGroupActions } from './slb/server-groups.ts'
import { stsActions } from './sts.ts'
import { tagProductActions } from './tag.ts'
import { vpcCommonActions } from './vpc/common.ts'
import { defaultNetworkActions } from './vpc/default-network.ts'
import { routeBatchActions } from './vpc/route-batches.ts'
import { routeEntryActions } from './vpc/route-entries.ts'
import { routeListActions } from './vpc/route-lists.ts'
import { routeTableActions } from './vpc/route-tables.ts'
import { vpcBlockActions } from './vpc/vpc-blocks.ts'
import { vpcActions } from './vpc/vpcs.ts'
import { vswitchActions } from './vpc/vswitches.ts'

export const allActions: readonly Action[] = [
  ...vpcActions,
  ...vpcBlockActions,
  ...vswitchActions,
  ...defaultNetworkActions,
  ...routeTableActions,
  ...routeEntryActions,
  ...routeBatchActions,
  ...routeListActions,
  ...vpcCommonActions,
  ...securityGroupActions,
  ...securityGroupRuleActions,
  ...modifySecurityGroupRuleActions,
  ...securityGroupAttributeActions,
  ...prefixListActions,
  ...newInstanceActions,
  ...instanceActions,
  ...modifyInstanceActions,
  ...moveInstanceActions,
  ...releaseTimeActions,
  ...instancePowerActions,
  ...instanceBatchActions,
  ...instanceDetailActions,
  ...maintenanceActions,
  ...instanceRamRoleActions,
  ...diskActions,
  ...replaceSystemDiskActions,
  getInstanceConsoleOutput,
  ...networkInterfaceActions,
  ...attachNetworkInterfaceActions,
  ...interfaceAddressActions,
  ...keyPairActions,
  ...attachKeyPairActions,
  ...securityGroupMemberActions,
  ...ecsCatalogueActions,
  ...loadBalancerActions,
  ...modifyLoadBalancerActions,
  ...httpListenerActions,
  ...httpsListenerActions,
  ...listenerActions,
  ...backendServerActions,
  ...ruleActions,
  ...caCertificateActions,
  ...serverCertificateActions,
  ...serverGroupActions,
  ...masterSlaveGroupActions,
  ...slbCatalogueActions,
  ...nlbActions,
  ...nlbListenerActions,
  ...nlbServerGroupActions,
  ...nlbServerActions,
  ...jobActions,
  ...nlbCatalogueActions,
  ...productActions,
  ...serviceActions,
  ...serviceResourceActions,
  ...serviceUserActions,
  ...endpointActions,
  ...endpointZoneActions,
  ...endpointSecurityGroupActions,
  ...connectionActions,
  ...zoneConnectionActions,
  ...zoneResourceActions,
  changeResourceGroup,
  ...resourceManagerActions,
  ...resourceGroupMemberActions,
  ...tagProductActions,
  ...moveToGroupActions,
  ...userActions,
  ...accessKeyActions,
  ...accountAliasActions,
  ...groupActions,
  ...roleActions,
  ...loginProfileActions,
  ...passwordPolicyActions,
  ...policyActions,
  ...policyVersionActions,
  ...attachmentActions,
  ...stsActions,
  describeEndpoints,
  queryAvailableInstances,
  lookupEvents,
  ...metricDataActions,
  ...metricCatalogueActions,
  ...metricRuleActions,
]
