/** How often who may try to sign in. A try counts when it begins, and is forgiven when it was right. */
import { ApiError } from '../errors.ts'
import { network } from '../throttle.ts'
import { createTokenBuckets, type Rate } from '../token-buckets.ts'

export interface SignInLimits {
  /** @throws ApiError `Throttling` when too many tries were wrong, or are under way; else what `work` throws. */
  readonly attempt: <Result>(address: string, name: string, work: () => Promise<Result>) => Promise<Result>
}

/** Of one network in all; of one network for one name; and of all the world for one name. */
const rates: Readonly<Record<'network' | 'networkAndName' | 'name', Rate>> = {
  network: { perSecond: 0.5, burst: 50 },
  networkAndName: { perSecond: 0.1, burst: 10 },
  // Others must not be able to lock somebody out for long, nor to try for ever.
  name: { perSecond: 0.5, burst: 100 },
}

const namesKept = 20_000
/** Hashing a password takes 32 MiB and one of the few threads that files need as well. */
const mostUnderWay = 8
const retryAfterMs = 1000

export function createSignInLimits(clock: () => Date): SignInLimits {
  const buckets = createTokenBuckets(namesKept)
  let underWay = 0
  const refuseFor = (waitMs: number) => {
    if (waitMs > 0) throw new ApiError('Throttling', { retryAfterMs: String(waitMs) }, 429)
  }
  return {
    async attempt(address, name, work) {
      const from = network(address)
      const counted = [
        [`network ${from}`, rates.network],
        [`both ${from} ${name}`, rates.networkAndName],
        [`name ${name}`, rates.name],
      ] as const
      const now = clock().getTime()
      refuseFor(Math.max(...counted.map(([bucket, rate]) => buckets.wait(bucket, rate, now))))
      refuseFor(underWay < mostUnderWay ? 0 : retryAfterMs)
      for (const [bucket, rate] of counted) buckets.take(bucket, rate, now)
      underWay++
      try {
        const result = await work()
        for (const [bucket, rate] of counted) buckets.giveBack(bucket, rate, clock().getTime())
        return result
      } finally {
        underWay--
      }
    },
  }
}
