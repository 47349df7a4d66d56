import { expect, test } from 'vitest'
import { createWaiting } from './waiting.ts'

test('an answer leaves with its generation or a later one, not with an earlier one', async () => {
  const waiting = createWaiting(60_000)
  const left: string[] = []
  const seven = waiting.until(7).then(() => left.push('seven'))
  const nine = waiting.until(9).then(() => left.push('nine'))
  waiting.reached(6)
  await Promise.resolve()
  expect(left).toEqual([])
  waiting.reached(8)
  await seven
  expect(left).toEqual(['seven'])
  waiting.reached(9)
  await nine
  expect(left).toEqual(['seven', 'nine'])
})

test('it leaves after the time limit when the generation never comes', async () => {
  await expect(createWaiting(1).until(7)).resolves.toBeUndefined()
})
