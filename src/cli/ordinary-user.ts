/** For tests that root starts: somebody who has no rights. */
import { chownSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { uidsInPasswd } from './server-identity.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface OrdinaryUser {
  readonly uid: number
  /** A directory of that user's. */
  readonly home: string
  /** How that user starts the launcher. */
  readonly launch: readonly [string, ...string[]]
}

/**
 * A user id that nobody has, with a home of its own in `scratch`. The clone may lie in a directory that is closed to others (such
 * as /root), so it is mounted, for that user's processes only, where everyone may go.
 */
export function ordinaryUser(scratch: string): OrdinaryUser {
  const uid = freeUid()
  const home = join(scratch, 'home')
  const clone = join(scratch, 'clone')
  for (const directory of [home, clone]) mkdirSync(directory)
  chownSync(home, uid, uid)
  const script = `mount --bind "$1" "$2" && shift 2 && exec "$@"`
  const mounted = ['unshare', '--mount', '--', 'sh', '-c', script, 'sh', root, clone] as const
  const asUser = ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--inh-caps=-all']
  return { uid, home, launch: [...mounted, ...asUser, join(clone, 'postern')] }
}

function freeUid(): number {
  const taken = uidsInPasswd(readFileSync('/etc/passwd', 'utf8'))
  for (let uid = 50_000; uid < 60_000; uid++) if (!taken.has(uid)) return uid
  throw new Error('no user id is free')
}
