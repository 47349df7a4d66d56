import { afterAll, afterEach, beforeAll } from 'vitest'
import { errorSpec } from '../../../../src/api/errors.ts'
import { startServer, type RunningServer } from '../../../fixtures/running-server.ts'
import { testRefusals } from './provoke.ts'
import { commonRefusals } from './vpc/common.ts'
import { networkRefusals } from './vpc/networks.ts'
import { routeRefusals } from './vpc/routes.ts'
import { makeWorld, type RefusalWorld } from './vpc/world.ts'

let server: RunningServer
let world: RefusalWorld

beforeAll(async () => {
  server = await startServer()
  world = await makeWorld(server)
})

afterEach(() => server.agent.resume())
afterAll(() => server[Symbol.asyncDispose]())

/** Where Vpc's documents give a code another status than those of other products do. */
const ownStatus: Readonly<Record<string, number>> = {
  DependencyViolation: 400,
  'ResourceNotFound.NetworkInterface': 400,
}

testRefusals({
  product: 'Vpc',
  client: 'vpc',
  table: { ...networkRefusals, ...routeRefusals, ...commonRefusals },
  world: () => world,
  server: () => server,
  statusOf: (code) => ownStatus[code] ?? errorSpec(code).status,
})
