/** The server's own door: HTTP on `admin.sock`, which only the deployment's owner can open. */
import { request } from 'node:http'

export interface NewAccountKey {
  readonly AccountId: string
  readonly AccountName: string
  readonly AccessKeyId: string
  readonly AccessKeySecret: string
}

export class AdminError extends Error {
  /** HTTP status, or undefined when nobody answered. */
  readonly status: number | undefined

  constructor(message: string, status?: number, options?: ErrorOptions) {
    super(message, options)
    this.name = 'AdminError'
    this.status = status
  }
}

/** The answer's JSON. @throws AdminError when nobody listens or the answer is not a success. */
export function callAdmin(
  socketPath: string,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? '' : JSON.stringify(body)
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
    const call = request({ socketPath, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', (cause) => reject(new AdminError(cause.message, undefined, { cause })))
      response.on('end', () => {
        const status = response.statusCode ?? 0
        const answer = parse(Buffer.concat(chunks).toString('utf8'))
        if (status >= 200 && status < 300) resolve(answer)
        else reject(new AdminError(messageOf(answer) ?? `HTTP ${status}`, status))
      })
    })
    call.on('error', (cause) => reject(new AdminError(cause.message, undefined, { cause })))
    call.setTimeout(10_000, () => call.destroy(new Error('no answer within 10 s')))
    call.end(text)
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    // A plain text answer (a proxy's, a bug's) is shown as it is.
    return text
  }
}

function messageOf(answer: unknown): string | undefined {
  if (typeof answer === 'string' && answer !== '') return answer
  if (typeof answer !== 'object' || answer === null) return undefined
  const { Message, message, error } = answer as Record<string, unknown>
  return [Message, message, error].find((value) => typeof value === 'string')
}
