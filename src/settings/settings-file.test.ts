import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { readSettingsFile, SettingsError } from './settings-file.ts'

const schema = z.strictObject({ ports: z.number().min(1).optional() })
let directory: string
let file: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'postern-settings-'))
  file = join(directory, 'some.json')
})
afterAll(() => rmSync(directory, { recursive: true }))

test('no file, an empty one and one that says something', () => {
  expect(readSettingsFile(`${file}.missing`, schema)).toBeUndefined()
  writeFileSync(file, '{}')
  expect(readSettingsFile(file, schema)).toEqual({})
  writeFileSync(file, '{"ports": 256}')
  expect(readSettingsFile(file, schema)).toEqual({ ports: 256 })
})

test.each([
  ['{"port": 1}', /some\.json: Unrecognized key: "port"$/],
  ['{"ports": 0}', /some\.json: ports: /],
  ['{', /some\.json: .*JSON/],
  ['', /some\.json: .*JSON/],
])('%j is refused in words', (text, message) => {
  writeFileSync(file, text)
  expect(() => readSettingsFile(file, schema)).toThrow(SettingsError)
  expect(() => readSettingsFile(file, schema)).toThrow(message)
})

test('what cannot be read at all is not taken for missing', () => {
  expect(() => readSettingsFile(directory, schema)).toThrow('EISDIR')
})
