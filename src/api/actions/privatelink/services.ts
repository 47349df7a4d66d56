/** Privatelink 2020-04-15: endpoint services. */
import { z } from 'zod'
import { newId } from '../../../model/ids.ts'
import { bandwidth, quotas } from '../../../model/quotas.ts'
import { freeText } from '../../../model/rules.ts'
import {
  addUser,
  countServices,
  insertService,
  listOpenServices,
  listServices,
  resourcesOf,
  updateService,
} from '../../../store/endpoint-services.ts'
import { endpointsOfService, updateEndpoint } from '../../../store/endpoints.ts'
import { nextGeneration } from '../../../store/generation.ts'
import type { EndpointServiceTable } from '../../../store/tables.ts'
import { putTags, readTags } from '../../../store/tags.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ownedColumns, ownerOf } from '../../new-resource.ts'
import { nextToken, tokenPageOf, tokenParams } from '../../paging.ts'
import { choice, flag, integer, tags, text } from '../../params.ts'
import { demand } from '../../require.ts'
import { asKeyValue, keyValue } from '../../results.ts'
import { asFilter, readTagParams } from '../../tags.ts'
import { attachResource } from './attach-resource.ts'
import { privatelinkTagErrors } from './errors.ts'
import { activeService, ownService, serviceIdIn } from './own-service.ts'
import { requireOpenProduct } from './product.ts'
import {
  describeService,
  detailService,
  serviceDetails,
  serviceFields,
  zonesWithResources,
} from './service-results.ts'

const description = () => text({ pattern: freeText(2, 256) }).optional()
const addressVersion = () => choice(['IPv4', 'DualStack']).optional()

const createVpcEndpointService = defineAction({
  product: 'Privatelink',
  name: 'CreateVpcEndpointService',
  summary: { en: 'Creates an endpoint service.', zh: '创建终端节点服务。' },
  status: {
    partial:
      'Services of the types slb and nlb, over IPv4 and within one region; payment by the service (`Payer`) is refused as for accounts without that privilege.',
  },
  params: z.object({
    ServiceDescription: description(),
    AutoAcceptEnabled: flag().default(false),
    ZoneAffinityEnabled: flag().default(false),
    ServiceResourceType: choice(['slb', 'alb', 'nlb', 'gwlb', 'vpcNat']).default('slb'),
    Payer: choice(['Endpoint', 'EndpointService']).default('Endpoint'),
    AddressIpVersion: addressVersion(),
    ServiceSupportIPv6: flag().optional(),
    ResourceGroupId: text().optional(),
    Resource: z
      .array(z.object({ ResourceType: text().optional(), ResourceId: text(), ZoneId: text().optional() }))
      .max(10)
      .optional(),
    SupportedRegionList: z.array(text()).optional(),
    Tag: tags(),
  }),
  result: z.object(serviceFields),
  effect: 'write',
  errors: [
    'DuplicatedTagKey',
    'EndpointServiceNotSupportIpv6',
    'EndpointServiceNotSupportedZone',
    'EndpointServicePayerForbidden',
    'EndpointServiceResourceExist',
    'EndpointServiceResourceTypeNotSupport',
    'IllegalParamFormat.SupportedRegionList',
    'IllegalTagKeyParam',
    'IllegalTagValueParam',
    'InvalidResourceGroup',
    'LoadBalancerNotFound',
    'LoadBalancerNotSupportPrivateLink',
    'Mismatch.ResourceType',
    'MissingParam.ZoneId',
    'NeedOpenProduct',
    'QuotaMisMatched',
  ],
  handler: async (context, params) => {
    const { tx, caller, randomBytes, now } = context
    await requireOpenProduct(context)
    const given = readTagParams(params.Tag, privatelinkTagErrors)
    const type = params.ServiceResourceType
    demand(type === 'slb' || type === 'nlb', 'EndpointServiceResourceTypeNotSupport')
    const strange = params.Resource?.some(({ ResourceType = type }) => ResourceType !== type)
    demand(strange !== true, 'Mismatch.ResourceType')
    demand(params.Payer === 'Endpoint', 'EndpointServicePayerForbidden')
    const ipv6 = params.ServiceSupportIPv6 === true || params.AddressIpVersion === 'DualStack'
    demand(!ipv6, 'EndpointServiceNotSupportIpv6')
    refuseOtherRegions(context, 'SupportedRegionList', params.SupportedRegionList)
    const generation = await nextGeneration(tx)
    demand((await countServices(tx, ownerOf(context))) < quotas.servicesPerRegion, 'QuotaMisMatched')
    const service: EndpointServiceTable = {
      ...(await ownedColumns(context, params.ResourceGroupId, 'InvalidResourceGroup')),
      id: newId('epsrv', randomBytes),
      generation,
      resource_type: type,
      description: params.ServiceDescription ?? '',
      status: 'Creating',
      auto_accept: Number(params.AutoAcceptEnabled),
      zone_affinity: Number(params.ZoneAffinityEnabled),
      connect_bandwidth: bandwidth.usual,
    }
    await insertService(tx, service)
    // The owner's own account is in the whitelist from the start.
    await addUser(tx, { service_id: service.id, user_id: caller.account, created_at: now.toISOString() })
    for (const resource of params.Resource ?? []) {
      const { ResourceType = type } = resource
      await attachResource(context, service, { ...resource, ResourceType }, generation)
    }
    await putTags(tx, 'vpcendpointservice', [service.id], given)
    return describeService(service, context)
  },
})

/** Connections across regions are not carried. */
function refuseOtherRegions(
  { region }: ActionContext,
  name: string,
  wanted: readonly string[] | undefined,
): void {
  const other = wanted?.find((candidate) => candidate !== region)
  demand(other === undefined, `IllegalParamFormat.${name}`, {
    name,
    reason: `connections from ${other} to ${region} are not supported`,
  })
}

const getVpcEndpointServiceAttribute = defineAction({
  product: 'Privatelink',
  name: 'GetVpcEndpointServiceAttribute',
  summary: { en: 'Describes one endpoint service.', zh: '查询终端节点服务的属性。' },
  status: 'full',
  params: z.object({ ServiceId: text() }),
  result: z.object({ ...serviceFields, ...serviceDetails, Zones: z.array(z.string()) }),
  effect: 'read',
  errors: ['EndpointServiceNotFound'],
  handler: async (context, { ServiceId }) => {
    const service = await ownService(context, ServiceId)
    const resources = await resourcesOf(context.tx, [service.id])
    return {
      ...describeService(service, context),
      ...detailService(service),
      Zones: zonesWithResources(resources(service.id)),
    }
  },
})

const listVpcEndpointServices = defineAction({
  product: 'Privatelink',
  name: 'ListVpcEndpointServices',
  summary: { en: 'Lists endpoint services.', zh: '查询终端节点服务列表。' },
  status: 'full',
  params: z.object({
    ServiceId: text().optional(),
    ServiceName: text().optional(),
    ServiceStatus: text().optional(),
    ServiceBusinessStatus: text().optional(),
    AutoAcceptEnabled: flag().optional(),
    ZoneAffinityEnabled: flag().optional(),
    ServiceResourceType: text().optional(),
    ResourceId: text().optional(),
    AddressIpVersion: text().optional(),
    ResourceGroupId: text().optional(),
    Tag: tags(),
    ...tokenParams(1000),
  }),
  result: z.object({
    Services: z.array(z.object({ ...serviceFields, ...serviceDetails, Tags: z.array(keyValue) })),
    TotalCount: z.number(),
    MaxResults: z.number(),
    NextToken: z.string(),
  }),
  effect: 'read',
  handler: async (context, params) => {
    const { tx } = context
    const page = tokenPageOf(params)
    const none = isOther(params.ServiceBusinessStatus, 'Normal') || isOther(params.AddressIpVersion, 'IPv4')
    const filter = {
      id: none ? '' : idFilter(context, params),
      status: params.ServiceStatus,
      autoAccept: params.AutoAcceptEnabled,
      zoneAffinity: params.ZoneAffinityEnabled,
      resourceType: params.ServiceResourceType,
      resource: params.ResourceId,
      resourceGroup: params.ResourceGroupId,
      tags: asFilter(params.Tag),
    }
    const { rows, total, next } = await listServices(tx, ownerOf(context), filter, page)
    const tagLists = await tagsOf(context, rows)
    return {
      Services: rows.map((service) => ({
        ...describeService(service, context),
        ...detailService(service),
        Tags: tagLists(service.id),
      })),
      TotalCount: total,
      MaxResults: params.MaxResults,
      NextToken: nextToken({ next }),
    }
  },
})

const listVpcEndpointServicesByEndUser = defineAction({
  product: 'Privatelink',
  name: 'ListVpcEndpointServicesByEndUser',
  summary: {
    en: 'Lists the services the caller may connect to.',
    zh: '查询可用的终端节点服务。',
  },
  status: {
    partial: "Lists interface services of the deployment's accounts; there are none of the cloud's own.",
  },
  params: z.object({
    ServiceId: text().optional(),
    ServiceName: text().optional(),
    ServiceType: text().optional(),
    ServiceRegionId: text().optional(),
    ResourceGroupId: text().optional(),
    Tag: tags(),
    ...tokenParams(1000),
  }),
  result: z.object({
    Services: z.array(
      z.object({
        ServiceId: z.string(),
        ServiceName: z.string(),
        ServiceDomain: z.string(),
        ServiceType: z.string(),
        ServiceResourceType: z.string(),
        ServiceSupportIPv6: z.boolean(),
        AddressIpVersion: z.string(),
        AutoAcceptEnabled: z.boolean(),
        Payer: z.string(),
        ResourceGroupId: z.string(),
        ZoneAffinityEnabled: z.boolean(),
        VpcEndpointPolicySupported: z.boolean(),
        Zones: z.array(z.string()),
        Tags: z.array(keyValue),
      }),
    ),
    // Text, where other lists have a number: so it is in the public API.
    TotalCount: z.string(),
    MaxResults: z.number(),
    NextToken: z.string(),
  }),
  effect: 'read',
  handler: async (context, params) => {
    const { tx, region } = context
    const page = tokenPageOf(params)
    const none = isOther(params.ServiceType, 'Interface') || isOther(params.ServiceRegionId, region)
    const filter = {
      id: none ? '' : idFilter(context, params),
      resourceGroup: params.ResourceGroupId,
      tags: asFilter(params.Tag),
    }
    const { rows, total, next } = await listOpenServices(tx, ownerOf(context), filter, page)
    const resources = await resourcesOf(
      tx,
      rows.map(({ id }) => id),
    )
    const tagLists = await tagsOf(context, rows)
    return {
      Services: rows.map((service) => {
        const { ServiceId, ServiceName, ServiceDomain, ServiceSupportIPv6, ...rest } = describeService(
          service,
          context,
        )
        return {
          ServiceId,
          ServiceName,
          ServiceDomain,
          ServiceType: 'Interface',
          ServiceResourceType: service.resource_type,
          ServiceSupportIPv6,
          AddressIpVersion: rest.AddressIpVersion,
          AutoAcceptEnabled: rest.AutoAcceptEnabled,
          Payer: 'Endpoint',
          ResourceGroupId: rest.ResourceGroupId,
          ZoneAffinityEnabled: rest.ZoneAffinityEnabled,
          VpcEndpointPolicySupported: true,
          Zones: zonesWithResources(resources(service.id)),
          Tags: tagLists(service.id),
        }
      }),
      TotalCount: String(total),
      MaxResults: params.MaxResults,
      NextToken: nextToken({ next }),
    }
  },
})

const updateVpcEndpointServiceAttribute = defineAction({
  product: 'Privatelink',
  name: 'UpdateVpcEndpointServiceAttribute',
  summary: { en: 'Changes an endpoint service.', zh: '修改终端节点服务的属性。' },
  status: {
    partial: 'IPv6 and other regions are refused.',
  },
  params: z.object({
    ServiceId: text(),
    ServiceDescription: description(),
    AutoAcceptEnabled: flag().optional(),
    ConnectBandwidth: integer(bandwidth.minimum, bandwidth.maximum).optional(),
    ZoneAffinityEnabled: flag().optional(),
    ServiceSupportIPv6: flag().optional(),
    AddressIpVersion: addressVersion(),
    AddSupportedRegionSet: z.array(text()).optional(),
    DeleteSupportedRegionSet: z.array(text()).optional(),
  }),
  result: z.object({}),
  effect: 'write',
  errors: [
    'EndpointServiceNotFound',
    'EndpointServiceOperationDenied',
    'IllegalParamFormat.AddSupportedRegionSet',
    'ServiceResourceNotSupportIpv6',
  ],
  handler: async (context, params) => {
    const { tx } = context
    const ipv6 = params.ServiceSupportIPv6 === true || params.AddressIpVersion === 'DualStack'
    demand(!ipv6, 'ServiceResourceNotSupportIpv6')
    refuseOtherRegions(context, 'AddSupportedRegionSet', params.AddSupportedRegionSet)
    const generation = await nextGeneration(tx)
    const service = await activeService(context, params.ServiceId)
    await updateService(tx, service.id, {
      description: params.ServiceDescription ?? service.description,
      auto_accept: Number(params.AutoAcceptEnabled ?? service.auto_accept === 1),
      connect_bandwidth: params.ConnectBandwidth ?? service.connect_bandwidth,
      zone_affinity: Number(params.ZoneAffinityEnabled ?? service.zone_affinity === 1),
      generation,
    })
    return {}
  },
})

const deleteVpcEndpointService = defineAction({
  product: 'Privatelink',
  name: 'DeleteVpcEndpointService',
  summary: { en: 'Deletes an endpoint service without resources.', zh: '删除终端节点服务。' },
  status: 'full',
  params: z.object({ ServiceId: text() }),
  result: z.object({}),
  effect: 'write',
  errors: [
    'EndpointServiceConnectionDependence',
    'EndpointServiceDependenceViolation',
    'EndpointServiceNotFound',
    'EndpointServiceOperationDenied',
  ],
  handler: async (context, { ServiceId }) => {
    const { tx, now } = context
    const generation = await nextGeneration(tx)
    const service = await activeService(context, ServiceId)
    const endpoints = await endpointsOfService(tx, service.id)
    const connected = endpoints.some(({ connection }) => connection !== 'Disconnected')
    demand(!connected, 'EndpointServiceConnectionDependence')
    const resources = (await resourcesOf(tx, [service.id]))(service.id)
    demand(resources.length === 0, 'EndpointServiceDependenceViolation')
    for (const { id } of endpoints) {
      await updateEndpoint(tx, id, {
        connection: 'ServiceDeleted',
        modified_at: now.toISOString(),
        generation,
      })
    }
    await updateService(tx, service.id, { status: 'Deleting', generation })
    return {}
  },
})

/** The id that a list is narrowed to by `ServiceId` or `ServiceName`; `''` when they contradict each other. */
function idFilter(
  { region }: ActionContext,
  params: { readonly ServiceId?: string | undefined; readonly ServiceName?: string | undefined },
): string | undefined {
  const { ServiceId: id, ServiceName: name } = params
  if (name === undefined) return id
  const named = serviceIdIn(name, region) ?? ''
  return id === undefined || id === named ? named : ''
}

function isOther(wanted: string | undefined, only: string): boolean {
  return wanted !== undefined && wanted !== only
}

async function tagsOf(
  { tx }: ActionContext,
  services: readonly EndpointServiceTable[],
): Promise<(id: string) => { Key: string; Value: string }[]> {
  const lists = await readTags(
    tx,
    'vpcendpointservice',
    services.map(({ id }) => id),
  )
  return (id) => (lists.get(id) ?? []).map(asKeyValue)
}

export const serviceActions: readonly Action[] = [
  createVpcEndpointService,
  getVpcEndpointServiceAttribute,
  listVpcEndpointServices,
  listVpcEndpointServicesByEndUser,
  updateVpcEndpointServiceAttribute,
  deleteVpcEndpointService,
]
