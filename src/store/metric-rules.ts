/** Rules that watch metrics, and what they found. */
import type { AlertState, Escalations, Level } from '../model/metric-rule.ts'
import type { Wanted } from './metrics.ts'
import { readPage, type Listing, type Page, type Tx } from './page.ts'
import type { MetricRuleTable } from './tables.ts'

/** What a rule found of one resource, and whether that was told. */
export interface Finding {
  readonly state: AlertState
  readonly level: Level | undefined
  readonly value: number | undefined
  /** How often it was tried to tell it. */
  readonly tries: number
  /** When it was told; undefined while it was not. */
  readonly toldAtMs: number | undefined
}

export interface MetricRule extends Omit<
  MetricRuleTable,
  'resources' | 'escalations' | 'states' | 'enabled'
> {
  readonly resources: readonly Wanted[]
  readonly escalations: Escalations
  readonly enabled: boolean
  /** By the resource's dimensions as JSON. */
  readonly findings: ReadonlyMap<string, Finding>
}

export type NewMetricRule = Omit<MetricRule, 'findings' | 'state' | 'enabled' | 'created_at'>

/** A rule that exists is replaced, and judged anew; it stays switched off if it was. */
export async function putRule(tx: Tx, rule: NewMetricRule, createdAt: string): Promise<void> {
  const { resources, escalations, ...plain } = rule
  const row = {
    ...plain,
    resources: JSON.stringify(resources),
    escalations: JSON.stringify(escalations),
    state: 'INSUFFICIENT_DATA' as const,
    states: '[]',
  }
  await tx
    .insertInto('metric_rule')
    .values({ ...row, enabled: 1, created_at: createdAt })
    .onConflict((conflict) => conflict.columns(['account_id', 'id']).doUpdateSet(row))
    .execute()
}

export async function findRule(tx: Tx, account: string, id: string): Promise<MetricRule | undefined> {
  const row = await tx
    .selectFrom('metric_rule')
    .selectAll()
    .where('account_id', '=', account)
    .where('id', '=', id)
    .executeTakeFirst()
  return row && ruleOf(row)
}

export async function countRules(tx: Tx, account: string): Promise<number> {
  const { count } = await tx
    .selectFrom('metric_rule')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('account_id', '=', account)
    .executeTakeFirstOrThrow()
  return count
}

export interface RuleFilter {
  readonly namespace?: string | undefined
  readonly metric?: string | undefined
  readonly enabled?: boolean | undefined
  readonly state?: AlertState | undefined
  /** A part of it. */
  readonly name?: string | undefined
  readonly ids?: readonly string[] | undefined
}

export async function listRules(
  tx: Tx,
  account: string,
  filter: RuleFilter,
  page: Page,
): Promise<Listing<MetricRule>> {
  let query = tx
    .selectFrom('metric_rule')
    .selectAll()
    .where('account_id', '=', account)
    .orderBy('created_at')
    .orderBy('id')
  if (filter.namespace !== undefined) query = query.where('namespace', '=', filter.namespace)
  if (filter.metric !== undefined) query = query.where('metric_name', '=', filter.metric)
  if (filter.enabled !== undefined) query = query.where('enabled', '=', filter.enabled ? 1 : 0)
  if (filter.state !== undefined) query = query.where('state', '=', filter.state)
  if (filter.ids) query = query.where('id', 'in', filter.ids)
  const { name } = filter
  if (name !== undefined)
    query = query.where((eb) => eb(eb.fn<number>('instr', ['name', eb.val(name)]), '>', 0))
  const { rows, ...rest } = await readPage(query, page)
  return { ...rest, rows: rows.map(ruleOf) }
}

/** Of all accounts, the ones that are on. */
export async function activeRules(tx: Tx): Promise<readonly MetricRule[]> {
  const rows = await tx
    .selectFrom('metric_rule')
    .selectAll()
    .where('enabled', '=', 1)
    .orderBy('account_id')
    .orderBy('id')
    .execute()
  return rows.map(ruleOf)
}

export async function saveFindings(
  tx: Tx,
  { account_id, id }: Pick<MetricRule, 'account_id' | 'id'>,
  findings: MetricRule['findings'],
): Promise<void> {
  await tx
    .updateTable('metric_rule')
    .set({ state: stateOf(findings), states: JSON.stringify([...findings]) })
    .where('account_id', '=', account_id)
    .where('id', '=', id)
    .execute()
}

function stateOf(findings: MetricRule['findings']): AlertState {
  const states = new Set([...findings.values()].map(({ state }) => state))
  if (states.has('ALARM')) return 'ALARM'
  return states.size === 0 || states.has('INSUFFICIENT_DATA') ? 'INSUFFICIENT_DATA' : 'OK'
}

export async function enableRules(
  tx: Tx,
  account: string,
  ids: readonly string[],
  enabled: boolean,
): Promise<void> {
  await tx
    .updateTable('metric_rule')
    .set({ enabled: enabled ? 1 : 0 })
    .where('account_id', '=', account)
    .where('id', 'in', ids)
    .execute()
}

export async function deleteRules(tx: Tx, account: string, ids: readonly string[]): Promise<void> {
  await tx.deleteFrom('metric_rule').where('account_id', '=', account).where('id', 'in', ids).execute()
}

function ruleOf({ resources, escalations, states, enabled, ...row }: MetricRuleTable): MetricRule {
  return {
    ...row,
    enabled: enabled === 1,
    resources: JSON.parse(resources) as Wanted[],
    escalations: JSON.parse(escalations) as Escalations,
    findings: new Map(JSON.parse(states) as [string, Finding][]),
  }
}
