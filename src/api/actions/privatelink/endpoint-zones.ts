/** Privatelink 2020-04-15: zones of an endpoint. */
import { z } from 'zod'
import type { EndpointId, ServiceId } from '../../../model/ids.ts'
import { zoneDomain } from '../../../model/names.ts'
import { listZones, updateZone, zonesOfEndpoints } from '../../../store/endpoints.ts'
import { nextGeneration } from '../../../store/generation.ts'
import { defineAction, type Action } from '../../action.ts'
import { nextToken, tokenPageOf, tokenParams } from '../../paging.ts'
import { text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { shownZoneStatus } from './endpoint-results.ts'
import { idleEndpoint, ownEndpoint } from './own-endpoint.ts'
import { addZone, groupsInForce } from './zone-wiring.ts'

const addZoneToVpcEndpoint = defineAction({
  product: 'Privatelink',
  name: 'AddZoneToVpcEndpoint',
  summary: { en: 'Gives an endpoint an address in a zone.', zh: '为终端节点添加可用区。' },
  status: {
    partial: 'IPv4 only: `Ipv6Address` is refused.',
  },
  params: z.object({
    EndpointId: text(),
    ZoneId: text(),
    VSwitchId: text(),
    ip: text().optional(),
    Ipv6Address: text().optional(),
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
    'EndpointServiceNotSupportedZone',
    'EndpointServiceResourceNotFound',
    'EndpointZoneDuplicated',
    'EniIpUnavailable',
    'ResourceNotEnough.VSwitchIp',
    'VSwitchNotFound',
    'VSwitchStatusNotAllowed',
  ],
  handler: async (context, params) => {
    const { tx } = context
    demand(params.Ipv6Address === undefined, 'EndpointServiceNotSupportIpv6')
    const generation = await nextGeneration(tx)
    const endpoint = await idleEndpoint(context, params.EndpointId)
    demand(endpoint.connection !== 'ServiceDeleted', 'EndpointServiceDeleted')
    await addZone(context, endpoint, params, await groupsInForce(tx, endpoint.id), generation)
    return {}
  },
})

const removeZoneFromVpcEndpoint = defineAction({
  product: 'Privatelink',
  name: 'RemoveZoneFromVpcEndpoint',
  summary: { en: "Removes an endpoint's zone with its address.", zh: '移除终端节点的可用区。' },
  status: 'full',
  params: z.object({ EndpointId: text(), ZoneId: text() }),
  result: z.object({}),
  effect: 'write',
  errors: [
    'EndpointConnectionOperationDenied',
    'EndpointNotFound',
    'EndpointOperationDenied',
    'EndpointProtected',
    'EndpointZoneNotFound',
  ],
  handler: async (context, { EndpointId, ZoneId }) => {
    const { tx } = context
    const generation = await nextGeneration(tx)
    const endpoint = await idleEndpoint(context, EndpointId)
    const zones = (await zonesOfEndpoints(tx, [endpoint.id]))(endpoint.id)
    const zone = found(
      zones.find((candidate) => candidate.zone_id === ZoneId),
      'EndpointZoneNotFound',
    )
    demand(zone.status !== 'Deleting', 'EndpointZoneNotFound')
    await updateZone(tx, zone, { status: 'Deleting', generation })
    return {}
  },
})

const listVpcEndpointZones = defineAction({
  product: 'Privatelink',
  name: 'ListVpcEndpointZones',
  summary: { en: 'Lists the zones of an endpoint.', zh: '查询终端节点的可用区列表。' },
  status: 'full',
  params: z.object({ EndpointId: text(), ...tokenParams(1000) }),
  result: z.object({
    Zones: z.array(
      z.object({
        ZoneId: z.string(),
        VSwitchId: z.string(),
        RegionId: z.string(),
        EniId: z.string(),
        EniIp: z.string(),
        ZoneIpv6Address: z.string(),
        ZoneDomain: z.string(),
        ZoneStatus: z.string(),
      }),
    ),
    TotalCount: z.number(),
    MaxResults: z.number(),
    NextToken: z.string(),
  }),
  effect: 'read',
  errors: ['EndpointNotFound'],
  handler: async (context, params) => {
    const endpoint = await ownEndpoint(context, params.EndpointId)
    const page = tokenPageOf(params)
    const { rows, total, next } = await listZones(context.tx, endpoint.id, page)
    return {
      Zones: rows.map((zone) => ({
        ZoneId: zone.zone_id,
        VSwitchId: zone.vswitch_id,
        RegionId: endpoint.region_id,
        EniId: zone.eni_id,
        EniIp: zone.address,
        ZoneIpv6Address: '',
        ZoneDomain: zoneDomain(
          endpoint.id as EndpointId,
          zone.zone_id,
          endpoint.service_id as ServiceId,
          endpoint.region_id,
          context.domainSuffix,
        ),
        ZoneStatus: shownZoneStatus(zone),
      })),
      TotalCount: total,
      MaxResults: params.MaxResults,
      NextToken: nextToken({ next }),
    }
  },
})

export const endpointZoneActions: readonly Action[] = [
  addZoneToVpcEndpoint,
  removeZoneFromVpcEndpoint,
  listVpcEndpointZones,
]
