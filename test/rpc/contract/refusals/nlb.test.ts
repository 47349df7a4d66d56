import { afterAll, afterEach, beforeAll } from 'vitest'
import { startServer, type RunningServer } from '../../../fixtures/running-server.ts'
import { testRefusals } from './provoke.ts'
import { listenerRefusals } from './nlb/listeners.ts'
import { loadBalancerRefusals } from './nlb/load-balancers.ts'
import { serverGroupRefusals } from './nlb/server-groups.ts'
import { makeWorld, type NlbWorld } from './nlb/world.ts'

let server: RunningServer
let world: NlbWorld

beforeAll(async () => {
  server = await startServer()
  world = await makeWorld(server)
})

afterEach(() => server.agent.resume())
afterAll(() => server[Symbol.asyncDispose]())

testRefusals({
  product: 'Nlb',
  client: 'nlb',
  table: { ...loadBalancerRefusals, ...listenerRefusals, ...serverGroupRefusals },
  world: () => world,
  server: () => server,
  // What is looked for and not there; everything else is a bad request.
  statusOf: (code) => (code.startsWith('ResourceNotFound.') ? 404 : 400),
})
