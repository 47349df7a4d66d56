import type { Transaction } from 'kysely'
import type { TaggedType, Tables } from './tables.ts'

export interface Tag {
  readonly key: string
  readonly value: string
}

/** Sets tags; a key that is there already gets the new value. */
export async function putTags(
  tx: Transaction<Tables>,
  type: TaggedType,
  ids: readonly string[],
  tags: readonly Tag[],
): Promise<void> {
  const rows = ids.flatMap((id) =>
    tags.map(({ key, value }) => ({ resource_type: type, resource_id: id, key, value })),
  )
  if (rows.length === 0) return
  await tx
    .insertInto('tag')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['resource_type', 'resource_id', 'key'])
        .doUpdateSet((eb) => ({ value: eb.ref('excluded.value') })),
    )
    .execute()
}

/** Removes the tags with these keys, or all of them. */
export async function removeTags(
  tx: Transaction<Tables>,
  type: TaggedType,
  ids: readonly string[],
  keys: readonly string[] | 'all',
): Promise<void> {
  if (ids.length === 0 || keys.length === 0) return
  let query = tx.deleteFrom('tag').where('resource_type', '=', type).where('resource_id', 'in', ids)
  if (keys !== 'all') query = query.where('key', 'in', keys)
  await query.execute()
}

/** Tags by resource, each list in the order of the keys. */
export async function readTags(
  tx: Transaction<Tables>,
  type: TaggedType,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly Tag[]>> {
  const found = new Map<string, Tag[]>(ids.map((id) => [id, []]))
  if (ids.length === 0) return found
  const rows = await tx
    .selectFrom('tag')
    .selectAll()
    .where('resource_type', '=', type)
    .where('resource_id', 'in', ids)
    .orderBy('key')
    .execute()
  for (const { resource_id: id, key, value } of rows) found.get(id)?.push({ key, value })
  return found
}
