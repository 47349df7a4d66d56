/** Files of an instance on the host: `instances/<id>/` and `console/<id>.log`, below the agent's directory. */
import { chmod, chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { InstancePlan } from '../plan/host-plan.ts'
import { etcFiles, keyName } from './etc.ts'

export interface InstanceFiles {
  pathOf(instance: string): string
  consoleOf(instance: string): string
  list(): Promise<readonly string[]>
  /** Makes all that a sandbox is started from; the home stays as it is while the disk is the same. Nothing may run in it. */
  prepare(instance: InstancePlan, ownUser: boolean): Promise<void>
  readBoot(instance: string): Promise<BootRecord | undefined>
  writeBoot(instance: string, record: BootRecord): Promise<void>
  remove(instance: string): Promise<void>
}

/** What a fresh agent cannot see in the processes. */
export interface BootRecord {
  readonly boot: number
  readonly restarts: number
}

export function instanceFiles(agentDirectory: string): InstanceFiles {
  const root = join(agentDirectory, 'instances')
  const consoles = join(agentDirectory, 'console')
  const pathOf = (instance: string) => join(root, instance)
  const consoleOf = (instance: string) => join(consoles, `${instance}.log`)

  return {
    pathOf,
    consoleOf,
    async list() {
      await mkdir(root, { recursive: true, mode: 0o700 })
      return readdir(root)
    },
    async prepare(instance, ownUser) {
      const path = pathOf(instance.id)
      const home = join(path, 'home')
      const etc = join(path, 'etc')
      await mkdir(consoles, { recursive: true, mode: 0o700 })
      // The sandbox's user passes through the directory itself, once it is shown elsewhere (stage.sh).
      await mkdir(path, { recursive: true })
      await chmod(path, 0o711)
      await takeDisk(path, home, instance.disk)
      await mkdir(home, { recursive: true })
      if (ownUser) await chown(home, instance.uid, instance.uid)
      await chmod(home, 0o700)
      await mkdir(etc, { recursive: true })
      for (const [name, text] of etcFiles(instance)) await replaceFile(join(etc, name), text, 0o644)
      const { publicKey } = instance
      const line = publicKey === '' ? '' : `${publicKey} ${keyName}\n`
      await replaceFile(join(path, 'authorized-key'), line, 0o644)
      await replaceFile(join(path, 'user-data'), Buffer.from(instance.userData, 'base64'), 0o755)
    },
    async readBoot(instance) {
      const text = await readFile(join(pathOf(instance), 'boot'), 'utf8').catch(undefinedIfMissing)
      const [boot, restarts] = (text ?? '').split(' ').map(Number)
      return boot && restarts !== undefined ? { boot, restarts } : undefined
    },
    async writeBoot(instance, { boot, restarts }) {
      await replaceFile(join(pathOf(instance), 'boot'), `${boot} ${restarts}`, 0o600)
    },
    async remove(instance) {
      await rm(pathOf(instance), { recursive: true, force: true })
      await rm(consoleOf(instance), { force: true })
      await rm(`${consoleOf(instance)}.1`, { force: true })
    },
  }
}

/** A home that was on another disk goes. The disk is written down last, so that a crash in between leaves no part of the old one. */
async function takeDisk(path: string, home: string, disk: string): Promise<void> {
  const file = join(path, 'disk')
  const before = await readFile(file, 'utf8').catch(undefinedIfMissing)
  if (before === disk) return
  if (before !== undefined) await rm(home, { recursive: true, force: true })
  await replaceFile(file, disk, 0o600)
}

/** The mode holds whatever the umask is. */
async function replaceFile(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  const fresh = `${path}.new`
  await writeFile(fresh, content)
  await chmod(fresh, mode)
  await rename(fresh, path)
}

function undefinedIfMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
  throw error
}
