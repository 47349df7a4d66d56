import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import pino from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { walkthrough } from '../../test/fixtures/walkthrough.ts'
import { compileHost } from '../compile/compile-host.ts'
import { applyChange } from '../plan/change.ts'
import { encodeFrame, readFrames } from '../protocol/frames.ts'
import {
  isServerMessage,
  type AgentMessage,
  type Report,
  type ServerMessage,
  type ToldCut,
} from '../protocol/messages.ts'
import { listenForAgent, type AgentLink } from './agent-link.ts'

const { plan } = compileHost(walkthrough)
const later = compileHost({ ...walkthrough, generation: 8, endpoints: [] }).plan
const hello: AgentMessage = { type: 'hello', host: 'test', generation: 0 }

let folder: string
let link: AgentLink
let reports: Report[]
let cuts: ToldCut[]
let onReport: () => void

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postern-link-'))
  reports = []
  cuts = []
  onReport = () => undefined
  link = await listenForAgent({
    socketFile: join(folder, 'agent.sock'),
    onHello: () => undefined,
    onCuts: async (told) => {
      await Promise.resolve()
      if (told.some(({ id }) => id === 'cut-1')) throw new Error('the disk is full')
      cuts.push(...told)
    },
    onReport: (report) => {
      reports.push(report)
      onReport()
    },
    log: pino({ level: 'silent' }),
  })
})

afterEach(async () => {
  await link.close()
  rmSync(folder, { recursive: true })
})

async function agent(): Promise<{
  socket: Socket
  closed: Promise<void>
  next: () => Promise<ServerMessage>
}> {
  const socket = connect(join(folder, 'agent.sock'))
  await once(socket, 'connect')
  const closed = new Promise<void>((resolve) => void socket.on('close', () => resolve()))
  socket.on('error', () => undefined)
  const frames = readFrames(socket, isServerMessage)
  return {
    socket,
    closed,
    async next() {
      const { value, done } = await frames.next()
      if (done) throw new Error('the server closed the line')
      return value
    },
  }
}

test('the socket is for its owner only', () => {
  expect(statSync(join(folder, 'agent.sock')).mode & 0o777).toBe(0o600)
})

test('a hello is answered with the whole plan, later plans come as changes', async () => {
  const { socket, next } = await agent()
  link.publish(plan)
  socket.write(encodeFrame(hello))
  expect(await next()).toEqual({ type: 'plan', plan: JSON.parse(JSON.stringify(plan)) as unknown })
  link.publish(later)
  const message = await next()
  if (message.type !== 'change') throw new Error('expected a change')
  expect(JSON.stringify(applyChange(plan, message.change))).toBe(JSON.stringify(later))
})

test('a second hello starts over with the whole plan', async () => {
  const { socket, next } = await agent()
  link.publish(plan)
  socket.write(encodeFrame(hello))
  await next()
  socket.write(encodeFrame(hello))
  expect((await next()).type).toBe('plan')
})

test('a newer agent replaces an older one, and its reports arrive', async () => {
  const first = await agent()
  first.socket.write(encodeFrame(hello))
  const second = await agent()
  await first.closed
  const arrived = new Promise<void>((resolve) => (onReport = resolve))
  second.socket.write(encodeFrame(hello))
  second.socket.write(
    encodeFrame({
      type: 'report',
      report: { generation: 7, problems: [], instances: [], health: [], wires: [], balancers: [] },
    }),
  )
  await arrived
  expect(reports.map(({ generation }) => generation)).toEqual([7])
  expect(link.connected()).toBe(true)
  second.socket.destroy()
})

test('a cut is acknowledged when it is stored, and not when that fails', async () => {
  const { socket, next } = await agent()
  const cut = (id: string): ToldCut => ({
    id,
    wire: 'ep-1/z',
    cause: 'disconnected',
    kernelAtMs: 1,
    endedAtMs: 2,
    flows: 3,
  })
  const tell = (id: string) => socket.write(encodeFrame({ type: 'cuts', cuts: [cut(id)] }))
  socket.write(encodeFrame(hello))
  tell('cut-1')
  tell('cut-2')
  expect(await next()).toEqual({ type: 'cuts-stored', ids: ['cut-2'] })
  expect(cuts).toEqual([cut('cut-2')])
  socket.destroy()
})

test('a broken line ends the conversation, not the server', async () => {
  const { socket, closed } = await agent()
  socket.write('not json\n')
  await closed
  const again = await agent()
  link.publish(plan)
  again.socket.write(encodeFrame(hello))
  expect((await again.next()).type).toBe('plan')
  again.socket.destroy()
})
