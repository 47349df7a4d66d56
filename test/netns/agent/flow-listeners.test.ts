/** Who hears how flows end, when more end at once than wait for it: what nobody hears is counted, to the last one. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createFlowListeners,
  stopAllFlowListeners,
  type FlowListeners,
} from '../../../src/agent/flow-listeners.ts'
import { execProgram, inside, output } from '../../../src/dataplane/exec.ts'
import { parseFlowEnd } from '../../../src/flowlog/flow-end.ts'
import type { VpcPlan } from '../../../src/plan/host-plan.ts'
import { twoVpcs } from '../../fixtures/plans.ts'
import { eventually, openBench, silent, type Bench } from './bench.ts'

let bench: Bench
let vpc: VpcPlan
let listeners: FlowListeners
/** Ports of the flows whose ends were heard. */
const heard: number[] = []
/** An end takes 1,280 bytes, and the kernel gives twice what is asked for. By itself a socket has room for 166. */
const wanted = 400
const socketBytes = wanted * 640
const burst = 1000

const run = (...command: readonly string[]) => output(execProgram, inside(vpc.netns, command))

beforeAll(async () => {
  bench = await openBench()
  const netns = await bench.addNetns('vpc-flows')
  const [some] = twoVpcs(bench.deployment).fabric.vpcs
  if (!some) throw new Error('a plan without VPCs')
  vpc = { ...some, netns }
  await run('nft', 'add table ip t; add chain ip t c { type filter hook output priority 0; }')
  await run('nft', 'add rule ip t c meta l4proto udp ct event set destroy')
  listeners = createFlowListeners({
    directory: bench.directory,
    exec: execProgram,
    socketBytes,
    onLine(_, line) {
      const end = parseFlowEnd(line)
      if (end) heard.push(end.original.fromPort)
    },
    onBatch: () => undefined,
    log: silent,
  })
  await listeners.listen([vpc], false)
})

afterAll(async () => {
  listeners.close()
  stopAllFlowListeners(bench.directory)
  await bench.close()
})

/** Datagrams to nobody, a flow each, which the kernel is told to forget at once. */
async function flows(first: number, count: number): Promise<void> {
  const sending = `use IO::Socket::INET; for (${first} .. ${first + count - 1}) {
    my $socket = IO::Socket::INET->new(Proto => "udp", LocalAddr => "127.0.0.1", LocalPort => $_);
    $socket->send("x", 0, pack_sockaddr_in(9, inet_aton("127.0.0.1")));
  }`
  await run('perl', '-e', sending)
  await run('conntrack', '-D', '-p', 'udp')
}

test('what ends while the listener stands still is heard later or counted as lost', async () => {
  await eventually(async () => {
    await flows(20_000, 1)
    return heard.length > 0
  }, 'the listener to hear')
  expect([...(await listeners.takeLost()).values()]).toEqual([])

  const file = join(bench.directory, 'flow-listeners', vpc.id, 'pid')
  const { pid } = JSON.parse(await readFile(file, 'utf8')) as { pid: number }
  await eventually(async () => {
    heard.length = 0
    process.kill(pid, 'SIGSTOP')
    await flows(30_000, burst)
    const lost = (await listeners.takeLost()).get(vpc.id) ?? 0
    process.kill(pid, 'SIGCONT')
    expect(lost).toBeGreaterThan(0)
    await eventually(() => heard.length + lost >= burst, 'the others to be heard')
    expect(heard.length).toBe(burst - lost)
    return heard.length >= wanted
  }, 'the socket to have the size that was asked for')

  // It goes on after that, and what was told to be lost is not told again.
  await flows(40_000, 1)
  await eventually(() => heard.includes(40_000), 'the next flow')
  expect((await listeners.takeLost()).size).toBe(0)
})
