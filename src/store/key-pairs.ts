import { readPage, type Listing, type Owner, type Page, type Tx } from './page.ts'
import type { KeyPairTable } from './tables.ts'
import { removeTags, taggedWith, type Tag } from './tags.ts'

export async function insertKeyPair(tx: Tx, pair: KeyPairTable): Promise<void> {
  await tx.insertInto('key_pair').values(pair).execute()
}

export async function findKeyPair(tx: Tx, owner: Owner, name: string): Promise<KeyPairTable | undefined> {
  return await ownedPairs(tx, owner).where('name', '=', name).executeTakeFirst()
}

export interface KeyPairFilter {
  /** May hold `*` for any characters. */
  readonly name?: string | undefined
  readonly fingerprint?: string | undefined
  readonly resourceGroup?: string | undefined
  readonly tags: readonly Tag[]
}

export async function listKeyPairs(
  tx: Tx,
  owner: Owner,
  filter: KeyPairFilter,
  page: Page,
): Promise<Listing<KeyPairTable>> {
  let query = ownedPairs(tx, owner).orderBy('created_at').orderBy('id')
  if (filter.name !== undefined) query = query.where('name', 'like', filter.name.replaceAll('*', '%'))
  if (filter.fingerprint !== undefined) query = query.where('fingerprint', '=', filter.fingerprint)
  if (filter.resourceGroup !== undefined) query = query.where('resource_group_id', '=', filter.resourceGroup)
  for (const tag of filter.tags) query = query.where('id', 'in', taggedWith(tx, 'keypair', tag))
  return await readPage(query, page)
}

export async function countKeyPairs(tx: Tx, owner: Owner): Promise<number> {
  return (await readPage(ownedPairs(tx, owner), { offset: 0, limit: 0 })).total
}

/** Names nobody has are no error. What instances have of a pair stays with them. */
export async function deleteKeyPairs(tx: Tx, owner: Owner, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  const pairs = await ownedPairs(tx, owner).where('name', 'in', names).execute()
  const ids = pairs.map(({ id }) => id)
  await removeTags(tx, 'keypair', ids, 'all')
  if (ids.length > 0) await tx.deleteFrom('key_pair').where('id', 'in', ids).execute()
}

function ownedPairs(tx: Tx, owner: Owner) {
  return tx
    .selectFrom('key_pair')
    .selectAll()
    .where('account_id', '=', owner.account)
    .where('region_id', '=', owner.region)
}
