import { beforeEach, expect, test } from 'vitest'
import type { NamePlan } from '../plan/host-plan.ts'
import { recordType, responseCode } from './wire.ts'
import { createZoneTable, type ResolverVpc, type ZoneTable } from './zone.ts'

const suffix = 'privatelink.aliyuncs.com'
const endpoint = `ep-1.epsrv-2.eu-central-1.${suffix}`

function name(owner: string, text: string, change: Partial<NamePlan> = {}): NamePlan {
  const answers = [
    { zone: 'eu-central-1a', address: '10.0.1.9' },
    { zone: 'eu-central-1b', address: '10.0.0.9' },
  ]
  return { id: `${owner}/${text}`, vpc: owner, name: text, zoneAffinity: true, answers, ...change }
}

function vpc(id: string, number: number, names: readonly NamePlan[]): ResolverVpc {
  return {
    id,
    serviceAddress: `100.64.${number}.0`,
    sources: [
      { address: `100.64.${number}.2`, zone: 'eu-central-1a' },
      { address: `100.64.${number}.4`, zone: 'eu-central-1b' },
      { address: `100.64.${number}.6`, zone: 'eu-central-1c' },
    ],
    names,
  }
}

let zones: ZoneTable

beforeEach(() => {
  zones = createZoneTable(suffix)
  zones.put(vpc('vpc-1', 1, [name('vpc-1', endpoint)]))
  zones.put(vpc('vpc-2', 2, []))
})

function ask(source: string, text: string, type: number = recordType.A, turn = 0) {
  const { code, addresses, soa, authoritative } = zones.lookUp(
    source,
    { labels: text.split('.'), type, class: 1 },
    turn,
  )
  return { code, addresses: [...addresses], soa: soa !== undefined, authoritative }
}

test('the own zone comes first with affinity, the others after it in their order', () => {
  expect(ask('100.64.1.2', endpoint).addresses).toEqual(['10.0.1.9', '10.0.0.9'])
  expect(ask('100.64.1.4', endpoint).addresses).toEqual(['10.0.0.9', '10.0.1.9'])
  expect(ask('100.64.1.6', endpoint).addresses).toEqual(['10.0.1.9', '10.0.0.9'])
})

test('without affinity the zones take turns', () => {
  zones.put(vpc('vpc-1', 1, [name('vpc-1', endpoint, { zoneAffinity: false })]))
  expect(ask('100.64.1.4', endpoint, recordType.A, 0).addresses).toEqual(['10.0.1.9', '10.0.0.9'])
  expect(ask('100.64.1.4', endpoint, recordType.A, 1).addresses).toEqual(['10.0.0.9', '10.0.1.9'])
})

const noError = { code: responseCode.NOERROR, addresses: [], soa: true, authoritative: true }
const noName = { code: responseCode.NXDOMAIN, addresses: [], soa: true, authoritative: true }
const refused = { code: responseCode.REFUSED, addresses: [], soa: false, authoritative: false }

test.each([
  ['another type of an existing name', '100.64.1.2', endpoint, recordType.AAAA, noError],
  ['the suffix itself', '100.64.1.2', suffix, recordType.A, noError],
  [
    'a name between suffix and endpoint',
    '100.64.1.2',
    `epsrv-2.eu-central-1.${suffix}`,
    recordType.A,
    noError,
  ],
  ['a missing name', '100.64.1.2', `ep-9.epsrv-2.eu-central-1.${suffix}`, recordType.A, noName],
  ['a name below an endpoint', '100.64.1.2', `x.${endpoint}`, recordType.A, noName],
  ['the same name from another VPC', '100.64.2.2', endpoint, recordType.A, noName],
  ['a name outside', '100.64.1.2', 'www.example.com', recordType.A, refused],
  ['a name that only ends alike', '100.64.1.2', `x${suffix}`, recordType.A, refused],
  ['the root', '100.64.1.2', '', recordType.A, refused],
  ['an unknown source', '100.64.9.9', endpoint, recordType.A, refused],
])('%s', (_, source, text, type, answer) => {
  expect(ask(source, text, type)).toEqual(answer)
})

test('letter case does not matter, a dot inside a label does', () => {
  expect(ask('100.64.1.2', endpoint.toUpperCase()).addresses).toHaveLength(2)
  const [first = '', second = '', ...rest] = endpoint.split('.')
  const question = { labels: [`${first}.${second}`, ...rest], type: recordType.A, class: 1 }
  expect(zones.lookUp('100.64.1.2', question, 0).code).toBe(responseCode.NXDOMAIN)
})

test('another class is refused', () => {
  const question = { labels: endpoint.split('.'), type: recordType.A, class: 3 }
  expect(zones.lookUp('100.64.1.2', question, 0).code).toBe(responseCode.REFUSED)
})

test('a source that moved to another VPC is not lost with the old one', () => {
  zones.put({ ...vpc('vpc-3', 1, [name('vpc-3', endpoint)]) })
  zones.drop('vpc-1')
  expect(ask('100.64.1.2', endpoint).addresses).toHaveLength(2)
  zones.drop('vpc-3')
  expect(ask('100.64.1.2', endpoint)).toEqual(refused)
})
