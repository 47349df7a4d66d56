/** The products that serve all others: what their actions declare is what they can be refused with. */
import { afterAll, beforeAll, describe } from 'vitest'
import { startServer, type RunningServer } from '../../../fixtures/running-server.ts'
import { cmsRefusals } from './central/cms.ts'
import { resourceManagerRefusals } from './central/resource-manager.ts'
import { stsRefusals } from './central/sts.ts'
import { tagRefusals } from './central/tag.ts'
import { makeWorld, type CentralWorld } from './central/world.ts'
import { testRefusals, type RefusalTests } from './provoke.ts'

let server: RunningServer
let world: CentralWorld

beforeAll(async () => {
  server = await startServer()
  world = await makeWorld(server)
})
afterAll(() => server[Symbol.asyncDispose]())

const statuses: Readonly<Record<string, number>> = {
  DeleteConflict: 409,
  EntityAlreadyExists: 409,
  EntityNotExist: 404,
  EntityNotExists: 404,
  LimitExceeded: 409,
  NoPermission: 403,
  ResourceNotFound: 404,
}

const common = {
  world: () => world,
  server: () => server,
  statusOf: (code: string) => statuses[code.split('.')[0] ?? ''] ?? 400,
}

/** These can be refused with nothing but what any action can. */
const none = (action: string) => ({ [action]: {} })

describe.each<Pick<RefusalTests<CentralWorld>, 'product' | 'client' | 'table'>>([
  { product: 'Sts', client: 'sts', table: stsRefusals },
  { product: 'ResourceManager', client: 'resourceManager', table: resourceManagerRefusals },
  { product: 'Cms', client: 'cms', table: cmsRefusals },
  { product: 'Tag', client: 'tag', table: tagRefusals },
  { product: 'Location', client: 'location', table: none('DescribeEndpoints') },
  { product: 'BssOpenApi', client: 'bss', table: none('QueryAvailableInstances') },
  { product: 'Actiontrail', client: 'actiontrail', table: none('LookupEvents') },
])('$product', (of) => testRefusals({ ...of, ...common }))
