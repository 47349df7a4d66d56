/** Which tour is under way in this window, on which side, and whether its panel is folded. It outlasts a reload. */
import { useSyncExternalStore } from 'react'

export const tourNames = ['same-account', 'cross-account'] as const
export type TourName = (typeof tourNames)[number]
export type Side = 'consumer' | 'provider'

export interface TourState {
  readonly tour: TourName
  readonly folded: boolean
  /** Which account plays which side, of a tour across accounts. */
  readonly sides: Readonly<Partial<Record<Side, string>>>
}

const storageKey = 'postern.tour'
const changed = 'postern-tour'

export function startTour(tour: TourName): void {
  store({ tour, folded: false, sides: {} })
}

export function leaveTour(): void {
  store(undefined)
}

export function changeTour(state: TourState): void {
  store(state)
}

export function useTourState(): TourState | undefined {
  const text = useSyncExternalStore(watch, () => sessionStorage.getItem(storageKey))
  return text === null ? undefined : read(text)
}

function store(state: TourState | undefined): void {
  if (state) sessionStorage.setItem(storageKey, JSON.stringify(state))
  else sessionStorage.removeItem(storageKey)
  dispatchEvent(new Event(changed))
}

/** What an older version of this page has stored is no state. */
function read(text: string): TourState | undefined {
  const state = JSON.parse(text) as TourState
  return tourNames.includes(state.tour) ? state : undefined
}

function watch(onChange: () => void): () => void {
  addEventListener(changed, onChange)
  return () => removeEventListener(changed, onChange)
}
