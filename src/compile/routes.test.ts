import { expect, test } from 'vitest'
import { walkthrough } from '../../test/fixtures/walkthrough.ts'
import type { EniId, InstanceId, RouteEntryId, RouteTableId, VpcId } from '../model/ids.ts'
import type { Route, World } from '../model/world.ts'
import { check } from './check.ts'
import { compileHost } from './compile-host.ts'

const system = 'vtb-system' as RouteTableId
const route = (destination: string, nextHop: string, table = system): Route => ({
  id: `rte-${destination}` as RouteEntryId,
  vpc: 'vpc-consumer' as VpcId,
  table,
  destination,
  nextHop: nextHop as InstanceId | EniId,
})
const eni = 'eni-ecs1'

function planOf(change: Partial<World>) {
  const { plan } = compileHost({ ...walkthrough, ...change })
  expect(check(plan)).toEqual([])
  return plan.fabric.routes
}

test.each([
  ['to an instance', [route('172.30.0.0/16', 'i-ecs1')], { eni, vswitches: ['vsw-consumer'] }],
  ['to an interface', [route('172.30.0.0/16', eni)], { eni, local: true }],
  ['to what is gone', [route('172.30.0.0/16', 'i-gone')], { eni: undefined }],
  ['to an instance of another VPC', [route('172.30.0.0/16', 'i-ecs2')], { eni: undefined }],
  [
    'of a table that no vSwitch uses',
    [route('172.30.0.0/16', 'i-ecs1', 'vtb-x' as RouteTableId)],
    { vswitches: [] },
  ],
  ['for all the world', [route('0.0.0.0/0', 'i-ecs1')], { local: false }],
  ['for a block with the VPC in it', [route('10.0.0.0/8', 'i-ecs1')], { local: false }],
])('a route %s', (_, routes, expected) => {
  expect(planOf({ routes })).toEqual([expect.objectContaining(expected)])
})

test('a secondary block of the VPC is no block of an instance', () => {
  const vpcs = walkthrough.vpcs.map((vpc) => ({ ...vpc, blocks: ['172.30.5.0/24'] }))
  expect(planOf({ vpcs, routes: [route('172.30.0.0/16', 'i-ecs1')] })).toEqual([
    expect.objectContaining({ local: false }),
  ])
})

test.each(['10.0.0.0/25', '10.0.0.0/24', '100.64.0.0/10', '100.100.2.136/32'])(
  'a plan that leads %s astray is not carried out',
  (destination) => {
    const { plan } = compileHost({ ...walkthrough, routes: [route(destination, 'i-ecs1')] })
    expect(check(plan)).toEqual([{ rule: 'RouteShadowsVpc', ids: [`rte-${destination}`] }])
  },
)
