/** The listeners that send to a server group, as descriptions of groups name them. */
import { z } from 'zod'
import type { ListenerTable } from '../../../store/tables.ts'
import { wrapped } from '../../results.ts'

export const groupListeners = wrapped('Listener', z.object({ Port: z.number(), Protocol: z.string() }))

export function listenersWith(listeners: readonly ListenerTable[], group: string) {
  return {
    Listener: listeners
      .filter((listener) => listener.server_group_id === group)
      .map(({ port, protocol }) => ({ Port: port, Protocol: protocol })),
  }
}
