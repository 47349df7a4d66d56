import { expect, test } from 'vitest'
import { mapsUser } from './user-map.ts'

test.each([
  ['         0          0 4294967295\n', 230_000, true],
  ['         0       1000          1\n', 0, true],
  ['         0       1000          1\n', 1000, false],
  ['         0       1000          1\n         1     100000      65536\n', 65_534, true],
  ['         0       1000          1\n         1     100000      65536\n', 65_537, false],
])('%j %i: %s', (map, uid, expected) => {
  expect(mapsUser(map, uid)).toBe(expected)
})
