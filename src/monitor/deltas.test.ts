import fc from 'fast-check'
import { expect, test } from 'vitest'
import { counted, spread, type Reading } from './deltas.ts'

/** A counter's life: it grows, is made anew (with or without another origin), and is read now and then. */
const life = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('grow' as const), by: fc.nat(1_000_000) }),
    fc.constant({ kind: 'read' as const }),
    fc.constant({ kind: 'renew' as const }),
    fc.constant({ kind: 'restart' as const }),
  ),
  { maxLength: 60 },
)

test('nothing is negative, nothing is counted twice, and a new origin loses nothing', () => {
  fc.assert(
    fc.property(life, (steps) => {
      let value = 0
      let origin = 0
      let last: Reading | undefined
      let told = 0
      let grown = 0
      let lost = false
      const read = () => {
        const now = { origin: String(origin), counters: { inBytes: value } }
        const delta = counted(last, now).inBytes ?? 0
        expect(delta).toBeGreaterThanOrEqual(0)
        told += delta
        last = now
      }
      for (const step of [...steps, { kind: 'read' as const }]) {
        if (step.kind === 'grow') {
          value += step.by
          grown += step.by
        } else if (step.kind === 'read') read()
        else {
          // What was counted after the last reading goes with the counter.
          const unread = value - (last?.origin === String(origin) ? (last.counters.inBytes ?? 0) : 0)
          grown -= unread
          value = 0
          if (step.kind === 'renew') origin++
          else lost = true
        }
      }
      if (lost) expect(told).toBeLessThanOrEqual(grown)
      else expect(told).toBe(grown)
    }),
  )
})

test('an amount spread over minutes adds up to itself', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 60 }), (amount, minutes) => {
      const shares = spread(amount, minutes)
      expect(shares).toHaveLength(minutes)
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(amount)
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1)
    }),
  )
})
