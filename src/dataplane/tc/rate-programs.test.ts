import { expect, test, vi } from 'vitest'
import type { Exec } from '../exec.ts'
import { createRatePrograms } from './rate-programs.ts'
import type { RateOp } from './rates.ts'

const limit: RateOp = { op: 'add', device: 'w1', rateMbps: 100 }
const limited = 'qdisc add dev w1 root tbf rate 102400kbit burst 125000 latency 50ms\n'
const ready = Promise.resolve()

interface Run {
  readonly netns: string
  /** What followed its first line; undefined while it waits. */
  rest: string | undefined
}

function setUp() {
  const runs: Run[] = []
  const exec: Exec = async (command, stdin, more) => {
    expect(stdin).toBe('qdisc show dev lo\n')
    const run: Run = { netns: command[2] ?? '', rest: undefined }
    runs.push(run)
    run.rest = await more
    return { code: 0, stdout: '', stderr: '' }
  }
  return { runs, programs: createRatePrograms(exec) }
}

const waiting = (runs: readonly Run[]) =>
  runs.filter(({ rest }) => rest === undefined).map(({ netns }) => netns)

test('among few devices a program is started for each change, and none waits', async () => {
  vi.useFakeTimers()
  const { runs, programs } = setUp()
  await programs.change('one', [limit], { ready, devices: 10 })
  await vi.advanceTimersByTimeAsync(10_000)
  await programs.change('one', [limit], { ready, devices: 10 })
  expect(runs).toEqual([
    { netns: 'one', rest: limited },
    { netns: 'one', rest: limited },
  ])
  vi.useRealTimers()
})

test('among many devices the next change finds its program started', async () => {
  const { runs, programs } = setUp()
  await programs.change('one', [limit], { ready, devices: 1000 })
  await vi.waitFor(() => expect(waiting(runs)).toEqual(['one']))
  await programs.change('one', [limit], { ready, devices: 1000 })
  expect(runs).toEqual([
    { netns: 'one', rest: limited },
    { netns: 'one', rest: limited },
  ])
  await vi.waitFor(() => expect(waiting(runs)).toEqual(['one']))
})

test('none waits when devices are about to go, nor comes to wait for a change before', async () => {
  const { runs, programs } = setUp()
  for (const netns of ['one', 'two']) await programs.change(netns, [limit], { ready, devices: 1000 })
  await vi.waitFor(() => expect(waiting(runs)).toEqual(['one', 'two']))
  await programs.forget()
  expect(runs.map(({ rest }) => rest)).toEqual([limited, limited, '', ''])

  vi.useFakeTimers()
  await programs.change('one', [limit], { ready, devices: 1000 })
  await programs.forget()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(runs).toHaveLength(5)
  vi.useRealTimers()
})

test('only the last four namespaces have a program that waits', async () => {
  const { runs, programs } = setUp()
  const all = ['one', 'two', 'three', 'four', 'five', 'six']
  for (const netns of all) await programs.change(netns, [limit], { ready, devices: 1000 })
  await vi.waitFor(() => expect(waiting(runs)).toEqual(all.slice(2)))
})

test('devices that did not come are an error, and the program ends', async () => {
  const { programs } = setUp()
  const never = Promise.reject(new Error('no devices'))
  await expect(programs.change('one', [limit], { ready: never, devices: 1000 })).rejects.toThrow('no devices')
})
