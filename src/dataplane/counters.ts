/**
 * What passed, was dropped and is open: one look at devices, queues and counters per namespace, however much is in it. The
 * kernel keeps all of these, so an agent that was started again goes on where the last one stopped.
 */
import { z } from 'zod'
import type { BalancerReport, WireReport } from '../protocol/messages.ts'
import type { BalancerPlan, HostPlan, WirePlan } from '../plan/host-plan.ts'
import type { Counters } from './dataplane.ts'
import type { Exec } from './exec.ts'
import { inside, output } from './exec.ts'
import { countFlows } from './flow-counts.ts'
import type { CountersWanted, DeviceCounters, Kernel, NamespaceCounters, TableCounter } from './kernel.ts'
import { tableName } from './nft/ops.ts'
import { forEachLimited } from './parallel.ts'
import {
  balancerCounters,
  deniedCounter,
  fullWireCounter,
  listenerCounters,
  unservedCounter,
  wireCounter,
} from './render/counting.ts'

const directionSchema = z.object({ bytes: z.number(), packets: z.number(), dropped: z.number() })
const linkSchema = z.object({
  ifname: z.string(),
  stats64: z.object({ rx: directionSchema, tx: directionSchema }),
})
const qdiscSchema = z.object({ kind: z.string(), dev: z.string().optional(), drops: z.number().optional() })
const counterSchema = z.object({ name: z.string(), packets: z.number(), bytes: z.number() })
const tableSchema = z.object({ nftables: z.array(z.object({ counter: counterSchema.optional() })) })

export async function counters(exec: Exec, netns: string, what: CountersWanted): Promise<NamespaceCounters> {
  const [devices, table, flows] = await Promise.all([
    what.devices ? deviceCounters(exec, netns, what.queues) : new Map<string, DeviceCounters>(),
    what.table ? tableCounters(exec, netns) : new Map<string, TableCounter>(),
    what.flows ? output(exec, inside(netns, ['conntrack', '-L', '-f', 'ipv4'])).then(countFlows) : undefined,
  ])
  return { devices, table, flows }
}

async function deviceCounters(
  exec: Exec,
  netns: string,
  queues: boolean,
): Promise<ReadonlyMap<string, DeviceCounters>> {
  const [links, qdiscs] = await Promise.all([
    output(exec, ['ip', '-j', '-s', '-n', netns, 'link', 'show', 'type', 'veth']),
    queues ? output(exec, ['tc', '-j', '-s', '-n', netns, 'qdisc', 'show']) : '[]',
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

async function tableCounters(exec: Exec, netns: string): Promise<ReadonlyMap<string, TableCounter>> {
  const listed = await output(
    exec,
    inside(netns, ['nft', '-j', 'list', 'counters', 'table', 'ip', tableName]),
  )
  const { nftables } = tableSchema.parse(JSON.parse(listed))
  return new Map(nftables.flatMap(({ counter }) => (counter ? [[counter.name, counter] as const] : [])))
}

/** Reads all counters of a plan. It remembers how many flows were open, for the times when they are not looked at. */
export function createCounterReader(kernel: Kernel, now: () => number) {
  let lastFlows = new Map<string, NamespaceCounters['flows']>()

  return async function read(plan: HostPlan, flows: boolean): Promise<Counters> {
    const { wires, balancers } = plan.links
    const wanted = whereToLook(plan, flows)
    const found = new Map<string, NamespaceCounters>()
    const flowsSeen = new Map<string, NamespaceCounters['flows']>()
    await forEachLimited([...wanted], async ([vpc, { netns, what }]) => {
      // A namespace that cannot be read has no numbers to report; `apply` says what is wrong with it.
      const seen = await kernel.counters(netns, what).catch(() => undefined)
      if (!seen) return
      const open = seen.flows ?? lastFlows.get(vpc)
      flowsSeen.set(vpc, open)
      found.set(vpc, { ...seen, flows: open })
    })
    lastFlows = flowsSeen
    const atMs = now()
    return {
      wires: wires.flatMap(
        (wire) => wireReport(wire, found.get(wire.consumerVpc), found.get(wire.providerVpc), atMs) ?? [],
      ),
      balancers: balancers.flatMap(
        (balancer) => balancerReport(balancer, found.get(balancer.vpc), atMs) ?? [],
      ),
    }
  }
}

function whereToLook(plan: HostPlan, flows: boolean) {
  const { wires, balancers } = plan.links
  const shaped = wires.filter(({ bandwidthMbps }) => bandwidthMbps !== undefined)
  const ends = (of: readonly WirePlan[]) =>
    new Set(of.flatMap(({ consumerVpc, providerVpc }) => [consumerVpc, providerVpc]))
  const withDevices = ends(wires)
  const withQueues = ends(shaped)
  const translating = new Set(wires.map(({ consumerVpc }) => consumerVpc))
  const counting = new Set([
    ...wires.map(({ providerVpc }) => providerVpc),
    ...balancers.map(({ vpc }) => vpc),
  ])
  return new Map(
    plan.fabric.vpcs
      .filter(({ id }) => withDevices.has(id) || counting.has(id))
      .map(({ id, netns }) => {
        const what: CountersWanted = {
          devices: withDevices.has(id),
          queues: withQueues.has(id),
          table: counting.has(id) || translating.has(id),
          flows: flows && (counting.has(id) || translating.has(id)),
        }
        return [id, { netns, what }]
      }),
  )
}

/** A wire's counters are those of its consumer end; what was dropped on the way back was dropped at the other. */
function wireReport(
  wire: WirePlan,
  consumer: NamespaceCounters | undefined,
  provider: NamespaceCounters | undefined,
  atMs: number,
): WireReport | undefined {
  const near = consumer?.devices.get(wire.consumerDevice)
  const far = provider?.devices.get(wire.providerDevice)
  if (!near || !far || !consumer || !provider) return undefined
  const sources = [wire.consumerAddress, ...wire.furtherSources]
  return {
    id: wire.id,
    atMs,
    pair: wire.consumerDevice,
    inBytes: near.sentBytes,
    inPackets: near.sentPackets,
    inDropped: near.dropped,
    outBytes: near.receivedBytes,
    outPackets: near.receivedPackets,
    outDropped: far.dropped,
    newConnections: provider.table.get(wireCounter(wire))?.packets ?? 0,
    activeConnections: provider.flows?.byAddress.get(wire.providerAddress)?.active ?? 0,
    portsUsed: sources.reduce((sum, source) => sum + (consumer.flows?.portsUsed.get(source) ?? 0), 0),
    overConnections: provider.table.get(fullWireCounter(wire))?.packets ?? 0,
    denied: consumer.table.get(deniedCounter(wire))?.packets ?? 0,
    unserved: provider.table.get(unservedCounter(wire))?.packets ?? 0,
    portsInAll: sources.length * wire.portsPerSource,
    sources: sources.length,
  }
}

function balancerReport(
  { id, listeners }: BalancerPlan,
  vpc: NamespaceCounters | undefined,
  atMs: number,
): BalancerReport | undefined {
  if (!vpc) return undefined
  const packets = (name: string) => vpc.table.get(name)?.packets ?? 0
  const bytes = (name: string) => vpc.table.get(name)?.bytes ?? 0
  const own = balancerCounters(id)
  return {
    id,
    atMs,
    overRate: packets(own.overRate),
    overConnections: packets(own.overConnections),
    listeners: listeners.map((listener) => {
      const names = listenerCounters(id, listener)
      const open = vpc.flows?.byMark.get(String(names.mark))
      return {
        protocol: listener.protocol,
        port: listener.port,
        inBytes: bytes(names.received),
        inPackets: packets(names.received),
        outBytes: bytes(names.sent),
        outPackets: packets(names.sent),
        newConnections: packets(names.accepted),
        overRate: packets(names.overRate),
        inDropped: packets(names.receivedBeyond),
        outDropped: packets(names.sentBeyond),
        activeConnections: open?.active ?? 0,
        inactiveConnections: open?.inactive ?? 0,
      }
    }),
  }
}
