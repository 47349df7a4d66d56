/** What its time makes due, once a minute, a little at a time, so that no request waits for it: what is forgotten, and who is released. */
import { purgeEvents } from './audit.ts'
import { purgeCutEvents } from './cut-events.ts'
import type { GroupCommit } from './group-commit.ts'
import { releaseDue } from './instances.ts'
import { purgeMetrics } from './metrics.ts'
import { forgetOldNonces } from './nonces.ts'
import { forgetOldSessions } from './sessions.ts'

const everyMs = 60_000

export function startHousekeeping(
  commits: GroupCommit,
  clock: () => Date,
  onChange: () => void,
  onError: (error: unknown) => void,
): Disposable {
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    keepHouse(commits, clock, onChange)
      .catch(onError)
      .finally(() => (busy = false))
  }, everyMs)
  timer.unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

/** `onChange` is called when the world is another one after it. */
export async function keepHouse(
  commits: GroupCommit,
  clock: () => Date,
  onChange: () => void,
): Promise<void> {
  if (await commits.run((tx) => releaseDue(tx, clock()))) onChange()
  await commits.run((tx) => forgetOldNonces(tx, clock()))
  await commits.run((tx) => forgetOldSessions(tx, clock()))
  while (await commits.run((tx) => purgeEvents(tx, clock())));
  while (await commits.run((tx) => purgeCutEvents(tx, clock())));
  while (await commits.run((tx) => purgeMetrics(tx, clock())));
}
