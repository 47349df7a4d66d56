/** Everything below `/console`: sessions, calls, and the pages themselves. See `docs/design/console-session.md`. */
import { Hono } from 'hono'
import type { ExecLine } from '../../protocol/exec-frames.ts'
import { answerCall, type AppOptions } from '../app.ts'
import type { Connection } from '../origin.ts'
import { answer } from './answering.ts'
import { readSessionCall } from './call.ts'
import { answerEvents } from './events.ts'
import { explain } from './explain.ts'
import type { NewsFeed } from './news-feed.ts'
import { proof } from './proof.ts'
import { createSessionApp } from './session.ts'
import { createSignInLimits } from './sign-in-limits.ts'
import { traffic } from './traffic.ts'
import { createTurns } from './turns.ts'
import type { Vault } from './credentials.ts'

export interface ConsoleOptions extends AppOptions, Vault {
  /** A line to the agent, for a command in an instance. */
  readonly openLine: () => Promise<ExecLine | undefined>
  /** Its mark tells the cookies of two deployments on one host apart. */
  readonly deployment: string
  readonly feed: NewsFeed
  readonly pages: Hono
}

export function createConsole(options: ConsoleOptions): Hono {
  const app = new Hono()
  app.route('/session', createSessionApp({ ...options, limits: createSignInLimits(options.clock) }))
  app.post('/call/:product/:action', async (context) => {
    const { product, action } = context.req.param()
    const reader = readSessionCall(options.deployment, product, action)
    const answered = await answerCall(options, reader, context.req.raw, context.env as Connection)
    return context.req.header('x-refusals') === 'quiet' ? quietly(answered) : answered
  })
  const explaining = { ...options, turns: createTurns({ ofAccount: 2, ofAll: 8 }) }
  app.post('/explain', (context) => answer(explaining, context, explain))
  const proving = { ...options, turns: createTurns({ ofAccount: 1, ofAll: 2 }) }
  app.post('/proof', (context) => answer(proving, context, proof))
  app.get('/traffic', (context) => answer(options, context, traffic))
  app.get('/events', (context) => answerEvents(options, context))
  app.route('/', options.pages)
  return app
}

/**
 * A browser writes every answer from 400 up to its log as an error of the page, and no script can keep it from that.
 * A refusal that the page reads and shows is none, so it comes as 200 with its status in a header.
 */
function quietly(response: Response): Response {
  if (response.status < 400 || response.status >= 500) return response
  const headers = new Headers(response.headers)
  headers.set('x-status', String(response.status))
  return new Response(response.body, { status: 200, headers })
}
