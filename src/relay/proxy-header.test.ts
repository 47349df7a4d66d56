import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { encodeProxyHeader } from './proxy-header.ts'

const signature = '0d0a0d0a000d0a515549540a'
const sockets = {
  source: { address: '10.0.0.182', port: 40_000 },
  destination: { address: '192.168.20.9', port: 80 },
}
const addresses = '0a0000b6c0a814099c400050'

describe('a header', () => {
  test.each([
    ['of addresses alone', {}, '000c', ''],
    ['with a VPC', { vpc: 'vpc-1' }, '0015', 'e10006017670632d31'],
    ['with an endpoint', { endpoint: 'ep-1' }, '0014', 'e100050265702d31'],
    ['with a service', { service: 'epsrv-1' }, '0017', 'e100080365707372762d31'],
    [
      'with all of them',
      { service: 'epsrv-1', endpoint: 'ep-1', vpc: 'vpc-1' },
      '0028',
      'e10006017670632d31e100050265702d31e100080365707372762d31',
    ],
  ])('%s', (_, ids, length, tlvs) => {
    const bytes = encodeProxyHeader({ ...sockets, ...ids })
    expect(bytes.toString('hex')).toBe(`${signature}2111${length}${addresses}${tlvs}`)
    expect(bytes.length).toBe(16 + bytes.readUInt16BE(14))
  })

  test('of a client without an IPv4 address is refused', () => {
    const source = { address: '::1', port: 1 }
    expect(() => encodeProxyHeader({ ...sockets, source })).toThrow('not an IPv4 address')
  })
})

/** What HAProxy, told to expect a header, answers to a request behind this one. */
async function readByHaproxy(header: Buffer): Promise<string> {
  await using scope = new AsyncDisposableStack()
  const directory = await mkdtemp(join(tmpdir(), 'postern-header-'))
  scope.defer(() => rm(directory, { recursive: true }))
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  const file = join(directory, 'haproxy.cfg')
  await writeFile(
    file,
    `defaults
  mode http
  timeout client 2s
frontend headers
  bind 127.0.0.1:${port} accept-proxy
  http-request return status 200 content-type text/plain lf-string "%[src] %[src_port] %[dst] %[dst_port]"
`,
  )
  const program = spawn('haproxy', ['-db', '-q', '-f', file], { stdio: 'ignore' })
  scope.defer(async () => {
    const ended = once(program, 'exit')
    if (program.kill('SIGKILL')) await ended
  })
  await expect.poll(() => isTaken(port), { timeout: 10_000 }).toBe(true)
  const socket = connect(port, '127.0.0.1')
  socket.write(Buffer.concat([header, Buffer.from('GET / HTTP/1.0\r\n\r\n')]))
  return await text(socket)
}

async function isTaken(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  const taken = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'close').then(() => false),
  ]).catch(() => false)
  socket.destroy()
  return taken
}

test.skipIf(spawnSync('haproxy', ['-v']).error)(
  'HAProxy reads a header, and none whose length is wrong',
  async () => {
    const header = encodeProxyHeader({ ...sockets, service: 'epsrv-1', endpoint: 'ep-1', vpc: 'vpc-1' })
    expect(await readByHaproxy(header)).toMatch(
      /^HTTP\/1.1 200 OK\r\n[^]*\r\n10\.0\.0\.182 40000 192\.168\.20\.9 80$/,
    )
    const wrong = Buffer.from(header)
    wrong.writeUInt16BE(header.readUInt16BE(14) - 1, 14)
    // It hangs up, or resets.
    expect(await readByHaproxy(wrong).catch(String)).not.toContain(' 200 ')
  },
)
