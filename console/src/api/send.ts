/** The one way to the server: JSON over the session's cookie, with the CSRF token of the session. */
import type { Call } from './call.ts'

export class CallError extends Error {
  readonly status: number
  readonly code: string
  readonly requestId: string

  constructor(status: number, code: string, message: string, requestId: string) {
    super(message)
    this.status = status
    this.code = code
    this.requestId = requestId
  }
}

/** Products name what is not there in various ways. */
export function isNotFound(error: Error): boolean {
  return error instanceof CallError && (error.status === 404 || error.code.includes('NotFound'))
}

export type Send = <Result>(call: Call<Result>, signal?: AbortSignal) => Promise<Result>

export function sender(csrf: string, region: string): Send {
  return async (call, signal) => {
    const url = `/console/call/${call.product}/${call.action}`
    const params = { RegionId: region, ...call.params }
    return (await request('POST', url, params, { csrf, quiet: true, ...(signal ? { signal } : {}) })) as never
  }
}

interface RequestOptions {
  readonly csrf?: string
  /** Wants refusals as answers of status 200, which the browser does not log as errors. */
  readonly quiet?: boolean
  readonly signal?: AbortSignal
}

/** @throws CallError also when there is no answer at all, with the code `NoAnswer`. */
export async function request(
  method: string,
  url: string,
  body?: unknown,
  { csrf, quiet = false, signal }: RequestOptions = {},
): Promise<unknown> {
  const headers = {
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(csrf === undefined ? {} : { 'x-csrf-token': csrf }),
    ...(quiet ? { 'x-refusals': 'quiet' } : {}),
  }
  const init = { method, headers, ...(signal ? { signal } : {}) }
  let response: Response
  try {
    response = await fetch(url, body === undefined ? init : { ...init, body: JSON.stringify(body) })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new CallError(0, 'NoAnswer', error instanceof Error ? error.message : String(error), '')
  }
  const answer = readJson(await response.text())
  const status = Number(response.headers.get('x-status') ?? response.status)
  if (status < 400) return answer
  const { Code = `HTTP ${status}`, Message = response.statusText, RequestId = '' } = answer
  throw new CallError(status, Code, Message, RequestId)
}

interface ErrorAnswer {
  readonly Code?: string
  readonly Message?: string
  readonly RequestId?: string
}

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown

/** Account ids may have more digits than a JavaScript number: such numbers stay text. */
function readJson(text: string): ErrorAnswer {
  if (text === '') return {}
  const exact: Reviver = (_, value, { source }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && source && /^-?\d+$/.test(source)
      ? source
      : value
  try {
    return JSON.parse(text, exact as (key: string, value: unknown) => unknown) as ErrorAnswer
  } catch {
    return { Message: text.slice(0, 200) }
  }
}
