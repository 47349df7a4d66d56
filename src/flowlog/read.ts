/** Reads what `account-files.ts` writes. */
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { currentFile } from './account-files.ts'
import type { FlowRecord, Told } from './records.ts'

export interface FlowFilter {
  /** One account's log, and no other is opened; undefined for all. */
  readonly account: string | undefined
  readonly endpoint: string | undefined
  /** Id or name. */
  readonly service: string | undefined
  readonly side: string | undefined
}

/** Reads on from where it stopped the last time, at first everything whose file was in use after `since`. */
export interface FlowReader {
  next(): Promise<readonly Told[]>
}

interface Place {
  readonly inode: number
  offset: number
}

export function createFlowReader(directory: string, filter: FlowFilter, since: Date): FlowReader {
  /** How far the newest file of each account was read. */
  const places = new Map<string, Place>()

  async function readAccount(account: string): Promise<readonly FlowRecord[]> {
    const folder = join(directory, account)
    const names = (await namesIn(folder)).toSorted()
    const old = names.filter((name) => name !== currentFile && name > since.toISOString())
    const records: FlowRecord[] = []
    const known = places.get(account)
    let newest = known
    let passed = known === undefined
    for (const name of [...old, currentFile]) {
      const read = await readFrom(join(folder, name), passed ? undefined : known)
      if (!read) continue
      if (read.place.inode === known?.inode) passed = true
      records.push(...read.records)
      newest = read.place
    }
    if (newest) places.set(account, newest)
    return records
  }

  return {
    async next() {
      const accounts = filter.account === undefined ? await namesIn(directory) : [filter.account]
      const told: Told[] = []
      for (const account of accounts) {
        for (const record of await readAccount(account)) {
          if (matches(record, filter) && record.EndTime >= since.toISOString()) told.push({ account, record })
        }
      }
      return told.toSorted((a, b) => (a.record.EndTime < b.record.EndTime ? -1 : 1))
    },
  }
}

/** Whole lines, of a file that was read before only those behind what is known; of one before it nothing. */
async function readFrom(path: string, known: Place | undefined) {
  const file = await open(path).catch(() => undefined)
  // It was dropped, or given another name, between listing and opening: the next look finds it.
  if (!file) return undefined
  try {
    const { ino: inode, size } = await file.stat()
    if (known && known.inode !== inode) return undefined
    const offset = known?.offset ?? 0
    const { buffer, bytesRead } = await file.read(
      Buffer.alloc(Math.max(0, size - offset)),
      0,
      size - offset,
      offset,
    )
    const text = buffer.subarray(0, bytesRead)
    const whole = text.subarray(0, text.lastIndexOf(0x0a) + 1)
    const lines = whole.toString('utf8').split('\n')
    const records = lines.flatMap((line) => (line === '' ? [] : [JSON.parse(line) as FlowRecord]))
    return { place: { inode, offset: offset + whole.length }, records }
  } finally {
    await file.close()
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

function matches(record: FlowRecord, { endpoint, service, side }: FlowFilter): boolean {
  return (
    (endpoint === undefined || record.EndpointId === endpoint) &&
    (service === undefined ||
      record.ServiceName === service ||
      (record.ServiceName?.endsWith(`.${service}`) ?? false)) &&
    (side === undefined || record.Side === side)
  )
}
