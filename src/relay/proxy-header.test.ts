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
