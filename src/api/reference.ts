/** The reference pages, one per product, made of the action table and nothing else. */
import { z } from 'zod'
import type { Action, ActionStatus, Product } from './action.ts'
import { paramRows } from './param-rows.ts'
import { unwrap } from './params.ts'
import { products } from './products.ts'

/** File name → Markdown. */
export function referencePages(actions: readonly Action[]): ReadonlyMap<string, string> {
  const offered = Object.values(products)
  const pages = offered.map((product): [string, string] => {
    const own = actions.filter((action) => action.product === product.name)
    return [
      `${product.name.toLowerCase()}.md`,
      page(
        product,
        own.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      ),
    ]
  })
  return new Map([['README.md', overview(offered, actions)], ...pages])
}

const notice = 'Made by `npm run reference` from the action table. Do not edit.'

function overview(offered: readonly Product[], actions: readonly Action[]): string {
  const rows = offered.map((product) => {
    const count = actions.filter((action) => action.product === product.name).length
    return `| [${product.name}](${product.name.toLowerCase()}.md) | ${product.version} | ${count} |`
  })
  return `# API reference

${notice}

All products answer on one address, by HTTP and HTTPS, GET and POST; the version tells them apart. Every action also takes
\`RegionId\`, every write \`ClientToken\` (the same token and parameters give the same answer for 24 hours) and
\`DryRun\` (checks everything, changes nothing), and every answer carries \`RequestId\`.

| product | version | actions |
| --- | --- | --- |
${rows.join('\n')}
`
}

function page(product: Product, actions: readonly Action[]): string {
  const sections = actions.map(
    (action) => `## ${action.name}

${action.summary.en} ${action.summary.zh}${action.effect === 'read' ? ' Reads only.' : ''}
${statusLine(action.status)}
${parameters(action)}

Answer: ${fields(action.result)}
`,
  )
  return `# ${product.name} ${product.version}

${notice}

${sections.join('\n')}`
}

function statusLine(status: ActionStatus | undefined): string {
  if (status === undefined) return ''
  if (status === 'full') return '\nStatus: full.\n'
  const [word, note] = 'partial' in status ? ['partial', status.partial] : ['refused', status.refused]
  return `\nStatus: **${word}**. ${note}\n`
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
