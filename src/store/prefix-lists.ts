import { readPage, type Listing, type Owner, type Page, type Tx } from './page.ts'
import type { PrefixListEntryTable, PrefixListTable } from './tables.ts'
import { removeTags, taggedWith, type Tag } from './tags.ts'

export async function insertPrefixList(
  tx: Tx,
  list: PrefixListTable,
  entries: readonly Omit<PrefixListEntryTable, 'prefix_list_id'>[],
): Promise<void> {
  await tx.insertInto('prefix_list').values(list).execute()
  await putEntries(tx, list.id, entries)
}

export async function findPrefixList(tx: Tx, owner: Owner, id: string): Promise<PrefixListTable | undefined> {
  return await ownedLists(tx, owner).where('id', '=', id).executeTakeFirst()
}

/** Those of `ids` that are the owner's lists, by id. */
export async function prefixListsById(
  tx: Tx,
  owner: Owner,
  ids: readonly string[],
): Promise<ReadonlyMap<string, PrefixListTable>> {
  if (ids.length === 0) return new Map()
  const rows = await ownedLists(tx, owner).where('id', 'in', ids).execute()
  return new Map(rows.map((row) => [row.id, row]))
}

export interface PrefixListFilter {
  readonly ids?: readonly string[] | undefined
  readonly name?: string | undefined
  readonly resourceGroup?: string | undefined
  readonly tags: readonly Tag[]
}

export async function listPrefixLists(
  tx: Tx,
  owner: Owner,
  filter: PrefixListFilter,
  page: Page,
): Promise<Listing<PrefixListTable>> {
  let query = ownedLists(tx, owner).orderBy('created_at').orderBy('id')
  if (filter.ids) query = query.where('id', 'in', filter.ids)
  if (filter.name !== undefined) query = query.where('name', '=', filter.name)
  if (filter.resourceGroup !== undefined) query = query.where('resource_group_id', '=', filter.resourceGroup)
  for (const tag of filter.tags) query = query.where('id', 'in', taggedWith(tx, 'prefixlist', tag))
  return await readPage(query, page)
}

export async function countPrefixLists(tx: Tx, owner: Owner): Promise<number> {
  return (await readPage(ownedLists(tx, owner), { offset: 0, limit: 0 })).total
}

export async function updatePrefixList(
  tx: Tx,
  id: string,
  change: Pick<PrefixListTable, 'name' | 'description'>,
): Promise<void> {
  await tx.updateTable('prefix_list').set(change).where('id', '=', id).execute()
}

export async function deletePrefixList(tx: Tx, id: string): Promise<void> {
  await removeTags(tx, 'prefixlist', [id], 'all')
  await tx.deleteFrom('prefix_list').where('id', '=', id).execute()
}

export async function entriesOf(tx: Tx, id: string): Promise<readonly PrefixListEntryTable[]> {
  return await tx
    .selectFrom('prefix_list_entry')
    .selectAll()
    .where('prefix_list_id', '=', id)
    .orderBy('cidr')
    .execute()
}

/** Replaces what the list says about these blocks. */
export async function putEntries(
  tx: Tx,
  id: string,
  entries: readonly Omit<PrefixListEntryTable, 'prefix_list_id'>[],
): Promise<void> {
  if (entries.length === 0) return
  await removeEntries(
    tx,
    id,
    entries.map(({ cidr }) => cidr),
  )
  await tx
    .insertInto('prefix_list_entry')
    .values(entries.map((entry) => ({ ...entry, prefix_list_id: id })))
    .execute()
}

export async function removeEntries(tx: Tx, id: string, cidrs: readonly string[]): Promise<void> {
  if (cidrs.length === 0) return
  await tx
    .deleteFrom('prefix_list_entry')
    .where('prefix_list_id', '=', id)
    .where('cidr', 'in', cidrs)
    .execute()
}

/** The security groups whose rules name each list. */
export async function groupsUsing(
  tx: Tx,
  lists: readonly string[],
): Promise<(list: string) => readonly string[]> {
  if (lists.length === 0) return () => []
  const rows = await tx
    .selectFrom('security_group_rule')
    .select(['peer_prefix_list_id', 'security_group_id'])
    .distinct()
    .where('peer_prefix_list_id', 'in', lists)
    .orderBy('security_group_id')
    .execute()
  const groups = Map.groupBy(rows, (row) => row.peer_prefix_list_id)
  return (list) => (groups.get(list) ?? []).map((row) => row.security_group_id)
}

function ownedLists(tx: Tx, owner: Owner) {
  return tx
    .selectFrom('prefix_list')
    .selectAll()
    .where('account_id', '=', owner.account)
    .where('region_id', '=', owner.region)
}
