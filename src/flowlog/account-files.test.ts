import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAccountFiles, currentFile } from './account-files.ts'
import { createFlowReader, type FlowFilter } from './read.ts'
import type { Told } from './records.ts'

const startMs = Date.parse('2026-11-24T10:00:00Z')
const dayMs = 24 * 60 * 60 * 1000
let directory: string
let nowMs: number
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'postern-flow-log-'))
  nowMs = startMs
})
afterEach(() => rmSync(directory, { recursive: true }))

const limits = { fileBytes: 300, files: 2, days: 7 }
const filesOf = () => createAccountFiles(directory, limits, () => nowMs)
const write = (records: readonly Told[]) => filesOf().write(records)

function told(account: string, EndpointId: string, Side: 'consumer' | 'provider' = 'consumer'): Told {
  const EndTime = new Date(nowMs).toISOString()
  const ServiceName = 'com.aliyuncs.privatelink.eu-central-1.epsrv-1'
  return { account, record: { Side, StartTime: EndTime, EndTime, EndpointId, ServiceName, Result: 'closed' } }
}

const all: FlowFilter = { account: undefined, endpoint: undefined, service: undefined, side: undefined }
const reader = (filter: Partial<FlowFilter> = {}, since = new Date(0)) =>
  createFlowReader(directory, { ...all, ...filter }, since)
const idsOf = (records: readonly Told[]) => records.map(({ record }) => record.EndpointId)

test('an account’s lines are in its folder, which nobody else may open', async () => {
  write([told('1', 'ep-1'), told('2', 'ep-2', 'provider'), told('../3', 'ep-3')])
  expect(readdirSync(directory).sort()).toEqual(['1', '2'])
  expect(statSync(join(directory, '1')).mode & 0o777).toBe(0o700)
  expect(statSync(join(directory, '1', currentFile)).mode & 0o777).toBe(0o600)
  expect(idsOf(await reader({ account: '1' }).next())).toEqual(['ep-1'])
  expect(idsOf(await reader({ side: 'provider' }).next())).toEqual(['ep-2'])
  expect(idsOf(await reader({ endpoint: 'ep-2' }).next())).toEqual(['ep-2'])
  expect(idsOf(await reader({ service: 'epsrv-1' }).next())).toEqual(['ep-1', 'ep-2'])
  expect(idsOf(await reader({ service: 'epsrv-2' }).next())).toEqual([])
})

test('a reader goes on where it stopped, over files that were turned', async () => {
  const reading = reader()
  const seen: (string | undefined)[] = []
  for (let line = 0; line < 10; line++) {
    write([told('1', `ep-${line}`)])
    nowMs += 1000
    if (line % 3 === 0) seen.push(...idsOf(await reading.next()))
  }
  expect(seen).toEqual(Array.from({ length: 10 }, (_, line) => `ep-${line}`))
  expect(await reading.next()).toEqual([])
})

test('no more files are kept than allowed, and none for longer', async () => {
  for (let line = 0; line < 20; line++) {
    write([told('1', `ep-${line}`)])
    nowMs += 1000
  }
  expect(readdirSync(join(directory, '1'))).toHaveLength(limits.files)
  expect(idsOf(await reader().next()).at(-1)).toBe('ep-19')
  nowMs += 8 * dayMs
  for (let line = 0; line < 2; line++) write([told('1', 'ep-late')])
  expect(new Set(idsOf(await reader().next()))).toEqual(new Set(['ep-late']))
  nowMs += 8 * dayMs
  filesOf().sweep()
  filesOf().sweep()
  expect(await reader().next()).toEqual([])
})

test('what ended before is not shown', async () => {
  write([told('1', 'ep-old')])
  nowMs += 5000
  write([told('1', 'ep-new')])
  expect(idsOf(await reader({}, new Date(startMs + 1000)).next())).toEqual(['ep-new'])
})
