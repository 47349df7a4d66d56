import { listenersOf } from '../../../store/load-balancers.ts'
import type { ListenerTable } from '../../../store/tables.ts'
import type { ActionContext } from '../../action.ts'
import { integer, text } from '../../params.ts'
import { found } from '../../require.ts'

/** How a request names a listener. */
export const listenerPlace = { LoadBalancerId: text(), ListenerPort: integer(1, 65535) }

export async function ownListener(
  context: ActionContext,
  params: { readonly LoadBalancerId: string; readonly ListenerPort: number },
  protocol: string | undefined,
): Promise<ListenerTable> {
  const listeners = await listenersOf(context.tx, params.LoadBalancerId)
  const listener = listeners.find(
    ({ port, protocol: own }) => port === params.ListenerPort && (protocol === undefined || protocol === own),
  )
  return found(listener, 'ResourceNotFound.Listener')
}
