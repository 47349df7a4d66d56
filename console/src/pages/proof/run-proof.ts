/** A proof under way: the server's answer is a line of JSON after the other, and ends when this page no longer reads. */
import { useEffect, useReducer, useRef } from 'react'
import { useApi } from '../../api/context.ts'
import { CallError } from '../../api/send.ts'

export interface Row {
  readonly client: string
  readonly address: string
  readonly port: number
  readonly model: 'open' | 'closed' | 'either'
  readonly probe: 'open' | 'refused' | 'silent' | 'untried'
}

export interface Plan {
  readonly clients: readonly string[]
  readonly addresses: readonly string[]
  readonly ports: readonly number[]
  readonly probes: number
  readonly limit: number
}

export interface Result {
  readonly generation: number
  readonly at: string
  readonly probes: number
  readonly open: number
  readonly untried: number
  readonly differences: readonly Row[]
  readonly digest: string
  readonly rows: readonly Row[]
}

type Line =
  | ({ readonly kind: 'places' } & Plan)
  | { readonly kind: 'progress'; readonly done: number }
  | ({ readonly kind: 'result' } & Result)
  | { readonly kind: 'failure'; readonly code: string }

export interface Proving {
  readonly phase: 'idle' | 'running' | 'stopped' | 'ended'
  readonly plan?: Plan
  readonly done: number
  readonly result?: Result
  readonly failure?: string
  readonly error?: Error
}

type News =
  Line | { readonly kind: 'start' | 'stop' | 'end' } | { readonly kind: 'error'; readonly error: Error }

const idle: Proving = { phase: 'idle', done: 0 }

function next(before: Proving, news: News): Proving {
  switch (news.kind) {
    case 'start':
      return { phase: 'running', done: 0 }
    case 'places':
      return { ...before, plan: news }
    case 'progress':
      return { ...before, done: news.done }
    case 'result':
      return { ...before, result: news }
    case 'failure':
      return { ...before, failure: news.code }
    case 'error':
      return { ...before, phase: 'ended', error: news.error }
    case 'stop':
      return { ...before, phase: 'stopped' }
    case 'end':
      return before.phase === 'running' ? { ...before, phase: 'ended' } : before
  }
}

export interface Wanted {
  readonly ports?: readonly number[]
  readonly clients?: readonly string[]
}

export function useProof() {
  const { csrf } = useApi().session
  const [proving, tell] = useReducer(next, idle)
  const reading = useRef<AbortController>(undefined)
  useEffect(() => () => reading.current?.abort(), [])
  const start = (wanted: Wanted) => {
    const controller = new AbortController()
    reading.current?.abort()
    reading.current = controller
    tell({ kind: 'start' })
    read(csrf, wanted, controller.signal, tell).catch((error: unknown) => {
      if (controller.signal.aborted) return
      tell({ kind: 'error', error: error instanceof Error ? error : new Error(String(error)) })
    })
  }
  const stop = () => {
    reading.current?.abort()
    tell({ kind: 'stop' })
  }
  return { proving, start, stop }
}

async function read(
  csrf: string,
  wanted: Wanted,
  signal: AbortSignal,
  tell: (news: News) => void,
): Promise<void> {
  const response = await fetch('/console/proof', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-csrf-token': csrf },
    body: JSON.stringify(wanted),
    signal,
  })
  if (!response.ok || !response.body) {
    const {
      Code = '',
      Message = response.statusText,
      RequestId = '',
    } = JSON.parse(await response.text()) as Readonly<Partial<Record<string, string>>>
    throw new CallError(response.status, Code, Message, RequestId)
  }
  let rest = ''
  for await (const text of textsOf(response.body)) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) tell(JSON.parse(line) as Line)
  }
  tell({ kind: 'end' })
}

/** Not every browser lets a stream be iterated. */
async function* textsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    yield decoder.decode(part.value, { stream: true })
  }
}
