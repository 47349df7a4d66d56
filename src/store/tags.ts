import type { Transaction } from 'kysely'
import { readPage, type Listing, type Owner, type Page } from './page.ts'
import type { TaggedType, Tables, TagTable } from './tables.ts'

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

/** Ids of resources with this tag; an empty value stands for any. */
export function taggedWith(tx: Transaction<Tables>, type: TaggedType, tag: Tag) {
  const query = tx
    .selectFrom('tag')
    .select('resource_id')
    .where('resource_type', '=', type)
    .where('key', '=', tag.key)
  return tag.value === '' ? query : query.where('value', '=', tag.value)
}

/** Which of these ids are the owner's resources of this type. */
export async function ownedResources(
  tx: Transaction<Tables>,
  type: TaggedType,
  owner: Owner,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const owned = idsOf(tx, type, owner).as('owned')
  const rows = await tx.selectFrom(owned).select('owned.id').where('owned.id', 'in', ids).execute()
  return new Set(rows.map(({ id }) => id))
}

export interface TagFilter {
  readonly ids: readonly string[]
  readonly tags: readonly Tag[]
}

/** Tags of the owner's resources, by resource and key. */
export async function listTags(
  tx: Transaction<Tables>,
  type: TaggedType,
  owner: Owner,
  filter: TagFilter,
  page: Page,
): Promise<Listing<TagTable>> {
  let query = tx
    .selectFrom('tag')
    .selectAll()
    .where('resource_type', '=', type)
    .where('resource_id', 'in', idsOf(tx, type, owner))
    .orderBy('resource_id')
    .orderBy('key')
  if (filter.ids.length > 0) query = query.where('resource_id', 'in', filter.ids)
  for (const tag of filter.tags) query = query.where('resource_id', 'in', taggedWith(tx, type, tag))
  return await readPage(query, page)
}

/** All tags of an owner's resources of these types, by type, resource and key. */
export async function tagsOfAll(
  tx: Transaction<Tables>,
  types: readonly TaggedType[],
  owner: Owner,
): Promise<readonly TagTable[]> {
  const lists = []
  for (const type of types) {
    const query = tx
      .selectFrom('tag')
      .selectAll()
      .where('resource_type', '=', type)
      .where('resource_id', 'in', idsOf(tx, type, owner))
      .orderBy('resource_id')
      .orderBy('key')
    lists.push(await query.execute())
  }
  return lists.flat()
}

const tableOf = {
  vpc: 'vpc',
  vswitch: 'vswitch',
  securitygroup: 'security_group',
  prefixlist: 'prefix_list',
  keypair: 'key_pair',
  eni: 'eni',
  instance: 'instance',
  loadbalancer: 'load_balancer',
  vservergroup: 'server_group',
  networkloadbalancer: 'network_load_balancer',
  nlblistener: 'nlb_listener',
  nlbservergroup: 'nlb_server_group',
  vpcendpoint: 'endpoint',
  vpcendpointservice: 'endpoint_service',
} as const

function idsOf(tx: Transaction<Tables>, type: TaggedType, owner: Owner) {
  if (type === 'routetable') {
    const vpcs = tx
      .selectFrom('vpc')
      .select('id')
      .where('account_id', '=', owner.account)
      .where('region_id', '=', owner.region)
    return tx.selectFrom('route_table as owned').select('owned.id').where('owned.vpc_id', 'in', vpcs)
  }
  if (type === 'disk') {
    return tx
      .selectFrom('instance')
      .select('disk_id as id')
      .where('account_id', '=', owner.account)
      .where('region_id', '=', owner.region)
  }
  if (type === 'certificate') {
    const owned = (table: 'server_certificate' | 'ca_certificate') =>
      tx
        .selectFrom(table)
        .select('id')
        .where('account_id', '=', owner.account)
        .where('region_id', '=', owner.region)
    return owned('server_certificate').union(owned('ca_certificate'))
  }
  // Resource groups are the same in every region.
  if (type === 'resourcegroup') {
    return tx
      .selectFrom('resource_group as owned')
      .select('owned.id')
      .where('owned.account_id', '=', owner.account)
  }
  const table: (typeof tableOf)[keyof typeof tableOf] = tableOf[type]
  return tx
    .selectFrom(table)
    .select('id')
    .where('account_id', '=', owner.account)
    .where('region_id', '=', owner.region)
}
