import { readPage, type Listing, type Owner, type Page, type Tx } from './page.ts'
import { freeAddresses, releaseAddresses } from './addresses.ts'
import type { EniTable } from './tables.ts'
import { removeTags, taggedWith, type Tag } from './tags.ts'

/** An interface of an instance or endpoint is in use from the start, and has nothing to say about a release. */
export type NewEni = Omit<EniTable, 'status' | 'delete_on_release'> &
  Partial<Pick<EniTable, 'status' | 'delete_on_release'>>

export async function insertEni(tx: Tx, eni: NewEni, groups: readonly string[]): Promise<void> {
  await tx
    .insertInto('eni')
    .values({ status: 'InUse', delete_on_release: 1, ...eni })
    .execute()
  if (groups.length === 0) return
  await tx
    .insertInto('eni_security_group')
    .values(groups.map((group) => ({ eni_id: eni.id, security_group_id: group })))
    .execute()
}

export async function addAddress(tx: Tx, eni: string, address: string): Promise<void> {
  await tx.insertInto('eni_address').values({ eni_id: eni, address }).execute()
}

/** Takes addresses away, all of them the interface's own, and frees them. */
export async function removeAddresses(tx: Tx, eni: EniTable, addresses: readonly string[]): Promise<void> {
  await tx.deleteFrom('eni_address').where('eni_id', '=', eni.id).where('address', 'in', addresses).execute()
  await freeAddresses(tx, eni.vpc_id, addresses)
}

/** Addresses of each interface beside its first one. */
export async function furtherAddresses(
  tx: Tx,
  enis: readonly string[],
): Promise<(eni: string) => readonly string[]> {
  if (enis.length === 0) return () => []
  const rows = await tx
    .selectFrom('eni_address')
    .selectAll()
    .where('eni_id', 'in', enis)
    .orderBy('address')
    .execute()
  const addresses = Map.groupBy(rows, (row) => row.eni_id)
  return (eni) => (addresses.get(eni) ?? []).map((row) => row.address)
}

export async function findEni(tx: Tx, owner: Owner, id: string): Promise<EniTable | undefined> {
  return await ownedEnis(tx, owner).where('id', '=', id).executeTakeFirst()
}

export async function findEniByAddress(
  tx: Tx,
  owner: Owner,
  vpc: string,
  address: string,
): Promise<EniTable | undefined> {
  return await ownedEnis(tx, owner)
    .where('vpc_id', '=', vpc)
    .where('address', '=', address)
    .executeTakeFirst()
}

export interface EniFilter {
  readonly ids?: readonly string[] | undefined
  readonly instance?: string | undefined
  readonly vpc?: string | undefined
  readonly vswitch?: string | undefined
  readonly group?: string | undefined
  readonly address?: string | undefined
  readonly name?: string | undefined
  readonly primary?: boolean | undefined
  readonly resourceGroup?: string | undefined
  readonly addresses?: readonly string[] | undefined
  readonly status?: EniTable['status'] | undefined
  readonly serviceManaged?: boolean | undefined
  readonly tags: readonly Tag[]
}

export async function listEnis(
  tx: Tx,
  owner: Owner,
  filter: EniFilter,
  page: Page,
): Promise<Listing<EniTable>> {
  let query = ownedEnis(tx, owner).orderBy('created_at').orderBy('id')
  if (filter.ids) query = query.where('id', 'in', filter.ids)
  if (filter.instance !== undefined) query = query.where('instance_id', '=', filter.instance)
  if (filter.vpc !== undefined) query = query.where('vpc_id', '=', filter.vpc)
  if (filter.vswitch !== undefined) query = query.where('vswitch_id', '=', filter.vswitch)
  if (filter.address !== undefined) query = query.where('address', '=', filter.address)
  if (filter.name !== undefined) query = query.where('name', '=', filter.name)
  if (filter.primary !== undefined) query = query.where('is_primary', '=', filter.primary ? 1 : 0)
  if (filter.resourceGroup !== undefined) query = query.where('resource_group_id', '=', filter.resourceGroup)
  const { addresses } = filter
  if (addresses) {
    const further = tx.selectFrom('eni_address').select('eni_id').where('address', 'in', addresses)
    query = query.where((eb) => eb.or([eb('address', 'in', addresses), eb('id', 'in', further)]))
  }
  if (filter.status !== undefined) query = query.where('status', '=', filter.status)
  if (filter.serviceManaged !== undefined) {
    query = query.where('endpoint_id', filter.serviceManaged ? 'is not' : 'is', null)
  }
  for (const tag of filter.tags) query = query.where('id', 'in', taggedWith(tx, 'eni', tag))
  if (filter.group !== undefined) {
    const members = tx
      .selectFrom('eni_security_group')
      .select('eni_id')
      .where('security_group_id', '=', filter.group)
    query = query.where('id', 'in', members)
  }
  return await readPage(query, page)
}

export async function countEnis(tx: Tx, owner: Owner): Promise<number> {
  return (await readPage(ownedEnis(tx, owner), { offset: 0, limit: 0 })).total
}

export async function updateEni(
  tx: Tx,
  id: string,
  change: Partial<
    Pick<
      EniTable,
      | 'name'
      | 'description'
      | 'status'
      | 'instance_id'
      | 'device'
      | 'delete_on_release'
      | 'generation'
      | 'vswitch_id'
      | 'address'
    >
  >,
): Promise<void> {
  await tx.updateTable('eni').set(change).where('id', '=', id).execute()
}

/** Puts an interface into exactly these groups. */
export async function setGroups(tx: Tx, eni: string, groups: readonly string[]): Promise<void> {
  await tx.deleteFrom('eni_security_group').where('eni_id', '=', eni).execute()
  await tx
    .insertInto('eni_security_group')
    .values(groups.map((group) => ({ eni_id: eni, security_group_id: group })))
    .execute()
}

/** An interface that nothing holds, with its address and tags. */
export async function deleteEni(tx: Tx, id: string): Promise<void> {
  await releaseAddresses(tx, [id])
  await removeTags(tx, 'eni', [id], 'all')
  await tx.deleteFrom('eni').where('id', '=', id).execute()
}

/** The interfaces of each instance, the primary one first. */
export async function enisOfInstances(
  tx: Tx,
  instances: readonly string[],
): Promise<ReadonlyMap<string | null, readonly EniTable[]>> {
  if (instances.length === 0) return new Map()
  const rows = await tx
    .selectFrom('eni')
    .selectAll()
    .where('instance_id', 'in', instances)
    .orderBy('device')
    .execute()
  return Map.groupBy(rows, (row) => row.instance_id)
}

/** Security groups of each interface. */
export async function groupsOfEnis(
  tx: Tx,
  enis: readonly string[],
): Promise<(eni: string) => readonly string[]> {
  if (enis.length === 0) return () => []
  const rows = await tx
    .selectFrom('eni_security_group')
    .selectAll()
    .where('eni_id', 'in', enis)
    .orderBy('security_group_id')
    .execute()
  const groups = Map.groupBy(rows, (row) => row.eni_id)
  return (eni) => (groups.get(eni) ?? []).map((row) => row.security_group_id)
}

export async function joinGroup(tx: Tx, eni: string, group: string, generation: number): Promise<void> {
  await tx
    .insertInto('eni_security_group')
    .values({ eni_id: eni, security_group_id: group })
    .onConflict((conflict) => conflict.columns(['eni_id', 'security_group_id']).doNothing())
    .execute()
  await tx.updateTable('eni').set({ generation }).where('id', '=', eni).execute()
}

export async function leaveGroup(tx: Tx, eni: string, group: string, generation: number): Promise<void> {
  await tx
    .deleteFrom('eni_security_group')
    .where('eni_id', '=', eni)
    .where('security_group_id', '=', group)
    .execute()
  await tx.updateTable('eni').set({ generation }).where('id', '=', eni).execute()
}

function ownedEnis(tx: Tx, owner: Owner) {
  return tx
    .selectFrom('eni')
    .selectAll()
    .where('account_id', '=', owner.account)
    .where('region_id', '=', owner.region)
}
