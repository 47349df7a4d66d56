export interface Backoff {
  readonly firstMs: number
  readonly longestMs: number
}

/** The pause before attempt `attempt` (from 1): twice the last, up to the longest, and somewhere in its upper half. */
export function backoffMs({ firstMs, longestMs }: Backoff, attempt: number, random: () => number): number {
  const fullMs = Math.min(firstMs * 2 ** (attempt - 1), longestMs)
  return fullMs * (0.5 + random() / 2)
}
