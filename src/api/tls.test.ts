import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { certificateNames, ensureTls } from './tls.ts'

const run = promisify(execFile)
const now = new Date()
const names = ['127.0.0.1', '::1', 'api.example.test', 'localhost']

let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-tls-'))
})

afterEach(() => rm(directory, { recursive: true }))

const later = (days: number) => new Date(now.getTime() + days * 24 * 60 * 60_000)

test('the certificate is what strict verifiers want', async () => {
  const { ca, cert } = await ensureTls(directory, names, now)
  const server = new X509Certificate(cert)
  const authority = new X509Certificate(ca)
  expect(server.checkIssued(authority)).toBe(true)
  expect(server.subjectAltName).toBe(
    'IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, DNS:api.example.test, DNS:localhost',
  )
  expect([authority.ca, server.ca]).toEqual([true, false])

  const files = [join(directory, 'ca.pem'), join(directory, 'server.pem')] as const
  const purpose = ['-x509_strict', '-purpose', 'sslserver']
  for (const name of ['-verify_hostname=api.example.test', '-verify_hostname=localhost', '-verify_ip=::1']) {
    const { stdout } = await run('openssl', ['verify', ...purpose, ...name.split('='), '-CAfile', ...files])
    expect(stdout).toContain('OK')
  }
  const other = ['-verify_hostname', 'other.example.test']
  await expect(run('openssl', ['verify', ...purpose, ...other, '-CAfile', ...files])).rejects.toThrow(
    'mismatch',
  )

  const { stdout: text } = await run('openssl', ['x509', '-in', files[1], '-noout', '-text'])
  expect(text).toContain('X509v3 Key Usage: critical\n                Digital Signature')
  expect(text).toContain('TLS Web Server Authentication')
})

test('it is kept while it is good', async () => {
  const first = await ensureTls(directory, names, now)
  expect(await ensureTls(directory, names.toReversed(), later(300))).toEqual(first)
})

test('it is renewed near its end and when the names change, under the same authority', async () => {
  const first = await ensureTls(directory, names, now)
  const renewed = await ensureTls(directory, names, later(370))
  expect(renewed.ca).toBe(first.ca)
  expect(renewed.cert).not.toBe(first.cert)
  const renamed = await ensureTls(directory, [...names, 'other.example.test'], later(370))
  expect(renamed.ca).toBe(first.ca)
  expect(renamed.cert).not.toBe(renewed.cert)
})

test('a lost or foreign key makes a new pair that fits', async () => {
  const first = await ensureTls(directory, names, now)
  const other = await mkdtemp(join(tmpdir(), 'postern-tls-'))
  const foreign = await ensureTls(other, names, now)
  await rm(other, { recursive: true })
  await writeFile(join(directory, 'server.key'), foreign.key)
  const repaired = await ensureTls(directory, names, now)
  expect(repaired.ca).toBe(first.ca)
  expect(repaired.key).not.toBe(foreign.key)

  await rm(join(directory, 'ca.key'))
  const replaced = await ensureTls(directory, names, now)
  expect(replaced.ca).not.toBe(first.ca)
  expect(new X509Certificate(replaced.cert).checkIssued(new X509Certificate(replaced.ca))).toBe(true)
})

test('the names of a listener', () => {
  expect(certificateNames('0.0.0.0')).toEqual(expect.arrayContaining(['127.0.0.1', '::1', 'localhost']))
  expect(certificateNames('0.0.0.0')).not.toContain('0.0.0.0')
  expect(certificateNames('API.example.test')).toContain('api.example.test')
})
