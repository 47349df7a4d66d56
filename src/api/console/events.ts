/** `GET /console/events`: news as server-sent events, as long as the session lasts. */
import type { Context } from 'hono'
import { hashToken, findSession } from '../../store/sessions.ts'
import { errorAnswer } from '../answer.ts'
import { originOf, type AppOptions } from '../app.ts'
import { ApiError } from '../errors.ts'
import type { Connection } from '../origin.ts'
import { readToken } from './cookie.ts'
import type { Listener, NewsFeed } from './news-feed.ts'
import { isSameOrigin } from './same-origin.ts'

export interface EventsOptions extends Pick<AppOptions, 'commits' | 'clock' | 'randomBytes' | 'throttle'> {
  readonly deployment: string
  readonly feed: NewsFeed
}

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  // A proxy that gathers answers would keep the news to itself.
  'x-accel-buffering': 'no',
}

/** Less than any proxy waits. */
const heartbeatMs = 15_000

export async function answerEvents(options: EventsOptions, context: Context): Promise<Response> {
  const request = context.req.raw
  const { scheme, host, requestId, sourceIp } = originOf(options, request, context.env as Connection)
  const refuse = (error: ApiError) => errorAnswer('JSON', error, { requestId, host, action: undefined })
  if (!isSameOrigin(request.headers)) return refuse(new ApiError('PostonlyOrTokenError'))
  const token = readToken(request.headers, { deployment: options.deployment, scheme })
  const session = token === undefined ? undefined : hashToken(token)
  const found =
    session !== undefined && (await options.commits.run((tx) => findSession(tx, session, options.clock())))
  if (!found) {
    options.throttle.failed(sourceIp)
    return refuse(new ApiError('ConsoleNeedLogin'))
  }
  const missed = request.headers.has('last-event-id')
  const body = await openStream(options.feed, found.id, missed)
  return body ? new Response(body, { headers }) : refuse(new ApiError('Throttling', {}, 429))
}

/** `missed`: the browser was here before, and does not know what happened meanwhile. */
async function openStream(
  feed: NewsFeed,
  session: string,
  missed: boolean,
): Promise<ReadableStream | undefined> {
  const encoder = new TextEncoder()
  let number = 0
  const pending = new Set<string>()
  let leave: (() => void) | undefined
  let controller: ReadableStreamDefaultController<Uint8Array>

  const say = (text: string) => controller.enqueue(encoder.encode(text))
  /** What a slow reader has not taken yet is gathered, not queued. */
  const flush = () => {
    if (pending.size === 0 || (controller.desiredSize ?? 0) <= 0) return
    const kinds = [...pending]
    // Before it is said: who writes to a stream is asked for more at once.
    pending.clear()
    number++
    say(`id: ${number}\nevent: change\ndata: ${JSON.stringify({ kinds })}\n\n`)
  }
  const stream = new ReadableStream<Uint8Array>(
    {
      start(given) {
        controller = given
        if (missed) pending.add('*')
        say('retry: 2000\n\n')
        flush()
      },
      pull: flush,
      cancel: () => finish(),
    },
    { highWaterMark: 8 },
  )
  const finish = () => {
    clearInterval(heartbeat)
    leave?.()
  }
  const heartbeat = setInterval(() => {
    if ((controller.desiredSize ?? 0) > 0) say(': still here\n\n')
  }, heartbeatMs)
  const listener: Listener = {
    session,
    onNews(kinds) {
      for (const kind of kinds) pending.add(kind)
      flush()
    },
    onEnd() {
      finish()
      say('event: end\ndata: {}\n\n')
      controller.close()
    },
  }
  leave = await feed.listen(listener)
  if (!leave) finish()
  return leave && stream
}
