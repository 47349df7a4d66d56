/** Server-sent events: when something of the account changed or was observed, what the page shows is asked anew. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, type ReactNode } from 'react'
import { sessionKey } from '../session-key.ts'
import type { Call } from './call.ts'
import { EventsContext } from './events-context.ts'
import { trafficKey } from './traffic.ts'

/** Changes come in bursts while a resource is made; one reading is enough for a burst. */
const burstMs = 250

interface ChangeEvent {
  readonly kinds: readonly string[]
}

/** What the agent observes changes all the time: it must not make a page ask for everything anew. */
function concernedBy(kinds: ReadonlySet<string>): (call: Call) => boolean {
  const observed = [...kinds].every((kind) => kind === 'traffic' || kind === 'health')
  if (!observed) return () => true
  const [traffic, health] = [kinds.has('traffic'), kinds.has('health')]
  return ({ product, action }) =>
    (traffic && product === 'Cms') || (health && action.endsWith('HealthStatus'))
}

export function Events({ account, children }: { readonly account: string; readonly children: ReactNode }) {
  const client = useQueryClient()
  const [live, setLive] = useState(false)
  useEffect(() => {
    const source = new EventSource('/console/events')
    let timer: ReturnType<typeof setTimeout> | undefined
    source.addEventListener('open', () => setLive(true))
    source.addEventListener('error', () => setLive(false))
    const kinds = new Set<string>()
    source.addEventListener('change', ({ data }: MessageEvent<string>) => {
      for (const kind of (JSON.parse(data) as ChangeEvent).kinds) kinds.add(kind)
      timer ??= setTimeout(() => {
        timer = undefined
        const concerned = concernedBy(kinds)
        if (kinds.has('traffic') || kinds.has('*')) void client.invalidateQueries({ queryKey: trafficKey })
        kinds.clear()
        void client.invalidateQueries({
          queryKey: ['call'],
          predicate: ({ queryKey }) => concerned(queryKey[3] as Call),
        })
      }, burstMs)
    })
    source.addEventListener('end', () => client.setQueryData(sessionKey, null))
    return () => {
      clearTimeout(timer)
      source.close()
      setLive(false)
    }
  }, [account, client])
  return <EventsContext value={live}>{children}</EventsContext>
}
