import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { listAccounts } from '../../src/store/accounts.ts'
import { openDatabase } from '../../src/store/database.ts'

test('every acknowledged write outlives kill -9', { timeout: 30_000 }, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'postern-durability-'))
  const file = join(directory, 'postern.db')
  const program = join(import.meta.dirname, 'committing-server.ts')
  for (const wanted of [1, 20, 150]) {
    const child = spawn(process.execPath, [program, file], { stdio: ['ignore', 'pipe', 'inherit'] })
    const exited = once(child, 'exit')
    let printed = ''
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      printed += String(chunk)
      if (printed.split('\n').length > wanted && !child.killed) child.kill('SIGKILL')
    }
    expect(await exited).toEqual([null, 'SIGKILL'])

    const acknowledged = printed.split('\n').slice(0, -1)
    expect(acknowledged.length).toBeGreaterThanOrEqual(wanted)
    const db = await openDatabase(file)
    const kept = new Set<string>((await listAccounts(db)).map(({ id }) => id))
    await db.destroy()
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([])
  }
  await rm(directory, { recursive: true })
})
