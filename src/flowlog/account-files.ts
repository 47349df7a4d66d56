/**
 * The log on disk: a folder per account, so that what an account may see is what its folder holds.
 *
 *     flow-log/<account>/current.jsonl       lines are added here
 *     flow-log/<account>/<when>.jsonl        what was full, or of an earlier day; names are in the order of time
 */
import { appendFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Told } from './records.ts'

export interface LogLimits {
  readonly fileBytes: number
  /** Of an account, beside the current one. */
  readonly files: number
  readonly days: number
}

export const usualLimits: LogLimits = { fileBytes: 8 * 1024 * 1024, files: 8, days: 7 }
export const currentFile = 'current.jsonl'
const dayMs = 24 * 60 * 60 * 1000

export interface AccountFiles {
  /** Lines are in their files when this returns, so a process that is killed takes none with it. */
  write(told: readonly Told[]): void
  /** Drops what is too old, also of accounts of which nothing is written any more. */
  sweep(): void
}

export function createAccountFiles(directory: string, limits: LogLimits, now: () => number): AccountFiles {
  /** Bytes of the current files, and when they were begun. */
  const current = new Map<string, { bytes: number; readonly sinceMs: number }>()

  function opened(account: string) {
    const known = current.get(account)
    if (known) return known
    const folder = join(directory, account)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const file = statSync(join(folder, currentFile), { throwIfNoEntry: false })
    const state = { bytes: file?.size ?? 0, sinceMs: file?.birthtimeMs ?? now() }
    current.set(account, state)
    return state
  }

  function turn(account: string): void {
    const folder = join(directory, account)
    renameSync(join(folder, currentFile), join(folder, `${new Date(now()).toISOString()}.jsonl`))
    current.delete(account)
    dropOld(account)
  }

  function dropOld(account: string): void {
    const folder = join(directory, account)
    const old = readdirSync(folder)
      .filter((name) => name !== currentFile)
      .sort()
    const late = new Date(now() - limits.days * dayMs).toISOString()
    const dropped = old.filter((name, place) => place < old.length - limits.files || name < late)
    for (const name of dropped) rmSync(join(folder, name))
  }

  function isOver({ bytes, sinceMs }: { readonly bytes: number; readonly sinceMs: number }): boolean {
    return bytes >= limits.fileBytes || (bytes > 0 && now() - sinceMs >= dayMs)
  }

  return {
    write(told) {
      for (const [account, ofAccount] of Map.groupBy(told, ({ account: one }) => one)) {
        // It becomes a name of a folder.
        if (!/^\w+$/.test(account)) continue
        const file = opened(account)
        const text = ofAccount.map(({ record }) => `${JSON.stringify(record)}\n`).join('')
        appendFileSync(join(directory, account, currentFile), text, { mode: 0o600 })
        file.bytes += Buffer.byteLength(text)
        if (isOver(file)) turn(account)
      }
    },
    sweep() {
      if (!existsSync(directory)) return
      for (const account of readdirSync(directory)) {
        if (isOver(opened(account))) turn(account)
        else dropOld(account)
      }
    },
  }
}
