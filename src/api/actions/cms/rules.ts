/** Alarm rules: a metric of some resources, the conditions under which it is an alarm, and who is told. */
import { z } from 'zod'
import {
  comparisons,
  levels,
  longestTimes,
  type Condition,
  type Escalations,
  type Level,
} from '../../../model/metric-rule.ts'
import { statistics } from '../../../model/metrics.ts'
import {
  countRules,
  deleteRules,
  enableRules,
  findRule,
  listRules,
  putRule,
  type MetricRule,
} from '../../../store/metric-rules.ts'
import type { Wanted } from '../../../store/metrics.ts'
import { defineAction, type ActionContext } from '../../action.ts'
import { ApiError } from '../../errors.ts'
import { choice, flag, integer, text } from '../../params.ts'
import { demand } from '../../require.ts'
import { wrapped } from '../../results.ts'
import { dimensions, done, head, metricOf, periodOf } from './params.ts'

const mostRules = 200
const usualSilenceS = 86_400

const condition = z.object({
  Statistics: choice(statistics),
  ComparisonOperator: choice(comparisons),
  Threshold: text({ pattern: /^-?\d+(\.\d+)?$/ }),
  Times: integer(1, longestTimes).default(3),
})

const putResourceMetricRule = defineAction({
  product: 'Cms',
  name: 'PutResourceMetricRule',
  summary: {
    en: 'Creates or changes a rule that watches a metric.',
    zh: '创建或修改指定资源的阈值报警规则。',
  },
  status: {
    partial: `Thresholds on minutes that are over, told to \`Webhook\` as JSON, up to four times within minutes of each other; nobody is written to, so \`ContactGroups\` and \`EmailSubject\` are kept and shown. Comparisons with yesterday and last week, composite expressions, Prometheus rules, labels and other effective times than the whole day are refused. At most ${mostRules} rules of an account. Loopback and link-local addresses are not called unless the operator allows it.`,
  },
  params: z.object({
    RuleId: text({ pattern: /^[\w.:-]{1,255}$/ }),
    RuleName: text({ max: 255 }),
    Namespace: text(),
    MetricName: text(),
    Resources: dimensions(),
    ContactGroups: text({ max: 1000 }).optional(),
    Webhook: text({ max: 1000 }).optional(),
    EffectiveInterval: choice(['00:00-23:59']).default('00:00-23:59'),
    NoEffectiveInterval: text().optional(),
    SilenceTime: integer(60, 604_800).default(usualSilenceS),
    Period: integer(60, 86_400).default(60),
    Interval: integer(60, 86_400).optional(),
    EmailSubject: text({ max: 1000 }).optional(),
    NoDataPolicy: choice(['KEEP_LAST_STATE', 'INSUFFICIENT_DATA', 'OK']).default('KEEP_LAST_STATE'),
    Escalations: z.object({
      Critical: condition.optional(),
      Warn: condition.optional(),
      Info: condition.optional(),
    }),
    CompositeExpression: z.object({ ExpressionRaw: text().optional(), Level: text().optional() }).optional(),
    Prometheus: z.object({ PromQL: text().optional(), Level: text().optional() }).optional(),
    Labels: z.array(z.object({ Key: text().optional(), Value: text().optional() })).optional(),
  }),
  result: z.object(head),
  effect: 'write',
  errors: ['ParameterInvalid', 'ResourceNotFound', 'ResourceOverLimit'],
  handler: async ({ tx, caller, now }, given) => {
    for (const name of ['NoEffectiveInterval', 'CompositeExpression', 'Prometheus', 'Labels'] as const) {
      demand(given[name] === undefined, 'ParameterInvalid', { name, reason: 'not supported' })
    }
    metricOf(given.Namespace, given.MetricName, given.Resources)
    demand(given.Resources.length > 0, 'ParameterInvalid', { name: 'Resources', reason: 'none' })
    demandWebUrl(given.Webhook)
    const before = await findRule(tx, caller.account, given.RuleId)
    const count = before ? 0 : await countRules(tx, caller.account)
    const tooMany = { name: 'alarm rules', reason: `at most ${mostRules} of an account` }
    demand(count < mostRules, 'ResourceOverLimit', tooMany)
    await putRule(
      tx,
      {
        account_id: caller.account,
        id: given.RuleId,
        name: given.RuleName,
        namespace: given.Namespace,
        metric_name: given.MetricName,
        resources: given.Resources,
        period: periodOf(given.Period),
        silence_s: given.SilenceTime,
        webhook: given.Webhook ?? '',
        contact_groups: given.ContactGroups ?? '',
        mail_subject: given.EmailSubject ?? '',
        effective_interval: given.EffectiveInterval,
        no_data_policy: given.NoDataPolicy,
        escalations: escalationsOf(given.Escalations),
      },
      now.toISOString(),
    )
    return done
  },
})

function demandWebUrl(webhook: string | undefined): void {
  if (webhook === undefined) return
  const url = URL.canParse(webhook) ? new URL(webhook) : undefined
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:'
  demand(isWeb, 'ParameterInvalid', { name: 'Webhook', reason: 'not an HTTP or HTTPS address' })
}

type GivenCondition = z.infer<typeof condition>

function escalationsOf(given: Readonly<{ [L in Level]?: GivenCondition | undefined }>): Escalations {
  const escalations = Object.fromEntries(
    levels.flatMap((level): [Level, Condition][] => {
      const one = given[level]
      if (!one) return []
      const { Statistics: statistic, ComparisonOperator: comparison, Threshold, Times: times } = one
      return [[level, { statistic, comparison, threshold: Number(Threshold), times }]]
    }),
  )
  const reason = 'no level has a condition'
  demand(Object.keys(escalations).length > 0, 'ParameterInvalid', { name: 'Escalations', reason })
  return escalations
}

const shownCondition = z.object({
  Statistics: z.string(),
  ComparisonOperator: z.string(),
  Threshold: z.string(),
  Times: z.string(),
})

const alarm = z.object({
  RuleId: z.string(),
  RuleName: z.string(),
  Namespace: z.string(),
  MetricName: z.string(),
  Resources: z.string(),
  Dimensions: z.string(),
  Period: z.string(),
  SilenceTime: z.string(),
  Webhook: z.string(),
  ContactGroups: z.string(),
  MailSubject: z.string(),
  EffectiveInterval: z.string(),
  NoEffectiveInterval: z.string(),
  NoDataPolicy: z.string(),
  SourceType: z.literal('METRIC'),
  EnableState: z.boolean(),
  AlertState: z.string(),
  Escalations: z.object({
    Critical: shownCondition.optional(),
    Warn: shownCondition.optional(),
    Info: shownCondition.optional(),
  }),
})

const ids = () => text({ pattern: /^[\w.:-]{1,255}$/ })

const describeMetricRuleList = defineAction({
  product: 'Cms',
  name: 'DescribeMetricRuleList',
  summary: { en: 'Lists alarm rules.', zh: '查询报警规则列表。' },
  status: { partial: 'There are no application groups: `GroupId` finds nothing. `Dimensions` is refused.' },
  params: z.object({
    Namespace: text().optional(),
    MetricName: text().optional(),
    EnableState: flag().optional(),
    AlertState: choice(['OK', 'ALARM', 'INSUFFICIENT_DATA']).optional(),
    RuleName: text().optional(),
    RuleIds: text().optional(),
    GroupId: text().optional(),
    Dimensions: text().optional(),
    Page: integer(1, 1_000_000).default(1),
    PageSize: integer(1, 100).default(10),
  }),
  // A number here, and a text in the other actions, as in the public SDKs.
  result: z.object({
    Code: z.literal(200),
    Success: z.literal(true),
    Total: z.string(),
    Alarms: wrapped('Alarm', alarm),
  }),
  effect: 'read',
  errors: ['ParameterInvalid'],
  handler: async ({ tx, caller }, given) => {
    const reason = 'not supported'
    demand(given.Dimensions === undefined, 'ParameterInvalid', { name: 'Dimensions', reason })
    const page = { offset: (given.Page - 1) * given.PageSize, limit: given.PageSize }
    const filter = {
      namespace: given.Namespace,
      metric: given.MetricName,
      enabled: given.EnableState,
      state: given.AlertState,
      name: given.RuleName,
      ids: given.GroupId === undefined ? given.RuleIds?.split(',') : [],
    }
    const { rows, total } = await listRules(tx, caller.account, filter, page)
    return { Code: 200, Success: true, Total: String(total), Alarms: { Alarm: rows.map(shown) } } as const
  },
})

function shown(rule: MetricRule): z.infer<typeof alarm> {
  return {
    RuleId: rule.id,
    RuleName: rule.name,
    Namespace: rule.namespace,
    MetricName: rule.metric_name,
    Resources: JSON.stringify(rule.resources),
    Dimensions: JSON.stringify(rule.resources satisfies readonly Wanted[]),
    Period: String(rule.period),
    SilenceTime: String(rule.silence_s),
    Webhook: rule.webhook,
    ContactGroups: rule.contact_groups,
    MailSubject: rule.mail_subject,
    EffectiveInterval: rule.effective_interval,
    NoEffectiveInterval: '',
    NoDataPolicy: rule.no_data_policy,
    SourceType: 'METRIC',
    EnableState: rule.enabled,
    AlertState: rule.state,
    Escalations: Object.fromEntries(
      Object.entries(rule.escalations).map(([level, { statistic, comparison, threshold, times }]) => [
        level,
        {
          Statistics: statistic,
          ComparisonOperator: comparison,
          Threshold: String(threshold),
          Times: String(times),
        },
      ]),
    ),
  }
}

/** @throws ApiError when one of them is not the caller's: then nothing is done. */
async function demandRules({ tx, caller }: ActionContext, wanted: readonly string[]): Promise<void> {
  for (const id of wanted) {
    if (!(await findRule(tx, caller.account, id))) throw new ApiError('ResourceNotFound', { reason: id }, 404)
  }
}

const deleteMetricRules = defineAction({
  product: 'Cms',
  name: 'DeleteMetricRules',
  summary: { en: 'Deletes alarm rules.', zh: '删除一个或多个报警规则。' },
  status: 'full',
  params: z.object({ Id: z.array(ids()).min(1).max(100) }),
  result: z.object(head),
  effect: 'write',
  errors: ['ResourceNotFound'],
  handler: async (context, { Id }) => {
    await demandRules(context, Id)
    await deleteRules(context.tx, context.caller.account, Id)
    return done
  },
})

const enableMetricRules = defineAction({
  product: 'Cms',
  name: 'EnableMetricRules',
  summary: { en: 'Switches alarm rules on.', zh: '启用一个或多个报警规则。' },
  status: 'full',
  params: z.object({ RuleId: z.array(ids()).min(1).max(20) }),
  result: z.object(head),
  effect: 'write',
  errors: ['ResourceNotFound'],
  handler: async (context, { RuleId }) => {
    await demandRules(context, RuleId)
    await enableRules(context.tx, context.caller.account, RuleId, true)
    return done
  },
})

const disableMetricRules = defineAction({
  product: 'Cms',
  name: 'DisableMetricRules',
  summary: { en: 'Switches alarm rules off.', zh: '禁用一个或多个报警规则。' },
  status: 'full',
  params: z.object({ RuleId: z.array(ids()).min(1).max(20) }),
  result: z.object(head),
  effect: 'write',
  errors: ['ResourceNotFound'],
  handler: async (context, { RuleId }) => {
    await demandRules(context, RuleId)
    await enableRules(context.tx, context.caller.account, RuleId, false)
    return done
  },
})

export const metricRuleActions = [
  putResourceMetricRule,
  describeMetricRuleList,
  deleteMetricRules,
  enableMetricRules,
  disableMetricRules,
]
