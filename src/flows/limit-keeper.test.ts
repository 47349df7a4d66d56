import { pino } from 'pino'
import { afterEach, expect, test, vi } from 'vitest'
import { planOf, twoVpcsWords } from '../../test/fixtures/plans.ts'
import { parseFlow, type Flow } from '../dataplane/nft/flow-list.ts'
import type { HostPlan } from '../plan/host-plan.ts'
import type { Guards } from './limit-guards.ts'
import { createLimitKeeper, type LimitKeeper } from './limit-keeper.ts'

const base = planOf(twoVpcsWords('test'))
const [target = ''] = base.links.wires.map(({ providerAddress }) => providerAddress)

let keeper: LimitKeeper | undefined
afterEach(() => keeper?.close())

function limited(connections: number | undefined): HostPlan {
  const limit = connections === undefined ? undefined : { id: 'a/s', connections }
  const wires = base.links.wires.map((wire) => ({ ...wire, limit }))
  return { ...base, links: { ...base.links, wires } }
}

function flow(port: number): Flow {
  const way = `src=100.64.0.1 dst=${target} sport=${port} dport=80 src=10.0.0.1 dst=100.64.0.1 sport=80 dport=${port}`
  const parsed = parseFlow(`tcp 6 800 ESTABLISHED ${way} [ASSURED] mark=0 use=1`)
  if (!parsed) throw new Error('not read')
  return parsed
}

test('a guard is saved before a limit is changed, and goes when what was open has ended, also after a restart', async () => {
  let open = [flow(1), flow(2)]
  let saved: Guards = new Map()
  let changes = 0
  let clock = 0
  const start = (guards: Guards) =>
    createLimitKeeper({
      flows: { list: () => Promise.resolve(open) },
      guards,
      save: async (next) => void (saved = next),
      onGuards: () => changes++,
      now: () => clock++,
      log: pino({ level: 'silent' }),
    })
  keeper = start(new Map())
  await keeper.prepare(limited(undefined), limited(5))
  expect(saved.get('a/s')).toMatchObject({ limit: 5, connections: 3 })
  expect(keeper.guards()).toBe(saved)
  await keeper.close()

  keeper = start(saved)
  await keeper.prepare(limited(5), limited(5))
  open = [flow(2)]
  keeper.watch(limited(5))
  await vi.waitFor(() => expect(keeper?.guards().get('a/s')?.connections).toBe(4))
  await vi.waitFor(() => expect(changes).toBe(1))
  open = []
  await vi.waitFor(() => expect(keeper?.guards().size).toBe(0), 3000)
  await vi.waitFor(() => expect(changes).toBe(2))
  expect(saved.size).toBe(0)
})

test('a limit that is taken away has no guard any more', async () => {
  keeper = createLimitKeeper({
    flows: { list: () => Promise.resolve([flow(1)]) },
    guards: new Map(),
    save: () => Promise.resolve(),
    onGuards: () => undefined,
    now: () => 1,
    log: pino({ level: 'silent' }),
  })
  await keeper.prepare(limited(undefined), limited(5))
  expect(keeper.guards().size).toBe(1)
  await keeper.prepare(limited(5), limited(undefined))
  expect(keeper.guards().size).toBe(0)
})
