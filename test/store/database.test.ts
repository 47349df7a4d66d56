import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AccountId } from '../../src/model/ids.ts'
import { createAccessKey, findAccessKey } from '../../src/store/access-keys.ts'
import { createAccount, isAccountId, listAccounts, newAccountId } from '../../src/store/accounts.ts'
import { openDatabase } from '../../src/store/database.ts'
import { openSealKey, seal, sealKey, unseal } from '../../src/store/seal.ts'

let directory: string
let file: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-store-'))
  file = join(directory, 'postern.db')
})

afterEach(() => rm(directory, { recursive: true }))

const now = new Date('2026-11-23T08:00:00Z')
const account = '12345678' as AccountId

describe('database', () => {
  test('the settings that durability and integrity rest on', async () => {
    const db = await openDatabase(file)
    const read = async (name: string) =>
      Object.values(
        (await sql<Record<string, unknown>>`pragma ${sql.raw(name)}`.execute(db)).rows[0] ?? {},
      )[0]
    expect(await read('journal_mode')).toBe('wal')
    expect(await read('synchronous')).toBe(2)
    expect(await read('foreign_keys')).toBe(1)
    expect(await read('busy_timeout')).toBe(5000)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    await db.destroy()
  })

  test('a transaction holds the write lock from its beginning', async () => {
    const db = await openDatabase(file)
    const other = new DatabaseSync(file, { timeout: 0 })
    await db.transaction().execute(async (tx) => {
      await listAccounts(tx)
      expect(() => other.exec('begin immediate')).toThrow('locked')
    })
    other.exec('begin immediate; rollback')
    other.close()
    await db.destroy()
  })

  test('a failed transaction leaves nothing', async () => {
    const db = await openDatabase(file)
    const failed = db.transaction().execute(async (tx) => {
      await createAccount(tx, { id: account, name: 'consumer', createdAt: now.toISOString() })
      throw new Error('after the write')
    })
    await expect(failed).rejects.toThrow('after the write')
    expect(await listAccounts(db)).toEqual([])
    await db.destroy()
  })

  test('opening again keeps the data and applies no migration twice', async () => {
    const first = await openDatabase(file)
    await createAccount(first, { id: account, name: 'consumer', createdAt: now.toISOString() })
    await first.destroy()
    const second = await openDatabase(file)
    expect(await listAccounts(second)).toEqual([
      { id: account, name: 'consumer', createdAt: now.toISOString() },
    ])
    await second.destroy()
  })

  test('a database of a newer version is refused, not changed', async () => {
    const db = await openDatabase(file)
    await sql`insert into kysely_migration values ('999-future', '2030-01-01')`.execute(db)
    await db.destroy()
    await expect(openDatabase(file)).rejects.toThrow('cannot open the database')
  })
})

describe('seal key', () => {
  test('is made once, for its owner only', async () => {
    const path = join(directory, 'secret.key')
    const made = await openSealKey(path, randomBytes)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readFile(path)).toHaveLength(32)
    expect((await openSealKey(path, randomBytes)).key.equals(made.key)).toBe(true)
  })

  test('of another length is refused', async () => {
    const path = join(directory, 'secret.key')
    await writeFile(path, 'short')
    await expect(openSealKey(path, randomBytes)).rejects.toThrow('32 bytes')
  })

  test('opens what it sealed, for the same owner, unchanged', () => {
    const key = sealKey(randomBytes(32))
    const sealed = seal(key, 'secret', 'owner', randomBytes)
    expect(unseal(key, sealed, 'owner')).toBe('secret')
    expect(() => unseal(key, sealed, 'other')).toThrow()
    expect(() => unseal(sealKey(randomBytes(32)), sealed, 'owner')).toThrow()
    const changed = Buffer.from(sealed, 'base64')
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
    expect(() => unseal(key, changed.toString('base64'), 'owner')).toThrow()
    expect(() => unseal(key, '', 'owner')).toThrow()
  })
})

describe('accounts and access keys', () => {
  test('an id is taken once', async () => {
    const db = await openDatabase(':memory:')
    const wanted = { id: account, name: 'consumer', createdAt: now.toISOString() }
    expect(await createAccount(db, wanted)).toEqual({ ok: true })
    expect(await createAccount(db, { ...wanted, name: 'other' })).toEqual({ ok: false, reason: 'IdTaken' })
    expect((await listAccounts(db)).map(({ name }) => name)).toEqual(['consumer'])
    await db.destroy()
  })

  test('a key is found with its secret, which the database does not show', async () => {
    const db = await openDatabase(':memory:')
    const key = sealKey(randomBytes(32))
    await createAccount(db, { id: account, name: 'consumer', createdAt: now.toISOString() })
    const made = await createAccessKey(db, key, account, now, randomBytes)
    expect(await findAccessKey(db, key, made.id)).toEqual(made)
    expect(await findAccessKey(db, key, 'LTAInone')).toBeUndefined()
    const rows = await db.selectFrom('access_key').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(made.secret)
    await db.destroy()
  })

  test('a key needs an account', async () => {
    const db = await openDatabase(':memory:')
    const orphan = createAccessKey(db, sealKey(randomBytes(32)), account, now, randomBytes)
    await expect(orphan).rejects.toThrow('FOREIGN KEY')
    await db.destroy()
  })

  test('ids', () => {
    expect(newAccountId(randomBytes)).toMatch(/^1\d{15}$/)
    expect(['1', '12345678', '9999999999999999'].every(isAccountId)).toBe(true)
    expect(['', '0', '01', '1e3', '12345678901234567', ' 1'].some(isAccountId)).toBe(false)
  })
})
