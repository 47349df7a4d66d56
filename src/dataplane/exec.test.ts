import { mkdtempDisposable, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import type { Exec, Output } from './exec.ts'
import { CommandError, execProgram, output, runBatch, startBatch } from './exec.ts'

const answering =
  (answer: Partial<Output>): Exec =>
  async () => ({ code: 0, stdout: '', stderr: '', ...answer })

describe('runBatch', () => {
  test('knows the lines that failed, and how', async () => {
    const stderr = [
      'Cannot create namespace file "/run/netns/a": File exists',
      'Command failed -:3',
      'Cannot find device "nope"',
      'Command failed -:5',
    ]
    const exec = answering({ code: 1, stderr: stderr.join('\n') })
    expect(await runBatch(exec, ['ip'], ['a', 'b', 'c', 'd', 'e'])).toEqual([
      { line: 2, kind: 'exists', message: 'Cannot create namespace file "/run/netns/a": File exists' },
      { line: 4, kind: 'not-found', message: 'Cannot find device "nope"' },
    ])
  })

  test('a batch that ended without naming the line has failed all the same', async () => {
    const exec = answering({ code: 2, stderr: 'RTNETLINK answers: No such file or directory\n' })
    expect(await runBatch(exec, ['ip'], ['neigh del x'])).toEqual([
      { line: undefined, kind: 'not-found', message: 'RTNETLINK answers: No such file or directory' },
    ])
  })
})

test('a program with a head start has its first line before the others are known', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'postern-exec-'))
  const seen = join(folder.path, 'seen')
  const script = `
    process.stdin.once('data', (first) => {
      fs.writeFileSync(process.argv[1], first)
      process.stdin.once('data', (rest) => console.error(rest + 'Command failed -:3'))
    })
    process.exitCode = 1`
  const exec: Exec = (_, stdin, more) =>
    execProgram([process.execPath, '-e', script, '--', seen], stdin, more)
  const ready = vi.waitFor(async () => expect(await readFile(seen, 'utf8')).toBe('first\n'), 10_000)
  expect(await startBatch(exec, ['tc'], 'first')(ready.then(() => ['one', 'two']))).toEqual([
    { line: 1, kind: 'other', message: 'one two' },
  ])
})

describe('execProgram', () => {
  test('gives the input, and takes both outputs and the code', async () => {
    const script =
      'process.stdin.pipe(process.stdout); console.error(process.env.LC_ALL); process.exitCode = 3'
    expect(await execProgram([process.execPath, '-e', script], 'text')).toEqual({
      code: 3,
      stdout: 'text',
      stderr: 'C\n',
    })
  })

  test('a program that is not there, and one that does not read, are errors with a reason', async () => {
    await expect(execProgram(['/no/such/program'])).rejects.toThrow('cannot run /no/such/program')
    const result = output(execProgram, [process.execPath, '-e', 'process.exit(1)'], 'x'.repeat(1_000_000))
    await expect(result).rejects.toThrow(CommandError)
  })
})
