import { findUser } from '../../../store/ram-users.ts'
import type { RamUserTable } from '../../../store/tables.ts'
import type { ActionContext } from '../../action.ts'
import { found } from '../../require.ts'

/** The user of that name; without a name the calling user itself. */
export async function ownUser(
  { tx, caller }: ActionContext,
  name: string | undefined,
): Promise<RamUserTable> {
  const self = caller.principal.kind === 'user' ? caller.principal.name : undefined
  const asked = found(name ?? self, 'MissingParameter.UserName', { name: 'UserName' })
  return found(await findUser(tx, caller.account, asked), 'EntityNotExist.User', { name: `user ${asked}` })
}
