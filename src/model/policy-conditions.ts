/**
 * The element `Condition` of a statement: under which circumstances it counts. A part of the language, and what is not in it is
 * refused when a policy is made: an overlooked condition would make an Allow say more than was meant.
 */
import { fits } from './glob.ts'
import { isInBlock, parseIpBlock } from './ip-blocks.ts'

/** What is known of a call, as text. */
export type Circumstances = Readonly<Partial<Record<ConditionKey, string>>>

export interface Condition {
  readonly operator: string
  readonly key: ConditionKey
  readonly values: readonly string[]
}

type ValueType = 'text' | 'date' | 'truth' | 'address'

const keyTypes = {
  'acs:CurrentTime': 'date',
  'acs:MFAPresent': 'truth',
  'acs:SecureTransport': 'truth',
  'acs:SourceIp': 'address',
  /** Only of AssumeRole, so only in trust policies. */
  'sts:ExternalId': 'text',
} as const satisfies Readonly<Record<string, ValueType>>

export type ConditionKey = keyof typeof keyTypes

/** Of who calls, whatever is called. */
export const commonKeys = [
  'acs:CurrentTime',
  'acs:MFAPresent',
  'acs:SecureTransport',
  'acs:SourceIp',
] as const

interface Operator {
  readonly type: ValueType
  /** One that fits is enough; of a negated operator, none may fit. */
  readonly fits: (have: string, wanted: string) => boolean
  readonly negated?: true
}

const lower = (text: string) => text.toLowerCase()
const same = (have: string, wanted: string) => have === wanted
const sameInAnyCase = (have: string, wanted: string) => lower(have) === lower(wanted)
const like = (have: string, wanted: string) => fits(wanted, have)
const byTime =
  (compare: (have: number, wanted: number) => boolean) =>
  (have: string, wanted: string): boolean =>
    compare(Date.parse(have), Date.parse(wanted))
const sameTime = byTime((have, wanted) => have === wanted)

function within(have: string, wanted: string): boolean {
  const block = parseIpBlock(wanted)
  return block !== undefined && isInBlock(block, have)
}

const operators: Readonly<Record<string, Operator>> = {
  StringEquals: { type: 'text', fits: same },
  StringNotEquals: { type: 'text', fits: same, negated: true },
  StringEqualsIgnoreCase: { type: 'text', fits: sameInAnyCase },
  StringNotEqualsIgnoreCase: { type: 'text', fits: sameInAnyCase, negated: true },
  StringLike: { type: 'text', fits: like },
  StringNotLike: { type: 'text', fits: like, negated: true },
  DateEquals: { type: 'date', fits: sameTime },
  DateNotEquals: { type: 'date', fits: sameTime, negated: true },
  DateLessThan: { type: 'date', fits: byTime((have, wanted) => have < wanted) },
  DateLessThanEquals: { type: 'date', fits: byTime((have, wanted) => have <= wanted) },
  DateGreaterThan: { type: 'date', fits: byTime((have, wanted) => have > wanted) },
  DateGreaterThanEquals: { type: 'date', fits: byTime((have, wanted) => have >= wanted) },
  Bool: { type: 'truth', fits: sameInAnyCase },
  IpAddress: { type: 'address', fits: within },
  NotIpAddress: { type: 'address', fits: within, negated: true },
}

/** All conditions must hold. What is not known of a call fits nothing. */
export function hold(conditions: readonly Condition[], known: Circumstances): boolean {
  return conditions.every(({ operator: name, key, values }) => {
    const operator = operators[name]
    const have = known[key]
    if (!operator) throw new Error(`a parsed condition has the unknown operator ${name}`)
    const fitting = have !== undefined && values.some((wanted) => operator.fits(have, wanted))
    return fitting !== (operator.negated ?? false)
  })
}

/** The conditions of a statement, or what is wrong with them. `keys`: those that have a meaning where the statement stands. */
export function parseConditions(
  value: unknown,
  keys: readonly ConditionKey[],
): readonly Condition[] | string {
  if (!isObject(value) || Object.keys(value).length === 0) return 'Condition must be an object with operators'
  const parsed: Condition[] = []
  for (const [name, tests] of Object.entries(value)) {
    const operator = Object.hasOwn(operators, name) ? operators[name] : undefined
    if (!operator) return `the condition operator ${name} is not supported`
    if (!isObject(tests) || Object.keys(tests).length === 0) return `${name} must be an object with keys`
    for (const [keyName, wanted] of Object.entries(tests)) {
      const key = keys.find((known) => known === keyName)
      if (key === undefined) return `the condition key ${keyName} is not supported here`
      if (keyTypes[key] !== operator.type) return `the condition key ${key} cannot be compared by ${name}`
      const values = readValues(wanted)
      const wrong = values?.find((text) => !isValue(operator.type, text))
      if (!values || values.length === 0) return `${key} must be compared with a text or a list of texts`
      if (wrong !== undefined) return `${key} cannot be compared with ${wrong}`
      parsed.push({ operator: name, key, values })
    }
  }
  return parsed
}

/** One value or a list; truth values may be written as such. */
function readValues(value: unknown): readonly string[] | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  const texts = list.map((item) => (typeof item === 'boolean' ? String(item) : item))
  return texts.every((item) => typeof item === 'string') ? texts : undefined
}

const date = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/

function isValue(type: ValueType, text: string): boolean {
  switch (type) {
    case 'text':
      return true
    case 'date':
      return date.test(text) && !Number.isNaN(Date.parse(text))
    case 'truth':
      return /^(?:true|false)$/i.test(text)
    case 'address':
      return parseIpBlock(text) !== undefined
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
