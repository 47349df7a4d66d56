import { findEndpoint } from '../../../store/endpoints.ts'
import type { EndpointTable } from '../../../store/tables.ts'
import type { ActionContext } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import { demand, found } from '../../require.ts'

export async function ownEndpoint(context: ActionContext, id: string): Promise<EndpointTable> {
  return found(await findEndpoint(context.tx, ownerOf(context), id), 'EndpointNotFound')
}

/** An endpoint that can be changed: nothing of it is on its way. */
export async function idleEndpoint(context: ActionContext, id: string): Promise<EndpointTable> {
  const endpoint = await ownEndpoint(context, id)
  demand(endpoint.status === 'Active', 'EndpointOperationDenied')
  const { connection } = endpoint
  demand(connection !== 'Connecting' && connection !== 'Disconnecting', 'EndpointConnectionOperationDenied')
  demand(connection !== 'Pending', 'EndpointConnectionOperationDenied')
  return endpoint
}
