/** How each error of the actions on forwarding rules is provoked. */
import { quotas } from '../../../../../src/model/quotas.ts'
import type { Params } from '../../clients.ts'
import { makeBalancer } from '../../stage.ts'
import { copyRow } from '../copies.ts'
import { list, makeGroup, type Provoke, type Refusals, type SlbWorld } from './world.ts'

interface Ruled {
  readonly balancer: string
  readonly group: string
  readonly rule: string
}

/** A balancer of its own, with an HTTP listener that has one rule. */
async function makeRule({ owner, network }: SlbWorld): Promise<Ruled> {
  const balancer = await makeBalancer(owner, network)
  const place = { LoadBalancerId: balancer, ListenerPort: 80 }
  const plain = { BackendServerPort: 80, StickySession: 'off', HealthCheck: 'off' }
  await owner.slb('CreateLoadBalancerHTTPListener', { ...place, ...plain })
  const group = await makeGroup(owner, balancer)
  const RuleList = list({ RuleName: 'first', Domain: 'shop.example', Url: '/a', VServerGroupId: group })
  const { Rules } = await owner.slb('CreateRules', { ...place, RuleList })
  return { balancer, group, rule: (Rules as { Rule: { RuleId: string }[] }).Rule[0]?.RuleId ?? '' }
}

/** The group that a rule sends to. */
export const groupOfRule: Provoke = async (world) => [
  world.owner,
  { VServerGroupId: (await makeRule(world)).group },
]

/** Another rule beside the first, that differs so. */
const another =
  (params: (world: SlbWorld) => Params): Provoke =>
  async (world) => {
    const { balancer, group } = await makeRule(world)
    const rule = { RuleName: 'second', Url: '/b', VServerGroupId: group, ...params(world) }
    return [world.owner, { LoadBalancerId: balancer, ListenerPort: 80, RuleList: list(rule) }]
  }

const foreignRule: Provoke = async (world) => [world.stranger, { RuleId: (await makeRule(world)).rule }]

/** The balancer of the rule is being deleted. */
const leaving: Provoke = async (world) => {
  const { balancer, rule } = await makeRule(world)
  world.server.agent.pause()
  await world.owner.slb('DeleteLoadBalancer', { LoadBalancerId: balancer })
  return [world.owner, { RuleId: rule, RuleIds: JSON.stringify([rule]) }]
}

const change =
  (params: (world: SlbWorld) => Params): Provoke =>
  async (world) => [world.owner, { RuleId: (await makeRule(world)).rule, ...params(world) }]

const listed = {
  'InvalidLoadBalancerId.NotFound': ({ stranger, balancer }: SlbWorld) =>
    [stranger, { LoadBalancerId: balancer, ListenerPort: 80, RuleList: oneRule }] as const,
  'ResourceNotFound.Listener': ({ owner, balancer }: SlbWorld) =>
    [owner, { LoadBalancerId: balancer, ListenerPort: 99, RuleList: oneRule }] as const,
  RuleNotSupport: ({ owner, balancer }: SlbWorld) =>
    [owner, { LoadBalancerId: balancer, ListenerPort: 80, RuleList: oneRule }] as const,
} satisfies Readonly<Record<string, Provoke>>

const oneRule = list({ RuleName: 'one', Url: '/a', VServerGroupId: 'rsp-none' })

export const ruleRefusals: Refusals = {
  CreateRules: {
    ...listed,
    DomainExist: another(() => ({ Domain: 'SHOP.example', Url: '/a' })),
    DomainMalformed: another(() => ({ Domain: 'shop.*' })),
    InvalidParameter: another(() => ({ RuleName: 'first' })),
    'InvalidParameter.VServerGroupId': another(({ vserverGroup }) => ({ VServerGroupId: vserverGroup })),
    RuleListMalformed: another(() => ({ RuleName: 'no name!' })),
    TooManyRules: async (world) => {
      const { balancer, group, rule } = await makeRule(world)
      copyRow(world.server, 'listener_rule', ['id', rule], quotas.rulesPerListener - 1, {
        id: `'rule-' || i`,
        name: `'name' || i`,
        url: `'/' || i`,
      })
      const RuleList = list({ RuleName: 'last', Url: '/last', VServerGroupId: group })
      return [world.owner, { LoadBalancerId: balancer, ListenerPort: 80, RuleList }]
    },
    URLNotSupport: another(() => ({ Url: '/' })),
    UrlMalformed: another(() => ({ Url: 'a b' })),
  },
  DeleteRules: {
    'InvalidLoadBalancerId.NotFound': leaving,
    InvalidParameter: ({ owner }) => [owner, { RuleIds: 'none' }],
    'InvalidRuleId.NotFound': async (world) => [
      world.stranger,
      { RuleIds: JSON.stringify([(await makeRule(world)).rule]) },
    ],
  },
  DescribeRules: listed,
  DescribeRuleAttribute: { 'InvalidRuleId.NotFound': foreignRule },
  SetRule: {
    'InvalidLoadBalancerId.NotFound': leaving,
    InvalidParameter: async (world) => {
      const { balancer, group, rule } = await makeRule(world)
      const RuleList = list({ RuleName: 'second', Url: '/b', VServerGroupId: group })
      await world.owner.slb('CreateRules', { LoadBalancerId: balancer, ListenerPort: 80, RuleList })
      return [world.owner, { RuleId: rule, RuleName: 'second' }]
    },
    'InvalidParameter.ListenerSync': change(() => ({ ListenerSync: 'off' })),
    'InvalidParameter.VServerGroupId': change(({ vserverGroup }) => ({ VServerGroupId: vserverGroup })),
    'InvalidRuleId.NotFound': foreignRule,
  },
}
