import type { AccountId } from '../model/ids.ts'
import type { Tx } from './page.ts'

/** Whether the account has activated PrivateLink. */
export async function isPrivateLinkOpen(tx: Tx, account: AccountId): Promise<boolean> {
  const row = await tx
    .selectFrom('account')
    .select('privatelink_opened_at')
    .where('id', '=', account)
    .executeTakeFirst()
  return row !== undefined && row.privatelink_opened_at !== null
}

export async function openPrivateLink(tx: Tx, account: AccountId, now: Date): Promise<void> {
  await tx
    .updateTable('account')
    .set({ privatelink_opened_at: now.toISOString() })
    .where('id', '=', account)
    .execute()
}
