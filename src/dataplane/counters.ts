import { z } from 'zod'
import type { WireReport } from '../protocol/messages.ts'
import type { HostPlan } from '../plan/host-plan.ts'
import type { Exec } from './exec.ts'
import { output } from './exec.ts'
import type { DeviceCounters, Kernel } from './kernel.ts'
import { forEachLimited } from './parallel.ts'

const directionSchema = z.object({ bytes: z.number(), packets: z.number(), dropped: z.number() })
const linkSchema = z.object({
  ifname: z.string(),
  stats64: z.object({ rx: directionSchema, tx: directionSchema }),
})
const qdiscSchema = z.object({ kind: z.string(), dev: z.string().optional(), drops: z.number().optional() })

export async function counters(exec: Exec, netns: string): Promise<ReadonlyMap<string, DeviceCounters>> {
  const [links, qdiscs] = await Promise.all([
    output(exec, ['ip', '-j', '-s', '-n', netns, 'link', 'show', 'type', 'veth']),
    output(exec, ['tc', '-j', '-s', '-n', netns, 'qdisc', 'show']),
  ])
  const shaped = new Map<string, number>()
  for (const { kind, dev, drops } of z.array(qdiscSchema).parse(JSON.parse(qdiscs))) {
    if (kind === 'tbf' && dev) shaped.set(dev, drops ?? 0)
  }
  const all = z.array(linkSchema).parse(JSON.parse(links))
  return new Map(
    all.map(({ ifname, stats64: { rx, tx } }) => [
      ifname,
      {
        receivedBytes: rx.bytes,
        receivedPackets: rx.packets,
        sentBytes: tx.bytes,
        sentPackets: tx.packets,
        dropped: tx.dropped + (shaped.get(ifname) ?? 0),
      },
    ]),
  )
}

/** A wire's counters are those of its consumer end; what was dropped on the way back was dropped at the other. */
export async function wireReports(
  kernel: Kernel,
  plan: HostPlan,
  now: () => number,
): Promise<readonly WireReport[]> {
  const netns = new Map(plan.fabric.vpcs.map((vpc) => [vpc.id, vpc.netns]))
  const { wires } = plan.links
  const wanted = new Set(wires.flatMap(({ consumerVpc, providerVpc }) => [consumerVpc, providerVpc]))
  const found = new Map<string, ReadonlyMap<string, DeviceCounters>>()
  await forEachLimited([...wanted], async (vpc) => {
    const name = netns.get(vpc)
    // A namespace that cannot be read has no numbers to report; `apply` says what is wrong with it.
    if (name) found.set(vpc, await kernel.counters(name).catch(() => new Map<string, DeviceCounters>()))
  })
  return wires.flatMap((wire) => {
    const near = found.get(wire.consumerVpc)?.get(wire.consumerDevice)
    const far = found.get(wire.providerVpc)?.get(wire.providerDevice)
    if (!near || !far) return []
    return {
      id: wire.id,
      atMs: now(),
      inBytes: near.sentBytes,
      inPackets: near.sentPackets,
      inDropped: near.dropped,
      outBytes: near.receivedBytes,
      outPackets: near.receivedPackets,
      outDropped: far.dropped,
    }
  })
}
