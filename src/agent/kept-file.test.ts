import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openKeptFile } from './kept-file.ts'

const log = pino({ enabled: false })
let directory: string
let path: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'postern-kept-'))
  path = join(directory, 'some.json')
})
afterAll(() => rmSync(directory, { recursive: true }))

const open = () => openKeptFile<readonly number[]>(path, log)

test('nothing at first, then what was saved last', async () => {
  const file = await open()
  expect(file.loaded).toBeUndefined()
  const first = file.save([1])
  void file.save([2])
  await file.save([3])
  await first
  expect((await open()).loaded).toEqual([3])
  void file.save([4])
  await file.close()
  expect((await open()).loaded).toEqual([4])
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('the same value is not written again', async () => {
  const file = await open()
  const { ino } = statSync(path)
  await file.save([4])
  expect(statSync(path).ino).toBe(ino)
  await file.save([5])
  expect(readFileSync(path, 'utf8')).toBe('[5]')
})

test('what cannot be read counts as missing', async () => {
  writeFileSync(path, '[1, ')
  expect((await open()).loaded).toBeUndefined()
})

test('a disk that fails does not end the agent', async () => {
  const file = await openKeptFile(join(directory, 'nowhere', 'some.json'), log)
  await file.save([1])
  await file.close()
})
