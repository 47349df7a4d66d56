/** Privatelink 2020-04-15: connections to a service, which its owner allows, denies and limits. */
import { z } from 'zod'
import type { EndpointId, ServiceId } from '../../../model/ids.ts'
import { zoneDomain } from '../../../model/names.ts'
import { listConnections, updateEndpoint, zonesOfEndpoints } from '../../../store/endpoints.ts'
import { nextGeneration } from '../../../store/generation.ts'
import { readServiceGroups } from '../../../store/endpoint-services.ts'
import type { EndpointTable, EndpointZoneTable } from '../../../store/tables.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import { nextToken, tokenPageOf, tokenParams } from '../../paging.ts'
import { text } from '../../params.ts'
import { demand } from '../../require.ts'
import { accountNumber, seconds } from '../../results.ts'
import { disconnect, mayDisconnect } from './disconnect.ts'
import { shownZoneStatus } from './endpoint-results.ts'
import { limitErrors, limitParams, limitsOf } from './limits.ts'
import { ownConnection, zonesOf } from './own-connection.ts'
import { ownService } from './own-service.ts'
import { connectZone } from './zone-wiring.ts'

const connectionParams = { ServiceId: text(), EndpointId: text() }

const enableVpcEndpointConnection = defineAction({
  product: 'Privatelink',
  name: 'EnableVpcEndpointConnection',
  summary: { en: 'Allows a connection.', zh: '允许终端节点连接。' },
  status: 'full',
  params: z.object({ ...connectionParams, ...limitParams }),
  result: z.object({}),
  effect: 'write',
  errors: [
    'EndpointConnectionNotFound',
    'EndpointConnectionOperationDenied',
    'EndpointOperationDenied',
    'EndpointServiceNotFound',
    ...limitErrors,
    'OperationDenied.NoAvailableServiceResource',
  ],
  handler: async (context, params) => {
    const { tx, now } = context
    const generation = await nextGeneration(tx)
    const endpoint = await ownConnection(context, params)
    demand(endpoint.status === 'Active', 'EndpointOperationDenied')
    demand(endpoint.connection === 'Disconnected', 'EndpointConnectionOperationDenied')
    const limits = limitsOf(await ownService(context, params.ServiceId), endpoint, params)
    for (const zone of await zonesOf(context, endpoint)) {
      if (zone.status !== 'Deleting') await connectZone(context, endpoint, zone, generation)
    }
    await updateEndpoint(tx, endpoint.id, {
      connection: 'Connecting',
      ...limits,
      modified_at: now.toISOString(),
      generation,
    })
    return {}
  },
})

const disableVpcEndpointConnection = defineAction({
  product: 'Privatelink',
  name: 'DisableVpcEndpointConnection',
  summary: { en: 'Denies a connection, or cuts it.', zh: '拒绝终端节点连接。' },
  status: 'full',
  params: z.object(connectionParams),
  result: z.object({}),
  effect: 'write',
  errors: ['EndpointConnectionNotFound', 'EndpointConnectionOperationDenied', 'EndpointServiceNotFound'],
  handler: async (context, params) => {
    const generation = await nextGeneration(context.tx)
    const endpoint = await ownConnection(context, params)
    // To deny what waits changes nothing: it stays disconnected.
    if (endpoint.connection === 'Disconnected') return {}
    demand(mayDisconnect(endpoint), 'EndpointConnectionOperationDenied')
    await disconnect(context, endpoint, generation)
    return {}
  },
})

const updateVpcEndpointConnectionAttribute = defineAction({
  product: 'Privatelink',
  name: 'UpdateVpcEndpointConnectionAttribute',
  summary: {
    en: 'Changes the bandwidth of a connection, or whether it is limited.',
    zh: '修改终端节点连接的带宽。',
  },
  status: 'full',
  params: z.object({ ...connectionParams, ...limitParams }),
  result: z.object({}),
  effect: 'write',
  errors: [
    'EndpointConnectionNotFound',
    'EndpointConnectionOperationDenied',
    'EndpointServiceNotFound',
    ...limitErrors,
  ],
  handler: async (context, params) => {
    const { tx, now } = context
    const generation = await nextGeneration(tx)
    const endpoint = await ownConnection(context, params)
    const { connection } = endpoint
    const idle = connection === 'Connected' || connection === 'Disconnected'
    demand(idle, 'EndpointConnectionOperationDenied')
    const limits = limitsOf(await ownService(context, params.ServiceId), endpoint, params)
    await updateEndpoint(tx, endpoint.id, {
      ...limits,
      connection: connection === 'Connected' ? 'Pending' : connection,
      modified_at: now.toISOString(),
      generation,
    })
    return {}
  },
})

const listVpcEndpointConnections = defineAction({
  product: 'Privatelink',
  name: 'ListVpcEndpointConnections',
  summary: { en: "Lists connections to the caller's services.", zh: '查询终端节点连接列表。' },
  status: 'full',
  params: z.object({
    ServiceId: text().optional(),
    EndpointId: text().optional(),
    EndpointOwnerId: text({ pattern: /^\d{1,18}$/ }).optional(),
    ConnectionStatus: text().optional(),
    EniId: text().optional(),
    ResourceId: text().optional(),
    ReplacedResourceId: text().optional(),
    ResourceGroupId: text().optional(),
    ...tokenParams(1000),
  }),
  result: z.object({
    Connections: z.array(
      z.object({
        ServiceId: z.string(),
        EndpointId: z.string(),
        EndpointOwnerId: accountNumber(),
        EndpointVpcId: z.string(),
        EndpointRegionId: z.string(),
        ServiceRegionId: z.string(),
        ConnectionStatus: z.string(),
        Bandwidth: z.number(),
        TrafficControlMode: z.string(),
        ModifiedTime: z.string(),
        ResourceGroupId: z.string(),
        ResourceOwner: z.boolean(),
        Zones: z.array(
          z.object({
            ZoneId: z.string(),
            VSwitchId: z.string(),
            EniId: z.string(),
            ResourceId: z.string(),
            ZoneStatus: z.string(),
            ZoneDomain: z.string(),
            ReplacedResourceId: z.string(),
            ReplacedEniId: z.string(),
          }),
        ),
      }),
    ),
    // Text, where other lists have a number: so it is in the public API.
    TotalCount: z.string(),
    MaxResults: z.number(),
    NextToken: z.string(),
  }),
  effect: 'read',
  errors: ['EndpointServiceNotFound'],
  handler: async (context, params) => {
    const { tx } = context
    if (params.ServiceId !== undefined) await ownService(context, params.ServiceId)
    const page = tokenPageOf(params)
    const filter = {
      service: params.ServiceId,
      endpoint: params.EndpointId,
      endpointOwner: params.EndpointOwnerId,
      connection: params.ConnectionStatus,
      eni: params.EniId,
      resource: params.ResourceId,
      replacedResource: params.ReplacedResourceId,
      resourceGroup: params.ResourceGroupId,
    }
    const { rows, total, next } = await listConnections(tx, ownerOf(context), filter, page)
    const zones = await zonesOfEndpoints(
      tx,
      rows.map(({ id }) => id),
    )
    const groups = await readServiceGroups(
      tx,
      rows.map((row) => row.service_id),
    )
    return {
      Connections: rows.map((row) => ({
        ...describeConnection(context, row, zones(row.id)),
        ResourceGroupId: groups.get(row.service_id) ?? '',
      })),
      TotalCount: String(total),
      MaxResults: params.MaxResults,
      NextToken: nextToken({ next }),
    }
  },
})

function describeConnection(
  { caller, domainSuffix }: ActionContext,
  endpoint: EndpointTable,
  zones: readonly EndpointZoneTable[],
) {
  const { id, service_id: service, region_id: region } = endpoint
  return {
    ServiceId: service,
    EndpointId: id,
    EndpointOwnerId: BigInt(endpoint.account_id),
    EndpointVpcId: endpoint.vpc_id,
    EndpointRegionId: region,
    ServiceRegionId: region,
    ConnectionStatus: endpoint.connection,
    Bandwidth: endpoint.bandwidth,
    TrafficControlMode: endpoint.traffic_control_mode,
    ModifiedTime: seconds(endpoint.modified_at),
    ResourceOwner: endpoint.account_id === caller.account,
    Zones: zones.map((zone) => ({
      ZoneId: zone.zone_id,
      VSwitchId: zone.vswitch_id,
      EniId: zone.eni_id,
      ResourceId: zone.load_balancer_id ?? '',
      ZoneStatus: shownZoneStatus(zone),
      ZoneDomain: zoneDomain(id as EndpointId, zone.zone_id, service as ServiceId, region, domainSuffix),
      ReplacedResourceId: zone.replaced_load_balancer_id ?? '',
      ReplacedEniId: zone.replaced_eni_id ?? '',
    })),
  }
}

export const connectionActions: readonly Action[] = [
  enableVpcEndpointConnection,
  disableVpcEndpointConnection,
  updateVpcEndpointConnectionAttribute,
  listVpcEndpointConnections,
]
