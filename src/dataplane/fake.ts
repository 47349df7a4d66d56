/**
 * A kernel in memory, with the semantics of the real one as far as the drivers can notice: what exists twice, what is
 * missing, what goes with a device, transactions that are all or nothing, a namespace that takes forwarding over
 * from its host. It prints what was done as the commands one would type.
 */
import type { Failure, FailureKind } from './exec.ts'
import type { Kernel, NamespaceCounters } from './kernel.ts'
import { keyOf } from './netns/diff.ts'
import type { IpOp } from './netns/ops.ts'
import { printIpOp } from './netns/ops.ts'
import { FakeTable } from './fake-table.ts'
import type { Flow } from './nft/flow-list.ts'
import { optionsOf, type FlowMatch } from './nft/flows.ts'
import type { NftOp } from './nft/ops.ts'
import { printNftOps } from './nft/ops.ts'
import type { IpObject, NamespaceState, WantedState } from './state.ts'
import { forwarding } from './state.ts'
import type { RatesTurn } from './tc/rate-programs.ts'
import type { RateOp } from './tc/rates.ts'
import { printRateOp } from './tc/rates.ts'

interface FakeDevice {
  readonly mac: string
  readonly arp: boolean
  readonly index: number
  readonly peer: { readonly netns: string; readonly device: string } | undefined
  up: boolean
}

interface FakeNamespace {
  readonly sysctls: Map<string, string>
  readonly devices: Map<string, FakeDevice>
  readonly objects: Map<string, IpObject>
  readonly rates: Map<string, number>
  table: FakeTable | undefined
}

class Refusal extends Error {
  readonly kind: FailureKind

  constructor(kind: FailureKind, message: string) {
    super(message)
    this.kind = kind
  }
}

export class FakeKernel implements Kernel {
  readonly #namespaces = new Map<string, FakeNamespace>()
  readonly #log: string[] = []
  #operations = 0
  #nextIndex = 2
  /** Says which operation, counted from the last `restart`, fails. */
  #fails: (operation: number) => boolean = () => false
  readonly #watch: (kernel: FakeKernel) => void

  /** `watch` is called after each operation. */
  constructor(watch: (kernel: FakeKernel) => void = () => undefined) {
    this.#watch = watch
  }

  /** Starts counting again, and the log; operations fail as told. */
  restart(fails: (operation: number) => boolean = () => false): void {
    this.#operations = 0
    this.#log.length = 0
    this.#fails = fails
  }

  get operations(): number {
    return this.#operations
  }

  get log(): string {
    return this.#log.join('\n')
  }

  /** Everything that is there, as text that is equal for equal kernels. */
  dump(): string {
    return [...this.#namespaces]
      .flatMap(([name, { sysctls, devices, objects, rates, table }]) => [
        name,
        ...[...sysctls].map(([key, value]) => `${name} sysctl ${key}=${value}`),
        ...[...devices].map(
          ([device, { mac, arp, up, peer }]) =>
            `${name} link ${device} ${mac} ${arp ? 'arp' : 'noarp'} ${up ? 'up' : 'down'} ${peer?.netns}/${peer?.device}`,
        ),
        ...[...objects.keys()].map((key) => `${name} ${key}`),
        ...[...rates].map(([device, rate]) => `${name} rate ${device} ${rate}`),
        ...(table?.dump() ?? []).map((line) => `${name} nft ${line}`),
      ])
      .sort()
      .join('\n')
  }

  state(netns: string): NamespaceState | undefined {
    const space = this.#namespaces.get(netns)
    if (!space) return undefined
    const indexOf = ({ netns: far, device }: { netns: string; device: string }) =>
      this.#namespaces.get(far)?.devices.get(device)?.index
    return {
      sysctls: new Map(space.sysctls),
      devices: new Map(
        [...space.devices].map(([device, { mac, arp, up, index, peer }]) => {
          const peerIndex = peer && indexOf(peer)
          return [device, { mac, arp, up, index, ...(peerIndex === undefined ? {} : { peerIndex }) }]
        }),
      ),
      objects: new Map(space.objects),
      rates: new Map(space.rates),
      table: space.table?.state(),
    }
  }

  async namespaces(prefix: string): Promise<readonly string[]> {
    return [...this.#namespaces.keys()].filter((name) => name.startsWith(prefix)).sort()
  }

  async observe(netns: string, want: WantedState): Promise<NamespaceState> {
    const state = this.state(netns)
    if (!state) throw new Refusal('not-found', `${netns}: No such file or directory`)
    const sysctls = [...want.sysctls.keys()].map((key): [string, string] => [
      key,
      state.sysctls.get(key) ?? '?',
    ])
    return { ...state, sysctls: new Map(sysctls), table: want.table && state.table }
  }

  async addNamespaces(names: readonly string[]): Promise<readonly Failure[]> {
    return this.#batch(
      names,
      (name) => `ip netns add ${name}`,
      (name) => {
        if (this.#namespaces.has(name)) throw new Refusal('exists', 'File exists')
        this.#namespaces.set(name, {
          sysctls: new Map([[forwarding, '1']]),
          devices: new Map([
            ['lo', { mac: '00:00:00:00:00:00', arp: true, index: 1, peer: undefined, up: false }],
          ]),
          objects: new Map(),
          rates: new Map(),
          table: undefined,
        })
      },
    )
  }

  async deleteNamespaces(names: readonly string[]): Promise<readonly Failure[]> {
    return this.#batch(
      names,
      (name) => `ip netns del ${name}`,
      (name) => {
        for (const device of this.#space(name).devices.keys()) this.#deleteDevice(name, device)
        this.#namespaces.delete(name)
      },
    )
  }

  async setSysctls(netns: string, values: ReadonlyMap<string, string>): Promise<void> {
    const settings = [...values].map(([key, value]) => `${key}=${value}`)
    this.#operate(`ip netns exec ${netns} sysctl -w ${settings.join(' ')}`, () => {
      const { sysctls } = this.#space(netns)
      for (const [key, value] of values) sysctls.set(key, value)
    })
  }

  async changeLinks(netns: string, ops: readonly IpOp[]): Promise<readonly Failure[]> {
    return this.#batch(
      ops,
      (op) => `ip -n ${netns} ${printIpOp(op)}`,
      (op) => this.#changeLink(netns, op),
      (op) => op.op === 'del' && op.kind === 'neigh',
    )
  }

  async changeRates(
    netns: string,
    ops: readonly RateOp[],
    { ready }: RatesTurn,
  ): Promise<readonly Failure[]> {
    await ready
    return this.#batch(
      ops,
      (op) => `tc -n ${netns} ${printRateOp(op)}`,
      (op) => {
        const { devices, rates } = this.#space(netns)
        if (!devices.has(op.device)) throw new Refusal('not-found', `Cannot find device "${op.device}"`)
        if (rates.has(op.device) !== (op.op !== 'add'))
          throw new Refusal('other', `cannot ${op.op} ${op.device}`)
        if (op.op === 'del') rates.delete(op.device)
        else rates.set(op.device, op.rateMbps)
      },
    )
  }

  async changeTable(netns: string, ops: readonly NftOp[]): Promise<void> {
    const lines = printNftOps(ops).trimEnd().replaceAll('\n', '\n  ')
    this.#operate(`ip netns exec ${netns} nft -f -\n  ${lines}`, () => {
      const space = this.#space(netns)
      space.table = FakeTable.after(space.table, ops)
    })
  }

  /** No packets, no flows. */
  async flows(netns: string): Promise<readonly Flow[]> {
    this.#space(netns)
    return []
  }

  async endFlows(netns: string, matches: readonly FlowMatch[]): Promise<void> {
    for (const match of matches) {
      const options = optionsOf(match).join(' ')
      this.#operate(`ip netns exec ${netns} conntrack -D -f ipv4 ${options}`, () => this.#space(netns))
    }
  }

  async close(): Promise<void> {}

  async counters(): Promise<NamespaceCounters> {
    return { devices: new Map(), table: new Map(), flows: undefined }
  }

  #changeLink(netns: string, op: IpOp): void {
    const { devices, objects } = this.#space(netns)
    const device = devices.get(op.device)
    if (op.op === 'link-add') {
      const far = this.#space(op.peer.netns).devices
      if (device || far.has(op.peer.device)) throw new Refusal('exists', 'File exists')
      const { mac, arp } = op
      devices.set(op.device, { mac, arp, index: this.#nextIndex++, peer: op.peer, up: false })
      const peer = { netns, device: op.device }
      far.set(op.peer.device, { mac: op.peer.mac, arp, index: this.#nextIndex++, peer, up: false })
      return
    }
    // A rule is text to the kernel: it has no device.
    const rule = 'kind' in op && op.kind === 'rule'
    if (!device && !rule) throw new Refusal('not-found', `Cannot find device "${op.device}"`)
    if (op.op === 'link-del') this.#deleteDevice(netns, op.device)
    else if (op.op !== 'link-up') this.#changeObject(objects, op, device?.up ?? true)
    else if (device) device.up = true
  }

  #changeObject(objects: Map<string, IpObject>, op: Extract<IpOp, { op: 'add' | 'del' }>, up: boolean): void {
    const { kind, text, device } = op
    const object = { kind, text, device }
    const key = keyOf(object)
    const rival = [...objects.values()].find((other) => other.kind === kind && place(other) === place(object))
    if (op.op === 'del') {
      if (!objects.delete(key)) throw new Refusal('not-found', 'No such process')
      const last =
        kind === 'addr' && ![...objects.values()].some((o) => o.kind === 'addr' && o.device === device)
      for (const [other, { kind: its, device: on }] of objects) {
        if (last && on === device && its !== 'rule') objects.delete(other)
      }
    } else {
      if (rival && kind !== 'neigh') throw new Refusal('exists', 'File exists')
      if (kind === 'route' && !up) throw new Refusal('other', 'Device for nexthop is not up')
      const source = kind === 'route' && / src (\S+)/.exec(text)?.[1]
      const local = (other: IpObject) => other.kind === 'addr' && other.text.startsWith(`${source}/`)
      if (source && ![...objects.values()].some(local)) throw new Refusal('other', 'Invalid prefsrc address')
      if (rival) objects.delete(keyOf(rival))
      objects.set(key, object)
    }
  }

  #deleteDevice(netns: string, name: string): void {
    const { devices, objects, rates } = this.#space(netns)
    const peer = devices.get(name)?.peer
    if (!devices.delete(name)) return
    rates.delete(name)
    for (const [key, { kind, device }] of objects) if (device === name && kind !== 'rule') objects.delete(key)
    if (peer) this.#deleteDevice(peer.netns, peer.device)
  }

  #space(netns: string): FakeNamespace {
    const space = this.#namespaces.get(netns)
    if (!space)
      throw new Refusal('not-found', `Cannot open network namespace "${netns}": No such file or directory`)
    return space
  }

  /** Goes on after a failed line, but for those after which the program itself gives up, and does not name the line. */
  #batch<T>(
    items: readonly T[],
    print: (item: T) => string,
    action: (item: T) => void,
    fatal: (item: T) => boolean = () => false,
  ): readonly Failure[] {
    const failures: Failure[] = []
    for (const [line, item] of items.entries()) {
      try {
        this.#operate(print(item), () => action(item))
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        const { kind, message } = error
        failures.push({ line: fatal(item) ? undefined : line, kind, message })
        if (fatal(item)) break
      }
    }
    return failures
  }

  #operate(command: string, action: () => void): void {
    if (this.#fails(++this.#operations))
      throw new Refusal('other', `operation ${this.#operations} was made to fail`)
    action()
    this.#log.push(command)
    this.#watch(this)
  }
}

/** What an object is unique by. */
function place({ kind, text, device }: IpObject): string {
  const [first = ''] = text.split(' ')
  switch (kind) {
    case 'addr':
    case 'neigh':
      return `${first} ${device}`
    case 'route':
      return `${first} ${/ metric \d+/.exec(text)?.[0]}${/ table \d+/.exec(text)?.[0]}`
    case 'rule':
      return text
  }
}
