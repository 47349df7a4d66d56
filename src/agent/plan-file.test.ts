import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { planOf, twoVpcsWords } from '../../test/fixtures/plans.ts'
import { openPlanFile } from './plan-file.ts'

const full = twoVpcsWords('test')
const plans = [full, { ...full, endpoints: [] }, { ...full, endpoints: [], balancers: [] }, full].map(
  (words, i) => planOf({ ...words, generation: i + 1 }),
)
const [first, second, third] = plans
if (!first || !second || !third) throw new Error('plans')

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-plan-'))
})
afterEach(() => rm(directory, { recursive: true }))
const loaded = async () => (await openPlanFile(directory)).loaded
const pathOf = (name: 'plan.json' | 'plan.changes') => join(directory, name)

describe('a plan file', () => {
  test('is empty at first', async () => {
    expect(await loaded()).toBeUndefined()
  })

  test('holds the plan that was saved last', async () => {
    const file = await openPlanFile(directory)
    for (const plan of [...plans, ...plans.toReversed()]) {
      await file.save(plan)
      expect(await loaded()).toEqual(plan)
    }
  })

  test('goes on where another ended', async () => {
    for (const plan of plans) {
      await (await openPlanFile(directory)).save(plan)
      expect(await loaded()).toEqual(plan)
    }
  })

  test('writes a change without the plan, and the plan when the changes have outgrown it', async () => {
    const file = await openPlanFile(directory)
    await file.save(first)
    const { ino, size } = await stat(pathOf('plan.json'))
    await file.save(second)
    expect((await stat(pathOf('plan.json'))).ino).toBe(ino)
    expect((await stat(pathOf('plan.changes'))).size).toBeLessThan(size / 4)
    for (let i = 0; i < 100; i++) await file.save(planOf({ ...full, generation: i + 3 }))
    expect((await stat(pathOf('plan.changes'))).size).toBeLessThan(size)
    expect((await loaded())?.generation).toBe(102)
  })

  test('a change that was cut off never was, and does not hide what follows', async () => {
    const file = await openPlanFile(directory)
    await file.save(first)
    await file.save(second)
    await appendFile(pathOf('plan.changes'), '{"base":2,"gener')
    const again = await openPlanFile(directory)
    expect(again.loaded).toEqual(second)
    await again.save(third)
    expect(await loaded()).toEqual(third)
  })

  test('changes that a crash left beside a newer plan count for nothing', async () => {
    const file = await openPlanFile(directory)
    await file.save(first)
    await file.save(second)
    await writeFile(pathOf('plan.json'), JSON.stringify(third))
    expect(await readFile(pathOf('plan.changes'), 'utf8')).not.toBe('')
    expect(await loaded()).toEqual(third)
  })

  test.each(['plan.json', 'plan.changes'] as const)('a damaged %s is said, not guessed', async (name) => {
    const file = await openPlanFile(directory)
    await file.save(first)
    await writeFile(pathOf(name), 'damaged\n')
    await expect(openPlanFile(directory)).rejects.toThrow(/is damaged/)
  })
})
