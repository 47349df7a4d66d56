/** Requests as the official clients really send them, recorded on a socket, and what a single change makes of them. */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Recorded {
  readonly method: string
  readonly query: readonly (readonly [string, string])[]
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
}

export interface Recorder extends AsyncDisposable {
  readonly host: string
  /** What a client sends in a call. */
  readonly record: (call: () => Promise<unknown>) => Promise<Recorded>
}

export async function startRecorder(): Promise<Recorder> {
  let last: Recorded | undefined
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      last = recorded(request, body)
      response.setHeader('content-type', 'application/json').end('{"RequestId":"1"}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async record(call) {
      last = undefined
      await call()
      if (!last) throw new Error('the client sent nothing')
      return last
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function recorded({ method, url, rawHeaders }: IncomingMessage, body: string): Recorded {
  const headers = rawHeaders.flatMap((name, index): [string, string][] =>
    index % 2 === 0 ? [[name.toLowerCase(), rawHeaders[index + 1] ?? '']] : [],
  )
  const query = [...new URL(url ?? '/', 'http://recorder').searchParams]
  return { method: method ?? '', query, headers, body }
}

/** The same request again. */
export function replay({ method, query, headers, body }: Recorded): Request {
  const host = headers.find(([name]) => name === 'host')?.[1] ?? 'nobody.example.test'
  const carried = headers.filter(
    ([name]) => !['connection', 'content-length', 'transfer-encoding'].includes(name),
  )
  return new Request(`http://${host}/?${new URLSearchParams(query.map(([...pair]) => pair)).toString()}`, {
    method,
    headers: carried.map(([name, value]): [string, string] => [name, value]),
    ...(method === 'GET' ? {} : { body }),
  })
}

type Pairs = readonly (readonly [string, string])[]

/** Every request that differs in one thing that is signed, with what it is. */
export function mutations(request: Recorded, scheme: 'V1' | 'V3'): readonly (readonly [string, Recorded])[] {
  const { method, query, headers, body } = request
  const isForm = headers.some(([name, value]) => name === 'content-type' && value.includes('urlencoded'))
  const form = isForm ? [...new URLSearchParams(body)] : []
  const changes: (readonly [string, Recorded])[] = []
  for (const [what, pairs] of changedPairs(query))
    changes.push([`query: ${what}`, { ...request, query: pairs }])
  if (form.length > 0) {
    for (const [what, pairs] of changedPairs(form)) {
      const text = new URLSearchParams(pairs.map(([...pair]) => pair)).toString()
      changes.push([`form: ${what}`, { ...request, body: text }])
    }
  }
  if (scheme === 'V1') return [...changes, ...otherMethod(request)]
  if (method === 'POST') changes.push(['a longer body', { ...request, body: `${body} ` }])
  const signed = headers.filter(
    ([name]) => name.startsWith('x-acs-') || name === 'host' || (name === 'content-type' && body !== ''),
  )
  for (const [name, value] of signed) {
    const others = headers.filter(([other]) => other !== name)
    changes.push([`${name} left out`, { ...request, headers: others }])
    changes.push([`${name} changed`, { ...request, headers: [...others, [name, otherValue(name, value)]] }])
  }
  changes.push(['a header more', { ...request, headers: [...headers, ['x-acs-extra', '1']] }])
  const altered = headers.map(([name, value]): readonly [string, string] =>
    name === 'authorization'
      ? [name, value.replace(/.$/, (last) => (last === '0' ? '1' : '0'))]
      : [name, value],
  )
  return [...changes, ['the signature', { ...request, headers: altered }]]
}

/** Still well formed, so that nothing but the signature tells. */
function otherValue(name: string, value: string): string {
  if (name === 'x-acs-date') return new Date(Date.parse(value) + 1000).toISOString().replace(/\.\d+Z$/, 'Z')
  return name === 'host' ? value.replace(/:\d+$/, ':1') : `${value}0`
}

function changedPairs(pairs: Pairs): readonly (readonly [string, Pairs])[] {
  const without = (index: number) => pairs.filter((_, other) => other !== index)
  return [
    ...pairs.flatMap(([name, value], index): (readonly [string, Pairs])[] => [
      [`${name} changed`, [...without(index), [name, `${value} `]]],
      [`${name} left out`, without(index)],
      [`${name} renamed`, [...without(index), [`${name}0`, value]]],
    ]),
    ['one more, empty', [...pairs, ['Postscript', '']]],
  ]
}

/** The same parameters by the other method. */
function otherMethod(request: Recorded): readonly (readonly [string, Recorded])[] {
  if (request.method === 'GET') return [['by POST', { ...request, method: 'POST' }]]
  const query = [...request.query, ...new URLSearchParams(request.body)]
  const headers = request.headers.filter(([name]) => name !== 'content-type')
  return [['by GET', { method: 'GET', query, headers, body: '' }]]
}
