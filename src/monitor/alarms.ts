/**
 * Judges every rule by the minutes that are over, and tells what changed. What was found is stored before it is told, so
 * an alarm that could not be delivered is tried again with the next minutes, also by a server that was started in between.
 */
import type { Logger } from 'pino'
import { expression, judge, levels, longestTimes, type Verdict } from '../model/metric-rule.ts'
import { findMetric } from '../model/metrics.ts'
import type { GroupCommit } from '../store/group-commit.ts'
import { queryMetric } from '../store/metric-query.ts'
import { activeRules, findRule, saveFindings, type Finding, type MetricRule } from '../store/metric-rules.ts'
import type { Wanted } from '../store/metrics.ts'
import type { Tx } from '../store/page.ts'
import type { Post } from './webhook.ts'

export interface AlarmParts {
  readonly commits: GroupCommit
  readonly post: Post
  readonly clock: () => Date
  readonly log: Pick<Logger, 'warn'>
}

/** The first time and three more, as the public service does. */
const mostTries = 4
/** What one account may take of a minute with receivers that do not answer. */
const tellingMs = 20_000

export async function watchRules({ commits, post, clock, log }: AlarmParts): Promise<void> {
  const rules = await commits.run(activeRules)
  const news: News[] = []
  for (const rule of rules) news.push(...(await commits.run((tx) => look(tx, rule, clock()))))
  const byAccount = Map.groupBy(news, ({ rule }) => rule.account_id)
  await Promise.all([...byAccount.values()].map(tellAll))

  async function tellAll(all: readonly News[]): Promise<void> {
    const endMs = performance.now() + tellingMs
    for (const one of all) if (performance.now() < endMs) await tell(one)
  }

  async function tell({ rule, resource, finding }: News): Promise<void> {
    const body = messageOf(rule, resource, finding, clock())
    const told = await post(rule.webhook, body).then(
      () => true,
      (error: unknown) => {
        log.warn({ err: error, account: rule.account_id, rule: rule.id }, 'an alarm was not delivered')
        return false
      },
    )
    const after = { ...finding, tries: finding.tries + 1, toldAtMs: told ? clock().getTime() : undefined }
    await commits.run((tx) => remember(tx, rule, resource, finding, after))
  }
}

/** What is to be told. */
interface News {
  readonly rule: MetricRule
  readonly resource: string
  readonly finding: Finding
}

async function look(tx: Tx, rule: MetricRule, now: Date): Promise<readonly News[]> {
  const findings = new Map<string, Finding>()
  for (const resource of rule.resources) {
    const key = JSON.stringify(resource)
    const verdict = await judgeResource(tx, rule, resource, now)
    findings.set(key, nextFinding(rule, rule.findings.get(key), verdict, now))
  }
  const changed = JSON.stringify([...findings]) !== JSON.stringify([...rule.findings])
  if (changed) await saveFindings(tx, rule, findings)
  if (rule.webhook === '') return []
  return [...findings]
    .filter(([, { toldAtMs, tries }]) => toldAtMs === undefined && tries < mostTries)
    .map(([resource, finding]) => ({ rule, resource, finding }))
}

async function judgeResource(tx: Tx, rule: MetricRule, resource: Wanted, now: Date): Promise<Verdict> {
  const metric = findMetric(rule.namespace, rule.metric_name)
  if (!metric) return { state: 'INSUFFICIENT_DATA', level: undefined, value: undefined }
  const periodMs = rule.period * 1000
  const end = Math.floor(now.getTime() / periodMs) * periodMs
  const count = Math.min(
    Math.max(...levels.map((level) => rule.escalations[level]?.times ?? 1)),
    longestTimes,
  )
  const points = await queryMetric(tx, {
    account: rule.account_id,
    metric,
    wanted: [resource],
    periodS: rule.period,
    fromMs: end - (count + 1) * periodMs,
    toMs: end - periodMs,
    limit: Infinity,
  })
  const periods = Array.from({ length: count }, (_, place) => end - (count - place) * periodMs)
  // Several objects of one resource, such as the zones of an endpoint: the gravest counts.
  const verdicts = [...Map.groupBy(points, ({ dimensions }) => JSON.stringify(dimensions)).values()].map(
    (own) =>
      judge(
        rule.escalations,
        periods.map((at) => own.find(({ atMs }) => atMs === at)),
      ),
  )
  const raised = verdicts.filter(({ state }) => state === 'ALARM')
  const gravest = levels.flatMap((level) => raised.find((verdict) => verdict.level === level) ?? [])[0]
  return (
    gravest ??
    verdicts.find(({ state }) => state === 'OK') ?? {
      state: 'INSUFFICIENT_DATA',
      level: undefined,
      value: undefined,
    }
  )
}

/** An alarm that lasts is told again after the silence; what never was an alarm is nothing to tell. */
function nextFinding(
  { no_data_policy: policy, silence_s: silence }: MetricRule,
  before: Finding | undefined,
  { state: found, level, value }: Verdict,
  now: Date,
): Finding {
  if (found === 'INSUFFICIENT_DATA' && policy === 'KEEP_LAST_STATE' && before) return before
  const state = found === 'INSUFFICIENT_DATA' && policy === 'OK' ? 'OK' : found
  const news = { state, level, value, tries: 0, toldAtMs: undefined }
  if (before?.state === state && before.level === level) {
    const quietMs = before.toldAtMs === undefined ? 0 : now.getTime() - before.toldAtMs
    return state === 'ALARM' && quietMs >= silence * 1000 ? news : before
  }
  const isNews = state === 'ALARM' || before?.state === 'ALARM' || (state === 'INSUFFICIENT_DATA' && before)
  return isNews ? news : { ...news, toldAtMs: now.getTime() }
}

/** Only where the rule still says what was told: it may have been changed or deleted meanwhile. */
async function remember(
  tx: Tx,
  { account_id, id }: MetricRule,
  resource: string,
  told: Finding,
  after: Finding,
): Promise<void> {
  const rule = await findRule(tx, account_id, id)
  const now = rule?.findings.get(resource)
  if (!rule || now?.state !== told.state || now.level !== told.level) return
  await saveFindings(tx, rule, new Map([...rule.findings, [resource, after]]))
}

/** The fields of the public callback. */
function messageOf(rule: MetricRule, resource: string, { state, level, value }: Finding, now: Date): string {
  const conditions = levels.flatMap((name, place) => {
    const condition = rule.escalations[name]
    return condition ? [{ expression: expression(condition), level: place + 2, times: condition.times }] : []
  })
  return JSON.stringify({
    userId: rule.account_id,
    alertName: rule.name,
    ruleId: rule.id,
    timestamp: String(now.getTime()),
    alertState: state,
    triggerLevel: level?.toUpperCase() ?? 'null',
    dimensions: JSON.stringify([{ userId: rule.account_id, ...(JSON.parse(resource) as Wanted) }]),
    expression: JSON.stringify(conditions),
    curValue: value === undefined ? '' : String(value),
    metricName: rule.metric_name,
    metricProject: rule.namespace,
    namespace: rule.namespace,
  })
}
