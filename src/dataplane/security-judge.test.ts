import { expect, test } from 'vitest'
import type { SecurityGroupPlan } from '../plan/host-plan.ts'
import type { Flow } from './nft/flow-list.ts'
import { judgeOf, narrowed } from './security-judge.ts'
import type { VpcSlice } from './slices.ts'

const open = { protocol: 'tcp', ports: [80, 80], priority: 10, verdict: 'accept' } as const

function group(id: string, parts: Partial<SecurityGroupPlan> = {}): SecurityGroupPlan {
  return { id, vpc: 'vpc-1', ingress: [], egress: [], innerAccept: false, members: [], ...parts }
}

/** A client in `sg-client` and an endpoint in the groups given. */
function slice(...groups: readonly SecurityGroupPlan[]): VpcSlice {
  const vpc = 'vpc-1'
  const leg = { vpcDevice: 'leg', serviceDevice: 'leg', vpcMac: '', serviceMac: '' }
  const addresses = { serviceAddress: '100.64.0.2', vpcAddress: '100.64.0.3', table: 1 }
  const client = {
    id: 'eni-client',
    vpc,
    address: '10.0.0.2',
    securityGroups: ['sg-client'],
    furtherAddresses: ['10.0.0.3'],
  }
  const wires = { vpcDevice: 'en-1', vpcMac: '', netns: 'i-1', device: 'eth0', mac: '', prefixLength: 24 }
  return {
    kind: 'vpc',
    netns: 'n',
    deployment: 'test',
    serviceNetns: 's',
    vpc: { id: vpc, netns: 'n', vswitches: [], blocks: [], serviceLeg: { ...leg, ...addresses } },
    enis: [{ ...client, ...wires, gateway: '10.0.0.1' }],
    securityGroups: [group('sg-client'), ...groups],
    endpointEnis: [
      {
        id: 'eni-ep',
        endpoint: 'ep-1',
        zone: 'b',
        vpc,
        address: '10.0.0.9',
        securityGroups: groups.map(({ id }) => id),
        parties: { consumer: '1', provider: '2', service: 'epsrv-1', serviceName: 'epsrv-1' },
        closed: undefined,
      },
    ],
    routes: [],
    consumed: [],
    provided: [],
    balancers: [],
  }
}

const flow: Flow = {
  protocol: 'tcp',
  established: true,
  remainingS: 1,
  original: { from: '10.0.0.2', fromPort: 40000, to: '10.0.0.9', toPort: 80 },
  reply: { from: '100.64.0.5', fromPort: 80, to: '100.64.0.4', toPort: 40000 },
}

const everywhere = { cidr: '0.0.0.0/0' }

test.each<[string, boolean, readonly SecurityGroupPlan[]]>([
  ['no rule', false, [group('sg-a')]],
  ['a rule for all', true, [group('sg-a', { ingress: [{ ...open, peer: everywhere }] })]],
  [
    'a rule for another port',
    false,
    [group('sg-a', { ingress: [{ ...open, ports: [81, 90], peer: everywhere }] })],
  ],
  [
    'a rule for another protocol',
    false,
    [group('sg-a', { ingress: [{ ...open, protocol: 'udp', peer: everywhere }] })],
  ],
  ['a rule for the block', true, [group('sg-a', { ingress: [{ ...open, peer: { cidr: '10.0.0.0/30' } }] })]],
  [
    'a rule for the next block',
    false,
    [group('sg-a', { ingress: [{ ...open, peer: { cidr: '10.0.0.4/30' } }] })],
  ],
  [
    'a rule for blocks',
    true,
    [group('sg-a', { ingress: [{ ...open, peer: { blocks: ['10.1.0.0/16', '10.0.0.2/32'] } }] })],
  ],
  [
    'a drop at equal priority in another group',
    false,
    [
      group('sg-a', { ingress: [{ ...open, peer: everywhere }] }),
      group('sg-b', { ingress: [{ ...open, verdict: 'drop', peer: everywhere }] }),
    ],
  ],
  [
    'a drop that comes later',
    true,
    [
      group('sg-a', { ingress: [{ ...open, peer: everywhere }] }),
      group('sg-b', { ingress: [{ ...open, priority: 11, verdict: 'drop', peer: everywhere }] }),
    ],
  ],
  ['a member of the group', true, [group('sg-a', { innerAccept: true, members: ['10.0.0.2'] })]],
  ['a member without inner access', false, [group('sg-a', { members: ['10.0.0.2'] })]],
])('%s: %s', (_, admitted, groups) => {
  expect(judgeOf(slice(...groups))(flow)).toBe(admitted)
})

test('a further address of the client counts as well', () => {
  const further = { ...flow, original: { ...flow.original, from: '10.0.0.3' } }
  expect(judgeOf(slice(group('sg-a')))(further)).toBe(false)
})

test('what does not go to an endpoint is not judged', () => {
  const elsewhere = { ...flow, original: { ...flow.original, to: '10.0.0.10' } }
  expect(judgeOf(slice(group('sg-a')))(elsewhere)).toBe(true)
})

test('flows are judged when a group has changed, and not for one more member', () => {
  const before = slice(group('sg-a', { members: ['10.0.0.2'] }))
  expect(narrowed(undefined, before)).toBe(true)
  expect(narrowed(before, before)).toBe(false)
  expect(narrowed(before, slice(group('sg-a', { members: ['10.0.0.2', '10.0.0.3'] })))).toBe(false)
  expect(narrowed(before, slice(group('sg-a')))).toBe(true)
  expect(narrowed(before, slice(group('sg-b', { members: ['10.0.0.2'] })))).toBe(true)
})
