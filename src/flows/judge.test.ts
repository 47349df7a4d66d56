import { expect, test } from 'vitest'
import { planOf } from '../../test/fixtures/plans.ts'
import { parseFlow, type Flow } from '../dataplane/nft/flow-list.ts'
import { judgeFlows } from './judge.ts'

const plan = planOf({
  deployment: 'test',
  vpcs: [
    {
      id: 'vpc-1',
      cidr: '10.0.0.0/16',
      number: 1,
      vswitches: [{ zone: 'eu-central-1b', cidr: '10.0.0.0/24' }],
    },
  ],
  balancers: [
    {
      id: 'lb-1',
      vpc: 'vpc-1',
      address: '10.0.0.100',
      listeners: [
        { port: 80, drainS: 10, backends: ['10.0.0.1:8080*100', '10.0.0.2:8080*100'] },
        { port: 81, idleTimeoutS: 60, backends: ['10.0.0.1:8080*100'] },
        { port: 8000, lastPort: 8090, drainS: 10, backends: ['10.0.0.1:0*100'] },
      ],
    },
  ],
})

function flow(port: number, backend: string, state = 'ESTABLISHED', remaining = 800): Flow {
  const line = `tcp      6 ${remaining} ${state} src=10.0.0.9 dst=10.0.0.100 sport=4000 dport=${port} src=${backend} dst=10.0.0.9 sport=8080 dport=4000 [ASSURED] mark=0 use=1`
  const parsed = parseFlow(line)
  if (!parsed) throw new Error('not read')
  return parsed
}

const judge = (flows: readonly Flow[], leaving = new Map<string, number>(), nowMs = 1000) =>
  judgeFlows(plan, 'vpc-1', flows, new Map([['lb-1 tcp 80 10.0.0.2 8080', 'abnormal']]), leaving, nowMs)

const [first = '', second = ''] = (plan.links.balancers[0]?.listeners[0]?.backends ?? []).map(
  ({ server }) => `lb-1 tcp 80 ${server} 8080`,
)

test('a line of conntrack is read in both directions', () => {
  expect(flow(80, '10.0.0.1')).toEqual({
    protocol: 'tcp',
    established: true,
    remainingS: 800,
    original: { from: '10.0.0.9', fromPort: 4000, to: '10.0.0.100', toPort: 80 },
    reply: { from: '10.0.0.1', fromPort: 8080, to: '10.0.0.9', toPort: 4000 },
  })
  expect(parseFlow('icmp 1 29 src=10.0.0.9 dst=10.0.0.1 type=8 code=0 id=1')).toBeUndefined()
})

test('open connections are counted for each backend, closing ones are not', () => {
  const flows = [flow(80, '10.0.0.1'), flow(80, '10.0.0.1'), flow(80, '10.0.0.2', 'TIME_WAIT')]
  expect(judge(flows).connections).toEqual(new Map([[first, 2]]))
  expect(judge(flows).ended).toEqual([])
})

test('flows of a range of ports are those of its servers at the port that was called', () => {
  expect(judge([flow(8080, '10.0.0.1')])).toMatchObject({
    connections: new Map([['lb-1 tcp 8000 i-at-10.0.0.1 0', 1]]),
    leaving: new Map(),
  })
  const elsewhere = judge([flow(8079, '10.0.0.1'), flow(8091, '10.0.0.1')])
  expect([...elsewhere.connections]).toEqual([])
  expect([...elsewhere.leaving.keys()]).toEqual(['lb-1 tcp 8000 10.0.0.1:8080'])
})

test('a flow ends in the last seconds that the kernel grants it, and the next look is in time', () => {
  const [idle, fresh] = [flow(81, '10.0.0.1', 'ESTABLISHED', 10), flow(81, '10.0.0.1', 'ESTABLISHED', 40)]
  expect(judge([idle, fresh]).ended).toEqual([idle])
  expect(judge([fresh]).againMs).toBe(30_000)
  expect(judge([]).againMs).toBe(60_000)
})

test('flows of a removed or dead backend end when they have drained, and not before', () => {
  const flows = [flow(80, '10.0.0.1'), flow(80, '10.0.0.7')]
  const seen = judge(flows)
  expect(seen.ended).toEqual([])
  expect(seen.leaving).toEqual(new Map([['lb-1 tcp 80 10.0.0.7:8080', 1000]]))
  expect(seen.againMs).toBe(10_000)
  expect(judge(flows, new Map(seen.leaving), 10_900).ended).toEqual([])
  expect(judge(flows, new Map(seen.leaving), 11_000).ended).toEqual(flows.slice(1))
  // The other listener does not drain.
  expect(judge([flow(81, '10.0.0.7')], new Map(), 1e9).ended).toEqual([])
  const dead = judgeFlows(
    plan,
    'vpc-1',
    [flow(80, '10.0.0.2')],
    new Map([[second, 'abnormal' as const]]),
    new Map(),
    1000,
  )
  expect([...dead.leaving.keys()]).toEqual(['lb-1 tcp 80 10.0.0.2:8080'])
})
