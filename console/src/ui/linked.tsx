/** A sentence in which each id that has a page leads to it. */
import { Fragment } from 'react'
import { Link } from 'react-router'
import { usePaths, type Paths } from '../paths.ts'

const id = /\b(?:vpc|vsw|sg|i|lb|ep|epsrv)-[a-z0-9]{8,}\b/g

/** Undefined for what has no page of its own. */
export function pathOfId(paths: Paths, text: string): string | undefined {
  switch (text.slice(0, text.indexOf('-'))) {
    case 'vpc':
      return paths.vpc(text)
    case 'sg':
      return paths.securityGroup(text)
    case 'i':
      return paths.instance(text)
    case 'lb':
      return paths.loadBalancer(text)
    case 'ep':
      return paths.endpoint(text)
    case 'epsrv':
      return paths.service(text)
    default:
      return undefined
  }
}

interface Props {
  readonly text: string
  /** Ids that are not the account's own: they have a page, but not for who looks. */
  readonly except?: readonly string[]
}

export function Linked({ text, except = [] }: Props) {
  const paths = usePaths()
  const parts: (string | { readonly id: string; readonly to: string })[] = []
  let end = 0
  for (const { 0: found, index } of text.matchAll(id)) {
    // A part of a domain name is no id to click on.
    const inName = text[index - 1] === '.' || /^\.[a-z]/.test(text.slice(index + found.length))
    const to = inName || except.includes(found) ? undefined : pathOfId(paths, found)
    if (to === undefined) continue
    parts.push(text.slice(end, index), { id: found, to })
    end = index + found.length
  }
  parts.push(text.slice(end))
  return parts.map((part, place) =>
    typeof part === 'string' ? (
      <Fragment key={place}>{part}</Fragment>
    ) : (
      <Link key={place} to={part.to} className="mono">
        {part.id}
      </Link>
    ),
  )
}
