/** Listeners of NLBs. */
import { readPage, type Listing, type Owner, type Page, type Tx } from '../page.ts'
import type { NlbListenerTable } from '../tables.ts'
import { removeTags, taggedWith, type Tag } from '../tags.ts'

export async function insertListener(tx: Tx, listener: NlbListenerTable): Promise<void> {
  await tx.insertInto('nlb_listener').values(listener).execute()
}

export async function findListener(tx: Tx, owner: Owner, id: string): Promise<NlbListenerTable | undefined> {
  return await ownedListeners(tx, owner).where('id', '=', id).executeTakeFirst()
}

export interface ListenerFilter {
  readonly ids?: readonly string[] | undefined
  readonly balancers?: readonly string[] | undefined
  readonly protocol?: string | undefined
  readonly tags: readonly Tag[]
}

export async function listListeners(
  tx: Tx,
  owner: Owner,
  filter: ListenerFilter,
  page: Page,
): Promise<Listing<NlbListenerTable>> {
  let query = ownedListeners(tx, owner).orderBy('created_at').orderBy('id')
  if (filter.ids) query = query.where('id', 'in', filter.ids)
  if (filter.balancers) query = query.where('load_balancer_id', 'in', filter.balancers)
  if (filter.protocol !== undefined) {
    query = query.where('protocol', '=', filter.protocol as NlbListenerTable['protocol'])
  }
  for (const tag of filter.tags) query = query.where('id', 'in', taggedWith(tx, 'nlblistener', tag))
  return await readPage(query, page)
}

export async function listenersOf(tx: Tx, balancer: string): Promise<readonly NlbListenerTable[]> {
  return await tx.selectFrom('nlb_listener').selectAll().where('load_balancer_id', '=', balancer).execute()
}

export async function listenersOfGroups(
  tx: Tx,
  groups: readonly string[],
): Promise<(group: string) => readonly NlbListenerTable[]> {
  if (groups.length === 0) return () => []
  const rows = await tx
    .selectFrom('nlb_listener')
    .selectAll()
    .where('server_group_id', 'in', groups)
    .orderBy('id')
    .execute()
  const listeners = Map.groupBy(rows, (row) => row.server_group_id)
  return (group) => listeners.get(group) ?? []
}

export async function updateListener(
  tx: Tx,
  id: string,
  change: Partial<Omit<NlbListenerTable, 'id' | 'account_id' | 'region_id' | 'load_balancer_id'>>,
): Promise<void> {
  await tx.updateTable('nlb_listener').set(change).where('id', '=', id).execute()
}

export async function removeListeners(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await removeTags(tx, 'nlblistener', ids, 'all')
  await tx.deleteFrom('nlb_listener').where('id', 'in', ids).execute()
}

function ownedListeners(tx: Tx, owner: Owner) {
  return tx
    .selectFrom('nlb_listener')
    .selectAll()
    .where('account_id', '=', owner.account)
    .where('region_id', '=', owner.region)
}
