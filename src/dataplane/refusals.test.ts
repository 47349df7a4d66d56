import { expect, test } from 'vitest'
import { parseRefusals } from './refusals.ts'

const element = (concat: readonly unknown[], packets: number) => ({
  elem: { val: { concat }, expires: 54, counter: { packets, bytes: packets * 60 } },
})

test('what a set holds is read with its reason; what has no ports, and what is unknown, is passed over', () => {
  const elem = [
    element(['10.0.0.5', '10.0.0.9', 'tcp', 81, 1], 3),
    element(['100.64.0.0', '100.64.0.1', 'udp', 53, 5], 7),
    element(['10.0.0.5', '10.0.0.9', 'icmp', 0, 1], 1),
    element(['10.0.0.5', '10.0.0.9', 'tcp', 81, 99], 1),
  ]
  expect(parseRefusals({ nftables: [{ metainfo: {} }, { set: { name: 'refused', elem } }] })).toEqual([
    { protocol: 'tcp', from: '10.0.0.5', to: '10.0.0.9', port: 81, why: 'security-group', packets: 3 },
    { protocol: 'udp', from: '100.64.0.0', to: '100.64.0.1', port: 53, why: 'rate-limit', packets: 7 },
  ])
})

test('an empty set has no elements', () => {
  expect(parseRefusals({ nftables: [{ set: { name: 'refused' } }] })).toEqual([])
})
