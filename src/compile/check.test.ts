import { expect, test } from 'vitest'
import { walkthrough } from '../../test/fixtures/walkthrough.ts'
import type { World } from '../model/world.ts'
import type { Fabric, HostPlan, Links } from '../plan/host-plan.ts'
import * as fc from 'fast-check'
import { check, createChecker, type Finding } from './check.ts'
import { compileHost } from './compile-host.ts'

const { plan } = compileHost(walkthrough satisfies World)

function withFabric(change: Partial<Fabric>): HostPlan {
  return { ...plan, fabric: { ...plan.fabric, ...change } }
}
function withLinks(change: Partial<Links>): HostPlan {
  return { ...plan, links: { ...plan.links, ...change } }
}
function first<Item>(items: readonly Item[], change: Partial<Item>): Item[] {
  return items.map((item, position) => (position === 0 ? { ...item, ...change } : item))
}

const { vpcs, enis, instances } = plan.fabric
const { wires, balancers, endpointEnis } = plan.links

const broken: readonly [Finding['rule'], string, HostPlan][] = [
  ['DuplicateId', 'an item twice', withFabric({ instances: [...instances, ...instances.slice(0, 1)] })],
  [
    'DuplicateDevice',
    'two interfaces of one name',
    withFabric({ enis: first(enis, { netns: 'postern-test-i-ecs2' }) }),
  ],
  [
    'DuplicateAddress',
    'an ENI with the load balancer’s address',
    withLinks({ balancers: first(balancers, { addresses: ['10.0.0.200'] }) }),
  ],
  [
    'DuplicateAddress',
    'two ENIs of a VPC with one address',
    withLinks({ endpointEnis: first(endpointEnis, { address: '10.0.0.182' }) }),
  ],
  [
    'DuplicateAddress',
    'a wire with a service leg’s address',
    withLinks({ wires: first(wires, { consumerAddress: '100.64.0.2' }) }),
  ],
  [
    'DuplicateUid',
    'two instances under one uid',
    withFabric({ instances: first(instances, { uid: instances[1]?.uid ?? 0 }) }),
  ],
  [
    'AddressOutsideVSwitch',
    'an ENI outside its vSwitch',
    withFabric({ enis: first(enis, { address: '10.0.1.5' }) }),
  ],
  [
    'AddressOutsideTransit',
    'a wire with a tenant’s address',
    withLinks({ wires: first(wires, { providerAddress: '10.0.0.7' }) }),
  ],
  [
    'AddressOutsideTransit',
    'a wire with a reserved address',
    withLinks({ wires: first(wires, { providerAddress: '100.100.2.136' }) }),
  ],
  [
    'UnknownReference',
    'a wire to a VPC that is not there',
    withLinks({ wires: first(wires, { providerVpc: 'vpc-none' }) }),
  ],
  [
    'UnknownReference',
    'an ENI with a group that is not there',
    withFabric({ enis: first(enis, { securityGroups: ['sg-none'] }) }),
  ],
  ['ForeignNamespace', 'a namespace of somebody else', withFabric({ vpcs: first(vpcs, { netns: 'web' }) })],
  [
    'DeviceNameTooLong',
    'a name of 16 bytes',
    withLinks({ wires: first(wires, { consumerDevice: 'cw-0123456789abc' }) }),
  ],
]

test.each(broken)('%s: %s', (rule, _, bad) => {
  expect(check(bad).map((finding) => finding.rule)).toContain(rule)
})

test('a judge that remembers finds what one without memory finds', () => {
  const plans = fc.constantFrom(plan, structuredClone(plan), ...broken.map(([, , bad]) => bad))
  const inOrder = (findings: readonly Finding[]) =>
    findings.map(({ rule, ids }) => `${rule} ${ids.toSorted().join()}`).toSorted()
  fc.assert(
    fc.property(fc.array(plans), (sequence) => {
      const checker = createChecker()
      for (const next of sequence) expect(inOrder(checker(next))).toEqual(inOrder(check(next)))
    }),
  )
})
