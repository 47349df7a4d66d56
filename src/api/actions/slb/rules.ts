/** Slb 2014-05-15: forwarding rules, which send requests for a domain or a path to a VServer group of their own. */
import { z } from 'zod'
import { newId } from '../../../model/ids.ts'
import { quotas } from '../../../model/quotas.ts'
import { nextGeneration } from '../../../store/generation.ts'
import {
  deleteRule,
  findRule,
  insertRules,
  rulesOfBalancer,
  rulesOfListener,
  updateRule,
} from '../../../store/listener-rules.ts'
import { listenersOf, updateLoadBalancer } from '../../../store/load-balancers.ts'
import type { ListenerRuleTable, ListenerTable } from '../../../store/tables.ts'
import { httpSettingsOf } from '../../../store/world/http-settings.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ApiError } from '../../errors.ts'
import { ownerOf } from '../../new-resource.ts'
import { choice, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { wrapped } from '../../results.ts'
import { describeSticky, httpResult, stickyResult } from './http-settings.ts'
import { describeHealthCheck, healthCheckResult } from './listener-settings.ts'
import { listenerPlace, ownListener } from './own-listener.ts'
import { liveLoadBalancer, ownLoadBalancer } from './own-load-balancer.ts'
import { ownServerGroup } from './own-server-group.ts'
import { readIdList, readRuleList, ruleListErrors, ruleName, type GivenRule } from './rule-list.ts'

const place = { ...listenerPlace, ListenerProtocol: choice(['http', 'https']).optional() }
type Place = z.infer<z.ZodObject<typeof place>>

const partial = {
  partial:
    'A rule has the scheduler, the persistence and the health check of its listener; `ListenerSync` off is refused.',
}

const named = z.object({ RuleId: z.string(), RuleName: z.string() })

async function ruledListener(context: ActionContext, params: Place): Promise<ListenerTable> {
  const listener = await ownListener(context, params, params.ListenerProtocol)
  demand(listener.http !== null, 'RuleNotSupport')
  return listener
}

const createRules = defineAction({
  product: 'Slb',
  name: 'CreateRules',
  summary: {
    en: 'Adds forwarding rules to an HTTP or HTTPS listener.',
    zh: '为 HTTP 或 HTTPS 监听添加转发规则。',
  },
  status: partial,
  params: z.object({ ...place, RuleList: text({ max: 16_384 }) }),
  result: z.object({ Rules: wrapped('Rule', named) }),
  effect: 'write',
  answer: 'when-in-kernel',
  errors: [
    'DomainExist',
    'InvalidLoadBalancerId.NotFound',
    'InvalidParameter',
    'InvalidParameter.VServerGroupId',
    'ResourceNotFound.Listener',
    'RuleNotSupport',
    'TooManyRules',
    ...ruleListErrors,
  ],
  handler: async (context, params) => {
    const { tx, caller, region, now, randomBytes } = context
    const given = readRuleList(params.RuleList)
    const generation = await nextGeneration(tx)
    const balancer = await liveLoadBalancer(context, params.LoadBalancerId)
    const listener = await ruledListener(context, params)
    const present = await rulesOfListener(tx, listener)
    demand(present.length + given.length <= quotas.rulesPerListener, 'TooManyRules')
    for (const { VServerGroupId } of given) await checkGroup(context, balancer.id, VServerGroupId)
    const added = given.map((rule): ListenerRuleTable => ({
      id: newId('rule', randomBytes),
      account_id: caller.account,
      region_id: region,
      load_balancer_id: balancer.id,
      protocol: listener.protocol === 'https' ? 'https' : 'http',
      port: listener.port,
      name: rule.RuleName,
      domain: rule.Domain,
      url: rule.Url,
      server_group_id: rule.VServerGroupId,
      created_at: now.toISOString(),
    }))
    checkUnique([...present, ...added])
    await insertRules(tx, added)
    await updateLoadBalancer(tx, balancer.id, { generation })
    return { Rules: { Rule: added.map(({ id, name }) => ({ RuleId: id, RuleName: name })) } }
  },
})

/** Domain and path together, and the name, are each there once in a listener. */
function checkUnique(rules: readonly ListenerRuleTable[]): void {
  const once = (of: (rule: ListenerRuleTable) => string) => new Set(rules.map(of)).size === rules.length
  demand(
    once(({ domain, url }) => `${domain} ${url}`),
    'DomainExist',
  )
  demand(
    once(({ name }) => name),
    'InvalidParameter',
    { name: 'RuleName', reason: 'another rule of the listener has it' },
  )
}

async function checkGroup(
  context: ActionContext,
  balancer: string,
  id: GivenRule['VServerGroupId'],
): Promise<void> {
  const group = await ownServerGroup(context, id, 'vserver')
  demand(group.load_balancer_id === balancer, 'InvalidParameter.VServerGroupId')
}

const deleteRules = defineAction({
  product: 'Slb',
  name: 'DeleteRules',
  summary: { en: 'Deletes forwarding rules.', zh: '删除转发规则。' },
  status: 'full',
  params: z.object({ RuleIds: text() }),
  result: z.object({}),
  effect: 'write',
  answer: 'when-in-kernel',
  errors: ['InvalidLoadBalancerId.NotFound', 'InvalidParameter', 'InvalidRuleId.NotFound'],
  handler: async (context, { RuleIds }) => {
    const ids = found(readIdList(RuleIds), 'InvalidParameter', { name: 'RuleIds', reason: 'a list of ids' })
    const generation = await nextGeneration(context.tx)
    for (const id of new Set(ids)) {
      const rule = await ownRule(context, id)
      await liveLoadBalancer(context, rule.load_balancer_id)
      await deleteRule(context.tx, id)
      await updateLoadBalancer(context.tx, rule.load_balancer_id, { generation })
    }
    return {}
  },
})

const ruleSettings = {
  ListenerSync: z.string(),
  Scheduler: z.string(),
  ...stickyResult,
  ...healthCheckResult,
  HealthCheckTimeout: httpResult.HealthCheckTimeout,
}

const described = {
  RuleId: z.string(),
  RuleName: z.string(),
  Domain: z.string().optional(),
  Url: z.string().optional(),
  VServerGroupId: z.string(),
  ...ruleSettings,
}

function describe(rule: ListenerRuleTable, listener: ListenerTable) {
  const { sticky } = httpSettingsOf(found(listener.http ?? undefined, 'RuleNotSupport'))
  return {
    RuleId: rule.id,
    RuleName: rule.name,
    ...(rule.domain !== '' && { Domain: rule.domain }),
    ...(rule.url !== '' && { Url: rule.url }),
    VServerGroupId: rule.server_group_id,
    ListenerSync: 'on',
    Scheduler: listener.scheduler,
    ...describeSticky(sticky),
    ...describeHealthCheck(listener),
    ...(listener.health_check === 'on' && { HealthCheckTimeout: listener.health_check_timeout }),
  }
}

const describeRules = defineAction({
  product: 'Slb',
  name: 'DescribeRules',
  summary: { en: 'Lists the forwarding rules of a listener.', zh: '查询监听的转发规则。' },
  status: 'full',
  params: z.object(place),
  result: z.object({ Rules: wrapped('Rule', z.object(described)) }),
  effect: 'read',
  errors: ['InvalidLoadBalancerId.NotFound', 'ResourceNotFound.Listener', 'RuleNotSupport'],
  handler: async (context, params) => {
    await ownLoadBalancer(context, params.LoadBalancerId)
    const listener = await ruledListener(context, params)
    const rules = await rulesOfListener(context.tx, listener)
    return { Rules: { Rule: rules.map((rule) => describe(rule, listener)) } }
  },
})

const describeRuleAttribute = defineAction({
  product: 'Slb',
  name: 'DescribeRuleAttribute',
  summary: { en: 'Describes a forwarding rule.', zh: '查询转发规则的详细信息。' },
  status: 'full',
  params: z.object({ RuleId: text() }),
  result: z.object({ ...described, LoadBalancerId: z.string(), ListenerPort: z.string() }),
  effect: 'read',
  errors: ['InvalidRuleId.NotFound'],
  handler: async (context, { RuleId }) => {
    const rule = await ownRule(context, RuleId)
    const listeners = await listenersOf(context.tx, rule.load_balancer_id)
    const listener = listeners.find(({ protocol, port }) => protocol === rule.protocol && port === rule.port)
    return {
      ...describe(rule, found(listener, 'InvalidRuleId.NotFound')),
      LoadBalancerId: rule.load_balancer_id,
      ListenerPort: String(rule.port),
    }
  },
})

const setRule = defineAction({
  product: 'Slb',
  name: 'SetRule',
  summary: {
    en: 'Changes the name of a forwarding rule, or the group it sends to.',
    zh: '修改转发规则的名称或目标服务器组。',
  },
  status: partial,
  params: z.object({
    RuleId: text(),
    RuleName: text({ pattern: ruleName }).optional(),
    VServerGroupId: text().optional(),
    ListenerSync: choice(['on', 'off']).optional(),
  }),
  result: z.object({}),
  effect: 'write',
  answer: 'when-in-kernel',
  errors: [
    'InvalidLoadBalancerId.NotFound',
    'InvalidParameter',
    'InvalidParameter.ListenerSync',
    'InvalidParameter.VServerGroupId',
    'InvalidRuleId.NotFound',
  ],
  handler: async (context, params) => {
    const { tx } = context
    if (params.ListenerSync === 'off') {
      const name = 'ListenerSync'
      throw new ApiError(`InvalidParameter.${name}`, { name, reason: 'a rule follows its listener' })
    }
    const generation = await nextGeneration(tx)
    const rule = await ownRule(context, params.RuleId)
    const { id: balancer } = await liveLoadBalancer(context, rule.load_balancer_id)
    const group = params.VServerGroupId
    if (group !== undefined) await checkGroup(context, balancer, group)
    const name = params.RuleName ?? rule.name
    const others = (await rulesOfBalancer(tx, balancer)).filter(
      ({ id, protocol, port }) => id !== rule.id && protocol === rule.protocol && port === rule.port,
    )
    checkUnique([...others, { ...rule, name }])
    await updateRule(tx, rule.id, { name, server_group_id: group ?? rule.server_group_id })
    await updateLoadBalancer(tx, balancer, { generation })
    return {}
  },
})

async function ownRule(context: ActionContext, id: string): Promise<ListenerRuleTable> {
  return found(await findRule(context.tx, ownerOf(context), id), 'InvalidRuleId.NotFound')
}

export const ruleActions: readonly Action[] = [
  createRules,
  deleteRules,
  describeRules,
  describeRuleAttribute,
  setRule,
]
