/**
 * Memory and process limits by cgroup, version 2 or 1, where this agent may make them: as root they are, as an
 * ordinary user usually not, and then the limits set inside the sandbox are all there is.
 */
import { access, mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { OuterLimits } from './command.ts'

export interface Cgroups {
  /** Makes the instance's cgroups, or sets their limits again. */
  create(instance: string, memoryMib: number, processes: number): Promise<OuterLimits>
  remove(instance: string): Promise<void>
  removeAll(): Promise<void>
}

/** Where the cgroups of this deployment are; one directory may serve both. */
interface Hierarchies {
  readonly version: 1 | 2
  readonly memory: string | undefined
  readonly pids: string | undefined
}

/** Processes of bubblewrap itself, which are not the tenant's. */
const ownProcesses = 4

export async function openCgroups(deployment: string, root = '/sys/fs/cgroup'): Promise<Cgroups> {
  const found = await findHierarchies(`postern-${deployment}`, root)
  const parents = [...new Set([found.memory, found.pids].filter((path) => path !== undefined))]

  async function remove(instance: string): Promise<void> {
    for (const parent of parents) await removeDirectory(join(parent, instance))
  }

  return {
    remove,
    async create(instance, memoryMib, processes) {
      for (const parent of parents) await mkdir(join(parent, instance), { recursive: true })
      if (found.memory) await limitMemory(join(found.memory, instance), found.version, memoryMib)
      if (found.pids)
        await writeFile(join(found.pids, instance, 'pids.max'), String(processes + ownProcesses))
      return {
        procs: parents.map((parent) => join(parent, instance, 'cgroup.procs')),
        boundsMemory: found.memory !== undefined,
      }
    },
    async removeAll() {
      for (const parent of parents) {
        const entries = await readdir(parent, { withFileTypes: true })
        for (const entry of entries) if (entry.isDirectory()) await removeDirectory(join(parent, entry.name))
        await removeDirectory(parent)
      }
    },
  }
}

async function findHierarchies(name: string, root: string): Promise<Hierarchies> {
  if (await exists(join(root, 'cgroup.controllers'))) {
    const path = await tryMake(join(root, name), async () => {
      await writeFile(join(root, 'cgroup.subtree_control'), '+memory +pids')
      await mkdir(join(root, name), { recursive: true })
      await writeFile(join(root, name, 'cgroup.subtree_control'), '+memory +pids')
    })
    return { version: 2, memory: path, pids: path }
  }
  const make = async (controller: string) => {
    if (!(await exists(join(root, controller, 'cgroup.procs')))) return undefined
    const path = join(root, controller, name)
    return tryMake(path, () => mkdir(path, { recursive: true }))
  }
  return { version: 1, memory: await make('memory'), pids: await make('pids') }
}

/** The path, or undefined when this agent may not make cgroups there: the limits inside have to do. */
async function tryMake(path: string, make: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await make()
    return path
  } catch (error) {
    const code = codeOf(error)
    if (['EACCES', 'EPERM', 'EROFS', 'EBUSY', 'ENOENT', 'EINVAL'].includes(code)) return undefined
    throw error
  }
}

async function limitMemory(path: string, version: 1 | 2, memoryMib: number): Promise<void> {
  const bytes = String(memoryMib * 1024 * 1024)
  const [limit, swap, swapBytes] =
    version === 2
      ? (['memory.max', 'memory.swap.max', '0'] as const)
      : (['memory.limit_in_bytes', 'memory.memsw.limit_in_bytes', bytes] as const)
  // Version 1 refuses a limit above that of memory and swap together: the larger of the two goes first.
  const raise = version === 1 && (await exists(join(path, swap))) && (await isBelow(join(path, swap), bytes))
  if (raise) await writeFile(join(path, swap), swapBytes)
  await writeFile(join(path, limit), bytes)
  if (!raise && (await exists(join(path, swap)))) await writeFile(join(path, swap), swapBytes)
}

async function isBelow(file: string, bytes: string): Promise<boolean> {
  return BigInt((await readFile(file, 'utf8')).trim()) < BigInt(bytes)
}

/** The last process of a cgroup may need a moment to leave it after it was seen dead. */
async function removeDirectory(path: string, attempts = 50): Promise<void> {
  try {
    await rmdir(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    if (codeOf(error) !== 'EBUSY' || attempts === 0) throw error
    await delay(20)
    await removeDirectory(path, attempts - 1)
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
