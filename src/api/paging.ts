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

/** For lists that take either: what a client that gives a token, or a number for one, wants is clear. */
export function eitherPageParams(usual: number, most: number) {
  return {
    ...pageParams(usual, most),
    MaxResults: integer(1, most).optional(),
    NextToken: token().optional(),
  }
}

interface EitherPage {
  readonly PageNumber: number
  readonly PageSize: number
  readonly MaxResults?: number | undefined
  readonly NextToken?: Position | undefined
}

export function eitherPageOf(params: EitherPage): Page {
  const { MaxResults, NextToken, PageSize } = params
  if (MaxResults === undefined && NextToken === undefined) return pageOf(params)
  return { offset: 0, limit: MaxResults ?? PageSize, after: NextToken }
}

export const eitherPageResult = { ...pageResult, NextToken: z.string() }

export function eitherPageAnswer(
  params: EitherPage,
  { total, next }: Pick<Listing<unknown>, 'total' | 'next'>,
): z.infer<z.ZodObject<typeof eitherPageResult>> {
  const page = eitherPageOf(params)
  return {
    TotalCount: total,
    PageNumber: Math.floor(page.offset / page.limit) + 1,
    PageSize: page.limit,
    NextToken: nextToken({ next }),
  }
}

/** The token of the page after this one; empty at the end. */
export function nextToken({ next }: Pick<Listing<unknown>, 'next'>): string {
  return next ? Buffer.from(JSON.stringify(next)).toString('base64url') : ''
}

/** RAM's way: `Marker`, and whether there is more. */
export const markerParams = {
  MaxItems: integer(1, 1000).default(100),
  Marker: token().optional(),
}
export const markerResult = { IsTruncated: z.boolean(), Marker: z.string().optional() }

export function markerPageOf(params: {
  readonly MaxItems: number
  readonly Marker?: Position | undefined
}): Page {
  return { offset: 0, limit: params.MaxItems, after: params.Marker }
}

export function nextMarker(listing: Pick<Listing<unknown>, 'next'>) {
  const Marker = nextToken(listing)
  return Marker === '' ? { IsTruncated: false } : { IsTruncated: true, Marker }
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
