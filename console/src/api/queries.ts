/** Calls as queries. A query's key is the call itself, so the page's API panel can show what the page has asked. */
import { useMutation, useQueries, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { use } from 'react'
import { useApi } from './context.ts'
import { EventsContext } from './events-context.ts'
import type { Call } from './call.ts'
import type { Send } from './send.ts'

export const callKey = (account: string, region: string, call: Call) =>
  ['call', account, region, call] as const

interface Options {
  readonly enabled?: boolean
  /** Asks again at this pace, for what no event tells of. */
  readonly everyMs?: number
}

export function useCall<Result>(
  call: Call<Result>,
  { enabled = true, everyMs }: Options = {},
): UseQueryResult<Result> {
  const { session, region, send } = useApi()
  const live = use(EventsContext)
  return useQuery({
    queryKey: callKey(session.account, region, call),
    queryFn: ({ signal }) => send(call, signal),
    enabled,
    refetchInterval: everyMs ?? (live ? false : 4000),
  })
}

/** One resource, which the API tells of in a list only: the call asks for it alone. */
export function usePicked<Result, Item>(
  call: Call<Result>,
  pick: (answer: Result) => Item,
): UseQueryResult<Item> {
  const { session, region, send } = useApi()
  const live = use(EventsContext)
  return useQuery({
    queryKey: callKey(session.account, region, call),
    queryFn: ({ signal }) => send(call, signal),
    select: pick,
    refetchInterval: live ? false : 4000,
  })
}

/** One call for each item; the answers in the items' order. */
export function useEach<Item, Result>(
  items: readonly Item[] | undefined,
  callFor: (item: Item) => Call<Result>,
): readonly (Result | undefined)[] {
  const { session, region, send } = useApi()
  return useQueries({
    queries: (items ?? []).map((item) => {
      const call = callFor(item)
      return {
        queryKey: callKey(session.account, region, call),
        queryFn: ({ signal }: { signal: AbortSignal }) => send(call, signal),
      }
    }),
    combine: (results) => results.map(({ data }) => data),
  })
}

/** All pages of a list, as one. */
export function useList<Result extends object, Item>(
  call: Call<Result>,
  pick: (answer: Result) => readonly Item[],
  { enabled = true }: Options = {},
): UseQueryResult<readonly Item[]> {
  const { session, region, send } = useApi()
  const live = use(EventsContext)
  return useQuery({
    // Pages of an answer are not the answer: the same call made by `useCall` is another query.
    queryKey: [...callKey(session.account, region, call), 'pages'],
    queryFn: ({ signal }) => readPages(send, call, signal),
    select: (pages) => pages.flatMap(pick),
    enabled,
    refetchInterval: live ? false : 4000,
  })
}

async function readPages<Result extends object>(
  send: Send,
  call: Call<Result>,
  signal: AbortSignal,
): Promise<Result[]> {
  const pages: Result[] = []
  let next: Call<Result> | undefined = call
  while (next) {
    const page: Result = await send(next, signal)
    pages.push(page)
    next = nextPage(next, page)
  }
  return pages
}

function nextPage<Result extends object>(call: Call<Result>, page: Result): Call<Result> | undefined {
  const { IsTruncated, Marker, NextToken, PageNumber, PageSize, TotalCount } = page as Record<string, unknown>
  if (IsTruncated === true && typeof Marker === 'string')
    return { ...call, params: { ...call.params, Marker } }
  if (typeof NextToken === 'string' && NextToken !== '') {
    return { ...call, params: { ...call.params, NextToken } }
  }
  if (typeof PageNumber !== 'number' || typeof TotalCount !== 'number') return undefined
  const size = typeof PageSize === 'number' ? PageSize : Number(call.params['PageSize'])
  if (!(PageNumber * size < TotalCount)) return undefined
  return { ...call, params: { ...call.params, PageNumber: String(PageNumber + 1) } }
}

/** A write. What the pages show is asked anew after it, whether it succeeded or not. */
export function useChange<Result>() {
  const { send } = useApi()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (call: Call<Result>) => send(call),
    onSettled: () => client.invalidateQueries({ queryKey: ['call'] }),
  })
}
