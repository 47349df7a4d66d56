import { findServerGroup } from '../../../store/server-groups.ts'
import type { ServerGroupTable } from '../../../store/tables.ts'
import type { ActionContext } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import { found } from '../../require.ts'

export async function ownServerGroup(context: ActionContext, id: string): Promise<ServerGroupTable> {
  return found(await findServerGroup(context.tx, ownerOf(context), id), 'InvalidParameter.VServerGroupId')
}
