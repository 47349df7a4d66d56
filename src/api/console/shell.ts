/**
 * `GET /console/shell/<instance>`: a WebSocket on a shell in the instance. Whoever may open one is found here; the agent, which
 * alone can enter an instance, opens the line for it.
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import type { ExecLine } from '../../protocol/exec-frames.ts'
import type { Tx } from '../../store/page.ts'
import { hashToken, resumeSession } from '../../store/sessions.ts'
import { errorAnswer } from '../answer.ts'
import { originOf, type AppOptions } from '../app.ts'
import type { Origin } from '../audit.ts'
import { ApiError } from '../errors.ts'
import { admitAndRecord, startTerminalSession } from './admit.ts'
import { bridge } from './bridge.ts'
import { callerOfSession } from './caller.ts'
import { readToken } from './cookie.ts'
import type { NewsFeed } from './news-feed.ts'
import { isOwnPage } from './same-origin.ts'

export interface ShellOptions extends Pick<
  AppOptions,
  'commits' | 'clock' | 'randomBytes' | 'regions' | 'throttle' | 'log'
> {
  readonly deployment: string
  readonly feed: NewsFeed
  readonly openShell: () => Promise<ExecLine | undefined>
}

export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

const path = /^\/console\/shell\/(i-[a-z0-9]{1,64})$/
const maxFrameBytes = 256 * 1024

export function answerUpgrades(options: ShellOptions): Upgrade {
  const server = new WebSocketServer({ noServer: true, maxPayload: maxFrameBytes, perMessageDeflate: false })
  return (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    const headers = new Headers(
      Object.entries(request.headers).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
    )
    const origin = originOf(options, { headers }, { incoming: request })
    enter(options, request, headers, origin).then(
      ({ line, session, instance }) => {
        server.handleUpgrade(request, socket, head, (client) => {
          const touch = () =>
            options.commits
              .run((tx) => resumeSession(tx, session, options.clock()))
              .catch((error: unknown) => options.log.error({ err: error }, 'session not resumed'))
          bridge({ client, line, instance, touch })
          keepToSession(options.feed, session, client).catch((error: unknown) => {
            options.log.error({ err: error }, 'session not watched')
            client.terminate()
          })
        })
      },
      (thrown: unknown) => refuse(options, socket, origin, thrown),
    )
  }
}

interface Entered {
  readonly line: ExecLine
  readonly session: string
  readonly instance: string
}

/** @throws ApiError */
async function enter(
  options: ShellOptions,
  request: IncomingMessage,
  headers: Headers,
  origin: Origin,
): Promise<Entered> {
  options.throttle.admit(origin.sourceIp)
  const instance = path.exec(request.url ?? '')?.[1]
  if (instance === undefined) throw new ApiError('InvalidApi.NotFound')
  // A handshake carries no token, but browsers always say whose page makes it.
  if (!isOwnPage(headers)) throw new ApiError('PostonlyOrTokenError')
  const token = readToken(headers, { deployment: options.deployment, scheme: origin.scheme })
  if (token === undefined) throw new ApiError('ConsoleNeedLogin')
  const session = hashToken(token)
  const refusal = await options.commits.run((tx) => admit(options, tx, session, instance, origin))
  if (refusal) throw refusal
  const line = await options.openShell()
  if (!line) throw new ApiError('ServiceUnavailable')
  return { line, session, instance }
}

/** Asked, decided and recorded in one transaction, as a call is. */
async function admit(
  { regions, throttle }: ShellOptions,
  tx: Tx,
  id: string,
  instance: string,
  origin: Origin,
): Promise<ApiError | undefined> {
  const session = await resumeSession(tx, id, origin.at)
  if (!session) return new ApiError('ConsoleNeedLogin')
  const caller = callerOfSession(session)
  const owned = await tx
    .selectFrom('instance')
    .select('region_id')
    .where('id', '=', instance)
    .where('account_id', '=', caller.account)
    .executeTakeFirst()
  const region = owned?.region_id ?? regions.defaultRegion
  const params = new Map([['InstanceId', instance]])
  const wanted = { action: startTerminalSession, params, caller, region, origin }
  const missing = owned ? undefined : new ApiError('InvalidInstanceId.NotFound')
  return await admitAndRecord({ throttle }, tx, wanted, missing)
}

/** The shell ends with the session that opened it. */
async function keepToSession(feed: NewsFeed, session: string, client: WebSocket): Promise<void> {
  const onEnd = () => client.close(sessionEnded, 'the session has ended')
  const leave = await feed.listen({ session, onNews: () => undefined, onEnd })
  if (!leave) return client.close(tryLater, 'too many pages of one session')
  if (client.readyState === client.OPEN) client.once('close', leave)
  else leave()
}

/** Codes from 4000 on are an application's own. */
const sessionEnded = 4401
const tryLater = 1013

function refuse({ log, throttle }: ShellOptions, socket: Duplex, origin: Origin, thrown: unknown): void {
  const error = thrown instanceof ApiError ? thrown : new ApiError('InternalError')
  const { requestId, host, sourceIp } = origin
  if (error.status === 401) throttle.failed(sourceIp)
  const fields = { requestId, sourceIp, code: error.code }
  if (error === thrown) log.info(fields, 'console shell')
  else log.error({ ...fields, err: thrown }, 'console shell failed')
  const answer = errorAnswer('JSON', error, { requestId, host, action: 'Ecs:StartTerminalSession' })
  void answer.text().then((body) => {
    const head = [
      `HTTP/1.1 ${error.status} Refused`,
      'content-type: application/json;charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
    ]
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
  })
}
