/** How an answer is printed: JSON, a table, or text of tabs and lines. */
import { evaluate } from './expression.ts'
import { table } from '../screen.ts'

export type OutputForm = 'json' | 'table' | 'text'

export interface Output {
  readonly form: OutputForm
  /** Undefined: every field of the rows that is no list and no object. */
  readonly columns: readonly Column[] | undefined
  /** JMESPath of the rows; undefined: the first list in the answer. */
  readonly rows: string | undefined
  readonly numbered: boolean
}

export interface Column {
  readonly title: string
  /** JMESPath within a row. */
  readonly path: string
}

/** `InstanceId,Address:VpcAttributes.PrivateIpAddress.IpAddress[0]`: commas within brackets belong to a path. */
export function readColumns(text: string): readonly Column[] {
  return (text.match(/(?:[^,()[\]{}]|\([^)]*\)|\[[^\]]*\]|\{[^}]*\})+/g) ?? []).map((part) => {
    const [, title, path] = /^(\w+):(.+)$/s.exec(part) ?? []
    return { title: title ?? part, path: path ?? part }
  })
}

/** The lines to print. */
export function printAnswer(answer: unknown, output: Output): readonly string[] {
  if (output.form === 'json') return [JSON.stringify(answer, undefined, 2)]
  const rows = rowsOf(answer, output.rows)
  const columns = output.columns ?? columnsOf(rows)
  const cells = rows.map((row, index) => [
    ...(output.numbered ? [String(index)] : []),
    ...columns.map(({ path }) => cell(isPlainName(path) ? fieldOf(row, path) : evaluate(row, path))),
  ])
  if (output.form === 'text') return cells.map((line) => line.join('\t'))
  if (columns.length === 0) return []
  const titles = [...(output.numbered ? ['Num'] : []), ...columns.map(({ title }) => title)]
  return table([titles, titles.map((title) => '-'.repeat(title.length)), ...cells], ' | ')
}

function rowsOf(answer: unknown, path: string | undefined): readonly unknown[] {
  const found: unknown = path === undefined ? (firstList(answer) ?? answer) : evaluate(answer, path)
  if (Array.isArray(found)) return found
  return found === null || found === undefined ? [] : [found]
}

/** The first list of objects, looking at each level before the next. */
export function firstList(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value
  if (!isObject(value)) return undefined
  const fields = Object.values(value)
  return (
    (fields.find((field) => Array.isArray(field)) as unknown[] | undefined) ??
    fields.map(firstList).find(Boolean)
  )
}

function columnsOf(rows: readonly unknown[]): readonly Column[] {
  const names = rows.flatMap((row) => (isObject(row) ? Object.keys(row) : []))
  const scalar = [...new Set(names)].filter((name) =>
    rows.every((row) => typeof fieldOf(row, name) !== 'object'),
  )
  const plain = rows.length === 0 ? [] : ['@']
  const paths = rows.some(isObject) ? scalar : plain
  return paths.map((path) => ({ title: path, path }))
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const isPlainName = (path: string) => /^\w+$/.test(path)

function fieldOf(row: unknown, name: string): unknown {
  return isObject(row) ? row[name] : undefined
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
