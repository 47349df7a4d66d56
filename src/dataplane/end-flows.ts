/**
 * Ends open TCP connections so that both ends know at once. A reset must carry the number that its receiver expects,
 * which nobody but the ends knows. So the kernel forgets the flow, and each end gets a bare acknowledgement as if from
 * the other one, with a number that cannot be right. TCP answers such a segment with its own numbers (RFC 9293,
 * 3.10.7.4); that answer belongs to no flow any more, and `refuse` resets it with exactly them.
 */
import { addressesOf, type EniPlan, type HostPlan, type VpcPlan, type WirePlan } from '../plan/host-plan.ts'
import { listFlows, reversed, type Direction, type Flow } from './nft/flow-list.ts'
import { forgetFlows, type FlowMatch } from './nft/flows.ts'
import type { Exec } from './exec.ts'
import { forEachLimited } from './parallel.ts'
import { spoofAcknowledgements } from './spoof.ts'

export interface FlowTable {
  /** The flows of a VPC that were translated. */
  list(plan: HostPlan, vpc: string): Promise<readonly Flow[]>
  /** Ends flows of a provider's VPC, and their other halves in the VPCs of those who came by a wire. */
  end(plan: HostPlan, vpc: string, flows: readonly Flow[]): Promise<void>
}

export function createFlowTable(exec: Exec): FlowTable {
  return {
    async list(plan, vpc) {
      const netns = netnsOf(plan, vpc)
      return netns === undefined ? [] : await listFlows(exec, netns)
    },
    async end(plan, vpc, flows) {
      await endIn(exec, plan, vpc, flows)
      const wires = new Map(plan.links.wires.map((wire) => [wire.providerAddress, wire]))
      const arrived = Map.groupBy(flows, ({ original }) => wires.get(original.to))
      for (const [wire, ofWire] of arrived) if (wire) await endBeyond(exec, plan, wire, ofWire)
    },
  }
}

function netnsOf(plan: HostPlan, vpc: string): string | undefined {
  return plan.fabric.vpcs.find(({ id }) => id === vpc)?.netns
}

/** The same flows as the consumer's VPC knows them: their answers come from the wire's address. */
async function endBeyond(exec: Exec, plan: HostPlan, wire: WirePlan, flows: readonly Flow[]): Promise<void> {
  const netns = netnsOf(plan, wire.consumerVpc)
  if (netns === undefined) return
  const ended = new Set(flows.map(({ protocol, original }) => keyOf(protocol, reversed(original))))
  const here = await listFlows(exec, netns)
  await endIn(
    exec,
    plan,
    wire.consumerVpc,
    here.filter(({ protocol, reply }) => ended.has(keyOf(protocol, reply))),
  )
}

function keyOf(protocol: string, { from, fromPort, to, toPort }: Direction): string {
  return `${protocol} ${from}:${fromPort} ${to}:${toPort}`
}

async function endIn(exec: Exec, plan: HostPlan, vpc: string, flows: readonly Flow[]): Promise<void> {
  const netns = netnsOf(plan, vpc)
  if (netns === undefined) return
  const enis = plan.fabric.enis.filter((eni) => eni.vpc === vpc)
  const doors = plan.fabric.vpcs.filter(({ id }) => id === vpc).flatMap((one) => [...doorsOf(one, enis)])
  await endFlows(exec, netns, flows, new Map(doors))
}

/** By which device a neighbour of a VPC's router is reached, and the neighbour's address on it. */
export interface Door {
  readonly device: string
  readonly mac: string
}

/** Doors by address; wires are left to the VPC at their other end. */
export type Doors = ReadonlyMap<string, Door>

export function doorsOf({ serviceLeg }: VpcPlan, enis: readonly EniPlan[]): Doors {
  const { serviceAddress, vpcDevice, serviceMac } = serviceLeg
  return new Map([
    ...enis.flatMap((eni) =>
      addressesOf(eni).map((address) => [address, { device: eni.vpcDevice, mac: eni.mac }] as const),
    ),
    [serviceAddress, { device: vpcDevice, mac: serviceMac }] as const,
  ])
}

/** The kernel forgets the flows, and those of their ends that a door leads to are told. */
export async function endFlows(
  exec: Exec,
  netns: string,
  matches: readonly FlowMatch[],
  doors: Doors,
): Promise<readonly Flow[]> {
  const ended: Flow[] = []
  await forEachLimited(matches, async (match) => {
    ended.push(...(await forgetFlows(exec, netns, match)))
  })
  const segments = ended
    .filter(({ protocol }) => protocol === 'tcp')
    .flatMap(({ original, reply }) => [reversed(original), reversed(reply)])
    .flatMap((segment) => {
      const door = doors.get(segment.to)
      return door ? [{ ...segment, ...door }] : []
    })
  if (segments.length > 0) await spoofAcknowledgements(exec, netns, segments)
  return ended
}
