/** How many of a costly kind may be under way, for one account and for all. */
import type { AccountId } from '../../model/ids.ts'
import { ApiError } from '../errors.ts'

export interface Turns {
  /** The result gives the turn back, and may be called twice. @throws ApiError `Throttling` when none is free. */
  readonly take: (account: AccountId) => () => void
}

export function createTurns(most: { readonly ofAccount: number; readonly ofAll: number }): Turns {
  const under = new Map<AccountId, number>()
  let all = 0
  return {
    take(account) {
      const own = under.get(account) ?? 0
      if (own >= most.ofAccount || all >= most.ofAll) throw new ApiError('Throttling', {}, 429)
      all += 1
      under.set(account, own + 1)
      let held = true
      return () => {
        if (!held) return
        held = false
        all -= 1
        const left = (under.get(account) ?? 1) - 1
        if (left === 0) under.delete(account)
        else under.set(account, left)
      }
    },
  }
}
