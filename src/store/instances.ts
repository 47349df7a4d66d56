import { nextGeneration } from './generation.ts'
import { readPage, type Listing, type Owner, type Page, type Tx } from './page.ts'
import { nextHops } from './route-entries.ts'
import type { InstanceTable } from './tables.ts'
import { taggedWith, type Tag } from './tags.ts'

export async function insertInstance(tx: Tx, instance: InstanceTable): Promise<void> {
  await tx.insertInto('instance').values(instance).execute()
}

export async function findInstance(tx: Tx, owner: Owner, id: string): Promise<InstanceTable | undefined> {
  return await ownedInstances(tx, owner).where('id', '=', id).executeTakeFirst()
}

export async function countInstances(tx: Tx, owner: Owner): Promise<number> {
  return (await readPage(ownedInstances(tx, owner), { offset: 0, limit: 0 })).total
}

export interface InstanceFilter {
  readonly ids?: readonly string[] | undefined
  readonly disks?: readonly string[] | undefined
  readonly diskTags?: readonly Tag[] | undefined
  readonly vpc?: string | undefined
  readonly zone?: string | undefined
  readonly type?: string | undefined
  readonly image?: string | undefined
  /** May hold `*` for any characters. */
  readonly name?: string | undefined
  readonly statuses?: readonly InstanceTable['status'][] | undefined
  readonly resourceGroup?: string | undefined
  readonly keyPair?: string | undefined
  /** With this role, or with any. */
  readonly ramRole?: string | true | undefined
  readonly vswitch?: string | undefined
  readonly group?: string | undefined
  readonly addresses?: readonly string[] | undefined
  readonly tags: readonly Tag[]
}

export async function listInstances(
  tx: Tx,
  owner: Owner,
  filter: InstanceFilter,
  page: Page,
): Promise<Listing<InstanceTable>> {
  let query = ownedInstances(tx, owner).orderBy('created_at').orderBy('id')
  if (filter.ids) query = query.where('id', 'in', filter.ids)
  if (filter.disks) query = query.where('disk_id', 'in', filter.disks)
  if (filter.vpc !== undefined) query = query.where('vpc_id', '=', filter.vpc)
  if (filter.zone !== undefined) query = query.where('zone_id', '=', filter.zone)
  if (filter.type !== undefined) query = query.where('instance_type', '=', filter.type)
  if (filter.image !== undefined) query = query.where('image_id', '=', filter.image)
  if (filter.name !== undefined) query = query.where('name', 'like', filter.name.replaceAll('*', '%'))
  if (filter.statuses) query = query.where('status', 'in', filter.statuses)
  if (filter.resourceGroup !== undefined) query = query.where('resource_group_id', '=', filter.resourceGroup)
  if (filter.keyPair !== undefined) query = query.where('key_pair_name', '=', filter.keyPair)
  if (filter.ramRole === true) query = query.where('ram_role_name', '!=', '')
  else if (filter.ramRole !== undefined) query = query.where('ram_role_name', '=', filter.ramRole)
  const interfaces = () => tx.selectFrom('eni').select('instance_id').where('instance_id', 'is not', null)
  if (filter.vswitch !== undefined) {
    query = query.where('id', 'in', interfaces().where('vswitch_id', '=', filter.vswitch))
  }
  if (filter.addresses) query = query.where('id', 'in', interfaces().where('address', 'in', filter.addresses))
  if (filter.group !== undefined) {
    const members = interfaces()
      .innerJoin('eni_security_group', 'eni_security_group.eni_id', 'eni.id')
      .where('security_group_id', '=', filter.group)
    query = query.where('id', 'in', members)
  }
  for (const tag of filter.tags) query = query.where('id', 'in', taggedWith(tx, 'instance', tag))
  for (const tag of filter.diskTags ?? []) query = query.where('disk_id', 'in', taggedWith(tx, 'disk', tag))
  return await readPage(query, page)
}

export async function updateInstance(
  tx: Tx,
  id: string,
  change: Partial<
    Pick<
      InstanceTable,
      | 'name'
      | 'description'
      | 'host_name'
      | 'status'
      | 'boot'
      | 'started_at'
      | 'generation'
      | 'deletion_protection'
      | 'instance_type'
      | 'memory_mib'
      | 'user_data'
      | 'key_pair_name'
      | 'public_key'
      | 'ram_role_name'
      | 'moved_boot'
      | 'release_at'
      | 'disk_id'
      | 'disk_name'
      | 'disk_description'
      | 'disk_size'
      | 'image_id'
      | 'terms'
    >
  >,
): Promise<void> {
  await tx.updateTable('instance').set(change).where('id', '=', id).execute()
}

/** What begins its end: it leaves its load balancers now, and goes when the kernel has let it go. */
export async function startDeletion(tx: Tx, id: string, generation: number): Promise<void> {
  await removeFromBackends(tx, id)
  await updateInstance(tx, id, { status: 'Deleting', generation })
}

/**
 * Releases what was to be released by now, protected against deletion or not, as in the cloud.
 * One that a route leads to waits until none does. @returns whether there was any.
 */
export async function releaseDue(tx: Tx, now: Date): Promise<boolean> {
  const due = await tx
    .selectFrom('instance')
    .select('id')
    .where('release_at', '>', '')
    .where('release_at', '<=', now.toISOString())
    .where('status', '!=', 'Deleting')
    .where('id', 'not in', nextHops(tx))
    .execute()
  if (due.length === 0) return false
  const generation = await nextGeneration(tx)
  for (const { id } of due) await startDeletion(tx, id, generation)
  return true
}

/** An interface, or an instance with all of its interfaces, leaves every load balancer at once. */
export async function removeFromBackends(tx: Tx, server: string): Promise<void> {
  const enis = tx.selectFrom('eni').select('id').where('instance_id', '=', server)
  for (const table of ['backend_server', 'group_server'] as const) {
    await tx
      .deleteFrom<'backend_server' | 'group_server'>(table)
      .where((eb) => eb.or([eb('server_id', '=', server), eb('server_id', 'in', enis)]))
      .execute()
  }
}

function ownedInstances(tx: Tx, owner: Owner) {
  return tx
    .selectFrom('instance')
    .selectAll()
    .where('account_id', '=', owner.account)
    .where('region_id', '=', owner.region)
}
