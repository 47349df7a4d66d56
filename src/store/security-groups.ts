import { readPage, type Listing, type Owner, type Page, type Tx } from './page.ts'
import type { SecurityGroupRuleTable, SecurityGroupTable } from './tables.ts'
import { taggedWith, type Tag } from './tags.ts'

export async function insertSecurityGroup(tx: Tx, group: SecurityGroupTable): Promise<void> {
  await tx.insertInto('security_group').values(group).execute()
}

export async function findSecurityGroup(
  tx: Tx,
  owner: Owner,
  id: string,
): Promise<SecurityGroupTable | undefined> {
  return await ownedGroups(tx, owner).where('id', '=', id).executeTakeFirst()
}

/** Those of `ids` that are the owner's groups in this VPC. */
export async function groupsOfVpc(
  tx: Tx,
  owner: Owner,
  vpc: string,
  ids: readonly string[],
): Promise<readonly SecurityGroupTable[]> {
  if (ids.length === 0) return []
  return await ownedGroups(tx, owner).where('vpc_id', '=', vpc).where('id', 'in', ids).execute()
}

export async function countSecurityGroups(tx: Tx, owner: Owner): Promise<number> {
  return (await readPage(ownedGroups(tx, owner), { offset: 0, limit: 0 })).total
}

export interface SecurityGroupFilter {
  readonly ids?: readonly string[] | undefined
  readonly vpc?: string | undefined
  readonly name?: string | undefined
  readonly type?: string | undefined
  readonly resourceGroup?: string | undefined
  readonly tags: readonly Tag[]
}

export async function listSecurityGroups(
  tx: Tx,
  owner: Owner,
  filter: SecurityGroupFilter,
  page: Page,
): Promise<Listing<SecurityGroupTable>> {
  let query = ownedGroups(tx, owner).orderBy('created_at').orderBy('id')
  if (filter.ids) query = query.where('id', 'in', filter.ids)
  if (filter.vpc !== undefined) query = query.where('vpc_id', '=', filter.vpc)
  if (filter.name !== undefined) query = query.where('name', '=', filter.name)
  if (filter.type === 'normal' || filter.type === 'enterprise') query = query.where('type', '=', filter.type)
  if (filter.resourceGroup !== undefined) query = query.where('resource_group_id', '=', filter.resourceGroup)
  for (const tag of filter.tags) query = query.where('id', 'in', taggedWith(tx, 'securitygroup', tag))
  return await readPage(query, page)
}

export async function updateSecurityGroup(
  tx: Tx,
  id: string,
  change: Partial<Pick<SecurityGroupTable, 'name' | 'description' | 'inner_access' | 'generation'>>,
): Promise<void> {
  await tx.updateTable('security_group').set(change).where('id', '=', id).execute()
}

export async function deleteSecurityGroup(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('security_group').where('id', '=', id).execute()
}

/** Whether an interface, an endpoint or another group's rule needs the group. */
export async function isGroupInUse(tx: Tx, id: string): Promise<boolean> {
  const eni = tx.selectFrom('eni_security_group').select('eni_id').where('security_group_id', '=', id)
  if (await eni.executeTakeFirst()) return true
  const endpoint = tx
    .selectFrom('endpoint_security_group')
    .select('endpoint_id')
    .where('security_group_id', '=', id)
  if (await endpoint.executeTakeFirst()) return true
  const rule = tx
    .selectFrom('security_group_rule')
    .select('id')
    .where('peer_group_id', '=', id)
    .where('security_group_id', '!=', id)
  return (await rule.executeTakeFirst()) !== undefined
}

/** Other groups with rules about each group; groups of one VPC only name each other, so all have one owner. */
export async function groupsReferringTo(
  tx: Tx,
  groups: readonly string[],
): Promise<(group: string) => readonly string[]> {
  const rows = await tx
    .selectFrom('security_group_rule')
    .select(['peer_group_id', 'security_group_id'])
    .distinct()
    .where('peer_group_id', 'in', groups)
    .whereRef('peer_group_id', '!=', 'security_group_id')
    .orderBy('security_group_id')
    .execute()
  const referring = Map.groupBy(rows, (row) => row.peer_group_id)
  return (group) => (referring.get(group) ?? []).map((row) => row.security_group_id)
}

/** Instances and rules of each group. */
export async function countGroupContents(
  tx: Tx,
  ids: readonly string[],
): Promise<(id: string) => { readonly instances: number; readonly rules: number }> {
  if (ids.length === 0) return () => ({ instances: 0, rules: 0 })
  const members = await tx
    .selectFrom('eni_security_group')
    .innerJoin('eni', 'eni.id', 'eni_security_group.eni_id')
    .select((eb) => ['security_group_id', eb.fn.count<number>('eni.instance_id').distinct().as('count')])
    .where('security_group_id', 'in', ids)
    .groupBy('security_group_id')
    .execute()
  const rules = await tx
    .selectFrom('security_group_rule')
    .select((eb) => ['security_group_id', eb.fn.countAll<number>().as('count')])
    .where('security_group_id', 'in', ids)
    .groupBy('security_group_id')
    .execute()
  const instancesOf = new Map(members.map((row) => [row.security_group_id, row.count]))
  const rulesOf = new Map(rules.map((row) => [row.security_group_id, row.count]))
  return (id) => ({ instances: instancesOf.get(id) ?? 0, rules: rulesOf.get(id) ?? 0 })
}

export async function rulesOfGroup(tx: Tx, group: string): Promise<readonly SecurityGroupRuleTable[]> {
  return await tx
    .selectFrom('security_group_rule')
    .selectAll()
    .where('security_group_id', '=', group)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

export async function insertRules(tx: Tx, rules: readonly SecurityGroupRuleTable[]): Promise<void> {
  if (rules.length > 0) await tx.insertInto('security_group_rule').values(rules).execute()
}

export async function updateRule(
  tx: Tx,
  id: string,
  change: Partial<Omit<SecurityGroupRuleTable, 'id' | 'security_group_id' | 'created_at'>>,
): Promise<void> {
  await tx.updateTable('security_group_rule').set(change).where('id', '=', id).execute()
}

export async function deleteRules(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await tx.deleteFrom('security_group_rule').where('id', 'in', ids).execute()
}

function ownedGroups(tx: Tx, owner: Owner) {
  return tx
    .selectFrom('security_group')
    .selectAll()
    .where('account_id', '=', owner.account)
    .where('region_id', '=', owner.region)
}
