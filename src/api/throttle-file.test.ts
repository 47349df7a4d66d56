import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readThrottleFile } from './throttle-file.ts'
import { defaultRates } from './throttle.ts'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'postern-throttle-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

function read(text: string | undefined) {
  const file = join(directory, 'throttling.json')
  if (text !== undefined) writeFileSync(file, text)
  return readThrottleFile(file)
}

test('without a file the usual rates hold', () => {
  expect(read(undefined)).toEqual(defaultRates)
})

test('what the file does not name stays as usual', () => {
  const write = { perSecond: 5, burst: 10 }
  expect(read(JSON.stringify({ write }))).toEqual({ ...defaultRates, write })
})

test.each(['', '[]', '{"reads":{}}', '{"read":{"perSecond":0,"burst":1}}', '{"read":{"perSecond":1}}'])(
  'the file %j ends the start',
  (text) => {
    expect(() => read(text)).toThrow('throttling.json')
  },
)
