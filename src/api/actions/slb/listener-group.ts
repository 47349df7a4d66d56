import type { ActionContext } from '../../action.ts'
import { ApiError } from '../../errors.ts'
import { demand } from '../../require.ts'
import type { ServerGroupTable } from '../../../store/tables.ts'
import type { Settings } from './listener-settings.ts'
import { ownServerGroup } from './own-server-group.ts'

type Kind = ServerGroupTable['kind']

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
