/** From the link that is printed to a shell in an instance, as a browser goes: server without privilege, agent, sandbox. */
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { makeConsumer, makeInstance } from '../../fixtures/topology.ts'
import { openBrowser, type Browser } from '../../rpc/console/browser.ts'
import { startSystem, type System } from './system.ts'

const scope = new AsyncDisposableStack()
let system: System
let host: string
let instance: string
let browser: Browser

beforeAll(async () => {
  system = scope.use(await startSystem())
  const { vswitch, group } = await makeConsumer(system)
  instance = await makeInstance(system, vswitch, group, '#!/bin/sh\nexec sleep infinity\n')
  const printed = await system.postern('console', '--account', system.id, '--output', 'json')
  const { signIn } = JSON.parse(printed) as { signIn: string }
  const { host: address, hash, pathname } = new URL(signIn)
  expect(pathname).toBe('/console/sign-in')
  host = address
  browser = openBrowser({ host })
  await browser.signIn({ link: hash.slice(1) })
}, 120_000)

afterAll(() => scope.disposeAsync())

function openShell(id: string) {
  const headers = { cookie: browser.cookie, origin: `http://${host}` }
  const socket = new WebSocket(`ws://${host}/console/shell/${id}`, { headers })
  let output = ''
  const texts: string[] = []
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) output += data.toString()
    else texts.push(data.toString())
  })
  const closed = once(socket, 'close')
  const type = (line: string) => socket.send(Buffer.from(`${line}\n`))
  return { socket, output: () => output, texts, closed, type, opened: once(socket, 'open') }
}

const soon = { timeout: 15_000, interval: 20 }

test('a terminal with the browser’s size, as the sandbox’s user, in the instance’s network', async () => {
  const shell = openShell(instance)
  await shell.opened
  shell.type('echo "user $(id -u) caps $(grep CapEff /proc/self/status | cut -f2)"')
  await expect.poll(shell.output, soon).toMatch(/user [1-9]\d* caps 0{16}/)
  shell.socket.send(JSON.stringify({ resize: { cols: 132, rows: 41 } }))
  await expect
    .poll(() => {
      shell.type('stty size')
      return shell.output()
    }, soon)
    .toContain('41 132')
  shell.type('ls /sys/class/net 2>/dev/null; cat /proc/net/dev | cut -d: -f1; echo seen')
  await expect.poll(shell.output, soon).toContain('eth0')
  shell.type('exit 7')
  expect((await shell.closed)[0]).toBe(1000)
  expect(shell.texts).toEqual(['{"exit":7}'])
})

test('what runs in it ends with the page', async () => {
  const shell = openShell(instance)
  await shell.opened
  shell.type('echo started $$; exec sleep 98765')
  await expect.poll(shell.output, soon).toMatch(/started \d+/)
  const other = openShell(instance)
  await other.opened
  const running = () => {
    other.type("grep -al '9876[5]' /proc/[0-9]*/cmdline | wc -l | sed s/^/count-/")
    return [...other.output().matchAll(/count-(\d+)/g)].at(-1)?.[1]
  }
  await expect.poll(running, soon).toBe('1')
  shell.socket.close()
  await expect.poll(running, soon).toBe('0')
  other.socket.close()
})

test('an instance that does not run has no shell, and the page is told', async () => {
  await system.call('Ecs', 'StopInstance', { InstanceId: instance })
  await expect
    .poll(async () => {
      const answer = await system.call('Ecs', 'DescribeInstanceStatus', { InstanceId: [instance] })
      return JSON.stringify(answer)
    }, soon)
    .toContain('"Stopped"')
  const shell = openShell(instance)
  const [code, reason] = (await shell.closed) as [number, Buffer]
  expect(code).toBe(1011)
  expect(reason.toString()).toContain('is not running')
})
