/** A signed load on the API, closed (as fast as answers come) or open (so many a second, whatever comes back). */
import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { percentEncode } from '../src/api/percent.ts'
import { signV1, stringToSignV1 } from '../src/api/signature-v1.ts'
import type { Credentials } from '../test/fixtures/running-server.ts'

export type Parameters = Readonly<Record<string, string | number>>

export interface Target {
  /** `host:port`. */
  readonly host: string
  readonly credentials: Credentials
}

export interface LoadFigure {
  readonly perSecond: number
  readonly medianMs: number
  readonly p99Ms: number
}

export class SignedClient implements Disposable {
  readonly #agent = new Agent({ keepAlive: true })
  readonly #target: Target

  constructor(target: Target) {
    this.#target = target
  }

  /** The answer's text. @throws when the API refuses. */
  async call(parameters: Parameters): Promise<string> {
    const path = signedPath(parameters, this.#target.credentials)
    const [hostname = '', port] = this.#target.host.split(':')
    return await new Promise((resolve, reject) => {
      const sent = request({ agent: this.#agent, hostname, port, path }, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => (text += chunk))
        response.on('end', () => (response.statusCode === 200 ? resolve(text) : reject(new Error(text))))
      })
      sent.on('error', reject)
      sent.end()
    })
  }

  /** As many at once as there are connections, one after the other on each. */
  async closed(connections: number, seconds: number, next: () => Parameters): Promise<LoadFigure> {
    const latencies: number[] = []
    const start = performance.now()
    const end = start + seconds * 1000
    const connection = async () => {
      while (performance.now() < end) latencies.push(await this.#timed(next()))
    }
    await Promise.all(Array.from({ length: connections }, connection))
    return figure(latencies, performance.now() - start)
  }

  /** Evenly spread over the time; latency counts from the moment when the request was due. */
  async open(perSecond: number, seconds: number, next: () => Parameters): Promise<LoadFigure> {
    const pending: Promise<number>[] = []
    const start = performance.now()
    const total = Math.floor(perSecond * seconds)
    while (pending.length < total) {
      const due = Math.min(total, Math.ceil(((performance.now() - start) * perSecond) / 1000))
      while (pending.length < due) {
        const dueAt = start + (pending.length * 1000) / perSecond
        const lateMs = performance.now() - dueAt
        pending.push(this.#timed(next()).then((ms) => ms + Math.max(0, lateMs)))
      }
      await sleep(1)
    }
    const latencies = await Promise.all(pending)
    return figure(latencies, performance.now() - start)
  }

  async #timed(parameters: Parameters): Promise<number> {
    const start = performance.now()
    await this.call(parameters)
    return performance.now() - start
  }

  [Symbol.dispose](): void {
    this.#agent.destroy()
  }
}

function signedPath(parameters: Parameters, key: Credentials): string {
  const all = new Map<string, string>(
    Object.entries(parameters).map(([name, value]) => [name, String(value)]),
  )
  all.set('Format', 'JSON')
  all.set('AccessKeyId', key.AccessKeyId)
  all.set('SignatureMethod', 'HMAC-SHA1')
  all.set('SignatureVersion', '1.0')
  all.set('SignatureNonce', randomUUID())
  all.set('Timestamp', new Date().toISOString().replace(/\.\d+Z$/, 'Z'))
  all.set('Signature', signV1(key.AccessKeySecret, stringToSignV1('GET', all)))
  return `/?${[...all].map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`).join('&')}`
}

function figure(latencies: readonly number[], elapsedMs: number): LoadFigure {
  const sorted = latencies.toSorted((a, b) => a - b)
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN
  return { perSecond: (latencies.length * 1000) / elapsedMs, medianMs: at(0.5), p99Ms: at(0.99) }
}
