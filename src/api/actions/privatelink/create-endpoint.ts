/** Privatelink 2020-04-15, CreateVpcEndpoint. */
import { z } from 'zod'
import { newId } from '../../../model/ids.ts'
import { quotas } from '../../../model/quotas.ts'
import { endpointName, freeText } from '../../../model/rules.ts'
import { findServiceOfRegion, isInWhitelist } from '../../../store/endpoint-services.ts'
import { countEndpointsOfVpc, insertEndpoint, insertEndpointGroup } from '../../../store/endpoints.ts'
import { nextGeneration } from '../../../store/generation.ts'
import { groupsOfVpc } from '../../../store/security-groups.ts'
import type { EndpointServiceTable, EndpointTable, VpcTable } from '../../../store/tables.ts'
import { putTags } from '../../../store/tags.ts'
import { findVpc } from '../../../store/vpcs.ts'
import { defineAction, type ActionContext } from '../../action.ts'
import { ownedColumns, ownerOf } from '../../new-resource.ts'
import { choice, flag, integer, tags, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { readTagParams } from '../../tags.ts'
import { policyDocument } from './endpoint-policy.ts'
import { describeEndpoint, endpointFields } from './endpoint-results.ts'
import { privatelinkTagErrors } from './errors.ts'
import { usualMode } from './limits.ts'
import { identityOf } from './own-endpoint.ts'
import { serviceIdIn } from './own-service.ts'
import { addZone } from './zone-wiring.ts'

const params = z.object({
  VpcId: text(),
  EndpointName: text({ pattern: endpointName }).optional(),
  EndpointDescription: text({ pattern: freeText(2, 256) }).optional(),
  EndpointType: choice(['Interface', 'Reverse', 'GatewayLoadBalancer']).default('Interface'),
  ServiceId: text().optional(),
  ServiceName: text().optional(),
  ServiceRegionId: text().optional(),
  CrossRegionBandwidth: integer(100, 10240).optional(),
  Zone: z
    .array(
      z.object({
        ZoneId: text(),
        VSwitchId: text(),
        ip: text().optional(),
        Ipv6Address: text().optional(),
      }),
    )
    .max(quotas.zonesPerEndpoint)
    .optional(),
  SecurityGroupId: z.array(text()).max(quotas.securityGroupsPerEndpoint).optional(),
  ZonePrivateIpAddressCount: integer(1, 1).optional(),
  PolicyDocument: policyDocument(),
  ProtectedEnabled: flag().optional(),
  AddressIpVersion: choice(['IPv4', 'DualStack']).optional(),
  ZoneAffinityEnabled: flag().default(false),
  ResourceGroupId: text().optional(),
  Tag: tags(),
})
type CreateParams = z.infer<typeof params>

export const createVpcEndpoint = defineAction({
  product: 'Privatelink',
  name: 'CreateVpcEndpoint',
  summary: { en: 'Creates an endpoint of a service in a VPC.', zh: '创建终端节点。' },
  status: {
    partial:
      'Interface endpoints only, over IPv4 and within one region. The policy is stored and echoed, not enforced.',
  },
  params,
  result: z.object(endpointFields),
  effect: 'write',
  errors: [
    'DuplicatedTagKey',
    'EndpointMustContainSecurityGroup',
    'EndpointServiceNotAuthorized',
    'EndpointServiceNotFound',
    'EndpointServiceNotSupportIpv6',
    'EndpointServiceNotSupportedZone',
    'EndpointServiceResourceNotFound',
    'EndpointZoneDuplicated',
    'EniIpUnavailable',
    'IllegalParamFormat.ServiceRegionId',
    'IllegalTagKeyParam',
    'IllegalTagValueParam',
    'IncorrectStatus.VpcEndpointService',
    'InvalidResourceGroup',
    'Mismatch.EndpointType',
    'MissingParam.ServiceId',
    'QuotaExceeded.totalEpPerVpc',
    'ResourceNotEnough.VSwitchIp',
    'SecurityGroupExist',
    'SecurityGroupNotFound',
    'SecurityGroupTypeOnlySingleTypeSupporteded',
    'VSwitchNotFound',
    'VSwitchStatusNotAllowed',
    'VpcNotFound',
  ],
  handler: async (context, given) => {
    const { tx, caller, now, randomBytes } = context
    const tagList = readTagParams(given.Tag, privatelinkTagErrors)
    refuseUnsupported(context, given)
    const generation = await nextGeneration(tx)
    const service = await findOpenService(context, given)
    const vpc = found(await findVpc(tx, ownerOf(context), given.VpcId), 'VpcNotFound')
    demand(vpc.status === 'Available', 'VpcNotFound')
    const groups = await findGroups(context, vpc, given.SecurityGroupId ?? [])
    demand((await countEndpointsOfVpc(tx, vpc.id)) < quotas.endpointsPerVpc, 'QuotaExceeded.totalEpPerVpc')
    const id = newId('ep', randomBytes)
    const endpoint: EndpointTable = {
      ...(await ownedColumns(context, given.ResourceGroupId, 'InvalidResourceGroup')),
      id,
      generation,
      vpc_id: vpc.id,
      service_id: service.id,
      service_account_id: service.account_id,
      name: given.EndpointName ?? '',
      description: given.EndpointDescription ?? '',
      status: 'Creating',
      connection: service.auto_accept === 1 ? 'Connecting' : 'Disconnected',
      bandwidth: service.connect_bandwidth,
      traffic_control_mode: usualMode(service),
      zone_affinity: Number(given.ZoneAffinityEnabled),
      policy_document: given.PolicyDocument ?? '',
      protected_by: given.ProtectedEnabled === true ? identityOf(caller) : '',
      modified_at: now.toISOString(),
    }
    await insertEndpoint(tx, endpoint)
    for (const group of groups) {
      await insertEndpointGroup(tx, {
        endpoint_id: id,
        security_group_id: group,
        status: 'Attached',
        generation,
      })
    }
    for (const zone of given.Zone ?? []) await addZone(context, endpoint, zone, groups, generation)
    await putTags(tx, 'vpcendpoint', [id], tagList)
    return describeEndpoint(endpoint, context)
  },
})

/** What the cloud knows and is not carried here is refused, never forgotten. */
function refuseUnsupported({ region }: ActionContext, given: CreateParams): void {
  demand(given.EndpointType === 'Interface', 'Mismatch.EndpointType')
  demand(given.AddressIpVersion !== 'DualStack', 'EndpointServiceNotSupportIpv6')
  const ipv6 = given.Zone?.some((zone) => zone.Ipv6Address !== undefined) ?? false
  demand(!ipv6, 'EndpointServiceNotSupportIpv6')
  const sameRegion = given.ServiceRegionId === undefined || given.ServiceRegionId === region
  demand(sameRegion && given.CrossRegionBandwidth === undefined, 'IllegalParamFormat.ServiceRegionId', {
    name: 'ServiceRegionId',
    reason: 'connections across regions are not supported',
  })
}

/** The service by id or name (both must agree), when its whitelist has the caller. */
async function findOpenService(
  { tx, caller, region }: ActionContext,
  { ServiceId, ServiceName }: CreateParams,
): Promise<EndpointServiceTable> {
  const named = ServiceName === undefined ? undefined : (serviceIdIn(ServiceName, region) ?? '')
  const id = found(ServiceId ?? named, 'MissingParam.ServiceId', { name: 'ServiceId' })
  demand(named === undefined || named === id, 'EndpointServiceNotFound')
  const service = found(await findServiceOfRegion(tx, region, id), 'EndpointServiceNotFound')
  demand(await isInWhitelist(tx, service.id, caller.account), 'EndpointServiceNotAuthorized')
  demand(service.status !== 'Creating', 'IncorrectStatus.VpcEndpointService')
  return service
}

/** At least one group, all of the endpoint's VPC, none twice, all of one type. */
async function findGroups(
  context: ActionContext,
  vpc: VpcTable,
  ids: readonly string[],
): Promise<readonly string[]> {
  demand(ids.length > 0, 'EndpointMustContainSecurityGroup')
  demand(new Set(ids).size === ids.length, 'SecurityGroupExist')
  const known = await groupsOfVpc(context.tx, ownerOf(context), vpc.id, ids)
  demand(known.length === ids.length, 'SecurityGroupNotFound')
  const types = new Set(known.map(({ type }) => type))
  demand(types.size === 1, 'SecurityGroupTypeOnlySingleTypeSupporteded')
  return ids
}
