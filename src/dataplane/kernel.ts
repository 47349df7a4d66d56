import type { Doors } from './end-flows.ts'
import type { Failure } from './exec.ts'
import type { IpOp } from './netns/ops.ts'
import type { Flow } from './nft/flow-list.ts'
import type { FlowMatch } from './nft/flows.ts'
import type { NftOp } from './nft/ops.ts'
import type { NamespaceState, WantedState } from './state.ts'
import type { RatesTurn } from './tc/rate-programs.ts'
import type { RateOp } from './tc/rates.ts'

/** Everything that is asked of the kernel. `linuxKernel` runs programs, `FakeKernel` keeps objects in memory. */
export interface Kernel {
  /** Names with this prefix. */
  namespaces(prefix: string): Promise<readonly string[]>
  addNamespaces(names: readonly string[]): Promise<readonly Failure[]>
  deleteNamespaces(names: readonly string[]): Promise<readonly Failure[]>
  /** What is there; of the sysctls and of the table only if something of the kind is wanted. */
  observe(netns: string, want: WantedState): Promise<NamespaceState>
  setSysctls(netns: string, values: ReadonlyMap<string, string>): Promise<void>
  /** A batch goes on after a failed line. */
  changeLinks(netns: string, ops: readonly IpOp[]): Promise<readonly Failure[]>
  /** It may prepare itself before its turn. */
  changeRates(netns: string, ops: readonly RateOp[], turn: RatesTurn): Promise<readonly Failure[]>
  /** All or nothing. */
  changeTable(netns: string, ops: readonly NftOp[]): Promise<void>
  /** The flows that were translated. */
  flows(netns: string): Promise<readonly Flow[]>
  /** Forgets flows, and tells their ends that the doors lead to. Gives the flows that there were. */
  endFlows(netns: string, matches: readonly FlowMatch[], doors: Doors): Promise<readonly Flow[]>
  counters(netns: string, what: CountersWanted): Promise<NamespaceCounters>
  /** Ends the programs that wait for the next call. */
  close(): Promise<void>
}

export interface CountersWanted {
  readonly devices: boolean
  /** What the queues of devices dropped. */
  readonly queues: boolean
  /** The table's counters. */
  readonly table: boolean
  /** Open flows, which costs as much as there are. */
  readonly flows: boolean
}

export interface NamespaceCounters {
  readonly devices: ReadonlyMap<string, DeviceCounters>
  readonly table: ReadonlyMap<string, TableCounter>
  /** Undefined when it was not asked for. */
  readonly flows: Flows | undefined
}

export interface Flows {
  readonly byMark: FlowCounts
  /** By the address that was called. */
  readonly byAddress: FlowCounts
  /** By source address: how many of its ports are taken towards the one target that takes most. A port is free for another target. */
  readonly portsUsed: ReadonlyMap<string, number>
}

export interface TableCounter {
  readonly packets: number
  readonly bytes: number
}

export type FlowCounts = ReadonlyMap<string, { readonly active: number; readonly inactive: number }>

export interface DeviceCounters {
  readonly receivedBytes: number
  readonly receivedPackets: number
  readonly sentBytes: number
  readonly sentPackets: number
  /** Packets that the device or its token bucket dropped on the way out. */
  readonly dropped: number
}
