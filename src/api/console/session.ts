/** `/console/session`: who is signed in, signing in and out, and changing the account. */
import { Hono, type Context } from 'hono'
import { z } from 'zod'
import { isAccountId } from '../../store/accounts.ts'
import { recordEvent } from '../../store/audit.ts'
import type { Tx } from '../../store/page.ts'
import {
  accountsOf,
  endSession,
  hashToken,
  resumeSession,
  switchAccount,
  type Session,
} from '../../store/sessions.ts'
import type { AppOptions } from '../app.ts'
import type { Origin } from '../audit.ts'
import { ApiError } from '../errors.ts'
import { readJsonBody } from '../request.ts'
import { answer, check, requireToken, respond, type Work } from './answering.ts'
import { credentials } from './credentials.ts'
import { clearCookie, readToken, setCookie } from './cookie.ts'
import { checkCsrf, csrfToken, isSameOrigin } from './same-origin.ts'
import { signIn, type SignInOptions } from './sign-in.ts'
import { describeSigning } from './signing-event.ts'

export interface SessionOptions extends SignInOptions, Pick<AppOptions, 'clock' | 'log'> {
  readonly deployment: string
}

export function createSessionApp(options: SessionOptions): Hono {
  const app = new Hono()
  const route = (work: Work<SessionOptions>) => (context: Context) => answer(options, context, work)
  app.get('/', route(tellSession))
  app.post('/', route(openFor))
  app.delete('/', route(endFor))
  app.put('/account', route(changeAccount))
  return app
}

async function tellSession(options: SessionOptions, request: Request, origin: Origin): Promise<Response> {
  const token = requireToken(options, request, origin)
  const told = await options.commits.run((tx) => tell(options, tx, token, origin.at))
  if (!told) throw new ApiError('ConsoleNeedLogin')
  return respond(told)
}

async function openFor(options: SessionOptions, request: Request, origin: Origin): Promise<Response> {
  const { commits, deployment } = options
  const spec = { deployment, scheme: origin.scheme }
  if (!isSameOrigin(request.headers)) throw new ApiError('PostonlyOrTokenError')
  const given = check(credentials, await readJsonBody(request))
  const before = readToken(request.headers, spec)
  const joins = before !== undefined && request.headers.has('x-csrf-token')
  if (joins) checkCsrf(request.headers, before)
  const { token, session } = await signIn(options, given, { token: before, joins }, origin)
  const told = await commits.run((tx) => describe(options, tx, session, token))
  return respond(told, setCookie(token, spec))
}

async function endFor(options: SessionOptions, request: Request, origin: Origin): Promise<Response> {
  const token = requireToken(options, request, origin)
  checkCsrf(request.headers, token)
  await options.commits.run(async (tx) => {
    const session = await resumeSession(tx, hashToken(token), origin.at)
    if (!session) return
    await endSession(tx, session.id)
    await recordEvent(tx, describeSigning('ConsoleSignout', origin, options.regions.defaultRegion, session))
  })
  const { deployment } = options
  return respond({}, clearCookie({ deployment, scheme: origin.scheme }))
}

const wantedAccount = z.strictObject({ account: z.string().refine(isAccountId) })

async function changeAccount(options: SessionOptions, request: Request, origin: Origin): Promise<Response> {
  const token = requireToken(options, request, origin)
  checkCsrf(request.headers, token)
  const { account } = check(wantedAccount, await readJsonBody(request))
  const told = await options.commits.run(async (tx) => {
    const session = await resumeSession(tx, hashToken(token), origin.at)
    if (!session) return undefined
    if (!(await switchAccount(tx, session, account))) throw new ApiError('ConsoleAccountDenied')
    return await tell(options, tx, token, origin.at)
  })
  if (!told) throw new ApiError('ConsoleNeedLogin')
  return respond(told)
}

async function tell(options: SessionOptions, tx: Tx, token: string, now: Date) {
  const session = await resumeSession(tx, hashToken(token), now)
  return session && (await describe(options, tx, session, token))
}

async function describe({ regions }: SessionOptions, tx: Tx, session: Session, token: string) {
  const { account, user, everyAccount, expiresAt } = session
  return {
    account,
    accounts: await accountsOf(tx, session),
    principal: user ? { kind: 'user', name: user.name } : { kind: 'account', name: 'root' },
    operator: everyAccount,
    region: regions.defaultRegion,
    csrf: csrfToken(token),
    expires: expiresAt.toISOString(),
  }
}
