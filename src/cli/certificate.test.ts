import { linkSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { copyCertificate } from './certificate.ts'

const pem = '-----BEGIN CERTIFICATE-----\nMIIB+/==\n-----END CERTIFICATE-----\n'
let directory: string
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'postern-ca-'))))
afterEach(() => rmSync(directory, { recursive: true, force: true }))
const path = (name: string) => join(directory, name)

test('a certificate is copied, readable for everyone', () => {
  writeFileSync(path('ca.pem'), pem, { mode: 0o600 })
  copyCertificate(path('ca.pem'), path('copy.pem'))
  expect(readFileSync(path('copy.pem'), 'utf8')).toBe(pem)
  expect(statSync(path('copy.pem')).mode & 0o777).toBe(0o644)
})

test('neither a link nor anything else is', () => {
  writeFileSync(path('other'), pem)
  symlinkSync(path('other'), path('symbolic.pem'))
  linkSync(path('other'), path('hard.pem'))
  writeFileSync(path('secret.pem'), `root:x:0:0\n${pem}`)
  for (const name of ['symbolic.pem', 'hard.pem', 'secret.pem']) {
    expect(() => copyCertificate(path(name), path('copy.pem')), name).toThrow(Error)
  }
})
