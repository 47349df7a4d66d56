import { afterAll, beforeAll } from 'vitest'
import { startServer, type RunningServer } from '../../../fixtures/running-server.ts'
import { testRefusals } from './provoke.ts'
import { groupAndRoleRefusals } from './ram/groups-and-roles.ts'
import { policyRefusals } from './ram/policies.ts'
import { userRefusals } from './ram/users.ts'
import { makeWorld, type RamWorld } from './ram/world.ts'

let server: RunningServer
let world: RamWorld

beforeAll(async () => {
  server = await startServer()
  world = await makeWorld(server)
})
afterAll(() => server[Symbol.asyncDispose]())

/** RAM's documents give each family of codes one status. */
function statusOf(code: string): number {
  const family = code.split('.')[0] ?? ''
  const known: Readonly<Record<string, number>> = {
    DeleteConflict: 409,
    EntityAlreadyExists: 409,
    EntityNotExist: 404,
    LimitExceeded: 409,
  }
  return known[family] ?? 400
}

testRefusals({
  product: 'Ram',
  client: 'ram',
  table: { ...userRefusals, ...groupAndRoleRefusals, ...policyRefusals },
  world: () => world,
  server: () => server,
  statusOf,
})
