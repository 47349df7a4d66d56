/**
 * How many connections may be open at once. `ct count` keeps a list and walks along all of it for a new connection, which takes
 * milliseconds with some thousands in it. So a larger limit is shared by many lists, which new connections take in turn: it is
 * never exceeded, and a walk is short whatever the limit. What a full list refuses comes again, and then to another list.
 *
 * A list is an element of a set: it stays as it is when rules are loaded again, but also keeps the limit that it was made with.
 * So the set's name tells the limits.
 */
import type { NftSet } from '../state.ts'
import { countingSet } from './build.ts'

/** So many are counted exactly, by one list. */
const mostInOneList = 5_000
const mostPerList = 500

export interface ConnectionLimit {
  readonly sets: readonly [string, NftSet][]
  /** In a chain: whatever `verdict` says happens to the first packet of a connection too many. */
  readonly rules: readonly string[]
}

export function connectionLimit(hash: string, connections: number, verdict: string): ConnectionLimit {
  if (connections <= mostInOneList) return { sets: [], rules: [`ct count over ${connections} ${verdict}`] }
  const lists = Math.ceil(connections / mostPerList)
  const each = Math.floor(connections / lists)
  const name = `open-${hash}-${lists}x${each}`
  return {
    sets: [[name, countingSet(lists)]],
    rules: [
      `meta mark set numgen inc mod ${lists}`,
      `add @${name} { meta mark ct count over ${each} } ${verdict}`,
    ],
  }
}
