/** Server-sent events: when something of the account changed or was observed, what the page shows is asked anew. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, type ReactNode } from 'react'
import { EventsContext } from './events-context.ts'

/** Changes come in bursts while a resource is made; one reading is enough for a burst. */
const burstMs = 250

export function Events({ account, children }: { readonly account: string; readonly children: ReactNode }) {
  const client = useQueryClient()
  const [live, setLive] = useState(false)
  useEffect(() => {
    const source = new EventSource('/console/events')
    let timer: ReturnType<typeof setTimeout> | undefined
    source.addEventListener('open', () => setLive(true))
    source.addEventListener('error', () => setLive(false))
    source.addEventListener('change', () => {
      timer ??= setTimeout(() => {
        timer = undefined
        void client.invalidateQueries({ queryKey: ['call'] })
      }, burstMs)
    })
    return () => {
      clearTimeout(timer)
      source.close()
      setLive(false)
    }
  }, [account, client])
  return <EventsContext value={live}>{children}</EventsContext>
}
