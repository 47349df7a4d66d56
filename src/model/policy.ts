/**
 * The policy language of RAM, version 1: which statements there are, and what they say about one action on one resource.
 * What is not carried is no policy: it is refused when a document is stored, never overlooked when it is read.
 */
import { fits } from './glob.ts'
import { commonKeys, hold, parseConditions, type Circumstances, type Condition } from './policy-conditions.ts'

export interface Policy {
  readonly statements: readonly Statement[]
}

export interface Statement {
  readonly effect: 'Allow' | 'Deny'
  readonly actions: Patterns
  readonly resources: Patterns
  readonly conditions: readonly Condition[]
}

export interface Patterns {
  readonly patterns: readonly string[]
  /** `NotAction`, `NotResource`: all but these. */
  readonly except: boolean
}

export type Decision = 'Allow' | 'ExplicitDeny' | 'ImplicitDeny'

export interface Asked {
  /** `privatelink:CreateVpcEndpoint`; its case does not matter. */
  readonly action: string
  /** `acs:privatelink:eu-central-1:12345678:vpcendpoint/ep-…`. */
  readonly resource: string
  readonly circumstances: Circumstances
}

/** One Deny decides; without one an Allow is needed. */
export function decide(policies: readonly Policy[], asked: Asked): Decision {
  const effects = policies
    .flatMap(({ statements }) => statements)
    .filter((statement) => speaksOf(statement, asked))
    .map(({ effect }) => effect)
  if (effects.includes('Deny')) return 'ExplicitDeny'
  return effects.includes('Allow') ? 'Allow' : 'ImplicitDeny'
}

function speaksOf({ actions, resources, conditions }: Statement, asked: Asked): boolean {
  return (
    includes(actions, asked.action.toLowerCase()) &&
    includes(resources, asked.resource) &&
    hold(conditions, asked.circumstances)
  )
}

function includes({ patterns, except }: Patterns, text: string): boolean {
  return patterns.some((pattern) => fits(pattern, text)) !== except
}

/** The policy of a document, or what is wrong with the document. */
export function parsePolicy(text: string): Policy | string {
  const statements = parseStatements(text)
  if (typeof statements === 'string') return statements
  const parsed: Statement[] = []
  for (const value of statements) {
    const statement = parseStatement(value)
    if (typeof statement === 'string') return statement
    parsed.push(statement)
  }
  return { statements: parsed }
}

/** What every kind of document has: `Version` 1 and a list of statements. */
export function parseStatements(text: string): readonly Fields[] | string {
  const document = parseJson(text)
  if (!isFields(document)) return 'the document is not a JSON object'
  const unknown = Object.keys(document).find((name) => name !== 'Version' && name !== 'Statement')
  if (unknown !== undefined) return `the element ${unknown} is not known`
  if (document['Version'] !== '1') return 'Version must be "1"'
  const statements = document['Statement']
  if (!Array.isArray(statements) || statements.length === 0)
    return 'Statement must be a list with a statement'
  return statements.every(isFields) ? statements : 'a statement is not a JSON object'
}

export type Fields = Readonly<Record<string, unknown>>

const known = new Set(['Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'])

function parseStatement(fields: Fields): Statement | string {
  const unknown = Object.keys(fields).find((name) => !known.has(name))
  if (unknown !== undefined) return `the element ${unknown} is not known`
  const effect = fields['Effect']
  if (effect !== 'Allow' && effect !== 'Deny') return 'Effect must be Allow or Deny'
  const actions = parsePatterns(fields, 'Action', isAction)
  if (typeof actions === 'string') return actions
  const resources = parsePatterns(fields, 'Resource', isResource)
  if (typeof resources === 'string') return resources
  const conditions = 'Condition' in fields ? parseConditions(fields['Condition'], commonKeys) : []
  if (typeof conditions === 'string') return conditions
  const patterns = actions.patterns.map((pattern) => pattern.toLowerCase())
  return { effect, actions: { ...actions, patterns }, resources, conditions }
}

function parsePatterns(fields: Fields, name: string, valid: (text: string) => boolean): Patterns | string {
  const except = `Not${name}` in fields
  if (except === name in fields) return `a statement has either ${name} or Not${name}`
  const patterns = texts(fields[except ? `Not${name}` : name])
  if (!patterns || patterns.length === 0) return `${name} must be a text or a list of texts`
  const wrong = patterns.find((pattern) => !valid(pattern))
  return wrong === undefined ? { patterns, except } : `${name} cannot be ${wrong}`
}

/** A text, or a list of texts, as most elements have; undefined for anything else. */
export function texts(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string') return [value]
  if (!Array.isArray(value)) return undefined
  return value.every((item) => typeof item === 'string') ? value : undefined
}

function isAction(text: string): boolean {
  return text === '*' || /^[a-zA-Z0-9*?-]+:[a-zA-Z0-9*?]+$/.test(text)
}

/** `acs:<product>:<region>:<account>:<resource>`. */
function isResource(text: string): boolean {
  return text === '*' || /^acs:(?:[^:]*:){3}.+$/.test(text)
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    // What is no JSON is no object either, and that is what the caller says of it.
    return undefined
  }
}
