/** The reference pages, one per product, made of the action table and nothing else. */
import { z } from 'zod'
import type { Action, ActionStatus, Product } from './action.ts'
import { generalDifferences } from './differences.ts'
import { paramRows } from './param-rows.ts'
import { unwrap } from './params.ts'
import { products } from './products.ts'

/** File name → Markdown. */
export function referencePages(actions: readonly Action[]): ReadonlyMap<string, string> {
  const offered = Object.values(products)
  const pages = offered.map((product): [string, string] => {
    return [`${product.name.toLowerCase()}.md`, page(product, actionsOf(product, actions))]
  })
  return new Map([
    ['README.md', overview(offered, actions)],
    ['differences.md', differencesPage(offered, actions)],
    ...pages,
  ])
}

function actionsOf(product: Product, actions: readonly Action[]): readonly Action[] {
  return actions
    .filter((action) => action.product === product.name)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

const notice = 'Made by `npm run reference` from the action table. Do not edit.'

function overview(offered: readonly Product[], actions: readonly Action[]): string {
  const rows = offered.map((product) => {
    const own = actionsOf(product, actions)
    const counts = statusWords.map((word) => own.filter(({ status }) => statusWord(status) === word).length)
    const cells = [
      `[${product.name}](${product.name.toLowerCase()}.md)`,
      product.version,
      own.length,
      ...counts,
    ]
    return `| ${cells.join(' | ')} |`
  })
  return `# API reference

${notice}

All products answer on one address, by HTTP and HTTPS, GET and POST; the version tells them apart. Every action also takes
\`RegionId\`, every write \`ClientToken\` (the same token and parameters give the same answer for 24 hours) and
\`DryRun\` (checks everything, changes nothing), and every answer carries \`RequestId\`.

| product | version | actions | full | partial | refused |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

What *partial* and *refused* mean for each action is on its page, and all of it on [one page](differences.md).
`
}

function page(product: Product, actions: readonly Action[]): string {
  const sections = actions.map(
    (action) => `## ${action.name}

${action.summary.en} ${action.summary.zh}${action.effect === 'read' ? ' Reads only.' : ''}
${statusLine(action.status)}
${parameters(action)}

Answer: ${fields(action.result)}
${errorLine(action)}`,
  )
  return `# ${product.name} ${product.version}

${notice}

${sections.join('\n')}`
}

function errorLine({ errors = [] }: Action): string {
  return errors.length > 0 ? `\nErrors of its own: ${errors.map((code) => `\`${code}\``).join(', ')}.\n` : ''
}

function statusLine(status: ActionStatus): string {
  const note = noteOf(status)
  return note === undefined ? '\nStatus: full.\n' : `\nStatus: **${statusWord(status)}**. ${note}\n`
}

const statusWords = ['full', 'partial', 'refused'] as const

function statusWord(status: ActionStatus): (typeof statusWords)[number] {
  if (status === 'full') return 'full'
  return 'partial' in status ? 'partial' : 'refused'
}

function noteOf(status: ActionStatus): string | undefined {
  if (status === 'full') return undefined
  return 'partial' in status ? status.partial : status.refused
}

function differencesPage(offered: readonly Product[], actions: readonly Action[]): string {
  const general = generalDifferences.map(
    ({ about, items }) => `## ${about}\n\n${items.map((item) => `- ${item}`).join('\n')}\n`,
  )
  const perProduct = offered.flatMap((product) => {
    const rows = actionsOf(product, actions).flatMap(({ name, status }) => {
      const note = noteOf(status)
      return note === undefined ? [] : [`| \`${name}\` | ${statusWord(status)} | ${note} |`]
    })
    if (rows.length === 0) return []
    return [
      [
        '## ' + product.name,
        '',
        '| action | status | what differs |',
        '| --- | --- | --- |',
        ...rows,
        '',
      ].join('\n'),
    ]
  })
  return `# Differences from the public cloud

${notice}

Actions that are not listed in the [reference](README.md) are not served (\`InvalidAction.NotFound\`). Of those that are,
*full* ones behave as their public documents say, *partial* ones differ as said here, *refused* ones always answer with a
code.

${[...general, ...perProduct].join('\n')}`
}

function parameters(action: Action): string {
  const required = { always: 'yes', within: 'in its object', no: '' }
  const rows = paramRows(action).map(
    (row) => `| \`${row.name}\` | ${row.type} | ${required[row.required]} | ${row.about} |`,
  )
  if (rows.length === 0) return 'No parameters.'
  return ['| parameter | type | required | |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

/** The names of an answer's fields as they nest: `Vpcs{Vpc[]{VpcId, …}}`. */
function fields(type: z.ZodType): string {
  const text = nested(type)
  return text === '' ? 'nothing more.' : `\`${text}\``
}

function nested(type: z.ZodType): string {
  const inner = unwrap(type)
  if (inner instanceof z.ZodArray) return `[]${braced(inner.element as z.ZodType)}`
  if (!(inner instanceof z.ZodObject)) return ''
  return Object.entries(inner.shape)
    .map(([name, field]) => name + braced(field as z.ZodType))
    .join(', ')
}

function braced(type: z.ZodType): string {
  const text = nested(type)
  return unwrap(type) instanceof z.ZodObject && text !== '' ? `{${text}}` : text
}
