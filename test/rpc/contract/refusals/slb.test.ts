import { afterAll, afterEach, beforeAll } from 'vitest'
import { startServer, type RunningServer } from '../../../fixtures/running-server.ts'
import { testRefusals } from './provoke.ts'
import { certificateRefusals } from './slb/certificates.ts'
import { listenerRefusals } from './slb/listeners.ts'
import { loadBalancerRefusals } from './slb/load-balancers.ts'
import { ruleRefusals } from './slb/rules.ts'
import { serverRefusals } from './slb/servers.ts'
import { makeWorld, type SlbWorld } from './slb/world.ts'

let server: RunningServer
let world: SlbWorld

beforeAll(async () => {
  server = await startServer()
  world = await makeWorld(server)
})

afterEach(() => server.agent.resume())
afterAll(() => server[Symbol.asyncDispose]())

/** What is looked for and not there; everything else is a bad request. */
const notFound = [
  'CACertificateId.NotFound',
  'InvalidLoadBalancerId.NotFound',
  'InvalidRuleId.NotFound',
  'ResourceNotFound.Listener',
  'ServerCertificateId.NotFound',
]

testRefusals({
  product: 'Slb',
  client: 'slb',
  table: {
    ...certificateRefusals,
    ...loadBalancerRefusals,
    ...listenerRefusals,
    ...ruleRefusals,
    ...serverRefusals,
  },
  world: () => world,
  server: () => server,
  statusOf: (code) => (notFound.includes(code) ? 404 : 400),
})
