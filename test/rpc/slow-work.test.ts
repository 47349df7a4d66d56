/** Nobody waits for the slow part of somebody else's call. */
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { defineAction, type Action } from '../../src/api/action.ts'
import { keyPairActions } from '../../src/api/actions/ecs/key-pairs.ts'
import { loginProfileActions } from '../../src/api/actions/ram/login-profiles.ts'
import { userActions } from '../../src/api/actions/ram/users.ts'
import { text } from '../../src/api/params.ts'
import { defaultRates } from '../../src/api/throttle.ts'
import { createAccount } from '../../src/store/accounts.ts'
import type { AccountId } from '../../src/model/ids.ts'
import { openTestServer, type TestServer } from './server.ts'
import { call, requestV1, type ApiAnswer } from './signed-request.ts'

let server: TestServer
afterEach(() => server.db.destroy())

const other = '5550001' as AccountId

/** Writes a row, then waits for work that ends when the test says so. */
function waitingAction(work: (name: string) => Promise<string>): Action {
  return defineAction({
    product: 'Vpc',
    name: 'Wait',
    summary: { en: 'Waits.', zh: '等待。' },
    status: 'full',
    params: z.object({ Work: text().optional() }),
    result: z.object({ Done: z.string() }),
    effect: 'write',
    handler: async ({ tx, now, slowly }, { Work = 'work' }) => {
      await createAccount(tx, { id: other, name: 'waited', createdAt: now.toISOString() })
      return { Done: slowly(Work, () => work(Work)) }
    },
  })
}

test('while the work of one call is done, another call writes; then the first is done once, under its own nonce', async () => {
  const begun = Promise.withResolvers<void>()
  const work = Promise.withResolvers<string>()
  let times = 0
  const wait = waitingAction(() => {
    times += 1
    begun.resolve()
    return work.promise
  })
  server = await openTestServer({
    actions: [wait],
    rates: { ...defaultRates, write: { perSecond: 1, burst: 1 } },
  })
  const request = requestV1(server, 'Wait', { SignatureNonce: 'one-nonce' })
  const repeated = request.clone()
  const slow = call(server, request)
  await begun.promise
  expect(await server.accountNames()).toEqual(['consumer'])
  expect((await call(server, requestV1(server, 'AddAccount', { Name: 'quick' }))).status).toBe(200)
  expect(await server.accountNames()).toEqual(['consumer', 'quick'])
  work.resolve('well')
  // With a burst of one: both tries count as one call.
  expect((await slow).body).toMatchObject({ Done: 'well' })
  expect((await server.accountNames()).sort()).toEqual(['consumer', 'quick', 'waited'])
  expect(times).toBe(1)
  expect((await call(server, repeated)).body['Code']).toBe('SignatureNonceUsed')
  const events = await server.db.selectFrom('audit_event').select('action').execute()
  expect(events.filter(({ action }) => action === 'Wait')).toHaveLength(2)
})

test('work that fails is an error of its call, and leaves nothing of it', async () => {
  server = await openTestServer({ actions: [waitingAction(() => Promise.reject(new Error('no entropy')))] })
  expect((await call(server, requestV1(server, 'Wait'))).body['Code']).toBe('InternalError')
  expect(await server.accountNames()).toEqual(['consumer'])
})

/** Answers in the order in which they came. */
async function race(requests: Readonly<Record<string, Request>>): Promise<[string, ApiAnswer][]> {
  const answers: [string, ApiAnswer][] = []
  await Promise.all(
    Object.entries(requests).map(async ([name, request]) => {
      answers.push([name, await call(server, request)])
    }),
  )
  return answers
}

const ram = (Action: string, params: Readonly<Record<string, string>>) =>
  requestV1(server, Action, { Version: '2015-05-01', ...params })

test.each([
  [
    'CreateKeyPair',
    () => requestV1(server, 'CreateKeyPair', { Version: '2014-05-26', KeyPairName: 'a-pair' }),
  ],
  ['CreateLoginProfile', () => ram('CreateLoginProfile', { UserName: 'new', Password: 'Example_1234' })],
  ['UpdateLoginProfile', () => ram('UpdateLoginProfile', { UserName: 'old', Password: 'Example_5678' })],
])('%s does not hold up the write that comes after it', async (_, slow) => {
  server = await openTestServer({ actions: [...keyPairActions, ...loginProfileActions, ...userActions] })
  for (const UserName of ['new', 'old']) await call(server, ram('CreateUser', { UserName }))
  await call(server, ram('CreateLoginProfile', { UserName: 'old', Password: 'Example_1234' }))
  const answers = await race({ slow: slow(), quick: requestV1(server, 'AddAccount', { Name: 'quick' }) })
  expect(answers.map(([name, { status }]) => [name, status])).toEqual([
    ['quick', 200],
    ['slow', 200],
  ])
})
