/** The signed-in part: asks who is signed in, and leads to the sign-in page and back when nobody is. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Spin } from 'antd'
import { useEffect } from 'react'
import { Navigate, Outlet, useLocation, useParams } from 'react-router'
import { ApiContext } from './api/context.ts'
import { Events } from './api/events.tsx'
import { CallError, sender } from './api/send.ts'
import { readSession } from './api/session.ts'
import { useText } from './i18n/language.tsx'
import { signInPath } from './paths.ts'
import { rememberedRegion } from './region.ts'
import { sessionKey } from './session-key.ts'
import { ErrorNote } from './ui/error-note.tsx'

export function useSessionQuery() {
  return useQuery({
    queryKey: sessionKey,
    queryFn: async () => (await readSession()) ?? null,
    staleTime: Infinity,
  })
}

/** A call that says the session is over ends it on this page too. */
function useEndedSession(): void {
  const client = useQueryClient()
  useEffect(
    () =>
      client.getQueryCache().subscribe(({ query }) => {
        const { error } = query.state
        if (query.queryKey[0] !== 'call' || !(error instanceof CallError) || error.status !== 401) return
        client.setQueryData(sessionKey, null)
      }),
    [client],
  )
}

export function SessionGate() {
  const t = useText()
  const session = useSessionQuery()
  const location = useLocation()
  const region = useParams()['region'] ?? rememberedRegion()
  useEndedSession()
  if (session.isPending) return <Spin fullscreen description={t.common.loading} />
  if (session.isError) return <ErrorNote error={session.error} onRetry={() => void session.refetch()} />
  if (!session.data) {
    const from = encodeURIComponent(location.pathname + location.search)
    return <Navigate to={`${signInPath}?from=${from}`} replace />
  }
  const { account, csrf } = session.data
  return (
    <ApiContext value={{ session: session.data, region, send: sender(csrf, region) }}>
      <Events account={account}>
        <Outlet key={`${account} ${region}`} />
      </Events>
    </ApiContext>
  )
}
