/** The last plan the agent took, on disk: what it carries out at start, whether the server is there or not. */
import { open, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { HostPlan } from '../plan/host-plan.ts'

export async function savePlan(directory: string, plan: HostPlan): Promise<void> {
  await writeDurably(join(directory, 'plan.json'), JSON.stringify(plan))
}

/** @throws when the file is there but cannot be read: a damaged plan is the operator's to look at, not to guess. */
export async function loadPlan(directory: string): Promise<HostPlan | undefined> {
  const path = join(directory, 'plan.json')
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  try {
    const plan: HostPlan = JSON.parse(text)
    return plan
  } catch (cause) {
    throw new Error(`${path} is damaged; remove it and the agent takes a new plan from the server`, { cause })
  }
}

/** Whole or not at all, also when the machine loses power: the file, then its name in the directory. */
async function writeDurably(path: string, text: string): Promise<void> {
  const fresh = `${path}.new`
  await using file = await open(fresh, 'w', 0o600)
  await file.writeFile(text)
  await file.sync()
  await rename(fresh, path)
  await using directory = await open(dirname(path))
  await directory.sync()
}
