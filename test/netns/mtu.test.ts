/** A way that is narrower somewhere: TCP never fills it, and who sends too much is told, through both translations. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { command } from '../fixtures/command.ts'
import { planOf, twoVpcsWords } from '../fixtures/plans.ts'
import { World } from './dataplane-world.ts'
import { datagram, datagramServer, flow, flowServer } from './mtu-programs.ts'

const narrow = 1200
const wide = 1500
const port = 80
const address = '10.0.0.10'

const world = new World()
const scope = new AsyncDisposableStack()
const words = twoVpcsWords(world.deployment)
const plan = planOf({
  ...words,
  groups: [
    { id: 'sg-client', vpc: 'vpc-consumer' },
    { id: 'sg-endpoint', vpc: 'vpc-consumer', ingress: ['accept all * 0.0.0.0/0'] },
    { id: 'sg-backend', vpc: 'vpc-provider' },
  ],
  instances: [
    { id: 'i-client', vpc: 'vpc-consumer', address: '10.0.0.182', groups: ['sg-client'] },
    { id: 'i-server', vpc: 'vpc-provider', address: '10.0.0.200', groups: ['sg-backend'] },
  ],
  balancers: [
    {
      id: 'lb-app',
      vpc: 'vpc-provider',
      address: '10.0.0.100',
      listeners: [
        { port, backends: [`10.0.0.200:${port}*1`] },
        { port, protocol: 'udp', backends: [`10.0.0.200:${port}*1`] },
      ],
    },
  ],
  endpoints: words.endpoints.map((endpoint) => ({
    ...endpoint,
    address,
    groups: ['sg-endpoint'],
    wire: { balancer: 'lb-app', pair: 1 },
  })),
})

const [wire] = plan.links.wires
const eniOf = (instance: string) => plan.fabric.enis.find(({ netns }) => netns === world.netns(instance))
/** Both ends of what is narrow: a device takes in no more than it sends. */
const places = {
  'the interface of the client': [
    ['i-client', eniOf('i-client')?.device],
    ['vpc-consumer', eniOf('i-client')?.vpcDevice],
  ],
  'the wire': [
    ['vpc-consumer', wire?.consumerDevice],
    ['vpc-provider', wire?.providerDevice],
  ],
  'the interface of the server': [
    ['vpc-provider', eniOf('i-server')?.vpcDevice],
    ['i-server', eniOf('i-server')?.device],
  ],
} as const
type Place = keyof typeof places
const [atClient, atWire, atServer] = Object.keys(places) as [Place, Place, Place]

async function setMtu(place: Place, mtu: number): Promise<void> {
  for (const [of, device = ''] of places[place]) {
    await command('ip', '-n', world.netns(of), 'link', 'set', device, 'mtu', String(mtu))
  }
}

function start(instance: string, program: readonly string[]): ChildProcess {
  const args = ['netns', 'exec', world.netns(instance), ...program]
  const child = spawn('ip', args, { stdio: ['pipe', 'pipe', 'inherit'] })
  scope.defer(async () => {
    const ended = once(child, 'exit')
    if (child.kill('SIGKILL')) await ended
  })
  return child
}

/** Says a line to the program and waits for the one that it answers. */
function talkTo(child: ChildProcess) {
  if (!child.stdout) throw new Error('no output')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return async (line?: string): Promise<string> => {
    if (line !== undefined) child.stdin?.write(`${line}\n`)
    const { value, done } = await lines.next()
    if (done) throw new Error('the program ended')
    return value
  }
}

const open = () => talkTo(start('i-client', flow(address, port)))

beforeAll(async () => {
  expect(await world.dataplane().apply(plan, 'observed')).toEqual([])
  for (const server of [flowServer(port), datagramServer(port)]) await talkTo(start('i-server', server))()
})

afterEach(async () => {
  for (const place of [atClient, atWire, atServer]) await setMtu(place, wide)
  for (const instance of ['i-client', 'i-server']) {
    await command('ip', '-n', world.netns(instance), 'route', 'flush', 'cache')
  }
})

afterAll(async () => {
  await scope.disposeAsync()
  await world.end()
})

test.each([atClient, atWire, atServer])(
  'both ends of a new flow agree on segments that pass %s',
  async (place) => {
    expect(await open()('segments')).toBe(segmentsFor(wide))
    await setMtu(place, narrow)
    expect(await open()('segments')).toBe(segmentsFor(narrow))
  },
)

/** What both ends send at most: headers are 40 bytes, a time stamp 12. */
function segmentsFor(mtu: number): string {
  return `${mtu - 52} ${mtu - 52}`
}

test.each([atClient, atWire, atServer])(
  '%s becomes narrow under an open flow, and all arrives',
  async (place) => {
    const say = open()
    expect(await say('up 100000')).toBe('100000')
    await setMtu(place, narrow)
    expect(await say('up 100000')).toBe('100000')
    expect(await say('down 100000')).toBe('100000')
  },
)

test.each([atWire, atServer])('a client is told that its datagram does not pass %s', async (place) => {
  const say = talkTo(start('i-client', datagram(address, port)))
  expect(await say('1400')).toBe(`came back, ${wide}`)
  await setMtu(place, narrow)
  expect(await say('1400')).toBe(`too long, ${narrow}`)
  expect(await say('1100')).toBe(`came back, ${narrow}`)
})

test.each([atClient, atWire])('a server is told that its answer does not pass %s', async (place) => {
  const say = talkTo(start('i-client', datagram(address, port)))
  // Of the datagram that asks only the answer is long.
  expect(await say('100 1400')).toBe(`came back, ${wide}`)
  await setMtu(place, narrow)
  expect(await say('100 1400')).toMatch(/^nothing came/)
  // Now the server takes it apart.
  expect(await say('100 1400')).toMatch(/^came back/)
})
