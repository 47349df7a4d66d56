/**
 * The user id a server of root's deployment runs as: from the range that systemd keeps for dynamic users, which no
 * package and no administrator gives out, the same for the same state directory.
 */
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { runCommand } from './command.ts'

const firstUid = 61184
const lastUid = 65519

export function serverUid(state: string, taken: ReadonlySet<number>): number {
  const count = lastUid - firstUid + 1
  const start = createHash('sha256').update(state).digest().readUInt32BE(0) % count
  for (let step = 0; step < count; step++) {
    const uid = firstUid + ((start + step) % count)
    if (!taken.has(uid)) return uid
  }
  throw new Error(`every user id from ${firstUid} to ${lastUid} is taken`)
}

export function uidsInPasswd(text = readFileSync('/etc/passwd', 'utf8')): ReadonlySet<number> {
  return new Set(text.split('\n').map((line) => Number(line.split(':')[2])))
}

/** The first existing directory above `path` that other users may not pass through. */
export function closedAncestor(path: string): string | undefined {
  const parents: string[] = []
  for (let at = path; at !== '/';) {
    at = dirname(at)
    parents.unshift(at)
  }
  return parents.find((directory) => existsSync(directory) && (statSync(directory).mode & 0o001) === 0)
}

export async function giveTo(uid: number, directory: string): Promise<void> {
  if (lstatSync(directory).uid === uid) return
  const result = await runCommand(['chown', '-Rh', `${uid}:${uid}`, directory])
  if (result.code !== 0)
    throw new Error(`${directory} cannot be given to uid ${uid}: ${result.stderr.trim()}`)
}
