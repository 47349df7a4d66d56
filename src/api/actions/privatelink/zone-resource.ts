/** Privatelink 2020-04-15: which service resource carries one zone of a connection. */
import { z } from 'zod'
import { resourcesOf, updateService } from '../../../store/endpoint-services.ts'
import { updateZone } from '../../../store/endpoints.ts'
import { nextGeneration } from '../../../store/generation.ts'
import type { EndpointTable, EndpointZoneTable, ServiceResourceTable } from '../../../store/tables.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ApiError } from '../../errors.ts'
import { choice, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { ownConnection, zoneOf } from './own-connection.ts'
import { ownService } from './own-service.ts'
import { chooseResource, migrateZone, moveWire } from './zone-wiring.ts'

const params = z.object({
  ServiceId: text(),
  EndpointId: text(),
  ZoneId: text(),
  ResourceId: text().optional(),
  ResourceType: text().default('slb'),
  ResourceAllocateMode: choice(['Auto', 'Manual'], {
    invalid: 'IllegalParam.ResourceAllocateMode',
  }).optional(),
  ResourceReplaceMode: choice(['Graceful', 'Force'], {
    invalid: 'IllegalParam.ResourceReplaceMode',
  }).optional(),
})

const updateVpcEndpointZoneConnectionResourceAttribute = defineAction({
  product: 'Privatelink',
  name: 'UpdateVpcEndpointZoneConnectionResourceAttribute',
  summary: {
    en: 'Chooses the resource of a zone before it is connected (ResourceAllocateMode), or replaces it while it is (ResourceReplaceMode). Graceful: open flows stay on the old resource until it is closed; Force: they end.',
    zh: '修改终端节点连接可用区的服务资源：未连接时指定分配方式，已连接时替换服务资源（平滑替换：已有连接保留在旧资源上；强制替换：已有连接中断）。',
  },
  status: {
    partial: 'Services of type slb only.',
  },
  params,
  result: z.object({}),
  effect: 'write',
  errors: [
    'EndpointConnectionNotFound',
    'EndpointConnectionOperationDenied',
    'EndpointLocked',
    'EndpointServiceLocked',
    'EndpointServiceNotFound',
    'EndpointServiceResourceNotFound',
    'EndpointServiceResourceTypeNotSupport',
    'EndpointZoneNotFound',
    'IllegalParam.ResourceAllocateMode',
    'IllegalParam.ResourceReplaceMode',
    'Mismatch.ZoneId',
    'MissingParam.ResourceAllocateMode',
    'MissingParam.ResourceId',
    'OperationDenied.CurrentResourceAutoAllocated',
    'ResourceNotEnough.VSwitchIp',
    'ZoneOperationDenied',
  ],
  handler: async (context, given) => {
    const { tx } = context
    const { ResourceAllocateMode: allocate, ResourceReplaceMode: replace } = given
    demand(given.ResourceType === 'slb', 'EndpointServiceResourceTypeNotSupport')
    demand(allocate !== undefined || replace !== undefined, 'MissingParam.ResourceAllocateMode')
    demand(allocate === undefined || replace === undefined, 'IllegalParam.ResourceReplaceMode', {
      name: 'ResourceReplaceMode',
      reason: 'not together with ResourceAllocateMode',
    })
    const generation = await nextGeneration(tx)
    const service = await ownService(context, given.ServiceId)
    const endpoint = await ownConnection(context, given)
    // An NLB is one resource per zone: there is nothing to choose or to replace (PrivateLink, API reference).
    demand(service.resource_type === 'slb', 'EndpointServiceResourceTypeNotSupport')
    demand(service.status === 'Active', 'EndpointServiceLocked')
    demand(endpoint.status === 'Active', 'EndpointLocked')
    const zone = await zoneOf(context, endpoint, given.ZoneId, 'EndpointZoneNotFound')
    if (replace) {
      const next = await chooseReplacement(context, endpoint, zone, given.ResourceId)
      if (replace === 'Graceful') await migrateZone(context, endpoint, zone, next, generation)
      else await moveWire(context, zone, next, generation)
    } else await allocateResource(context, endpoint, zone, allocate === 'Manual' ? given : 'Auto', generation)
    await updateService(tx, service.id, { status: 'Pending', generation })
    return {}
  },
})

/** The resource that a connected zone shall have from now on. */
async function chooseReplacement(
  context: ActionContext,
  endpoint: EndpointTable,
  zone: EndpointZoneTable,
  resource: string | undefined,
): Promise<ServiceResourceTable> {
  demand(endpoint.connection === 'Connected', 'EndpointConnectionOperationDenied')
  demand(zone.status === 'Connected', 'ZoneOperationDenied')
  const resources = await resourcesOfEndpoint(context, endpoint)
  const next = resourceOfZone(resources, zone, resource)
  const present = resources.find(({ resource_id: id }) => id === zone.load_balancer_id)
  demand(present?.auto_allocated !== 1, 'OperationDenied.CurrentResourceAutoAllocated')
  return next
}

/** What the zone will be connected by. `Auto` takes a manual choice back. */
async function allocateResource(
  context: ActionContext,
  endpoint: EndpointTable,
  zone: EndpointZoneTable,
  wanted: 'Auto' | { readonly ResourceId?: string | undefined },
  generation: number,
): Promise<void> {
  demand(endpoint.connection === 'Disconnected', 'EndpointConnectionOperationDenied')
  demand(zone.status === 'Wait' || zone.status === 'Disconnected', 'ZoneOperationDenied')
  const resources = await resourcesOfEndpoint(context, endpoint)
  const ofZone = resources.filter((resource) => resource.zone_id === zone.zone_id)
  const chosen =
    wanted === 'Auto'
      ? await chooseResource(context, ofZone)
      : resourceOfZone(resources, zone, wanted.ResourceId)
  await updateZone(context.tx, zone, { load_balancer_id: chosen?.resource_id ?? null, generation })
}

async function resourcesOfEndpoint(
  { tx }: ActionContext,
  { service_id: service }: EndpointTable,
): Promise<readonly ServiceResourceTable[]> {
  return (await resourcesOf(tx, [service]))(service)
}

function resourceOfZone(
  resources: readonly ServiceResourceTable[],
  zone: EndpointZoneTable,
  id: string | undefined,
): ServiceResourceTable {
  if (id === undefined) throw new ApiError('MissingParam.ResourceId', { name: 'ResourceId' })
  const resource = found(
    resources.find(({ resource_id: candidate }) => candidate === id),
    'EndpointServiceResourceNotFound',
  )
  demand(resource.zone_id === zone.zone_id, 'Mismatch.ZoneId')
  return resource
}

export const zoneResourceActions: readonly Action[] = [updateVpcEndpointZoneConnectionResourceAttribute]
