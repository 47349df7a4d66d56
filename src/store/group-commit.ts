/**
 * Many requests, one commit. What waits for the database runs in one transaction, one after the other, each behind a
 * savepoint; the transaction is committed once and only then does each get its answer. So an answer says the same as if
 * its request had a transaction of its own, and a disk that needs a millisecond to make a commit durable carries
 * thousands of requests a second.
 */
import { CompiledQuery, type Kysely } from 'kysely'
import type { Tx } from './page.ts'
import type { Tables } from './tables.ts'

export interface GroupCommit {
  /** The result once it is durable. What `work` throws undoes its own writes and no others. */
  readonly run: <Result>(work: (tx: Tx) => Promise<Result>) => Promise<Result>
  /** Resolves when nothing waits. */
  readonly idle: () => Promise<void>
}

/** Bounds how long the first of a group waits for the last. */
const mostInGroup = 32

interface Turn {
  /** Does the work; what it returns tells the caller, after the commit. */
  readonly take: (tx: Tx) => Promise<() => void>
  readonly fail: (error: unknown) => void
}

export function createGroupCommit(db: Kysely<Tables>): GroupCommit {
  const waiting: Turn[] = []
  let running: Promise<void> | undefined

  async function commitGroup(): Promise<void> {
    const group: Turn[] = []
    const answers: (() => void)[] = []
    try {
      await db.transaction().execute(async (tx) => {
        while (group.length < mostInGroup) {
          const turn = waiting.shift()
          if (!turn) return
          group.push(turn)
          answers.push(await turn.take(tx))
        }
      })
    } catch (error) {
      for (const turn of group) turn.fail(error)
      return
    }
    for (const answer of answers) answer()
  }

  /** Statements run without the event loop turning, so requests that arrived together are gathered first. */
  async function work(): Promise<void> {
    while (waiting.length > 0) {
      await new Promise((resolve) => setImmediate(resolve))
      await commitGroup()
    }
    // At once: who came in between would wait for a worker that has looked for the last time.
    running = undefined
  }

  return {
    run: (todo) =>
      new Promise((resolve, reject) => {
        waiting.push({
          take: async (tx) => {
            try {
              const result = await behindSavepoint(tx, () => todo(tx))
              return () => resolve(result)
            } catch (error) {
              return () => reject(error)
            }
          },
          fail: reject,
        })
        running ??= work()
      }),
    async idle() {
      while (running) await running
    },
  }
}

const savepoint = {
  set: CompiledQuery.raw('savepoint work'),
  release: CompiledQuery.raw('release savepoint work'),
  undo: CompiledQuery.raw('rollback to savepoint work'),
}

/** Undoes what `work` wrote when it throws. Savepoints of one name may lie in each other: the inner one is meant. */
export async function behindSavepoint<Result>(tx: Tx, work: () => Promise<Result>): Promise<Result> {
  await tx.executeQuery(savepoint.set)
  try {
    const result = await work()
    await tx.executeQuery(savepoint.release)
    return result
  } catch (error) {
    await tx.executeQuery(savepoint.undo)
    await tx.executeQuery(savepoint.release)
    throw error
  }
}
