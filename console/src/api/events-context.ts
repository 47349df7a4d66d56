import { createContext } from 'react'

/** True while the server tells of changes by itself; false makes the queries ask at intervals. */
export const EventsContext = createContext(false)
