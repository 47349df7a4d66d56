/**
 * From root to an ordinary user for good: leaving uid 0 clears all capabilities. What has to be read with root's
 * rights (the program's own files, in a directory that may be closed) is in memory before this is called.
 */
export function dropPrivilege(uid: number): void {
  if (!Number.isInteger(uid) || uid <= 0) throw new Error(`--uid takes a number above 0, not ${uid}`)
  if (process.getuid?.() !== 0) throw new Error('--uid is for a server that is started as root')
  process.setgroups?.([])
  process.setgid?.(uid)
  process.setuid?.(uid)
}
