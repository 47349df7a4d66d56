/** What a page of a signed-in user stands on: the session, and the region that its URL names. */
import { createContext, useContext } from 'react'
import type { Send } from './send.ts'
import type { Session } from './session.ts'

export interface Api {
  readonly session: Session
  readonly region: string
  readonly send: Send
}

export const ApiContext = createContext<Api | undefined>(undefined)

export function useApi(): Api {
  const api = useContext(ApiContext)
  if (!api) throw new Error('this page is outside the signed-in part')
  return api
}
