import { findEndpoint } from '../../../store/endpoints.ts'
import type { EndpointTable } from '../../../store/tables.ts'
import type { ActionContext, Caller } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import { demand, found } from '../../require.ts'

export async function ownEndpoint(context: ActionContext, id: string): Promise<EndpointTable> {
  return found(await findEndpoint(context.tx, ownerOf(context), id), 'EndpointNotFound')
}

/** An endpoint that this caller may change: one with managed protection obeys the identity that made it, and no other. */
export async function changeableEndpoint(context: ActionContext, id: string): Promise<EndpointTable> {
  const endpoint = await ownEndpoint(context, id)
  const free = endpoint.protected_by === '' || endpoint.protected_by === identityOf(context.caller)
  demand(free, 'EndpointProtected')
  return endpoint
}

/** An endpoint that can be changed: nothing of it is on its way, and its service is there. */
export async function idleEndpoint(context: ActionContext, id: string): Promise<EndpointTable> {
  const endpoint = await changeableEndpoint(context, id)
  demand(endpoint.status === 'Active', 'EndpointOperationDenied')
  const { connection } = endpoint
  demand(connection !== 'Connecting' && connection !== 'Disconnecting', 'EndpointConnectionOperationDenied')
  demand(connection !== 'Pending', 'EndpointConnectionOperationDenied')
  return endpoint
}

/** Who a caller is, whichever session of a role it is in. */
export function identityOf({ arn }: Pick<Caller, 'arn'>): string {
  return arn.replace(/^(acs:ram::\d+:assumed-role\/[^/]+)\/.*$/, '$1')
}
