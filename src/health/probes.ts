/**
 * One probe of one backend, from the VPC's service leg. A probe never throws: whatever happens is an answer, and leaves
 * nothing open on either side.
 */
import { createSocket } from 'node:dgram'
import { request } from 'node:http'
import { connect } from 'node:net'
import type { ProbePlan } from '../plan/host-plan.ts'

export interface ProbeTarget {
  readonly probe: ProbePlan
  /** Source of the probe: it leads into the balancer's VPC. */
  readonly localAddress: string
  readonly address: string
  readonly port: number
  readonly timeoutMs: number
}

/** Whether the backend did, in time, what a healthy one does. */
export async function runProbe(target: ProbeTarget, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(silenceIsGood(target.probe)), target.timeoutMs)
  const stop = () => resolve(false)
  signal.addEventListener('abort', stop)
  const release = start(target, resolve)
  const good = await promise
  clearTimeout(timer)
  signal.removeEventListener('abort', stop)
  release()
  return good
}

/** A server of datagrams need not answer what it does not know; a closed port is told by the kernel. */
function silenceIsGood(probe: ProbePlan): boolean {
  return probe.kind === 'udp' && probe.response === undefined
}

type Verdict = (good: boolean) => void

/** Sends what is to be sent; gives what ends the probe. */
function start(target: ProbeTarget, verdict: Verdict): () => void {
  const { probe } = target
  switch (probe.kind) {
    case 'tcp':
      return connectTo(target, verdict)
    case 'http':
      return ask(target, probe, verdict)
    case 'udp':
      return sendTo(target, probe, verdict)
  }
}

/** SYN, SYN-ACK, RST: the backend's application never learns of it. */
function connectTo({ address, port, localAddress }: ProbeTarget, verdict: Verdict): () => void {
  const socket = connect({ host: address, port, localAddress })
  socket.once('connect', () => verdict(true))
  socket.on('error', () => verdict(false))
  return () => void (socket.connecting ? socket.destroy() : socket.resetAndDestroy())
}

/** The status is all that counts: what follows it is not read. */
function ask(
  { address, port, localAddress }: ProbeTarget,
  { method, path, host, statuses }: Extract<ProbePlan, { kind: 'http' }>,
  verdict: Verdict,
): () => void {
  const asked = request({
    host: address,
    port,
    localAddress,
    method,
    path,
    agent: false,
    headers: { host: host ?? address, 'user-agent': 'KeepAliveClient', connection: 'close' },
  })
  asked.once('response', ({ statusCode = 0 }) => verdict(statuses.includes(Math.floor(statusCode / 100))))
  asked.on('error', () => verdict(false))
  asked.end()
  return () => void asked.destroy()
}

/** Connected, so that an ICMP error of the backend's kernel comes back as an error of the socket. */
function sendTo(
  { address, port, localAddress }: ProbeTarget,
  { request: text, response }: Extract<ProbePlan, { kind: 'udp' }>,
  verdict: Verdict,
): () => void {
  const socket = createSocket('udp4')
  let open = true
  socket.on('message', (data) => verdict(response === undefined || String(data) === response))
  socket.on('error', () => verdict(false))
  socket.bind({ port: 0, address: localAddress }, () =>
    socket.connect(port, address, (error?: Error) => {
      if (error) verdict(false)
      else if (open) socket.send(text)
    }),
  )
  return () => {
    open = false
    socket.close()
  }
}
