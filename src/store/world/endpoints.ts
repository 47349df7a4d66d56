import type { Transaction } from 'kysely'
import type {
  AccountId,
  EndpointId,
  EniId,
  LoadBalancerId,
  ServiceId,
  VpcId,
  VSwitchId,
} from '../../model/ids.ts'
import type { Endpoint, EndpointService, EndpointZone } from '../../model/world.ts'
import type {
  EndpointServiceTable,
  EndpointTable,
  EndpointZoneTable,
  ServiceResourceTable,
  Tables,
} from '../tables.ts'
import { replacedWireOwner, wireOwner } from '../moves.ts'
import { readFurtherSources } from '../transit.ts'
import { chosen, type Ids } from './ids.ts'
import { readTransit, type Transit } from './networks.ts'

export async function readServices(tx: Transaction<Tables>, ids: Ids): Promise<EndpointService[]> {
  const rows = await tx
    .selectFrom('endpoint_service')
    .selectAll()
    .where('status', '!=', 'Deleting')
    .$call(chosen('id', ids))
    .execute()
  const resourcesOf = Map.groupBy(
    await tx.selectFrom('service_resource').selectAll().$call(chosen('service_id', ids)).execute(),
    (resource) => resource.service_id,
  )
  return rows.map((row) => serviceOf(row, resourcesOf.get(row.id) ?? []))
}

export async function readEndpoints(tx: Transaction<Tables>, ids: Ids): Promise<Endpoint[]> {
  const rows = await tx
    .selectFrom('endpoint')
    .selectAll()
    .where('status', '!=', 'Deleting')
    .$call(chosen('id', ids))
    .execute()
  const zones = await tx
    .selectFrom('endpoint_zone')
    .selectAll()
    .where('status', '!=', 'Deleting')
    .$call(chosen('endpoint_id', ids))
    .execute()
  const zonesOf = Map.groupBy(zones, (zone) => zone.endpoint_id)
  const transit = await readTransit(
    tx,
    ids && zones.flatMap((zone) => [wireOwner(zone), replacedWireOwner(zone)]),
  )
  const further = await readFurtherSources(tx)
  return rows.map((row) => endpointOf(row, zonesOf.get(row.id) ?? [], { transit, further }))
}

function serviceOf(row: EndpointServiceTable, resources: readonly ServiceResourceTable[]): EndpointService {
  return {
    id: row.id as ServiceId,
    owner: row.account_id as AccountId,
    region: row.region_id,
    zoneAffinity: row.zone_affinity === 1,
    resources: resources.map((resource) => ({
      loadBalancer: resource.resource_id as LoadBalancerId,
      zone: resource.zone_id,
    })),
  }
}

interface Addresses {
  readonly transit: Transit
  readonly further: ReadonlyMap<string, readonly string[]>
}

function endpointOf(row: EndpointTable, zones: readonly EndpointZoneTable[], addresses: Addresses): Endpoint {
  return {
    id: row.id as EndpointId,
    owner: row.account_id as AccountId,
    vpc: row.vpc_id as VpcId,
    service: row.service_id as ServiceId,
    region: row.region_id,
    zoneAffinity: row.zone_affinity === 1,
    status: row.status,
    connection: row.connection,
    bandwidthMbps: row.traffic_control_mode === 'Scalability' ? undefined : row.bandwidth,
    zones: zones.map((zone) => zoneOf(zone, addresses)),
  }
}

function zoneOf(row: EndpointZoneTable, { transit, further }: Addresses): EndpointZone {
  return {
    zone: row.zone_id,
    vswitch: row.vswitch_id as VSwitchId,
    eni: row.eni_id as EniId,
    status: row.status,
    loadBalancer: row.load_balancer_id === null ? undefined : (row.load_balancer_id as LoadBalancerId),
    wire: transit.get(wireOwner(row)),
    furtherSources: further.get(wireOwner(row)) ?? [],
    replaced:
      row.replaced_eni_id === null
        ? undefined
        : {
            eni: row.replaced_eni_id as EniId,
            loadBalancer: row.replaced_load_balancer_id as LoadBalancerId,
            wire: transit.get(replacedWireOwner(row)),
            furtherSources: further.get(replacedWireOwner(row)) ?? [],
          },
  }
}
