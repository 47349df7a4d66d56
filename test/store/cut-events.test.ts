/** What was cut stays on record, with the call that did it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lookUpEvents, recordEvent, type NewAuditEvent } from '../../src/store/audit.ts'
import { listCutEvents, purgeCutEvents, recordCuts, type Cut } from '../../src/store/cut-events.ts'
import { consumer, provider, stranger, setScene, type Scene } from './scene.ts'
import { zone } from './side.ts'

let scene: Scene
beforeAll(async () => {
  scene = await setScene()
})
afterAll(() => scene.of.db.destroy())

const atMs = Date.parse('2026-11-24T08:00:00.000Z')
const call = (second: number, action: string, names: readonly string[], refused = ''): NewAuditEvent => ({
  at: new Date(atMs + second * 1000).toISOString(),
  account_id: provider,
  principal_type: 'root-account',
  principal_id: provider,
  user_name: 'root',
  access_key_id: '',
  source_ip: '',
  user_agent: '',
  host: '',
  scheme: 'http',
  event_type: 'ApiCall',
  product: 'Privatelink',
  version: '2020-04-15',
  action,
  effect: 'write',
  region_id: 'eu-central-1',
  request_id: `${action}-${second}`,
  error_code: refused,
  error_message: '',
  parameters: '{}',
  resources: { all: names },
})

test('an event names the newest call that cuts and is about the endpoint, and cannot be changed', async () => {
  const { of, endpoint, service, vpc1 } = scene
  const cut = (second: number, change: Partial<Cut> = {}): Cut => ({
    id: `cut-${second}`,
    wire: `${endpoint}/${zone}`,
    cause: 'disconnected',
    kernelAtMs: atMs + second * 1000 + 20,
    endedAtMs: atMs + second * 1000 + 50,
    flows: 2,
    ...change,
  })
  const transaction = of.db.transaction()
  await transaction.execute(async (tx) => {
    for (const event of [
      call(1, 'RemoveUserFromVpcEndpointService', [service]),
      call(2, 'DisableVpcEndpointConnection', [service, endpoint]),
      call(3, 'EnableVpcEndpointConnection', [service, endpoint]),
      call(4, 'DisableVpcEndpointConnection', [service, endpoint], 'EndpointConnectionOperationDenied'),
      call(5, 'DisableVpcEndpointConnection', ['epsrv-other', 'ep-other']),
      call(6, 'RevokeSecurityGroup', [vpc1.group]),
    ]) {
      await recordEvent(tx, event)
    }
    await recordCuts(tx, [cut(0), cut(1), cut(6), cut(7, { cause: 'security-group' })])
  })
  // Told again, because whoever told them did not hear that they are stored.
  await transaction.execute((tx) => recordCuts(tx, [cut(1), cut(7, { cause: 'security-group' })]))
  const list = (since: string, id = endpoint) =>
    of.db.transaction().execute((tx) => listCutEvents(tx, since, id, 10))
  const events = await list('2026-11-24T00:00:00.000Z')
  expect(events.map(({ action, called_at: at, flows }) => [action, at?.slice(17, 19) ?? '', flows])).toEqual([
    ['', '', 2],
    ['RemoveUserFromVpcEndpointService', '01', 2],
    ['DisableVpcEndpointConnection', '02', 2],
    ['RevokeSecurityGroup', '06', 2],
  ])
  expect(await list('2026-11-24T08:00:06.000Z')).toHaveLength(2)
  expect(await list('2026-11-24T00:00:00.000Z', `ep-of-${consumer}`)).toEqual([])
  await expect(of.db.updateTable('cut_event').set({ flows: 0 }).execute()).rejects.toThrow('only added')
  await expect(of.db.deleteFrom('cut_event').execute()).rejects.toThrow('only added')
})

test('each side finds a cut in its own record, with the call only where it was its own', async () => {
  const { of, endpoint, service } = scene
  const found = (account: string) =>
    of.db.transaction().execute(async (tx) => {
      const page = { account, from: '2026-11-24T00:00:00.000Z', to: '2026-11-25T00:00:00.000Z' }
      const { events } = await lookUpEvents(tx, {
        ...page,
        order: 'asc',
        after: undefined,
        limit: 100,
        action: 'CutConnection',
        resource: endpoint,
      })
      return events.map(({ parameters, resources, principal_type: by, event_type: type }) => {
        expect([by, type]).toEqual(['system', 'AliyunServiceEvent'])
        expect(Object.values(JSON.parse(resources) as object).flat()).toEqual([endpoint, service])
        const { Cause, Action = '-', EndpointId } = JSON.parse(parameters) as Record<string, string>
        expect(EndpointId).toBe(endpoint)
        return `${Cause} ${Action}`
      })
    })
  expect(await found(provider)).toEqual([
    'disconnected -',
    'disconnected RemoveUserFromVpcEndpointService',
    'disconnected DisableVpcEndpointConnection',
  ])
  // The calls were the provider's; the scene has the change of a group made by it as well.
  const seen = await found(consumer)
  expect(seen).toEqual(['disconnected -', 'disconnected -', 'disconnected -', 'security-group -'])
  expect(await found(stranger)).toEqual([])
})

test('events go after ninety days, and no others', async () => {
  const { of, endpoint } = scene
  const purge = (at: string) => of.db.transaction().execute((tx) => purgeCutEvents(tx, new Date(at)))
  const left = async () =>
    (await of.db.transaction().execute((tx) => listCutEvents(tx, '', endpoint, 100))).map(
      ({ ended_at: at }) => at.slice(11, 19),
    )
  const days = (more: number, second: number) =>
    new Date(atMs + more * 86_400_000 + second * 1000).toISOString()
  expect(await purge(days(89, 0))).toBe(false)
  expect(await left()).toEqual(['08:00:00', '08:00:01', '08:00:06', '08:00:07'])
  expect(await purge(days(90, 3))).toBe(false)
  expect(await left()).toEqual(['08:00:06', '08:00:07'])
  await purge(days(91, 0))
  expect(await left()).toEqual([])
  expect(await purge(days(91, 0))).toBe(false)
})
