/** Answers in the public shape: the result or the error, with the request id, as JSON or XML. */
import { AccessDenied } from './access-denied.ts'
import type { ApiError } from './errors.ts'
import { parseJson, printJson } from './json.ts'
import { printXml } from './xml.ts'

export type Format = 'JSON' | 'XML'

/** `result`: the JSON text of an object, as it was stored for a ClientToken or just made. */
export function successAnswer(format: Format, action: string, requestId: string, result: string): Response {
  const body = `{"RequestId":"${requestId}"${result === '{}' ? '' : ','}${result.slice(1)}`
  return format === 'JSON'
    ? respond(200, 'json', body)
    : respondXml(200, `${action}Response`, parseJson(body))
}

export interface ErrorContext {
  readonly requestId: string
  readonly host: string
  /** `Product:Action`, when the request got so far. */
  readonly action: string | undefined
}

export function errorAnswer(format: Format, error: ApiError, context: ErrorContext): Response {
  const body = {
    RequestId: context.requestId,
    HostId: context.host,
    Code: error.code,
    Message: error.message,
    Recommend: `https://api.aliyun.com/troubleshoot?q=${encodeURIComponent(error.code)}`,
    ...(error.status === 403 && {
      AccessDeniedDetail: error instanceof AccessDenied ? error.detail : { AuthAction: context.action },
    }),
  }
  const headers = retryAfter(error)
  return format === 'JSON'
    ? respond(error.status, 'json', printJson(body), headers)
    : respondXml(error.status, 'Error', body, headers)
}

type Headers = Readonly<Record<string, string>>

/** Milliseconds: the SDKs wait so long when they are told to repeat what was throttled. */
function retryAfter({ data: { retryAfterMs } }: ApiError): Headers {
  return retryAfterMs === undefined ? {} : { 'x-acs-retry-after': retryAfterMs }
}

function respondXml(status: number, root: string, value: unknown, headers?: Headers): Response {
  return respond(status, 'xml', printXml(root, value), headers)
}

function respond(status: number, type: 'json' | 'xml', body: string, headers: Headers = {}): Response {
  return new Response(body, {
    status,
    headers: { 'content-type': `application/${type};charset=utf-8`, ...headers },
  })
}
