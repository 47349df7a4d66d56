import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { clientAddress, freeListen, parseListen, portTrouble } from './listen.ts'

test.each([
  ['127.0.0.1:7080', { host: '127.0.0.1', port: 7080 }],
  ['localhost:1', { host: 'localhost', port: 1 }],
  ['[::1]:7080', { host: '::1', port: 7080 }],
  ['7080', undefined],
  [':7080', undefined],
  ['127.0.0.1:0', undefined],
  ['127.0.0.1:65536', undefined],
  ['::1:7080', undefined],
  ['127.0.0.1:70x', undefined],
])('parseListen(%s)', (text, address) => {
  expect(parseListen(text)).toEqual(address)
})

test.each([
  ['0.0.0.0:80', '127.0.0.1:80'],
  ['[::]:80', '[::1]:80'],
  ['10.0.0.1:80', '10.0.0.1:80'],
])('clientAddress(%s)', (listen, address) => {
  expect(clientAddress(listen)).toBe(address)
})

test('a port in use is told, and another one is found', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const taken = `127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    expect(await portTrouble(taken)).toBe('EADDRINUSE')
    const free = await freeListen(taken)
    expect(free).not.toBe(taken)
    expect(await portTrouble(free)).toBeUndefined()
    expect(await freeListen(free)).toBe(free)
  } finally {
    server.close()
  }
})
