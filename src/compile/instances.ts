import { parseCidr } from '../model/ipv4.ts'
import type { Eni, Instance } from '../model/world.ts'
import type { EniPlan, InstancePlan } from '../plan/host-plan.ts'
import { deviceName, macAddress, netnsName } from '../plan/kernel-names.ts'
import type { Index, Report } from './index-world.ts'
import { gatewayOf } from './vpcs.ts'

/** Processes and threads an instance may have at a time. */
const processLimit = 512

export function compileInstances(
  index: Index,
  report: Report,
): { instances: InstancePlan[]; enis: EniPlan[] } {
  const instances: InstancePlan[] = []
  for (const instance of index.instances.values()) {
    if (index.vpcs.has(instance.vpc)) {
      instances.push(
        index.memo.of(instance.id, [instance, index.world.deployment], () =>
          compileInstance(index, instance),
        ),
      )
    } else report(instance.id, `its VPC ${instance.vpc} is not there`)
  }
  const enis: EniPlan[] = []
  for (const eni of index.enis.values()) {
    if (eni.attachment.kind !== 'instance') continue
    const { instance, device } = eni.attachment
    if (!index.instances.has(instance)) continue
    const vswitch = index.vswitches.get(eni.vswitch)
    // The instance runs on; nobody reaches it, and it reaches nobody.
    if (vswitch && index.zonesDown.has(vswitch.zone)) continue
    if (vswitch) {
      const make = () => compileEni(index, eni, instance, `eth${device}`, vswitch.cidr)
      enis.push(index.memo.of(eni.id, [eni, vswitch.cidr, index.world.deployment], make))
    } else report(eni.id, `its vSwitch ${eni.vswitch} is not there`)
  }
  return { instances, enis }
}

function compileInstance(index: Index, instance: Instance): InstancePlan {
  return {
    id: instance.id,
    vpc: instance.vpc,
    netns: netnsName(index.world.deployment, instance.id),
    hostName: instance.hostName,
    running: wantsToRun(instance),
    boot: instance.boot,
    userData: instance.userData,
    publicKey: instance.publicKey,
    disk: instance.disk,
    uid: instance.uid,
    memoryMib: instance.memoryMib,
    processes: processLimit,
  }
}

function wantsToRun(instance: Instance): boolean {
  switch (instance.status) {
    case 'Pending':
    case 'Starting':
    case 'Running':
      return true
    case 'Stopping':
    case 'Stopped':
    case 'Deleting':
      return false
  }
}

function compileEni(index: Index, eni: Eni, instance: string, device: string, cidr: string): EniPlan {
  return {
    id: eni.id,
    vpc: eni.vpc,
    vpcDevice: deviceName('en', eni.id),
    vpcMac: macAddress('ENI, VPC side', eni.id),
    netns: netnsName(index.world.deployment, instance),
    device,
    mac: eni.mac,
    address: eni.address,
    furtherAddresses: eni.furtherAddresses.toSorted(),
    prefixLength: parseCidr(cidr)?.prefix ?? 32,
    gateway: gatewayOf(cidr),
    securityGroups: eni.securityGroups.toSorted(),
  }
}
