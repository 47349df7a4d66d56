/** `--pager`: all pages of a list, gathered into one answer of the same shape. */
import { evaluate } from './expression.ts'
import { firstList } from './output.ts'

export type Answer = Readonly<Record<string, unknown>>
export type Ask = (more: Readonly<Record<string, string>>) => Promise<Answer>

/** Pages end; a server that never ends them is not waited for. */
const mostPages = 10_000

/** `path` is the JMESPath of the list; '' finds it. An answer without a list, or of one page, is given back as it is. */
export async function gatherPages(ask: Ask, path: string): Promise<Answer> {
  const first = await ask({})
  const list = listIn(first, path)
  if (!list) return first
  let page = first
  for (let count = 1; count < mostPages; count++) {
    const more = nextPage(page, list.length)
    if (!more) break
    page = await ask(more)
    const items = listIn(page, path) ?? []
    if (items.length === 0) break
    list.push(...items)
  }
  return { ...first, ...ended(first) }
}

function listIn(answer: Answer, path: string): unknown[] | undefined {
  const found: unknown = path === '' ? firstList(answer) : evaluate(answer, path)
  return Array.isArray(found) ? found : undefined
}

/** The parameters that ask for the page after this one: by token, by marker, or by number. */
function nextPage(page: Answer, gathered: number): Readonly<Record<string, string>> | undefined {
  const { NextToken, Marker, IsTruncated, TotalCount, PageNumber } = page
  if (typeof NextToken === 'string' && NextToken !== '') return { NextToken }
  if (IsTruncated === true && typeof Marker === 'string') return { Marker }
  if (typeof TotalCount !== 'number' || typeof PageNumber !== 'number') return undefined
  return gathered < TotalCount ? { PageNumber: String(PageNumber + 1) } : undefined
}

/** What said that there is more says no longer so. */
function ended(first: Answer): Answer {
  return {
    ...('NextToken' in first ? { NextToken: '' } : {}),
    ...('IsTruncated' in first ? { IsTruncated: false } : {}),
  }
}
