/** What the status of a connection lets its service's owner do: the server's rules, told before the click. */
import type { Messages } from '../../i18n/en.ts'

export type ConnectionAction = 'allow' | 'deny' | 'bandwidth'

export function connectionBar(action: ConnectionAction, status: string, t: Messages): string | undefined {
  const settled = status === 'Connected' || status === 'Disconnected'
  if (!settled) return t.connection.moving
  if (action === 'allow' && status === 'Connected') return t.connection.alreadyAllowed
  if (action === 'deny' && status === 'Disconnected') return t.connection.alreadyDenied
  if (action === 'bandwidth' && status === 'Disconnected') return t.connection.bandwidthNeeds
  return undefined
}
