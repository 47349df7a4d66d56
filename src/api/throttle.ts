/** How often who may call: an account each action and all of them, and an address that nobody vouches for. */
import type { AccountId } from '../model/ids.ts'
import type { Action } from './action.ts'
import { ApiError } from './errors.ts'
import { createTokenBuckets, type Rate } from './token-buckets.ts'

export interface ThrottleRates {
  /** One account, one action that reads. */
  readonly read: Rate
  /** One account, one action that writes. */
  readonly write: Rate
  /** One account, all actions. */
  readonly account: Rate
  /** One address: requests that fail before it is known who sent them. */
  readonly anonymous: Rate
}

/**
 * A burst is longer than a test, a plan of Terraform or a benchmark, so who calls now and then never notices. Who floods
 * is soon cut down to half of what one server does, which leaves the others the rest.
 */
export const defaultRates: ThrottleRates = {
  read: { perSecond: 1000, burst: 120_000 },
  write: { perSecond: 300, burst: 60_000 },
  account: { perSecond: 1000, burst: 150_000 },
  anonymous: { perSecond: 200, burst: 5000 },
}

/** Calls that were refused for their number, or that nobody signed, are recorded only this often: records take disk. */
const recordedRefusals: Rate = { perSecond: 10, burst: 1000 }

export interface Throttle {
  /** @throws ApiError `Throttling` when too many requests of this address failed. Before anything is read. */
  readonly admit: (address: string) => void
  /** A request of this address failed, and nobody is known to have sent it. */
  readonly failed: (address: string) => void
  /** @throws ApiError `Throttling.User` when the account calls too often, `Throttling.Api` beyond an action's own rate. */
  readonly count: (account: AccountId, action: Action) => void
  /** Whether a refusal of this account or address is to be recorded. */
  readonly records: (who: string) => boolean
}

const accountsKept = 20_000
const addressesKept = 20_000

export function createThrottle(rates: ThrottleRates, clock: () => Date): Throttle {
  const accounts = createTokenBuckets(accountsKept)
  const addresses = createTokenBuckets(addressesKept)
  const records = createTokenBuckets(addressesKept)
  const now = () => clock().getTime()
  return {
    admit(address) {
      refuse('Throttling', addresses.wait(network(address), rates.anonymous, now()))
    },
    failed(address) {
      addresses.take(network(address), rates.anonymous, now())
    },
    count(account, { product, name, effect, rate }) {
      const code = rate ? 'Throttling.Api' : 'Throttling.User'
      refuse(code, accounts.take(`${account} ${product}:${name}`, rate ?? rates[effect], now()))
      refuse('Throttling.User', accounts.take(account, rates.account, now()))
    },
    records: (who) => records.take(who, recordedRefusals, now()) === 0,
  }
}

function refuse(code: string, waitMs: number): void {
  if (waitMs > 0) throw new ApiError(code, { retryAfterMs: String(waitMs) })
}

/** A client with an IPv6 address has the 2^64 around it as well. */
export function network(address: string): string {
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const groups = head.split(':')
  if (tail !== undefined) {
    const rest = tail.split(':')
    while (groups.length + rest.length < 8) groups.push('0')
  }
  return groups.slice(0, 4).join(':')
}
