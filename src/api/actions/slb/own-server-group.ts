import { findServerGroup } from '../../../store/server-groups.ts'
import type { ServerGroupTable } from '../../../store/tables.ts'
import type { ActionContext } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import { found } from '../../require.ts'

const unknown = {
  vserver: 'InvalidParameter.VServerGroupId',
  master_slave: 'InvalidParameter.MasterSlaveServerGroupId',
} as const

/** A group of the caller's, of any kind unless one is asked for. */
export async function ownServerGroup(
  context: ActionContext,
  id: string,
  kind?: ServerGroupTable['kind'],
): Promise<ServerGroupTable> {
  const group = await findServerGroup(context.tx, ownerOf(context), id)
  return found(kind === undefined || group?.kind === kind ? group : undefined, unknown[kind ?? 'vserver'])
}
