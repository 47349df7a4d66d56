/** Forwarding rules as requests of the Slb product write them, and what their parts may look like. */
import { z } from 'zod'
import { ApiError } from '../../errors.ts'
import { demand } from '../../require.ts'

export const ruleName = /^[a-zA-Z0-9/._-]{1,40}$/

const item = z.object({
  RuleName: z.string().regex(ruleName),
  Domain: z.string().default(''),
  Url: z.string().default(''),
  VServerGroupId: z.string().min(1),
})
export type GivenRule = z.infer<typeof item>

export const ruleListErrors = ['DomainMalformed', 'RuleListMalformed', 'URLNotSupport', 'UrlMalformed']

/** The Terraform provider writes single quotes, as in lists of servers. */
export function readRuleList(text: string): readonly GivenRule[] {
  const parsed = z.array(item).min(1).max(10).safeParse(parseNearlyJson(text))
  if (!parsed.success) throw new ApiError('RuleListMalformed')
  return parsed.data.map((rule) => {
    demand(rule.Domain !== '' || rule.Url !== '', 'RuleListMalformed')
    const domain = rule.Domain.toLowerCase()
    demand(domain === '' || isDomain(domain), 'DomainMalformed')
    demand(rule.Url === '' || /^\/[a-zA-Z0-9/.%?#&_-]{0,79}$/.test(rule.Url), 'UrlMalformed')
    demand(rule.Url !== '/', 'URLNotSupport')
    return { ...rule, Domain: domain }
  })
}

export function readIdList(text: string): readonly string[] | undefined {
  const parsed = z.array(z.string()).min(1).safeParse(parseNearlyJson(text))
  return parsed.success ? parsed.data : undefined
}

function parseNearlyJson(text: string): unknown {
  try {
    return JSON.parse(text.replaceAll("'", '"'))
  } catch {
    return undefined
  }
}

/** Labels with dots between, `*` for the first one only (CLB user guide, domain names of rules). */
function isDomain(domain: string): boolean {
  return domain.length <= 80 && /^(\*\.)?[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$/.test(domain)
}
