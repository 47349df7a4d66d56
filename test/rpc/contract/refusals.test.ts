/** Every error that a PrivateLink action declares, provoked through every kind of client in turn. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { allActions } from '../../../src/api/actions/all.ts'
import { errorSpec } from '../../../src/api/errors.ts'
import { startServer, type RunningServer } from '../../fixtures/running-server.ts'
import { families, refusalOf } from './clients.ts'
import { commonRefusals } from './refusals/common.ts'
import { connectionRefusals } from './refusals/connections.ts'
import { endpointRefusals } from './refusals/endpoints.ts'
import { serviceRefusals } from './refusals/services.ts'
import { makeWorld, type RefusalWorld } from './refusals/world.ts'
import { partyOf } from './stage.ts'

const table = { ...serviceRefusals, ...endpointRefusals, ...connectionRefusals, ...commonRefusals }

let server: RunningServer
let world: RefusalWorld

beforeAll(async () => {
  server = await startServer()
  world = await makeWorld(server)
})

afterEach(() => server.agent.resume())
afterAll(() => server[Symbol.asyncDispose]())

test('what is provoked here is what the actions declare', () => {
  const provoked = Object.entries(table).map(([action, codes]) => [action, Object.keys(codes).sort()])
  const declared = allActions
    .filter(({ product }) => product === 'Privatelink')
    .map(({ name, errors = [] }) => [name, errors.toSorted()])
  expect(Object.fromEntries(provoked)).toEqual(Object.fromEntries(declared))
})

/** PrivateLink answers all of its errors with 400, save the four of zone connections. */
function statusOf(code: string): number {
  if (code === 'ResourceNotFound.VpcEndpointZone') return 404
  expect([400, 404]).toContain(errorSpec(code).status)
  return 400
}

let turn = 0
describe.each(Object.entries(table).filter(([, codes]) => Object.keys(codes).length > 0))(
  '%s',
  (action, codes) => {
    test.each(Object.entries(codes))('%s', async (code, provoke) => {
      const [party, params] = await provoke(world)
      const family = families[turn % families.length] ?? 'tea-rpc'
      const through = partyOf(server, party.credentials, family, turn % 2 === 0 ? 'HTTP' : 'HTTPS')
      turn += 1
      const refusal = await refusalOf(through.privatelink(action, params))
      expect(refusal?.code).toBe(code)
      if (refusal?.status !== undefined) expect(refusal.status).toBe(statusOf(code))
    })
  },
)
