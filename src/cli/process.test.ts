import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isAlive, processId, readPidFile, startDetached, stopByPidFile, writePidFile } from './process.ts'

let directory: string
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'postern-process-'))))
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const pidFile = () => join(directory, 'it.pid')
const start = (script: string) =>
  startDetached({
    argv: ['sh', '-c', script],
    env: { PATH: '/usr/bin:/bin' },
    log: join(directory, 'log'),
    pidFile: pidFile(),
  })

test('a started process is found by its pid file, in a session of its own, and ended', async () => {
  const child = await start('exec sleep 60')
  const found = readPidFile(pidFile())
  expect(found?.pid).toBe(child.pid)
  const session = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[3]
  expect(session).toBe(String(child.pid))
  await stopByPidFile(pidFile(), 5_000)
  expect(found && isAlive(found)).toBe(false)
  expect(readPidFile(pidFile())).toBeUndefined()
})

test('a process that ignores the request to end is killed', async () => {
  const child = await start(`trap '' TERM; echo trapped; while :; do sleep 60; done`)
  await expect.poll(() => readFileSync(join(directory, 'log'), 'utf8')).toContain('trapped')
  const found = readPidFile(pidFile())
  await stopByPidFile(pidFile(), 50)
  expect(found?.pid).toBe(child.pid)
  expect(found && isAlive(found)).toBe(false)
})

test('an id given to another process since is left alone', async () => {
  const own = processId(process.pid)
  if (!own) throw new Error('this process has no id')
  const other = { ...own, startTime: String(Number(own.startTime) - 1) }
  writePidFile(pidFile(), other)
  expect(readPidFile(pidFile())).toBeUndefined()
  await stopByPidFile(pidFile(), 50)
  expect(isAlive(own)).toBe(true)
})

test('an id of an earlier boot is nobody', () => {
  const own = processId(process.pid)
  if (!own) throw new Error('this process has no id')
  expect(isAlive({ ...own, boot: 'another' })).toBe(false)
})

test('a torn pid file counts as none', () => {
  writeFileSync(pidFile(), '{"pid":')
  expect(readPidFile(pidFile())).toBeUndefined()
})

test('a program that is not there is an error', async () => {
  const missing = startDetached({
    argv: [join(directory, 'nothing')],
    env: {},
    log: join(directory, 'log'),
    pidFile: pidFile(),
  })
  await expect(missing).rejects.toThrow('cannot be started')
})
