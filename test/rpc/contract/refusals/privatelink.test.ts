import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { errorSpec } from '../../../../src/api/errors.ts'
import { startServer, type RunningServer } from '../../../fixtures/running-server.ts'
import { commonRefusals } from './privatelink/common.ts'
import { connectionRefusals } from './privatelink/connections.ts'
import { endpointRefusals } from './privatelink/endpoints.ts'
import { serviceRefusals } from './privatelink/services.ts'
import { makeWorld, type RefusalWorld } from './privatelink/world.ts'
import { testRefusals } from './provoke.ts'

let server: RunningServer
let world: RefusalWorld

beforeAll(async () => {
  server = await startServer()
  world = await makeWorld(server)
})

afterEach(() => server.agent.resume())
afterAll(() => server[Symbol.asyncDispose]())

/** PrivateLink answers all of its errors with 400, save the four of zone connections. */
function statusOf(code: string): number {
  if (code === 'ResourceNotFound.VpcEndpointZone') return 404
  expect([400, 404]).toContain(errorSpec(code).status)
  return 400
}

testRefusals({
  product: 'Privatelink',
  client: 'privatelink',
  table: { ...serviceRefusals, ...endpointRefusals, ...connectionRefusals, ...commonRefusals },
  world: () => world,
  server: () => server,
  statusOf,
})
