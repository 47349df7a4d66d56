/** Forwarding rules of HTTP and HTTPS listeners. */
import type { Owner, Tx } from './page.ts'
import type { ListenerRuleTable, ListenerTable } from './tables.ts'

export async function insertRules(tx: Tx, rules: readonly ListenerRuleTable[]): Promise<void> {
  if (rules.length > 0) await tx.insertInto('listener_rule').values(rules).execute()
}

export async function findRule(tx: Tx, owner: Owner, id: string): Promise<ListenerRuleTable | undefined> {
  return await tx
    .selectFrom('listener_rule')
    .selectAll()
    .where('account_id', '=', owner.account)
    .where('region_id', '=', owner.region)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Of all listeners of a load balancer, in the order in which they were made. */
export async function rulesOfBalancer(tx: Tx, balancer: string): Promise<readonly ListenerRuleTable[]> {
  return await tx
    .selectFrom('listener_rule')
    .selectAll()
    .where('load_balancer_id', '=', balancer)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

export async function rulesOfListener(
  tx: Tx,
  listener: ListenerTable,
): Promise<readonly ListenerRuleTable[]> {
  const all = await rulesOfBalancer(tx, listener.load_balancer_id)
  return all.filter(({ protocol, port }) => protocol === listener.protocol && port === listener.port)
}

export async function updateRule(
  tx: Tx,
  id: string,
  change: Partial<Pick<ListenerRuleTable, 'name' | 'server_group_id'>>,
): Promise<void> {
  if (Object.keys(change).length > 0)
    await tx.updateTable('listener_rule').set(change).where('id', '=', id).execute()
}

export async function deleteRule(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('listener_rule').where('id', '=', id).execute()
}
