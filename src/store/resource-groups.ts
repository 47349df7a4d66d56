import { newId, type AccountId, type RandomBytes, type ResourceGroupId } from '../model/ids.ts'
import { readPage, type Listing, type Page, type Tx } from './page.ts'
import type { ResourceGroupTable } from './tables.ts'
import { removeTags, taggedWith, type Tag } from './tags.ts'

const defaultName = 'default'

/** The account's default resource group, made when it is first needed. */
export async function defaultResourceGroup(
  tx: Tx,
  account: AccountId,
  now: Date,
  randomBytes: RandomBytes,
): Promise<string> {
  const found = await findResourceGroupByName(tx, account, defaultName)
  if (found) return found.id
  const id = newResourceGroupId(randomBytes)
  await insertResourceGroup(tx, {
    id,
    account_id: account,
    name: defaultName,
    display_name: 'default resource group',
    created_at: now.toISOString(),
  })
  return id
}

export function isDefault({ name }: ResourceGroupTable): boolean {
  return name === defaultName
}

/** Clients check that the id of a group has no more than 18 characters. */
export function newResourceGroupId(randomBytes: RandomBytes): ResourceGroupId {
  return newId('rg', randomBytes).slice(0, 18) as ResourceGroupId
}

export async function insertResourceGroup(tx: Tx, group: ResourceGroupTable): Promise<void> {
  await tx.insertInto('resource_group').values(group).execute()
}

export async function findResourceGroup(
  tx: Tx,
  account: AccountId,
  id: string,
): Promise<ResourceGroupTable | undefined> {
  return await ownedGroups(tx, account).where('id', '=', id).executeTakeFirst()
}

export async function findResourceGroupByName(
  tx: Tx,
  account: AccountId,
  name: string,
): Promise<ResourceGroupTable | undefined> {
  return await ownedGroups(tx, account).where('name', '=', name).executeTakeFirst()
}

export async function ownsResourceGroup(tx: Tx, account: AccountId, id: string): Promise<boolean> {
  return (await findResourceGroup(tx, account, id)) !== undefined
}

export async function countResourceGroups(tx: Tx, account: AccountId): Promise<number> {
  return (await readPage(ownedGroups(tx, account), { offset: 0, limit: 0 })).total
}

export interface ResourceGroupFilter {
  readonly ids?: readonly string[] | undefined
  readonly name?: string | undefined
  readonly displayName?: string | undefined
  readonly tags: readonly Tag[]
}

export async function listResourceGroups(
  tx: Tx,
  account: AccountId,
  filter: ResourceGroupFilter,
  page: Page,
): Promise<Listing<ResourceGroupTable>> {
  let query = ownedGroups(tx, account).orderBy('created_at').orderBy('id')
  if (filter.ids) query = query.where('id', 'in', filter.ids)
  if (filter.name !== undefined) query = query.where('name', '=', filter.name)
  if (filter.displayName !== undefined) query = query.where('display_name', '=', filter.displayName)
  for (const tag of filter.tags) query = query.where('id', 'in', taggedWith(tx, 'resourcegroup', tag))
  return await readPage(query, page)
}

export async function renameResourceGroup(tx: Tx, id: string, displayName: string): Promise<void> {
  await tx.updateTable('resource_group').set({ display_name: displayName }).where('id', '=', id).execute()
}

export async function deleteResourceGroup(tx: Tx, id: string): Promise<void> {
  await removeTags(tx, 'resourcegroup', [id], 'all')
  await tx.deleteFrom('resource_group').where('id', '=', id).execute()
}

function ownedGroups(tx: Tx, account: AccountId) {
  return tx.selectFrom('resource_group').selectAll().where('account_id', '=', account)
}
