/** Privatelink 2020-04-15: single zones of a connection, which the service's owner connects and cuts. */
import { z } from 'zod'
import { updateZone } from '../../../store/endpoints.ts'
import { nextGeneration } from '../../../store/generation.ts'
import type { EndpointTable, EndpointZoneTable } from '../../../store/tables.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { flag, text } from '../../params.ts'
import { demand } from '../../require.ts'
import { ownConnection, zoneOf } from './own-connection.ts'
import { ownService } from './own-service.ts'
import { connectZone } from './zone-wiring.ts'

const zoneParams = { ServiceId: text(), EndpointId: text(), ZoneId: text() }

/** A zone of a connection of which nothing is on its way. */
async function zoneOfConnection(
  context: ActionContext,
  params: { readonly ServiceId: string; readonly EndpointId: string; readonly ZoneId: string },
): Promise<{ readonly endpoint: EndpointTable; readonly zone: EndpointZoneTable }> {
  const service = await ownService(context, params.ServiceId)
  const endpoint = await ownConnection(context, params)
  demand(service.status === 'Active', 'IncorrectStatus.VpcEndpointService')
  demand(endpoint.status === 'Active', 'IncorrectStatus.VpcEndpoint')
  demand(endpoint.connection === 'Connected', 'IncorrectStatus.VpcEndpointConnection')
  return {
    endpoint,
    zone: await zoneOf(context, endpoint, params.ZoneId, 'ResourceNotFound.VpcEndpointZone'),
  }
}

const enableVpcEndpointZoneConnection = defineAction({
  product: 'Privatelink',
  name: 'EnableVpcEndpointZoneConnection',
  summary: { en: 'Connects one zone of an allowed connection.', zh: '允许终端节点可用区连接。' },
  status: 'full',
  params: z.object(zoneParams),
  result: z.object({}),
  effect: 'write',
  errors: [
    'EndpointConnectionNotFound',
    'EndpointServiceNotFound',
    'IncorrectStatus.VpcEndpoint',
    'IncorrectStatus.VpcEndpointConnection',
    'IncorrectStatus.VpcEndpointService',
    'IncorrectStatus.VpcEndpointZone',
    'OperationDenied.NoAvailableServiceResource',
    'ResourceNotFound.VpcEndpointZone',
  ],
  handler: async (context, params) => {
    const generation = await nextGeneration(context.tx)
    const { endpoint, zone } = await zoneOfConnection(context, params)
    demand(zone.status === 'Disconnected', 'IncorrectStatus.VpcEndpointZone')
    await connectZone(context, endpoint, zone, generation)
    return {}
  },
})

const disableVpcEndpointZoneConnection = defineAction({
  product: 'Privatelink',
  name: 'DisableVpcEndpointZoneConnection',
  summary: { en: 'Cuts one zone of a connection.', zh: '拒绝终端节点可用区连接。' },
  status: 'full',
  params: z.object({ ...zoneParams, ReplacedResource: flag().optional() }),
  result: z.object({}),
  effect: 'write',
  errors: [
    'EndpointConnectionNotFound',
    'EndpointServiceNotFound',
    'IncorrectStatus.VpcEndpoint',
    'IncorrectStatus.VpcEndpointConnection',
    'IncorrectStatus.VpcEndpointService',
    'IncorrectStatus.VpcEndpointZone',
    'ResourceNotFound.VpcEndpointZone',
  ],
  handler: async (context, params) => {
    const { tx } = context
    const generation = await nextGeneration(tx)
    const { zone } = await zoneOfConnection(context, params)
    const allowed = params.ReplacedResource === true ? ['Migrated'] : ['Connected', 'Migrated']
    demand(allowed.includes(zone.status), 'IncorrectStatus.VpcEndpointZone')
    // Only the old side is closed: what is connected stays so, and is `Connected` again when the kernel let go of the rest.
    const status = params.ReplacedResource === true ? 'Connecting' : 'Disconnecting'
    await updateZone(tx, zone, { status, generation })
    return {}
  },
})

export const zoneConnectionActions: readonly Action[] = [
  enableVpcEndpointZoneConnection,
  disableVpcEndpointZoneConnection,
]
