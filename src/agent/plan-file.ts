/**
 * The last plan the agent took, on disk: what it carries out at start, whether the server is there or not. A plan is
 * kept as a whole and the changes since, so that a change costs its own size and not the plan's:
 *
 *     plan.json      a whole plan
 *     plan.changes   a line per change; one that is older than the whole plan counts for nothing
 */
import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { applyChange, planChange, type PlanChange } from '../plan/change.ts'
import type { HostPlan } from '../plan/host-plan.ts'

export interface PlanFile {
  /** What was on disk when it was opened. */
  readonly loaded: HostPlan | undefined
  /** Resolves when the plan will be there after a crash. One call at a time. */
  save(plan: HostPlan): Promise<void>
}

/** @throws when something is there but cannot be read: a damaged plan is the operator's to look at, not to guess. */
export async function openPlanFile(directory: string): Promise<PlanFile> {
  const wholePath = join(directory, 'plan.json')
  const changesPath = join(directory, 'plan.changes')
  const loaded = await load(wholePath, changesPath)
  let saved = loaded
  /**
   * Bytes of changes that may still follow: as many as the whole plan has. None at first and after a failure, because
   * behind a line that was cut off no other would be found.
   */
  let room = 0

  async function writeWhole(plan: HostPlan): Promise<void> {
    const text = JSON.stringify(plan)
    room = 0
    await writeSynced(`${wholePath}.new`, 'w', text)
    await rename(`${wholePath}.new`, wholePath)
    await writeSynced(changesPath, 'w', '')
    await using folder = await open(directory)
    await folder.sync()
    room = text.length
  }

  return {
    loaded,
    async save(plan) {
      if (plan === saved) return
      const line = saved && `${JSON.stringify(planChange(saved, plan))}\n`
      if (line && line.length < room) {
        const left = room - line.length
        room = 0
        await writeSynced(changesPath, 'a', line)
        room = left
      } else {
        await writeWhole(plan)
      }
      saved = plan
    },
  }
}

async function load(wholePath: string, changesPath: string): Promise<HostPlan | undefined> {
  const text = await textOf(wholePath)
  if (text === undefined) return undefined
  try {
    let plan: HostPlan = JSON.parse(text)
    // The last line was cut off if there is anything after the last line feed: nobody was told of that change.
    for (const line of ((await textOf(changesPath)) ?? '').split('\n').slice(0, -1)) {
      const change: PlanChange = JSON.parse(line)
      if (change.base === plan.generation) plan = applyChange(plan, change)
    }
    return plan
  } catch (cause) {
    throw new Error(
      `${wholePath} or ${changesPath} is damaged; remove both and the agent takes a new plan from the server`,
      { cause },
    )
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

async function writeSynced(path: string, how: 'w' | 'a', text: string): Promise<void> {
  await using file = await open(path, how, 0o600)
  await file.writeFile(text)
  await file.sync()
}
