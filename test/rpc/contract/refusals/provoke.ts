/** One test for each error that the actions of a product declare: each is provoked, through every kind of client in turn. */
import { expect, test } from 'vitest'
import type { ProductName } from '../../../../src/api/action.ts'
import { allActions } from '../../../../src/api/actions/all.ts'
import type { RunningServer } from '../../../fixtures/running-server.ts'
import { families, refusalOf, type Params, type versions } from '../clients.ts'
import { partyOf, type Party } from '../stage.ts'

/** Who is refused, and with which parameters. What the refusal needs is done before. */
export type Refused = readonly [party: Party, params: Params]
export type Provoke<World> = (world: World) => Refused | Promise<Refused>
/** Action → code → how to provoke it. */
export type Refusals<World> = Readonly<Record<string, Readonly<Record<string, Provoke<World>>>>>

export interface RefusalTests<World> {
  readonly product: ProductName
  readonly client: keyof typeof versions
  readonly table: Refusals<World>
  readonly world: () => World
  readonly server: () => RunningServer
  /** The HTTP status that the product's documents give the code. */
  readonly statusOf: (code: string) => number
}

export function testRefusals<World>(tests: RefusalTests<World>): void {
  const { product, table } = tests

  test('what is provoked here is what the actions declare', () => {
    const provoked = Object.entries(table).map(([action, codes]) => [action, Object.keys(codes).sort()])
    const declared = allActions
      .filter((action) => action.product === product)
      .map(({ name, errors = [] }) => [name, errors.toSorted()])
    expect(Object.fromEntries(provoked)).toEqual(Object.fromEntries(declared))
  })

  const cases = Object.entries(table).flatMap(([action, codes]) =>
    Object.entries(codes).map(([code, provoke]) => ({ action, code, provoke })),
  )
  test.each(cases.map((one, turn) => ({ ...one, turn })))('$action: $code', async (one) => {
    const { action, code, provoke, turn } = one
    const [party, params] = await provoke(tests.world())
    const family = families[turn % families.length] ?? 'tea-rpc'
    const protocol = turn % 2 === 0 ? 'HTTP' : 'HTTPS'
    const through = partyOf(tests.server(), party.credentials, family, protocol)
    const refusal = await refusalOf(through[tests.client](action, params))
    expect(refusal?.code).toBe(code)
    if (refusal?.status !== undefined) expect(refusal.status).toBe(tests.statusOf(code))
  })
}
