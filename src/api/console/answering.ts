/** Requests of the console that are no calls of the API: the pieces they all have. Failures are answered as those of calls are. */
import type { Context } from 'hono'
import { z } from 'zod'
import { errorAnswer } from '../answer.ts'
import { originOf, type AppOptions } from '../app.ts'
import type { Origin } from '../audit.ts'
import { ApiError } from '../errors.ts'
import type { Connection } from '../origin.ts'
import { readToken } from './cookie.ts'

export interface AnswerOptions extends Pick<AppOptions, 'clock' | 'log' | 'randomBytes' | 'throttle'> {
  readonly deployment: string
}

export type Work<Options> = (options: Options, request: Request, origin: Origin) => Promise<Response>

export async function answer<Options extends AnswerOptions>(
  options: Options,
  context: Context,
  work: Work<Options>,
): Promise<Response> {
  const request = context.req.raw
  const origin = originOf(options, request, context.env as Connection)
  const { requestId, sourceIp, host } = origin
  try {
    options.throttle.admit(sourceIp)
    return await work(options, request, origin)
  } catch (thrown) {
    const error = thrown instanceof ApiError ? thrown : new ApiError('InternalError')
    if (error.status === 401) options.throttle.failed(sourceIp)
    const fields = { requestId, sourceIp, code: error.code }
    if (error === thrown) options.log.info(fields, 'console')
    else options.log.error({ ...fields, err: thrown }, 'console failed')
    return errorAnswer('JSON', error, { requestId, host, action: undefined })
  }
}

export function requireToken(
  { deployment }: Pick<AnswerOptions, 'deployment'>,
  request: Request,
  { scheme }: Origin,
): string {
  const token = readToken(request.headers, { deployment, scheme })
  if (token === undefined) throw new ApiError('ConsoleNeedLogin')
  return token
}

/** @throws ApiError */
export function check<Type extends z.ZodType>(type: Type, value: unknown): z.infer<Type> {
  const parsed = type.safeParse(value)
  if (parsed.success) return parsed.data
  throw new ApiError('InvalidParameter', { name: 'body', reason: 'not one of the forms that are known' })
}

export function respond(body: object, cookie?: string): Response {
  return Response.json(body, {
    headers: { 'cache-control': 'no-store', ...(cookie === undefined ? {} : { 'set-cookie': cookie }) },
  })
}
