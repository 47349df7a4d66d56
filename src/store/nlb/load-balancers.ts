/** NLBs and their addresses, one per zone. */
import { releaseAddresses } from '../addresses.ts'
import { readPage, type Listing, type Owner, type Page, type Tx } from '../page.ts'
import type { NetworkLoadBalancerTable, NlbZoneTable } from '../tables.ts'
import { removeTags, taggedWith, type Tag } from '../tags.ts'

export async function insertBalancer(
  tx: Tx,
  balancer: NetworkLoadBalancerTable,
  zones: readonly NlbZoneTable[],
): Promise<void> {
  await tx.insertInto('network_load_balancer').values(balancer).execute()
  await tx.insertInto('nlb_zone').values(zones).execute()
}

export async function findBalancer(
  tx: Tx,
  owner: Owner,
  id: string,
): Promise<NetworkLoadBalancerTable | undefined> {
  return await ownedBalancers(tx, owner).where('id', '=', id).executeTakeFirst()
}

export async function countBalancers(tx: Tx, owner: Owner): Promise<number> {
  return (await readPage(ownedBalancers(tx, owner), { offset: 0, limit: 0 })).total
}

export interface BalancerFilter {
  readonly ids?: readonly string[] | undefined
  readonly names?: readonly string[] | undefined
  readonly vpcs?: readonly string[] | undefined
  readonly zone?: string | undefined
  readonly status?: string | undefined
  readonly resourceGroup?: string | undefined
  readonly tags: readonly Tag[]
}

export async function listBalancers(
  tx: Tx,
  owner: Owner,
  filter: BalancerFilter,
  page: Page,
): Promise<Listing<NetworkLoadBalancerTable>> {
  let query = ownedBalancers(tx, owner).orderBy('created_at').orderBy('id')
  if (filter.ids) query = query.where('id', 'in', filter.ids)
  if (filter.names) query = query.where('name', 'in', filter.names)
  if (filter.vpcs) query = query.where('vpc_id', 'in', filter.vpcs)
  if (filter.status !== undefined) {
    query = query.where('status', '=', filter.status as NetworkLoadBalancerTable['status'])
  }
  if (filter.resourceGroup !== undefined) query = query.where('resource_group_id', '=', filter.resourceGroup)
  if (filter.zone !== undefined) {
    const present = tx.selectFrom('nlb_zone').select('load_balancer_id').where('zone_id', '=', filter.zone)
    query = query.where('id', 'in', present)
  }
  for (const tag of filter.tags) query = query.where('id', 'in', taggedWith(tx, 'networkloadbalancer', tag))
  return await readPage(query, page)
}

export async function updateBalancer(
  tx: Tx,
  id: string,
  change: Partial<Omit<NetworkLoadBalancerTable, 'id' | 'account_id' | 'region_id' | 'vpc_id'>>,
): Promise<void> {
  await tx.updateTable('network_load_balancer').set(change).where('id', '=', id).execute()
}

/** Rows and what belongs to them: listeners, zones with their addresses, tags. */
export async function removeBalancers(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const listeners = await tx
    .selectFrom('nlb_listener')
    .select('id')
    .where('load_balancer_id', 'in', ids)
    .execute()
  const zones = await tx
    .selectFrom('nlb_zone')
    .select('eni_id')
    .where('load_balancer_id', 'in', ids)
    .execute()
  const listenerIds = listeners.map(({ id }) => id)
  await removeTags(tx, 'nlblistener', listenerIds, 'all')
  await removeTags(tx, 'networkloadbalancer', ids, 'all')
  await releaseAddresses(
    tx,
    zones.map(({ eni_id: eni }) => eni),
  )
  await tx.deleteFrom('network_load_balancer').where('id', 'in', ids).execute()
}

/** Zones of each NLB, in the order of their ids; without those that are leaving. */
export async function zonesOf(
  tx: Tx,
  balancers: readonly string[],
): Promise<(balancer: string) => readonly NlbZoneTable[]> {
  if (balancers.length === 0) return () => []
  const rows = await tx
    .selectFrom('nlb_zone')
    .selectAll()
    .where('load_balancer_id', 'in', balancers)
    .where('status', '=', 'Active')
    .orderBy('zone_id')
    .execute()
  const zones = Map.groupBy(rows, (row) => row.load_balancer_id)
  return (balancer) => zones.get(balancer) ?? []
}

/** A zone that is on its way out and comes back is given another address. */
export async function insertZones(tx: Tx, zones: readonly NlbZoneTable[]): Promise<void> {
  for (const zone of zones) {
    await removeZones(tx, zone.load_balancer_id, [zone.zone_id])
    await tx.insertInto('nlb_zone').values(zone).execute()
  }
}

export async function dropZone(tx: Tx, zone: NlbZoneTable, generation: number): Promise<void> {
  await tx
    .updateTable('nlb_zone')
    .set({ status: 'Deleting', generation })
    .where('load_balancer_id', '=', zone.load_balancer_id)
    .where('zone_id', '=', zone.zone_id)
    .execute()
}

export async function removeZones(tx: Tx, balancer: string, zones: readonly string[]): Promise<void> {
  const here = tx
    .selectFrom('nlb_zone')
    .where('load_balancer_id', '=', balancer)
    .where('zone_id', 'in', zones)
  const rows = await here.select('eni_id').execute()
  await releaseAddresses(
    tx,
    rows.map(({ eni_id: eni }) => eni),
  )
  await tx
    .deleteFrom('nlb_zone')
    .where('load_balancer_id', '=', balancer)
    .where('zone_id', 'in', zones)
    .execute()
}

function ownedBalancers(tx: Tx, owner: Owner) {
  return tx
    .selectFrom('network_load_balancer')
    .selectAll()
    .where('account_id', '=', owner.account)
    .where('region_id', '=', owner.region)
}
