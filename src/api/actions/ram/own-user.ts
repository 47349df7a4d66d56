import { findUser } from '../../../store/ram-users.ts'
import type { RamUserTable } from '../../../store/tables.ts'
import type { ActionContext } from '../../action.ts'
import { found } from '../../require.ts'

export async function ownUser({ tx, caller }: ActionContext, name: string): Promise<RamUserTable> {
  return found(await findUser(tx, caller.account, name), 'EntityNotExist.User', { name: 'user' })
}
