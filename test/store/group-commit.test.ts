import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Kysely } from 'kysely'
import { openDatabase } from '../../src/store/database.ts'
import { createGroupCommit } from '../../src/store/group-commit.ts'
import type { Tables } from '../../src/store/tables.ts'

let db: Kysely<Tables>
beforeEach(async () => void (db = await openDatabase(':memory:')))
afterEach(() => db.destroy())

test('work that follows an answer is done, however soon after it comes', async () => {
  const commits = createGroupCommit(db)
  for (let ticks = 0; ticks < 20; ticks++) {
    await commits.run(() => Promise.resolve())
    for (let tick = 0; tick < ticks; tick++) await Promise.resolve()
    expect(await commits.run(() => Promise.resolve(ticks))).toBe(ticks)
  }
})
