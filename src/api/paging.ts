/** The two ways of the public API to ask for a part of a list: page numbers, and tokens. */
import { z } from 'zod'
import type { Listing, Page, Position } from '../store/page.ts'
import { integer } from './params.ts'

export function pageParams(usual: number, most: number) {
  return { PageNumber: integer(1, 1_000_000).default(1), PageSize: integer(1, most).default(usual) }
}

export function pageOf(params: { readonly PageNumber: number; readonly PageSize: number }): Page {
  return { offset: (params.PageNumber - 1) * params.PageSize, limit: params.PageSize }
}

export const pageResult = { TotalCount: z.number(), PageNumber: z.number(), PageSize: z.number() }

export function tokenParams(most: number, usual = Math.min(most, 50)) {
  return { MaxResults: integer(1, most).default(usual), NextToken: token().optional() }
}

export function tokenPageOf(params: {
  readonly MaxResults: number
  readonly NextToken?: Position | undefined
}): Page {
  return { offset: 0, limit: params.MaxResults, after: params.NextToken }
}

/** The token of the page after this one; empty at the end. */
export function nextToken({ next }: Pick<Listing<unknown>, 'next'>): string {
  return next ? Buffer.from(JSON.stringify(next)).toString('base64url') : ''
}

const position = z.array(z.union([z.string(), z.int()])).max(4)

/** Clients give back what they were given: it says after which row to go on, so rows that come and go move no page. */
export function token() {
  return z
    .string()
    .transform((value, context): Position => {
      const parsed = position.safeParse(readToken(value))
      if (parsed.success) return parsed.data
      context.addIssue({ code: 'custom', message: 'not a token of this list' })
      return z.NEVER
    })
    .meta({ wire: 'text' })
}

function readToken(value: string): unknown {
  try {
    return JSON.parse(Buffer.from(value, 'base64url').toString())
  } catch {
    return undefined
  }
}
