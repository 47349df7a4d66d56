/** The trust policy of a role: who may assume it. Accounts, RAM users, roles and services; identity providers are not carried. */
import { commonKeys, hold, parseConditions, type Circumstances, type Condition } from './policy-conditions.ts'
import { parseStatements, texts, type Fields } from './policy.ts'

export interface TrustPolicy {
  readonly statements: readonly TrustStatement[]
}

export interface TrustStatement {
  readonly effect: 'Allow' | 'Deny'
  /** `acs:ram::<account>:root`, `…:user/<name>`, `…:role/<name>`, or a service as `ecs.aliyuncs.com`. */
  readonly principals: readonly string[]
  readonly conditions: readonly Condition[]
}

/** `names`: what the caller goes by: its own ARN and the root of its account, or the name of a service. */
export function trusts(
  { statements }: TrustPolicy,
  names: readonly string[],
  circumstances: Circumstances,
): boolean {
  const effects = statements
    .filter(({ principals }) => principals.some((principal) => names.includes(principal)))
    .filter(({ conditions }) => hold(conditions, circumstances))
    .map(({ effect }) => effect)
  return effects.includes('Allow') && !effects.includes('Deny')
}

/** The trust policy of a document, or what is wrong with the document. */
export function parseTrustPolicy(text: string): TrustPolicy | string {
  const statements = parseStatements(text)
  if (typeof statements === 'string') return statements
  const parsed: TrustStatement[] = []
  for (const value of statements) {
    const statement = parseStatement(value)
    if (typeof statement === 'string') return statement
    parsed.push(statement)
  }
  return { statements: parsed }
}

const known = new Set(['Effect', 'Action', 'Principal', 'Condition'])

function parseStatement(fields: Fields): TrustStatement | string {
  const unknown = Object.keys(fields).find((name) => !known.has(name))
  if (unknown !== undefined) return `the element ${unknown} is not supported in a trust policy`
  const effect = fields['Effect']
  if (effect !== 'Allow' && effect !== 'Deny') return 'Effect must be Allow or Deny'
  const actions = texts(fields['Action'])
  if (actions?.length !== 1 || actions[0]?.toLowerCase() !== 'sts:assumerole') {
    return 'Action must be sts:AssumeRole'
  }
  const principals = readPrincipals(fields['Principal'])
  if (typeof principals === 'string') return principals
  const keys = [...commonKeys, 'sts:ExternalId'] as const
  const conditions = 'Condition' in fields ? parseConditions(fields['Condition'], keys) : []
  return typeof conditions === 'string' ? conditions : { effect, principals, conditions }
}

/** What a kind of principal is called by. */
const kinds = {
  RAM: /^acs:ram::[1-9]\d{0,15}:(?:root|(?:user|role)\/[a-zA-Z0-9._-]{1,64})$/,
  Service: /^(?:[1-9]\d{0,15}@)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.aliyuncs\.com$/,
} as const

function readPrincipals(value: unknown): readonly string[] | string {
  if (typeof value !== 'object' || value === null) return 'Principal must be an object'
  const given = Object.entries(value)
  if (given.length === 0) return 'Principal must name somebody'
  const principals: string[] = []
  for (const [kind, named] of given) {
    if (!isKind(kind)) return `a Principal of the kind ${kind} is not supported`
    const names = texts(named)
    if (!names || names.length === 0) return `Principal.${kind} must be a text or a list of texts`
    const wrong = names.find((name) => !kinds[kind].test(name))
    if (wrong !== undefined) return `Principal.${kind} cannot be ${wrong}`
    principals.push(...names)
  }
  return principals
}

function isKind(name: string): name is keyof typeof kinds {
  return Object.hasOwn(kinds, name)
}
