import { afterAll, afterEach, beforeAll } from 'vitest'
import { errorSpec } from '../../../../src/api/errors.ts'
import { startServer, type RunningServer } from '../../../fixtures/running-server.ts'
import { groupRefusals } from './ecs/groups.ts'
import { instanceRefusals } from './ecs/instances.ts'
import { interfaceRefusals } from './ecs/interfaces.ts'
import { listRefusals } from './ecs/lists-and-tags.ts'
import { keyPairRefusals } from './ecs/key-pairs.ts'
import { runInstancesRefusals } from './ecs/run-instances.ts'
import { makeEcsWorld, type EcsWorld } from './ecs/world.ts'
import { testRefusals } from './provoke.ts'

let server: RunningServer
let world: EcsWorld

beforeAll(async () => {
  server = await startServer()
  world = await makeEcsWorld(server)
}, 60_000)

afterEach(() => server.agent.resume())
afterAll(() => server[Symbol.asyncDispose]())

testRefusals({
  product: 'Ecs',
  client: 'ecs',
  table: {
    ...groupRefusals,
    ...instanceRefusals,
    ...interfaceRefusals,
    ...keyPairRefusals,
    ...listRefusals,
    ...runInstancesRefusals,
  },
  world: () => world,
  server: () => server,
  statusOf: (code) => errorSpec(code).status,
})
