import { expect, test } from 'vitest'
import { countFlows } from './flow-counts.ts'

const listing = `tcp      6 899 ESTABLISHED src=10.0.0.182 dst=100.64.0.3 sport=40000 dport=80 src=10.0.0.200 dst=100.64.0.2 sport=80 dport=40000 [ASSURED] mark=77 use=1
tcp      6 119 TIME_WAIT src=10.0.0.182 dst=100.64.0.3 sport=40001 dport=80 src=10.0.0.200 dst=100.64.0.2 sport=80 dport=40001 [ASSURED] mark=77 use=1
udp      17 20 src=10.0.0.5 dst=10.0.0.100 sport=4000 dport=53 [UNREPLIED] src=10.0.0.200 dst=10.0.0.5 sport=53 dport=4000 mark=0 use=1
udp      17 20 src=10.0.0.5 dst=10.0.0.100 sport=4001 dport=53 src=10.0.0.200 dst=10.0.0.5 sport=53 dport=4001 [ASSURED] mark=9 use=1
`

test('ports of a source are those taken towards one target', () => {
  const more = `tcp      6 119 TIME_WAIT src=10.0.0.182 dst=100.64.0.3 sport=40002 dport=443 src=10.0.0.200 dst=100.64.0.2 sport=443 dport=40002 [ASSURED] mark=77 use=1\n`
  expect(Object.fromEntries(countFlows(listing + more).portsUsed)).toEqual({
    '100.64.0.2': 2,
    '10.0.0.5': 2,
  })
})

test('flows are counted by mark and by the address that was called', () => {
  const { byMark, byAddress } = countFlows(listing)
  expect(Object.fromEntries(byMark)).toEqual({
    '77': { active: 1, inactive: 1 },
    '0': { active: 0, inactive: 1 },
    '9': { active: 1, inactive: 0 },
  })
  expect(Object.fromEntries(byAddress)).toEqual({
    '100.64.0.3': { active: 1, inactive: 1 },
    '10.0.0.100': { active: 1, inactive: 1 },
  })
})
