import { formatAddress, gatewayAddress, parseAddress, parseCidr } from '../model/ipv4.ts'
import type { Vpc, VSwitch } from '../model/world.ts'
import type { ServiceLegPlan, VpcPlan, VSwitchPlan } from '../plan/host-plan.ts'
import { deviceName, macAddress, netnsName } from '../plan/kernel-names.ts'
import type { Index } from './index-world.ts'

const transitBase = parseAddress('100.64.0.0') ?? 0

/** Numbers below 1000 stay free for the kernel's own tables (local 255, main 254) and for people. */
const firstTable = 1000

export function compileVpcs(index: Index): VpcPlan[] {
  return [...index.vpcs.values()].map((vpc) => {
    const vswitches = index.vswitchesOfVpc.get(vpc.id) ?? []
    return index.memo.of(vpc.id, [vpc, index.world.deployment, ...vswitches], () =>
      compileVpc(index, vpc, vswitches),
    )
  })
}

function compileVpc(index: Index, vpc: Vpc, vswitches: readonly VSwitch[]): VpcPlan {
  return {
    id: vpc.id,
    netns: netnsName(index.world.deployment, vpc.id),
    blocks: [vpc.cidr, ...vpc.blocks],
    vswitches: vswitches.map(compileVSwitch).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    serviceLeg: compileServiceLeg(vpc),
  }
}

function compileVSwitch(vswitch: VSwitch): VSwitchPlan {
  return {
    id: vswitch.id,
    cidr: vswitch.cidr,
    zone: vswitch.zone,
    gateway: gatewayOf(vswitch.cidr),
    resolverSource: vswitch.resolverSource,
    table: firstTable + pairNumber(vswitch.resolverSource),
  }
}

export function gatewayOf(cidr: string): string {
  const block = parseCidr(cidr)
  if (!block) throw new Error(`the store holds a malformed vSwitch block: ${cidr}`)
  return formatAddress(gatewayAddress(block))
}

function compileServiceLeg(vpc: Vpc): ServiceLegPlan {
  return {
    vpcDevice: 'service',
    serviceDevice: deviceName('sv', vpc.id),
    vpcMac: macAddress('service leg, VPC side', vpc.id),
    serviceMac: macAddress('service leg, service side', vpc.id),
    serviceAddress: vpc.serviceLeg.first,
    vpcAddress: vpc.serviceLeg.second,
    table: firstTable + pairNumber(vpc.serviceLeg.first),
  }
}

/** No two pairs of the deployment have the same one. */
function pairNumber(first: string): number {
  return ((parseAddress(first) ?? transitBase) - transitBase) / 2
}
