import type { UseQueryResult } from '@tanstack/react-query'
import { Result, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { isNotFound } from '../api/send.ts'
import { useText } from '../i18n/language.tsx'
import { ErrorNote } from './error-note.tsx'

interface Props<Data> {
  readonly query: UseQueryResult<Data>
  readonly children: (data: NonNullable<Data>) => ReactNode
}

/** What a detail page shows while it asks, when it is refused, and when there is no such resource in this account. */
export function Loaded<Data>({ query, children }: Props<Data>) {
  const t = useText()
  if (query.isPending) return <Skeleton active paragraph={{ rows: 6 }} />
  if (query.data !== undefined && query.data !== null) return children(query.data)
  if (!query.error || isNotFound(query.error)) {
    return <Result status="404" title={t.common.notFound} subTitle={t.common.notFoundHint} />
  }
  return <ErrorNote error={query.error} onRetry={() => void query.refetch()} />
}
