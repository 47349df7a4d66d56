import { describe, expect, test } from 'vitest'
import type { Words } from '../../../test/fixtures/plans.ts'
import { planOf, twoVpcsWords } from '../../../test/fixtures/plans.ts'
import { createDataplane } from '../converge.ts'
import { FakeKernel } from '../fake.ts'
import { renderNamespaces } from './namespaces.ts'

const full = twoVpcsWords('test')
const [consumer, provider] = full.vpcs
if (!consumer || !provider) throw new Error('two VPCs')

const plans: Readonly<Record<string, Words>> = {
  'two-vpcs': full,
  'security-groups': {
    deployment: 'test',
    vpcs: [consumer],
    groups: [
      {
        id: 'sg-a',
        vpc: consumer.id,
        ingress: [
          'drop tcp 22 0.0.0.0/0 priority 1',
          'accept tcp 20-30 10.0.0.0/8 priority 1',
          'accept icmp * sg-b priority 5',
          'accept all * sg-nowhere priority 6',
        ],
        egress: ['drop udp 53 0.0.0.0/0 priority 1'],
      },
      {
        id: 'sg-b',
        vpc: consumer.id,
        ingress: ['drop tcp 25 0.0.0.0/0 priority 3', 'accept gre * 10.0.0.1/32 priority 3'],
        inner: false,
      },
    ],
    instances: [
      { id: 'i-a', vpc: consumer.id, address: '10.0.0.1', groups: ['sg-a'] },
      { id: 'i-ab', vpc: consumer.id, address: '10.0.0.2', groups: ['sg-b', 'sg-a'] },
      { id: 'i-ba', vpc: consumer.id, address: '10.0.0.3', groups: ['sg-a', 'sg-b'] },
    ],
  },
  balancers: {
    deployment: 'test',
    vpcs: [provider],
    balancers: [
      {
        id: 'lb-a',
        vpc: provider.id,
        address: '10.0.0.100',
        listeners: [
          { port: 80, backends: ['10.0.0.1:8080*100', '10.0.0.2:8081*50', '10.0.0.3:80*0'] },
          { port: 81, scheduler: 'rr', backends: ['10.0.0.1:80*100', '10.0.0.2:80*50'] },
          { port: 53, protocol: 'udp', backends: ['10.0.0.1:53*1'] },
          { port: 82, backends: ['10.0.0.1:80*0'] },
        ],
      },
      { id: 'lb-b', vpc: provider.id, address: '10.0.0.101', listeners: [] },
      {
        id: 'lb-c',
        vpc: provider.id,
        address: '10.0.0.102',
        limits: { connections: 5000, newConnectionsPerS: 3000 },
        proxied: [443],
        listeners: [
          { port: 80, persistenceS: 60, backends: ['10.0.0.1:80*100', '10.0.0.2:80*50'] },
          { port: 443, newConnectionsPerS: 5, backends: ['10.0.0.1:80*100', '10.0.0.2:80*100 standby'] },
          { port: 444, backends: ['10.0.0.1:80*0', '10.0.0.2:80*100 standby'] },
          { port: 53, protocol: 'udp', idleTimeoutS: 20, backends: ['10.0.0.1:53*1'] },
        ],
      },
      {
        id: 'lb-d',
        vpc: provider.id,
        address: '10.0.0.103',
        limits: { connections: 1_000_000, newConnectionsPerS: 100_000 },
        listeners: [{ port: 80, backends: ['10.0.0.1:80*1'] }],
      },
      {
        id: 'nlb-e',
        vpc: provider.id,
        address: '10.0.0.104',
        listeners: [
          { port: 1000, lastPort: 2000, backends: ['10.0.0.1:0*100', '10.0.0.2:0*50'] },
          { port: 1000, lastPort: 1100, protocol: 'udp', backends: ['10.0.0.1:0*1'] },
          { port: 80, backends: ['10.0.0.1:80*1'] },
        ],
      },
    ],
  },
}

describe.each(Object.entries(plans))('%s', (name, words) => {
  test('is made by these commands', async () => {
    const kernel = new FakeKernel()
    expect(await createDataplane({ deployment: 'test', kernel }).apply(planOf(words), 'observed')).toEqual([])
    await expect(kernel.log).toMatchFileSnapshot(`../golden/${name}.txt`)
  })

  test('the same plan gives the same state', () => {
    expect(renderNamespaces(planOf(words))).toEqual(renderNamespaces(planOf(words)))
  })
})
