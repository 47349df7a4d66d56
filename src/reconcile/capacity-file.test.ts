import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { SettingsError } from '../model/settings-error.ts'
import { fullCapacity } from '../model/source-ports.ts'
import { readCapacityFile } from './capacity-file.ts'

const file = join(mkdtempSync(join(tmpdir(), 'postern-capacity-')), 'capacity.json')

test('no file, an empty one and one that says something', () => {
  expect(readCapacityFile(`${file}.missing`)).toEqual(fullCapacity)
  writeFileSync(file, '{}')
  expect(readCapacityFile(file)).toEqual(fullCapacity)
  writeFileSync(file, '{"portsPerSource": 256}')
  expect(readCapacityFile(file)).toEqual({ portsPerSource: 256 })
})

test.each([
  ['{"connections": 100}', /capacity\.json: "connections" is not read any more.*postern limit set/],
  ['{"consumers": {"1": 5}}', /capacity\.json: "consumers" is not read any more.*postern limit set/],
  ['{"ports": 1}', /capacity\.json: "ports" is not known$/],
  ['{"portsPerSource": 0}', /capacity\.json: portsPerSource: /],
  ['{', /capacity\.json: .*JSON/],
])('%s is refused in words', (text, message) => {
  writeFileSync(file, text)
  expect(() => readCapacityFile(file)).toThrow(SettingsError)
  expect(() => readCapacityFile(file)).toThrow(message)
})
