/** The two ways of the public API to ask for a part of a list: page numbers, and tokens. */
import { z } from 'zod'
import type { Page } from '../store/page.ts'
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
  readonly NextToken?: number | undefined
}): Page {
  return { offset: params.NextToken ?? 0, limit: params.MaxResults }
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
  readonly NextToken?: number | undefined
}

export function eitherPageOf(params: EitherPage): Page {
  const { MaxResults, NextToken, PageSize } = params
  if (MaxResults === undefined && NextToken === undefined) return pageOf(params)
  return { offset: NextToken ?? 0, limit: MaxResults ?? PageSize }
}

export const eitherPageResult = { ...pageResult, NextToken: z.string() }

export function eitherPageAnswer(
  params: EitherPage,
  total: number,
): z.infer<z.ZodObject<typeof eitherPageResult>> {
  const page = eitherPageOf(params)
  return {
    TotalCount: total,
    PageNumber: Math.floor(page.offset / page.limit) + 1,
    PageSize: page.limit,
    NextToken: nextToken(page, total),
  }
}

/** The token of the page after this one; empty at the end. */
export function nextToken(page: Page, total: number): string {
  const next = page.offset + page.limit
  return next < total ? Buffer.from(`from ${next}`).toString('base64url') : ''
}

/** RAM's way: `Marker`, and whether there is more. */
export const markerParams = {
  MaxItems: integer(1, 1000).default(100),
  Marker: token().optional(),
}
export const markerResult = { IsTruncated: z.boolean(), Marker: z.string().optional() }

export function markerPageOf(params: {
  readonly MaxItems: number
  readonly Marker?: number | undefined
}): Page {
  return { offset: params.Marker ?? 0, limit: params.MaxItems }
}

export function nextMarker(page: Page, total: number) {
  const Marker = nextToken(page, total)
  return Marker === '' ? { IsTruncated: false } : { IsTruncated: true, Marker }
}

export function token() {
  return z
    .string()
    .transform((value, context) => {
      const match = /^from (\d{1,9})$/.exec(Buffer.from(value, 'base64url').toString())
      if (match) return Number(match[1])
      context.addIssue({ code: 'custom', message: 'not a token of this list' })
      return z.NEVER
    })
    .meta({ wire: 'text' })
}
