import { expect, test } from 'vitest'
import { loadBalancerSpecs } from '../../model/load-balancer-specs.ts'
import { connectionLimit } from './connection-limit.ts'

const specs = Object.values(loadBalancerSpecs).flatMap(({ connections }) => connections ?? [])

test.each([...specs, 5_001, 123_457])('%d connections are let in, and no list is long', (connections) => {
  const { sets, rules } = connectionLimit('a1', connections, 'drop')
  const each = Number(/ct count over (\d+)/.exec(rules.join())?.[1])
  const lists = Number(/numgen inc mod (\d+)/.exec(rules.join())?.[1] ?? 1)
  expect(each * lists).toBeLessThanOrEqual(connections)
  expect(each * lists).toBeGreaterThan(connections * 0.99)
  expect(sets.map(([, { spec }]) => spec)).toEqual(
    connections > 5_000 ? [`type mark; flags dynamic; size ${lists};`] : [],
  )
  if (lists > 1) expect(each).toBeLessThanOrEqual(500)
  // All specifications are met to the connection.
  if (specs.includes(connections)) expect(each * lists).toBe(connections)
})

test('a set is named after its limits, as its lists keep the one that they were made with', () => {
  const names = [10_000, 20_000].flatMap((connections) =>
    connectionLimit('a1', connections, 'drop').sets.map(([name]) => name),
  )
  expect(names).toEqual(['open-a1-20x500', 'open-a1-40x500'])
})
