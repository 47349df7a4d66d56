/**
 * The flow log: hears how flows end, says of each whose it is and why it ended, and writes a line for each side.
 *
 *     kernel → conntrack -E, one a VPC → lines → record → flow-log/<account>/current.jsonl
 *     kernel: set of refused packets, read now and then → attempts ──┘
 */
import { appendFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Exec } from '../dataplane/exec.ts'
import type { Flow } from '../dataplane/nft/flow-list.ts'
import { readRefusals, type Refusal } from '../dataplane/refusals.ts'
import type { HealthMap } from '../health/with-health.ts'
import { createAccountFiles, usualLimits } from '../flowlog/account-files.ts'
import { parseFlowEnd } from '../flowlog/flow-end.ts'
import { transitKey, whyEnded, type Knowledge, type Reason } from '../flowlog/outcome.ts'
import { createPlaces, keepGoneMs, type Gone } from '../flowlog/places.ts'
import { attemptsOf, droppedTarget, lostIn, recordOf, type Told } from '../flowlog/records.ts'
import type { HostPlan, VpcPlan } from '../plan/host-plan.ts'
import { createFlowListeners } from './flow-listeners.ts'

export interface FlowRecorder {
  /** What is going to be carried out: flows that end from now on may end because of it. */
  expect(plan: HostPlan): void
  /** It was carried out: what it made is listened to from now on. */
  listen(plan: HostPlan): Promise<void>
  /** The agent is going to end these. */
  ending(flows: readonly Flow[]): void
  /** Looks at what was refused, and at what was lost. */
  look(): Promise<void>
  close(): void
}

/** Where the log is switched off. */
export const silentFlowRecorder: FlowRecorder = {
  expect: () => undefined,
  listen: () => Promise.resolve(),
  ending: () => undefined,
  look: () => Promise.resolve(),
  close: () => undefined,
}

export interface FlowRecorderOptions {
  readonly directory: string
  readonly exec: Exec
  readonly health: () => HealthMap
  readonly now: () => number
  readonly log: Logger
}

/** How long what was seen last explains what is heard next: an unanswered packet is given up after two minutes. */
const explainsMs = 180_000
const sweepEveryMs = 60 * 60 * 1000

export function createFlowRecorder({ directory, exec, health, now, log }: FlowRecorderOptions): FlowRecorder {
  mkdirSync(directory, { recursive: true })
  const files = createAccountFiles(join(directory, 'flow-log'), usualLimits, now)
  const goneFile = join(directory, 'flow-places.jsonl')
  const places = createPlaces(loadGone(goneFile, now()))
  const ended = new Map<string, 'idle' | 'server-left'>()
  const dropped = new Map<string, Reason>()
  /** Since when the two above hold what they do. */
  let explainedSinceMs = now()
  let told: Told[] = []
  /** Packets of each refusal that were told, by VPC. */
  const refused = new Map<string, ReadonlyMap<string, number>>()
  let lookedAtMs = now()
  let sweptAtMs = now()
  let vpcs: readonly VpcPlan[] = []
  let listening: Pick<HostPlan, 'fabric' | 'links'> | undefined

  const listeners = createFlowListeners({
    directory,
    exec,
    onLine(vpc, line) {
      const end = parseFlowEnd(line)
      const one = end && recordOf(end, vpc, knowledge())
      if (one) told.push(one)
    },
    onBatch: flush,
    log,
  })

  function knowledge(): Knowledge {
    return { places, health: health(), ended, dropped }
  }

  function flush(): void {
    const lines = told
    told = []
    try {
      files.write(lines)
    } catch (error) {
      log.error({ err: error, lines: lines.length }, 'flow log not written')
    }
  }

  /** What was refused in a VPC since the last look. */
  async function lookAt({ id, netns }: VpcPlan, sinceMs: number, untilMs: number): Promise<void> {
    const before = refused.get(id)
    const seen = new Map<string, number>()
    for (const refusal of await readRefusals(exec, netns)) {
      const key = keyOf(refusal)
      seen.set(key, refusal.packets)
      const packets = refusal.packets - (before?.get(key) ?? 0)
      if (packets === 0) continue
      if (refusal.why !== 'unserved') dropped.set(droppedTarget(refusal), refusal.why)
      // Fewer than before: it was forgotten in between, and has come anew.
      const fresh = packets > 0 ? packets : refusal.packets
      const one = attemptsOf(refusal, id, fresh, sinceMs, untilMs, knowledge())
      if (one) told.push(one)
    }
    refused.set(id, seen)
  }

  async function baseline({ id, netns }: VpcPlan): Promise<void> {
    const seen = await readRefusals(exec, netns).catch(() => [])
    refused.set(id, new Map(seen.map((refusal) => [keyOf(refusal), refusal.packets])))
  }

  return {
    expect(plan) {
      if (plan.fabric.vpcs !== places.plan()?.fabric.vpcs) {
        listeners.leave(new Set(plan.fabric.vpcs.map(({ id }) => id)))
      }
      const gone = places.update(plan, now())
      if (gone.length > 0)
        appendFileSync(goneFile, gone.map((one) => `${JSON.stringify(one)}\n`).join(''), { mode: 0o600 })
    },
    async listen(plan) {
      const { endpointEnis, wires } = plan.links
      const before = listening
      if (
        before?.fabric.vpcs === plan.fabric.vpcs &&
        before.links.endpointEnis === endpointEnis &&
        before.links.wires === wires
      )
        return
      listening = plan
      const linked = new Set([
        ...endpointEnis.map(({ vpc }) => vpc),
        ...wires.flatMap(({ consumerVpc, providerVpc }) => [consumerVpc, providerVpc]),
        // Until it goes: what was cut a moment ago may not have been heard yet.
        ...vpcs.map(({ id }) => id),
      ])
      vpcs = plan.fabric.vpcs.filter(({ id }) => linked.has(id))
      for (const id of refused.keys()) if (!linked.has(id)) refused.delete(id)
      // What an earlier agent has seen it has told.
      if (!before) await Promise.all(vpcs.map(baseline))
      await listeners.listen(vpcs, false)
    },
    ending(flows) {
      for (const flow of flows) ended.set(transitKey(flow.protocol, flow.original), whyEnded(flow))
    },
    async look() {
      const sinceMs = lookedAtMs
      lookedAtMs = now()
      if (lookedAtMs - explainedSinceMs > explainsMs) {
        ended.clear()
        dropped.clear()
        explainedSinceMs = lookedAtMs
      }
      await listeners.listen(vpcs, true)
      for (const vpc of vpcs) {
        await lookAt(vpc, sinceMs, lookedAtMs).catch((error: unknown) =>
          log.warn({ err: error, vpc: vpc.id }, 'refused packets not read'),
        )
      }
      for (const [vpc, count] of await listeners.takeLost()) {
        for (const { account, side } of ownersOf(vpc)) {
          told.push(lostIn(vpc, count, sinceMs, lookedAtMs, account, side))
        }
        log.warn({ vpc, count }, 'ends of flows were lost')
      }
      flush()
      if (lookedAtMs - sweptAtMs > sweepEveryMs) {
        sweptAtMs = lookedAtMs
        files.sweep()
        loadGone(goneFile, lookedAtMs)
      }
    },
    close() {
      listeners.close()
      flush()
    },
  }

  /** A VPC is one account's; it may be on both sides. */
  function ownersOf(vpc: string): readonly { account: string; side: 'consumer' | 'provider' }[] {
    const links = places.plan()?.links
    const consumer = links?.endpointEnis.find((eni) => eni.vpc === vpc)?.parties.consumer
    const wire = links?.wires.find(({ providerVpc }) => providerVpc === vpc)
    const provider = wire && places.byWire(wire.providerAddress)?.eni.parties.provider
    return [
      ...(consumer === undefined ? [] : [{ account: consumer, side: 'consumer' as const }]),
      ...(provider === undefined ? [] : [{ account: provider, side: 'provider' as const }]),
    ]
  }
}

function keyOf({ protocol, from, to, port, why }: Refusal): string {
  return `${why} ${protocol} ${from} ${to} ${port}`
}

/** Wires and addresses that went shortly before: their flows may be heard now. Older ones are taken out of the file. */
function loadGone(path: string, nowMs: number): readonly Gone[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    // None has gone yet.
    return []
  }
  const gone = text.split('\n').flatMap((line): Gone[] => {
    try {
      const one: Gone = JSON.parse(line)
      return one.atMs > nowMs - keepGoneMs ? [one] : []
    } catch {
      // The last line was cut off.
      return []
    }
  })
  rmSync(path)
  if (gone.length > 0)
    appendFileSync(path, gone.map((one) => `${JSON.stringify(one)}\n`).join(''), { mode: 0o600 })
  return gone
}
