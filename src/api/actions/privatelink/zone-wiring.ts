/** What connects one zone of an endpoint: an address in the consumer's vSwitch, a service resource, a wire. */
import { newId } from '../../../model/ids.ts'
import { quotas } from '../../../model/quotas.ts'
import { reserveAddress } from '../../../store/addresses.ts'
import { resourcesOf } from '../../../store/endpoint-services.ts'
import { countZonesByResource, insertZone, updateZone, zonesOfEndpoints } from '../../../store/endpoints.ts'
import { insertEni } from '../../../store/enis.ts'
import { wireOwner } from '../../../store/moves.ts'
import type {
  EndpointTable,
  EndpointZoneTable,
  ServiceResourceTable,
  VSwitchTable,
} from '../../../store/tables.ts'
import { allocateTransit, releaseTransit } from '../../../store/transit.ts'
import { findVSwitch } from '../../../store/vswitches.ts'
import type { ActionContext } from '../../action.ts'
import { ApiError } from '../../errors.ts'
import { newMac, ownerOf } from '../../new-resource.ts'
import { demand, found } from '../../require.ts'

export interface ZoneRequest {
  readonly ZoneId: string
  readonly VSwitchId: string
  readonly ip?: string | undefined
}

/**
 * Adds a zone to an endpoint: its ENI at once, its wire when the connection is accepted already.
 * `groups` are the endpoint's security groups.
 */
export async function addZone(
  context: ActionContext,
  endpoint: EndpointTable,
  request: ZoneRequest,
  groups: readonly string[],
  generation: number,
): Promise<void> {
  const { tx } = context
  const present = (await zonesOfEndpoints(tx, [endpoint.id]))(endpoint.id)
  demand(!present.some((zone) => zone.zone_id === request.ZoneId), 'EndpointZoneDuplicated')
  demand(present.length < quotas.zonesPerEndpoint, 'QuotaExceeded.epZonePerEndpoint')
  const resources = (await resourcesOf(tx, [endpoint.service_id]))(endpoint.service_id).filter(
    (resource) => resource.zone_id === request.ZoneId,
  )
  demand(resources.length > 0, 'EndpointServiceNotSupportedZone')
  const resource = await chooseResource(context, resources)
  const vswitch = await findPlace(context, endpoint, request)
  const accepted = isAccepted(endpoint)
  const zone: EndpointZoneTable = {
    endpoint_id: endpoint.id,
    zone_id: request.ZoneId,
    vswitch_id: vswitch.id,
    eni_id: await createEni(context, { endpoint, vswitch, groups, generation, address: request.ip }),
    status: accepted ? 'Connecting' : 'Creating',
    load_balancer_id: found(resource, 'EndpointServiceResourceNotFound').resource_id,
    generation,
  }
  await insertZone(tx, zone)
  if (accepted) await allocateTransit(tx, wireOwner(zone))
}

function isAccepted({ connection }: EndpointTable): boolean {
  return connection === 'Connecting' || connection === 'Connected' || connection === 'Pending'
}

/** Connects a zone: by its resource while the service still has it, by another one otherwise, over a fresh wire. */
export async function connectZone(
  context: ActionContext,
  endpoint: EndpointTable,
  zone: EndpointZoneTable,
  generation: number,
): Promise<void> {
  const { tx } = context
  const resources = (await resourcesOf(tx, [endpoint.service_id]))(endpoint.service_id).filter(
    (resource) => resource.zone_id === zone.zone_id,
  )
  const kept = resources.find((resource) => resource.resource_id === zone.load_balancer_id)
  const resource = kept ?? (await chooseResource(context, resources))
  await allocateTransit(tx, wireOwner(zone))
  await updateZone(tx, zone, {
    status: 'Connecting',
    load_balancer_id: found(resource, 'OperationDenied.NoAvailableServiceResource').resource_id,
    generation,
  })
}

/** Leads a connected zone to another resource, at once: a fresh wire instead of the one it has. */
export async function moveWire(
  { tx }: ActionContext,
  zone: EndpointZoneTable,
  to: ServiceResourceTable,
  generation: number,
): Promise<void> {
  await releaseTransit(tx, [wireOwner(zone)])
  await allocateTransit(tx, wireOwner(zone))
  await updateZone(tx, zone, { status: 'Connecting', load_balancer_id: to.resource_id, generation })
}

/** Of the resources that may be given out, the one that serves the fewest endpoints. */
export async function chooseResource(
  { tx }: ActionContext,
  resources: readonly ServiceResourceTable[],
): Promise<ServiceResourceTable | undefined> {
  const [first, ...others] = resources.filter((resource) => resource.auto_allocated === 1)
  if (!first || others.length === 0) return first
  const load = await countZonesByResource(tx, first.service_id)
  return others.reduce((best, other) => (load(other) < load(best) ? other : best), first)
}

/** The vSwitch must be in the endpoint's VPC and in the zone. */
async function findPlace(
  context: ActionContext,
  endpoint: EndpointTable,
  request: ZoneRequest,
): Promise<VSwitchTable> {
  const vswitch = found(await findVSwitch(context.tx, ownerOf(context), request.VSwitchId), 'VSwitchNotFound')
  demand(vswitch.vpc_id === endpoint.vpc_id && vswitch.zone_id === request.ZoneId, 'VSwitchNotFound')
  demand(vswitch.status === 'Available', 'VSwitchStatusNotAllowed')
  return vswitch
}

interface EniRequest {
  readonly endpoint: EndpointTable
  readonly vswitch: VSwitchTable
  readonly groups: readonly string[]
  readonly address: string | undefined
  readonly generation: number
}

async function createEni(
  { tx, now, randomBytes }: ActionContext,
  { endpoint, vswitch, groups, address, generation }: EniRequest,
): Promise<string> {
  const id = newId('eni', randomBytes)
  const reservation = await reserveAddress(tx, vswitch, id, address)
  if (!reservation.ok) {
    const full = reservation.reason === 'Exhausted'
    throw new ApiError(full ? 'ResourceNotEnough.VSwitchIp' : 'EniIpUnavailable')
  }
  await insertEni(
    tx,
    {
      id,
      account_id: endpoint.account_id,
      region_id: endpoint.region_id,
      resource_group_id: endpoint.resource_group_id,
      created_at: now.toISOString(),
      generation,
      vpc_id: vswitch.vpc_id,
      vswitch_id: vswitch.id,
      zone_id: vswitch.zone_id,
      address: reservation.address,
      mac: newMac(randomBytes),
      name: endpoint.id,
      description: `${endpoint.id} ${vswitch.zone_id}`,
      instance_id: null,
      is_primary: 0,
      device: 0,
      endpoint_id: endpoint.id,
    },
    groups,
  )
  return id
}
