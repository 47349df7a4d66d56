/** Privatelink 2020-04-15: endpoints, the consumer's side. */
import { z } from 'zod'
import { endpointName, freeText } from '../../../model/rules.ts'
import { listEndpoints, updateEndpoint, zonesOfEndpoints } from '../../../store/endpoints.ts'
import { nextGeneration } from '../../../store/generation.ts'
import type { EndpointTable } from '../../../store/tables.ts'
import { ownedResources, readTags } from '../../../store/tags.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import { nextToken, tokenPageOf, tokenParams } from '../../paging.ts'
import { choice, flag, integer, tags, text } from '../../params.ts'
import { demand } from '../../require.ts'
import { asKeyValue, keyValue } from '../../results.ts'
import { asFilter } from '../../tags.ts'
import { createVpcEndpoint } from './create-endpoint.ts'
import { policyDocument } from './endpoint-policy.ts'
import { describeEndpoint, detailEndpoint, endpointDetails, endpointFields } from './endpoint-results.ts'
import { changeableEndpoint, idleEndpoint, ownEndpoint } from './own-endpoint.ts'
import { serviceIdIn } from './own-service.ts'

const getVpcEndpointAttribute = defineAction({
  product: 'Privatelink',
  name: 'GetVpcEndpointAttribute',
  summary: { en: 'Describes one endpoint.', zh: '查询终端节点的属性。' },
  status: 'full',
  params: z.object({ EndpointId: text() }),
  result: z.object({
    ...endpointFields,
    ...endpointDetails,
    Payer: z.string(),
    ZonePrivateIpAddressCount: z.number(),
  }),
  effect: 'read',
  errors: ['EndpointNotFound'],
  handler: async (context, { EndpointId }) => {
    const endpoint = await ownEndpoint(context, EndpointId)
    return {
      ...describeEndpoint(endpoint, context),
      ...detailEndpoint(endpoint, await ownServices(context, [endpoint])),
      Payer: 'Endpoint',
      ZonePrivateIpAddressCount: 1,
    }
  },
})

const listVpcEndpoints = defineAction({
  product: 'Privatelink',
  name: 'ListVpcEndpoints',
  summary: { en: 'Lists endpoints.', zh: '查询终端节点列表。' },
  status: 'full',
  params: z.object({
    EndpointId: text().optional(),
    EndpointName: text().optional(),
    EndpointStatus: text().optional(),
    EndpointType: text().optional(),
    ConnectionStatus: text().optional(),
    ServiceName: text().optional(),
    ServiceRegionId: text().optional(),
    VpcId: text().optional(),
    AddressIpVersion: text().optional(),
    ResourceGroupId: text().optional(),
    Tag: tags(),
    ...tokenParams(1000),
  }),
  result: z.object({
    Endpoints: z.array(z.object({ ...endpointFields, ...endpointDetails, Tags: z.array(keyValue) })),
    TotalCount: z.number(),
    MaxResults: z.number(),
    NextToken: z.string(),
  }),
  effect: 'read',
  handler: async (context, params) => {
    const { tx, region } = context
    const page = tokenPageOf(params)
    const none =
      (params.EndpointType ?? 'Interface') !== 'Interface' ||
      (params.AddressIpVersion ?? 'IPv4') !== 'IPv4' ||
      (params.ServiceRegionId ?? region) !== region
    const filter = {
      id: none ? '' : params.EndpointId,
      name: params.EndpointName,
      status: params.EndpointStatus,
      connection: params.ConnectionStatus,
      service: params.ServiceName === undefined ? undefined : (serviceIdIn(params.ServiceName, region) ?? ''),
      vpc: params.VpcId,
      resourceGroup: params.ResourceGroupId,
      tags: asFilter(params.Tag),
    }
    const { rows, total, next } = await listEndpoints(tx, ownerOf(context), filter, page)
    const own = await ownServices(context, rows)
    const tagLists = await readTags(
      tx,
      'vpcendpoint',
      rows.map(({ id }) => id),
    )
    return {
      Endpoints: rows.map((endpoint) => ({
        ...describeEndpoint(endpoint, context),
        ...detailEndpoint(endpoint, own),
        Tags: (tagLists.get(endpoint.id) ?? []).map(asKeyValue),
      })),
      TotalCount: total,
      MaxResults: params.MaxResults,
      NextToken: nextToken({ next }),
    }
  },
})

const updateVpcEndpointAttribute = defineAction({
  product: 'Privatelink',
  name: 'UpdateVpcEndpointAttribute',
  summary: {
    en: 'Changes name, description, policy and zone affinity of an endpoint.',
    zh: '修改终端节点的属性。',
  },
  status: {
    partial:
      'The policy is stored and echoed, not enforced; IPv6 and a bandwidth across regions are refused.',
  },
  params: z.object({
    EndpointId: text(),
    EndpointName: text({ pattern: endpointName }).optional(),
    EndpointDescription: text({ pattern: freeText(2, 256) }).optional(),
    PolicyDocument: policyDocument(),
    ResetPolicy: flag().optional(),
    AddressIpVersion: choice(['IPv4', 'DualStack']).optional(),
    CrossRegionBandwidth: integer(100, 10240).optional(),
    ZoneAffinityEnabled: flag().optional(),
  }),
  result: z.object({}),
  effect: 'write',
  errors: [
    'EndpointConnectionOperationDenied',
    'EndpointNotFound',
    'EndpointOperationDenied',
    'EndpointProtected',
    'EndpointServiceDeleted',
    'EndpointServiceNotSupportIpv6',
    'IllegalParamFormat.CrossRegionBandwidth',
  ],
  handler: async (context, params) => {
    const { tx } = context
    const policy = params.ResetPolicy === true ? '' : params.PolicyDocument
    demand(params.AddressIpVersion !== 'DualStack', 'EndpointServiceNotSupportIpv6')
    demand(params.CrossRegionBandwidth === undefined, 'IllegalParamFormat.CrossRegionBandwidth', {
      name: 'CrossRegionBandwidth',
      reason: 'only for connections across regions',
    })
    const generation = await nextGeneration(tx)
    const endpoint = await idleEndpoint(context, params.EndpointId)
    demand(endpoint.connection !== 'ServiceDeleted', 'EndpointServiceDeleted')
    await updateEndpoint(tx, endpoint.id, {
      name: params.EndpointName ?? endpoint.name,
      description: params.EndpointDescription ?? endpoint.description,
      zone_affinity: Number(params.ZoneAffinityEnabled ?? endpoint.zone_affinity === 1),
      policy_document: policy ?? endpoint.policy_document,
      generation,
    })
    return {}
  },
})

const deleteVpcEndpoint = defineAction({
  product: 'Privatelink',
  name: 'DeleteVpcEndpoint',
  summary: { en: 'Deletes an endpoint without zones.', zh: '删除终端节点。' },
  status: 'full',
  params: z.object({ EndpointId: text() }),
  result: z.object({}),
  effect: 'write',
  errors: ['EndpointDependenceViolation', 'EndpointNotFound', 'EndpointOperationDenied', 'EndpointProtected'],
  handler: async (context, { EndpointId }) => {
    const { tx, now } = context
    const generation = await nextGeneration(tx)
    const endpoint = await changeableEndpoint(context, EndpointId)
    demand(endpoint.status === 'Active', 'EndpointOperationDenied')
    const zones = (await zonesOfEndpoints(tx, [endpoint.id]))(endpoint.id)
    demand(zones.length === 0, 'EndpointDependenceViolation')
    await updateEndpoint(tx, endpoint.id, {
      status: 'Deleting',
      connection: 'Deleting',
      modified_at: now.toISOString(),
      generation,
    })
    return {}
  },
})

/** Which of the endpoints' services the caller owns. */
async function ownServices(
  context: ActionContext,
  endpoints: readonly EndpointTable[],
): Promise<ReadonlySet<string>> {
  const services = [...new Set(endpoints.map((endpoint) => endpoint.service_id))]
  return await ownedResources(context.tx, 'vpcendpointservice', ownerOf(context), services)
}

export const endpointActions: readonly Action[] = [
  createVpcEndpoint,
  getVpcEndpointAttribute,
  listVpcEndpoints,
  updateVpcEndpointAttribute,
  deleteVpcEndpoint,
]
