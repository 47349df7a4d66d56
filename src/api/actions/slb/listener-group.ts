import type { ListenerTable, ServerGroupTable } from '../../../store/tables.ts'
import type { ActionContext } from '../../action.ts'
import { ApiError } from '../../errors.ts'
import { demand } from '../../require.ts'
import type { Settings } from './listener-settings.ts'
import { ownServerGroup } from './own-server-group.ts'

type Kind = ServerGroupTable['kind']

/** What the choice of a server group may be refused with. */
export const groupErrors = [
  'InvalidParameter.MasterSlaveServerGroupId',
  'InvalidParameter.VServerGroupId',
  'MissingParam.MasterSlaveServerGroupId',
  'MissingParam.VServerGroupId',
]

/** How a request names a group of each kind: by an id, and by a switch that takes the group away again. */
const names = {
  vserver: { id: 'VServerGroupId', switch: 'VServerGroup' },
  master_slave: { id: 'MasterSlaveServerGroupId', switch: 'MasterSlaveServerGroup' },
} as const satisfies Record<Kind, { id: keyof Settings; switch: keyof Settings }>

/** The server group that a request asks for, null for the default one; `current` when it says nothing about it. */
export async function chooseServerGroup(
  context: ActionContext,
  balancer: string,
  given: Settings,
  current: string | null,
): Promise<string | null> {
  const asked = (['master_slave', 'vserver'] as const).filter((kind) => isAskedFor(given, kind))
  const [kind, another] = asked
  if (another) {
    const name = names.master_slave.id
    throw new ApiError(`InvalidParameter.${name}`, { name, reason: 'not together with a VServer group' })
  }
  if (kind) return await groupOf(context, balancer, kind, given[names[kind].id] ?? current)
  if (current === null) return null
  const off = (['master_slave', 'vserver'] as const).filter((of) => given[names[of].switch] === 'off')
  if (off.length === 0) return current
  const group = await ownServerGroup(context, current)
  return off.includes(group.kind) ? null : current
}

function isAskedFor(given: Settings, kind: Kind): boolean {
  const { id, switch: onOrOff } = names[kind]
  return given[onOrOff] === 'on' || (given[id] !== undefined && given[onOrOff] !== 'off')
}

async function groupOf(
  context: ActionContext,
  balancer: string,
  kind: Kind,
  id: string | null,
): Promise<string> {
  const name = names[kind].id
  if (id === null) throw new ApiError(`MissingParam.${name}`, { name })
  const group = await ownServerGroup(context, id, kind)
  demand(group.load_balancer_id === balancer, `InvalidParameter.${name}`)
  return group.id
}

/**
 * A server reads a header before every stream or before none: the listeners that send to the same port of the same
 * server group agree (CLB user guide, PROXY protocol).
 */
export function checkProxyProtocol(listener: ListenerTable, all: readonly ListenerTable[]): void {
  const disagrees = all.some(
    (other) =>
      other.port !== listener.port &&
      other.protocol === listener.protocol &&
      other.server_group_id === listener.server_group_id &&
      (listener.server_group_id !== null || other.backend_port === listener.backend_port) &&
      other.proxy_protocol !== listener.proxy_protocol,
  )
  const name = 'ProxyProtocolV2Enabled'
  const reason = 'another listener of the server group has it otherwise'
  demand(!disagrees, `InvalidParameter.${name}`, { name, reason })
}
