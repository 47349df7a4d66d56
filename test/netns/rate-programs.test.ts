/** A `tc` that waits in a real namespace limits devices that came after it, and leaves the namespace when it is told. */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { execProgram, output, runBatch, type Exec } from '../../src/dataplane/exec.ts'
import { createRatePrograms } from '../../src/dataplane/tc/rate-programs.ts'
import { observeRates } from '../../src/dataplane/tc/rates.ts'

const netns = `rates-${randomBytes(3).toString('hex')}`
const ready = Promise.resolve()
const turn = { ready, devices: 1000 }
let started = 0
const counted: Exec = (...call) => {
  started += 1
  return execProgram(...call)
}
const programs = createRatePrograms(counted)

const ip = (...lines: readonly string[]) => runBatch(execProgram, ['ip', '-n', netns], lines)
const limit = (device: string, rateMbps: number) =>
  programs.change(netns, [{ op: 'add', device, rateMbps }], turn)
/** Of the programs in the namespace. */
const pids = async () => (await output(execProgram, ['ip', 'netns', 'pids', netns])).trim()

beforeAll(() => output(execProgram, ['ip', 'netns', 'add', netns]))
afterAll(async () => {
  await programs.forget()
  await output(execProgram, ['ip', 'netns', 'del', netns])
})

test('a program that waits limits a device that it has not seen, and one that came back under its name', async () => {
  expect(await ip('link add one type veth peer name one-b')).toEqual([])
  expect(await limit('one', 100)).toEqual([])
  await vi.waitFor(async () => expect(await pids()).not.toBe(''), 10_000)
  expect(started).toBe(2)

  expect(await ip('link add two type veth peer name two-b')).toEqual([])
  expect(await limit('two', 200)).toEqual([])
  await vi.waitFor(() => expect(started).toBe(3), 10_000)

  await programs.forget()
  expect(await pids()).toBe('')
  expect(await ip('link del one', 'link add one type veth peer name one-b')).toEqual([])
  expect(await limit('one', 300)).toEqual([])
  const rates = new Map([
    ['one', 300],
    ['two', 200],
  ])
  expect(await observeRates(execProgram, netns)).toEqual(rates)
})

test('what the kernel refuses is told of the line that it is about', async () => {
  await vi.waitFor(async () => expect(await pids()).not.toBe(''), 10_000)
  expect(await limit('three', 100)).toMatchObject([{ line: 0, kind: 'not-found' }])
})
