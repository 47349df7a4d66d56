/**
 * The words after a product's name, as the public command line has them: an action, `--Name value` for each parameter,
 * and flags in lower case. Pure: nothing is looked up, so any action and parameter may be named here.
 */
import { readColumns, type Output, type OutputForm } from './output.ts'

export interface ProductWords {
  readonly action: string | undefined
  readonly parameters: readonly (readonly [name: string, value: string])[]
  readonly flags: Flags
}

export interface Flags {
  readonly values: Partial<Record<ValueFlag, string>>
  readonly switches: ReadonlySet<Switch>
  readonly output: Output
  readonly waiter: Waiter | undefined
  /** The path of the list whose pages are gathered; '' where it is to be found. */
  readonly pager: string | undefined
}

export interface Waiter {
  readonly expression: string
  readonly to: string
  readonly timeoutS: number
  readonly intervalS: number
}

export const valueFlags = [
  'access-key-id',
  'access-key-secret',
  'account',
  'ca',
  'cli-query',
  'endpoint',
  'expired-seconds',
  'lang',
  'mode',
  'profile',
  'query',
  'ram-role-arn',
  'region',
  'role-session-name',
  'state',
  'sts-token',
] as const
export type ValueFlag = (typeof valueFlags)[number]
export const switches = ['dryrun', 'force', 'help', 'quiet'] as const
export type Switch = (typeof switches)[number]
/** Flags that are followed by words of the form `field=value`. */
export const fieldFlags = ['output', 'waiter', 'pager'] as const
type FieldFlag = (typeof fieldFlags)[number]

const short: Readonly<Record<string, ValueFlag | Switch | FieldFlag>> = {
  p: 'profile',
  q: 'quiet',
  h: 'help',
  o: 'output',
}

/** What is wrong with the words, for a message in the user's language. */
export type WordsProblem =
  | { readonly kind: 'no-value'; readonly name: string }
  | { readonly kind: 'twice'; readonly name: string }
  | { readonly kind: 'extra-word'; readonly word: string }
  | { readonly kind: 'bad-field'; readonly flag: FieldFlag; readonly word: string }

export class WordsError extends Error {
  readonly problem: WordsProblem

  constructor(problem: WordsProblem) {
    super(problem.kind)
    this.name = 'WordsError'
    this.problem = problem
  }
}

/** @throws WordsError */
export function readWords(words: readonly string[]): ProductWords {
  let action: string | undefined
  const parameters = new Map<string, string>()
  const values: Partial<Record<ValueFlag, string>> = {}
  const switched = new Set<Switch>()
  const fields = new Map<FieldFlag, string[]>()
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    const [, dashes = '', name = '', joined] = /^(--?)([A-Za-z][\w.-]*)(?:=(.*))?$/s.exec(word) ?? []
    const next = () => {
      const value = joined ?? words[++at]
      if (value === undefined || (joined === undefined && /^--[A-Za-z]/.test(value))) {
        throw new WordsError({ kind: 'no-value', name: word })
      }
      return value
    }
    const flag = dashes === '-' ? short[name] : name
    if (dashes === '' || flag === undefined) {
      const [, bare, value = ''] = /^([A-Za-z][\w.]*)=(.*)$/s.exec(word) ?? []
      if (bare !== undefined) addOnce(parameters, bare, value)
      else if (action === undefined && dashes === '' && !word.startsWith('-')) action = word
      else throw new WordsError({ kind: 'extra-word', word })
    } else if (isOneOf(switches, flag)) {
      switched.add(flag)
    } else if (isOneOf(fieldFlags, flag)) {
      const given = joined === undefined ? [] : [joined]
      while (isField(flag, words[at + 1])) given.push(words[++at] ?? '')
      fields.set(flag, given)
    } else if (isOneOf(valueFlags, flag)) {
      if (values[flag] !== undefined) throw new WordsError({ kind: 'twice', name: word })
      values[flag] = next()
    } else {
      addOnce(parameters, name, next())
    }
  }
  return {
    action,
    parameters: [...parameters],
    flags: {
      values,
      switches: switched,
      output: readOutput(fields.get('output') ?? []),
      waiter: readWaiter(fields.get('waiter')),
      pager: readPager(fields.get('pager')),
    },
  }
}

function addOnce(parameters: Map<string, string>, name: string, value: string): void {
  if (parameters.has(name)) throw new WordsError({ kind: 'twice', name })
  parameters.set(name, value)
}

function isOneOf<Name extends string>(names: readonly Name[], name: string): name is Name {
  return (names as readonly string[]).includes(name)
}

const fieldNames: Readonly<Record<FieldFlag, readonly string[]>> = {
  output: ['cols', 'rows', 'num'],
  waiter: ['expr', 'to', 'timeout', 'interval'],
  pager: ['path'],
}

function isField(flag: FieldFlag, word: string | undefined): boolean {
  if (word === undefined) return false
  if (flag === 'output' && /^[a-z]+$/.test(word)) return true
  return fieldNames[flag].some((name) => word.startsWith(`${name}=`))
}

function readFields(flag: FieldFlag, words: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    words.map((word): [string, string] => {
      const [, name = '', value = ''] = /^([a-z]+)=(.*)$/s.exec(word) ?? []
      if (!fieldNames[flag].includes(name)) throw new WordsError({ kind: 'bad-field', flag, word })
      return [name, value]
    }),
  )
}

function readOutput(words: readonly string[]): Output {
  const [first = ''] = words
  const form: OutputForm | undefined = (['json', 'table', 'text'] as const).find((known) => known === first)
  const fields = readFields('output', form === undefined ? words : words.slice(1))
  const cols = fields.get('cols')
  return {
    form: form ?? (words.length > 0 ? 'table' : 'json'),
    columns: cols === undefined ? undefined : readColumns(cols),
    rows: fields.get('rows'),
    numbered: fields.get('num') === 'true',
  }
}

function readWaiter(words: readonly string[] | undefined): Waiter | undefined {
  if (!words) return undefined
  const fields = readFields('waiter', words)
  const seconds = (name: string, usual: number) => {
    const value = Number(fields.get(name) ?? usual)
    if (!(value > 0 && value <= 3600)) {
      throw new WordsError({ kind: 'bad-field', flag: 'waiter', word: `${name}=${fields.get(name)}` })
    }
    return value
  }
  const expression = fields.get('expr')
  const to = fields.get('to')
  if (!expression || to === undefined) throw new WordsError({ kind: 'no-value', name: '--waiter expr= to=' })
  return { expression, to, timeoutS: seconds('timeout', 180), intervalS: seconds('interval', 5) }
}

function readPager(words: readonly string[] | undefined): string | undefined {
  return words && (readFields('pager', words).get('path') ?? '')
}
