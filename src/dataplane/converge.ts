/**
 * From a plan to the kernel: observe, compare, apply, for all namespaces side by side. The order of the steps makes each
 * of them safe to be the last one before a crash:
 *
 *     cut           delete the devices that must go: a wire that is denied carries nothing from here on
 *     namespaces    make the missing ones, with forwarding off
 *     rules         one transaction per namespace
 *     pairs         only where the rules are loaded in both namespaces; addresses, routes, neighbours of those that make some
 *     objects       the same for all others and for the pairs' other ends
 *     rates         limits of wires, beside the objects
 *     forwarding    on, where the rules are loaded
 *     flows         of wires and balancers that are gone, and of endpoints whose security groups admit less, end
 *
 * What fails becomes a problem of the items concerned, and its namespace is read back the next time.
 */
import type { CutReport, Problem } from '../protocol/messages.ts'
import type { HostPlan, WirePlan } from '../plan/host-plan.ts'
import { netnsName, netnsPrefix } from '../plan/kernel-names.ts'
import { createCounterReader } from './counters.ts'
import { mergeCut, openThrough, wiresByAddress } from './cuts.ts'
import type { Dataplane } from './dataplane.ts'
import { doorsOf } from './end-flows.ts'
import type { Failure } from './exec.ts'
import type { Kernel } from './kernel.ts'
import { diffObjects, unwantedDevices } from './netns/diff.ts'
import type { IpOp } from './netns/ops.ts'
import { diffTable } from './nft/diff.ts'
import { reversed, type Flow } from './nft/flow-list.ts'
import type { FlowMatch } from './nft/flows.ts'
import { brokenPairs } from './pairs.ts'
import { forEachLimited } from './parallel.ts'
import { renderSlice } from './render/namespaces.ts'
import type { PartCache } from './render/parts.ts'
import { createPartCache } from './render/parts.ts'
import { changedItems, sameSlice, withChangedWires, type SlicePair } from './slice-changes.ts'
import { judgeOf, narrowed } from './security-judge.ts'
import { createSlicer } from './slicer.ts'
import { devicesIn, type Slice, type VpcSlice } from './slices.ts'
import type { NamespaceState, WantedState } from './state.ts'
import { emptyState, forwarding } from './state.ts'
import { diffRates } from './tc/rates.ts'

/** What is known of a namespace. */
interface Known {
  /** The last slice that was carried out in full. */
  readonly slice: Slice | undefined
  /** It holds what that slice says. Otherwise it has to be read back. */
  readonly sure: boolean
}

/** What a data plane keeps from call to call. */
interface Memory {
  readonly kernel: Kernel
  readonly prefix: string
  readonly known: Map<string, Known>
  readonly cache: PartCache
  readonly slicePlan: ReturnType<typeof createSlicer>
  readonly now: () => number
  /** Not taken yet. */
  readonly cuts: CutReport[]
}

export function createDataplane({
  deployment,
  kernel,
  now = Date.now,
}: {
  readonly deployment: string
  readonly kernel: Kernel
  readonly now?: () => number
}): Dataplane {
  const prefix = netnsPrefix(deployment)
  const known = new Map<string, Known>()
  const cuts: CutReport[] = []
  const memory = { kernel, prefix, known, cache: createPartCache(), slicePlan: createSlicer(), now, cuts }
  return {
    apply: (plan, how, leaving = []) => new Round(memory, leaving).run(plan, how),
    takeCuts: () => cuts.splice(0),
    readCounters: createCounterReader(kernel, now),
    removeAll: async () => {
      known.clear()
      const failures = await kernel.deleteNamespaces(await kernel.namespaces(prefix))
      const serious = failures.filter(({ kind }) => kind !== 'not-found')
      if (serious.length > 0) throw new Error(serious.map(({ message }) => message).join('; '))
    },
    close: () => kernel.close(),
  }
}

/** One call of `apply`. */
class Round {
  readonly #kernel: Kernel
  readonly #prefix: string
  readonly #known: Map<string, Known>
  readonly #cache: PartCache
  readonly #slicePlan: Memory['slicePlan']
  readonly #now: () => number
  readonly #taken: CutReport[]
  readonly #problems = new Map<string, string>()
  /** By the address that names them. */
  readonly #leaving: ReadonlyMap<string, WirePlan>
  /** By wire. */
  readonly #cuts = new Map<string, CutReport>()
  /** Wires that are gone and whose flows could not be ended: not cut yet. */
  readonly #open = new Set<string>()
  /** When the devices that had to go were gone, and when the rules held. */
  #devicesAtMs = 0
  #rulesAtMs = 0
  #slices: ReadonlyMap<string, Slice> = new Map()
  /** Namespaces that this round looks at, what they should hold and what they held at its start. */
  readonly #want = new Map<string, WantedState>()
  readonly #have = new Map<string, NamespaceState>()
  /** Namespaces that this round only looks up. */
  readonly #rendered = new Map<string, NamespaceState>()
  readonly #missing = new Set<string>()
  /** Something in it failed: it is not what the plan says. */
  readonly #unsure = new Set<string>()
  /** Its rules or its very existence failed: nothing is to be built in it. */
  readonly #closed = new Set<string>()

  constructor({ kernel, prefix, known, cache, slicePlan, now, cuts }: Memory, leaving: readonly WirePlan[]) {
    this.#leaving = new Map(leaving.map((wire) => [wire.providerAddress, wire]))
    this.#now = now
    this.#taken = cuts
    this.#kernel = kernel
    this.#prefix = prefix
    this.#known = known
    this.#cache = cache
    this.#slicePlan = slicePlan
  }

  async run(plan: HostPlan, how: 'cached' | 'observed'): Promise<readonly Problem[]> {
    const { slices, problems } = this.#slicePlan(plan)
    this.#slices = slices
    for (const { id, message } of problems) this.#problems.set(id, message)
    const unwanted = await this.#look(slices, how)
    const bare = brokenPairs(this.#want, (netns) =>
      this.#closed.has(netns) ? undefined : this.#stateOf(netns),
    )
    for (const netns of bare.keys()) this.#include(netns)

    await this.#cut(unwanted, bare)
    this.#devicesAtMs = this.#now()
    await this.#addNamespaces()
    const pairs = this.#loadRules().then(() => this.#makePairs(bare))
    // Limits wait for the pairs, but their programs prepare themselves while the kernel takes the rules.
    await Promise.all([pairs.then((rest) => this.#changeObjects(rest)), this.#changeRates(bare, pairs)])
    this.#rulesAtMs = this.#now()
    await this.#startForwarding()
    await this.#endFlowsOfGone()
    await this.#endRefusedFlows()
    this.#taken.push(...[...this.#cuts.values()].filter(({ wire }) => !this.#open.has(wire)))
    this.#remember()
    return [...this.#problems]
      .map(([id, message]) => ({ id, message }))
      .sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  /** Fills `want` and `have` for the namespaces to be compared; gives those that nobody wants. */
  async #look(slices: ReadonlyMap<string, Slice>, how: 'cached' | 'observed'): Promise<readonly string[]> {
    const unread: string[] = []
    const changed: SlicePair[] = []
    for (const [netns, slice] of slices) {
      const old = how === 'cached' ? this.#sureSlice(netns) : undefined
      if (!old) unread.push(netns)
      else if (!sameSlice(old, slice)) changed.push([old, slice])
    }
    // What is read back may show that a wire is broken that did not change.
    for (const [before, after] of unread.length > 0 ? changed : withChangedWires(changed)) {
      this.#have.set(after.netns, renderSlice(before, this.#cache))
      this.#want.set(after.netns, renderSlice(after, this.#cache))
    }
    for (const netns of unread) {
      const slice = slices.get(netns)
      if (slice) this.#want.set(netns, renderSlice(slice, this.#cache))
    }
    const vanished = [...this.#known.keys()].some((netns) => !slices.has(netns))
    if (unread.length === 0 && !vanished) return []
    const present = new Set(await this.#kernel.namespaces(this.#prefix))
    await forEachLimited(unread, (netns) => this.#observe(netns, present.has(netns)))
    return [...present].filter((netns) => !slices.has(netns))
  }

  async #observe(netns: string, present: boolean): Promise<void> {
    const want = this.#want.get(netns)
    if (!want) return
    this.#have.set(netns, emptyState)
    if (!present) {
      this.#missing.add(netns)
      return
    }
    await this.#guard(netns, async () => {
      this.#have.set(netns, await this.#kernel.observe(netns, want))
    })
  }

  /** A namespace that did not change is compared after all when a pair with one that did is broken. */
  #include(netns: string): void {
    const slice = this.#sureSlice(netns)
    if (this.#want.has(netns) || !slice) return
    const state = renderSlice(slice, this.#cache)
    this.#want.set(netns, state)
    this.#have.set(netns, state)
  }

  #sureSlice(netns: string): Slice | undefined {
    const known = this.#known.get(netns)
    return known?.sure ? known.slice : undefined
  }

  #stateOf(netns: string): NamespaceState {
    const had = this.#have.get(netns) ?? this.#rendered.get(netns)
    if (had) return had
    const slice = this.#sureSlice(netns)
    if (!slice) return emptyState
    const state = renderSlice(slice, this.#cache)
    this.#rendered.set(netns, state)
    return state
  }

  async #cut(unwanted: readonly string[], bare: ReadonlyMap<string, ReadonlySet<string>>): Promise<void> {
    await this.#eachOpen(async (netns, want, have) => {
      const broken = [...(bare.get(netns) ?? [])].filter((device) => have.devices.has(device))
      const devices = new Set([...unwantedDevices(want, have), ...broken])
      await this.#links(
        netns,
        [...devices].map((device) => ({ op: 'link-del', device })),
      )
    })
    for (const netns of this.#known.keys()) if (!this.#slices.has(netns)) this.#known.delete(netns)
    if (unwanted.length === 0) return
    for (const { line, kind, message } of await failuresOf(() => this.#kernel.deleteNamespaces(unwanted))) {
      if (kind === 'not-found') continue
      for (const netns of line === undefined ? unwanted : unwanted.slice(line, line + 1)) {
        this.#problems.set(netns.slice(this.#prefix.length), message)
        this.#known.set(netns, { slice: undefined, sure: false })
      }
    }
  }

  async #addNamespaces(): Promise<void> {
    const names = [...this.#missing]
    if (names.length > 0) {
      for (const { line, message } of await failuresOf(() => this.#kernel.addNamespaces(names))) {
        const failed = line === undefined ? names : names.slice(line, line + 1)
        for (const netns of failed) this.#close(netns, message)
      }
    }
    await this.#eachOpen(async (netns, want, have) => {
      const values = new Map(
        [...want.sysctls].filter(
          ([name, value]) => have.sysctls.get(name) !== value && !(name === forwarding && value === '1'),
        ),
      )
      // A new namespace takes forwarding over from the host, and one may have been left in that state.
      if (want.table && !have.table && have.sysctls.get(forwarding) !== '0') values.set(forwarding, '0')
      if (values.size > 0) await this.#guard(netns, () => this.#kernel.setSysctls(netns, values))
    })
  }

  async #loadRules(): Promise<void> {
    await this.#eachOpen(async (netns, want, have) => {
      if (!want.table) return
      const ops = diffTable(want.table, have.table)
      if (ops.length > 0) await this.#guard(netns, () => this.#kernel.changeTable(netns, ops))
    })
  }

  /** Gives what is left to do: what hangs on devices that appear with the pairs of other namespaces. */
  async #makePairs(
    bare: ReadonlyMap<string, ReadonlySet<string>>,
  ): Promise<ReadonlyMap<string, readonly IpOp[]>> {
    const rest = new Map<string, readonly IpOp[]>()
    await this.#eachOpen(async (netns, want, have) => {
      const ops: IpOp[] = []
      for (const device of bare.get(netns) ?? []) {
        const wanted = want.devices.get(device)
        if (!wanted?.peer?.makes) continue
        if (this.#closed.has(wanted.peer.netns)) {
          this.#fail(netns, [wanted.item], `${wanted.peer.netns} is not ready`)
        } else {
          ops.push({ op: 'link-add', device, mac: wanted.mac, arp: wanted.arp, peer: wanted.peer })
        }
      }
      const objects = diffObjects(want, have, lost(want, have, bare.get(netns)))
      const waits = ({ device }: IpOp) =>
        (bare.get(netns)?.has(device) ?? false) && want.devices.get(device)?.peer?.makes === false
      // One program less where pairs are made: the batch that makes them goes on with all that needs no other.
      const own = ops.length > 0 ? objects.filter((op) => !waits(op)) : []
      rest.set(netns, ops.length > 0 ? objects.filter(waits) : objects)
      await this.#links(netns, [...ops, ...own])
    })
    return rest
  }

  #changeObjects(rest: ReadonlyMap<string, readonly IpOp[]>): Promise<void> {
    return this.#eachOpen((netns) => this.#links(netns, rest.get(netns) ?? []))
  }

  async #changeRates(bare: ReadonlyMap<string, ReadonlySet<string>>, pairs: Promise<unknown>): Promise<void> {
    await this.#eachOpen(async (netns, want, have) => {
      const ops = diffRates(want.rates, have.rates, lost(want, have, bare.get(netns)))
      if (ops.length === 0) return
      const slice = this.#slices.get(netns)
      const turn = { ready: pairs, devices: slice ? devicesIn(slice) : 0 }
      const failures = await failuresOf(() => this.#kernel.changeRates(netns, ops, turn))
      this.#report(netns, failures, (line) => ops[line]?.device)
    })
  }

  async #startForwarding(): Promise<void> {
    await this.#eachOpen(async (netns, want, have) => {
      if (want.sysctls.get(forwarding) !== '1') return
      if (have.table && have.sysctls.get(forwarding) === '1') return
      await this.#guard(netns, () => this.#kernel.setSysctls(netns, new Map([[forwarding, '1']])))
    })
  }

  /** Open flows of wires and of balancers' addresses that are gone, of wires in both VPCs: otherwise an end that only waits would never know. */
  async #endFlowsOfGone(): Promise<void> {
    await this.#eachOpen(async (netns, want, have) => {
      const slice = this.#slices.get(netns)
      if (slice?.kind !== 'vpc') return
      // An agent that was killed, or a program that failed, may have taken the wire out of the rules and left its flows.
      const leaving = (side: 'consumerVpc' | 'providerVpc') =>
        [...this.#leaving].flatMap(([address, wire]) => (wire[side] === slice.vpc.id ? [address] : []))
      const ended = (set: 'wire-sources' | 'wires' | 'balancers', left: readonly string[] = []) =>
        [...new Set([...(have.table?.sets.get(set)?.elements.keys() ?? []), ...left])].filter(
          (address) => !want.table?.sets.get(set)?.elements.has(address),
        )
      const matches = [
        ...ended('wire-sources', leaving('consumerVpc')).map((answeredFrom) => ({ answeredFrom })),
        ...ended('wires', leaving('providerVpc')).map((sentTo) => ({ sentTo })),
        ...ended('balancers').map((sentTo) => ({ sentTo })),
      ]
      const flows = await this.#end(slice, matches)
      const wires = wiresByAddress(this.#known.get(netns)?.slice)
      for (const match of matches) {
        const address = 'sentTo' in match ? match.sentTo : match.answeredFrom
        const wire = wires.get(address) ?? this.#leaving.get(address)
        if (!wire) continue
        if (flows) this.#note(wire, 'disconnected', flows)
        else this.#open.add(wire.id)
      }
    })
  }

  #note(wire: WirePlan, cause: CutReport['cause'], flows: readonly Flow[]): void {
    const cut: CutReport = {
      wire: wire.id,
      cause,
      kernelAtMs: cause === 'disconnected' ? this.#devicesAtMs : this.#rulesAtMs,
      endedAtMs: this.#now(),
      flows: openThrough(wire, flows),
    }
    this.#cuts.set(wire.id, mergeCut(this.#cuts.get(wire.id), cut))
  }

  /** Open flows that the security groups would not admit any more, with their other halves beyond the wires. */
  async #endRefusedFlows(): Promise<void> {
    await this.#eachOpen(async (netns) => {
      const slice = this.#slices.get(netns)
      if (slice?.kind !== 'vpc' || slice.endpointEnis.length === 0) return
      if (!narrowed(this.#known.get(netns)?.slice, slice)) return
      await this.#guard(netns, async () => {
        const admits = judgeOf(slice)
        const refused = (await this.#kernel.flows(netns)).filter((flow) => !admits(flow))
        await this.#end(slice, refused)
        for (const wire of slice.consumed) {
          const provider = this.#slices.get(netnsName(slice.deployment, wire.providerVpc))
          const halves = refused
            .filter(({ reply }) => reply.from === wire.providerAddress)
            .map(({ protocol, reply }) => ({ protocol, original: reversed(reply) }))
          if (provider?.kind === 'vpc') await this.#end(provider, halves)
          if (openThrough(wire, refused) > 0) this.#note(wire, 'security-group', refused)
        }
      })
    })
  }

  /** Undefined when that failed. */
  async #end(
    { netns, vpc, enis }: VpcSlice,
    matches: readonly FlowMatch[],
  ): Promise<readonly Flow[] | undefined> {
    if (matches.length === 0) return []
    let ended: readonly Flow[] | undefined
    await this.#guard(netns, async () => {
      ended = await this.#kernel.endFlows(netns, matches, doorsOf(vpc, enis))
    })
    return ended
  }

  #remember(): void {
    for (const netns of this.#want.keys()) {
      if (this.#unsure.has(netns)) {
        this.#known.set(netns, { slice: this.#known.get(netns)?.slice, sure: false })
      } else {
        this.#known.set(netns, { slice: this.#slices.get(netns), sure: true })
      }
    }
  }

  /** Every namespace of the round in which something may still be built, a few at a time. */
  #eachOpen(
    action: (netns: string, want: WantedState, have: NamespaceState) => Promise<void>,
  ): Promise<void> {
    const open = [...this.#want].filter(([netns]) => !this.#closed.has(netns))
    return forEachLimited(open, ([netns, want]) => action(netns, want, this.#stateOf(netns)))
  }

  async #links(netns: string, ops: readonly IpOp[]): Promise<void> {
    if (ops.length === 0) return
    const failures = await failuresOf(() => this.#kernel.changeLinks(netns, ops))
    const gone = ({ line, kind }: Failure) =>
      kind === 'not-found' && line !== undefined && ['del', 'link-del'].includes(ops[line]?.op ?? '')
    this.#report(
      netns,
      failures.filter((failure) => !gone(failure)),
      (line) => ops[line]?.device,
    )
  }

  /** Failed lines of a batch become problems of the items whose devices they are about. */
  #report(netns: string, failures: readonly Failure[], deviceAt: (line: number) => string | undefined): void {
    for (const { line, message } of failures) {
      const device = line === undefined ? undefined : deviceAt(line)
      const item = device === undefined ? undefined : this.#want.get(netns)?.devices.get(device)?.item
      this.#fail(netns, item ? [item] : this.#itemsAt(netns), message)
    }
  }

  /** Runs a step without which nothing more may be built in this namespace. */
  async #guard(netns: string, action: () => Promise<void>): Promise<void> {
    try {
      await action()
    } catch (error) {
      this.#close(netns, messageOf(error))
    }
  }

  #close(netns: string, message: string): void {
    this.#closed.add(netns)
    this.#fail(netns, this.#itemsAt(netns), message)
  }

  #itemsAt(netns: string): readonly string[] {
    const slice = this.#slices.get(netns)
    const changed = slice ? changedItems(this.#known.get(netns)?.slice, slice) : []
    return changed.length > 0 ? changed : [this.#want.get(netns)?.owner ?? netns]
  }

  /** The first message of an item is kept: what comes after it mostly follows from it. */
  #fail(netns: string, items: readonly string[], message: string): void {
    this.#unsure.add(netns)
    for (const item of items) if (!this.#problems.has(item)) this.#problems.set(item, message)
  }
}

/** Devices that are not there any more, or are there anew: without addresses, routes or limits. */
function lost(
  want: WantedState,
  have: NamespaceState,
  bare: ReadonlySet<string> = new Set(),
): ReadonlySet<string> {
  return new Set([...bare, ...unwantedDevices(want, have)])
}

/** A batch that could not even be run has failed as a whole. */
async function failuresOf(run: () => Promise<readonly Failure[]>): Promise<readonly Failure[]> {
  try {
    return await run()
  } catch (error) {
    return [{ line: undefined, kind: 'other', message: messageOf(error) }]
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
