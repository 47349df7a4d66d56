/**
 * Judges a plan, whoever made it. A plan with findings is not applied: an address given twice would carry one
 * tenant's traffic to another.
 */
import { containsAddress, parseAddress, parseCidr } from '../model/ipv4.ts'
import { sectionOf, sections } from '../plan/change.ts'
import type { HostPlan } from '../plan/host-plan.ts'
import { netnsPrefix } from '../plan/kernel-names.ts'

export interface Finding {
  readonly rule:
    | 'DuplicateId'
    | 'DuplicateDevice'
    | 'DuplicateAddress'
    | 'DuplicateUid'
    | 'AddressOutsideVSwitch'
    | 'AddressOutsideTransit'
    | 'UnknownReference'
    | 'ForeignNamespace'
    | 'DeviceNameTooLong'
  readonly ids: readonly string[]
}

export function check(plan: HostPlan): Finding[] {
  return [
    ...sections.flatMap((section) =>
      duplicates(
        'DuplicateId',
        sectionOf(plan, section).map(({ id }) => [id, id]),
      ),
    ),
    ...duplicates('DuplicateDevice', devices(plan)),
    ...duplicates('DuplicateAddress', tenantAddresses(plan)),
    ...duplicates('DuplicateAddress', transitAddresses(plan)),
    ...duplicates(
      'DuplicateUid',
      plan.fabric.instances.map(({ id, uid }) => [id, String(uid)]),
    ),
    ...outsideVSwitch(plan),
    ...outsideTransit(plan),
    ...unknownReferences(plan),
    ...foreignNamespaces(plan),
    ...devices(plan)
      .filter(([, device]) => (device.split(' ')[1] ?? '').length > 15)
      .map(([id]): Finding => ({ rule: 'DeviceNameTooLong', ids: [id] })),
  ]
}

/** An id and the thing of which there may be only one. */
type Claim = readonly [id: string, key: string]

/** One pass and one map: this runs over every item of the plan at every change. */
function duplicates(rule: Finding['rule'], claims: readonly Claim[]): Finding[] {
  const first = new Map<string, string>()
  const clashes = new Map<string, string[]>()
  for (const [id, key] of claims) {
    const holder = first.get(key)
    if (holder === undefined) first.set(key, id)
    else clashes.set(key, [...(clashes.get(key) ?? [holder]), id])
  }
  return [...clashes.values()].map((ids) => ({ rule, ids }))
}

/** `<namespace> <device>` of everything that is a device. */
function devices(plan: HostPlan): Claim[] {
  const netns = new Map(plan.fabric.vpcs.map((vpc) => [vpc.id, vpc.netns]))
  return [
    ...plan.fabric.vpcs.flatMap(({ id, netns: own, serviceLeg }): Claim[] => [
      [id, `${own} ${serviceLeg.vpcDevice}`],
      [id, `${plan.serviceNetns} ${serviceLeg.serviceDevice}`],
    ]),
    ...plan.fabric.enis.flatMap((eni): Claim[] => [
      [eni.id, `${netns.get(eni.vpc)} ${eni.vpcDevice}`],
      [eni.id, `${eni.netns} ${eni.device}`],
    ]),
    ...plan.links.wires.flatMap((wire): Claim[] => [
      [wire.id, `${netns.get(wire.consumerVpc)} ${wire.consumerDevice}`],
      [wire.id, `${netns.get(wire.providerVpc)} ${wire.providerDevice}`],
    ]),
  ]
}

/** `<vpc> <address>` of everything that has an address of a tenant's plan. */
function tenantAddresses(plan: HostPlan): Claim[] {
  return [
    ...plan.fabric.enis,
    ...plan.links.endpointEnis,
    ...plan.links.balancers,
    ...plan.fabric.vpcs.flatMap((vpc) =>
      vpc.vswitches.map(({ id, gateway }) => ({ id, vpc: vpc.id, address: gateway })),
    ),
  ].map(({ id, vpc, address }) => [id, `${vpc} ${address}`])
}

function transitAddresses(plan: HostPlan): Claim[] {
  return [
    ...plan.fabric.vpcs.flatMap(({ id, serviceLeg, vswitches }): Claim[] => [
      [id, serviceLeg.serviceAddress],
      [id, serviceLeg.vpcAddress],
      ...vswitches.map((vswitch): Claim => [vswitch.id, vswitch.resolverSource]),
    ]),
    ...plan.links.wires.flatMap(({ id, consumerAddress, providerAddress }): Claim[] => [
      [id, consumerAddress],
      [id, providerAddress],
    ]),
  ]
}

function outsideVSwitch(plan: HostPlan): Finding[] {
  const blocks = new Map(
    plan.fabric.vpcs.map((vpc) => [vpc.id, vpc.vswitches.map(({ cidr }) => parseCidr(cidr))]),
  )
  return [...plan.fabric.enis, ...plan.links.endpointEnis, ...plan.links.balancers]
    .filter(({ vpc, address }) => {
      const value = parseAddress(address)
      return !blocks.get(vpc)?.some((block) => block && value !== undefined && containsAddress(block, value))
    })
    .map(({ id }) => ({ rule: 'AddressOutsideVSwitch', ids: [id] }))
}

/** The resolver and other reserved addresses of the cloud lie in 100.100.0.0/16: it carries no transit. */
function outsideTransit(plan: HostPlan): Finding[] {
  return transitAddresses(plan)
    .filter(
      ([, address]) =>
        !/^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./.test(address) || address.startsWith('100.100.'),
    )
    .map(([id]) => ({ rule: 'AddressOutsideTransit', ids: [id] }))
}

function unknownReferences(plan: HostPlan): Finding[] {
  const { fabric, links } = plan
  const vpcs = new Set(fabric.vpcs.map(({ id }) => id))
  const groups = new Set(fabric.securityGroups.map(({ id }) => id))
  const balancers = new Set(links.balancers.map(({ id }) => id))
  const claims: [string, boolean][] = [
    ...[...fabric.enis, ...links.endpointEnis].map(({ id, vpc, securityGroups }): [string, boolean] => [
      id,
      vpcs.has(vpc) && securityGroups.every((group) => groups.has(group)),
    ]),
    ...[...fabric.securityGroups, ...fabric.instances, ...links.balancers, ...links.names].map(
      ({ id, vpc }): [string, boolean] => [id, vpcs.has(vpc)],
    ),
    ...links.wires.map((wire): [string, boolean] => [
      wire.id,
      vpcs.has(wire.consumerVpc) && vpcs.has(wire.providerVpc) && balancers.has(wire.balancer),
    ]),
  ]
  return claims.filter(([, known]) => !known).map(([id]) => ({ rule: 'UnknownReference', ids: [id] }))
}

function foreignNamespaces(plan: HostPlan): Finding[] {
  const prefix = netnsPrefix(plan.deployment)
  return [...plan.fabric.vpcs, ...plan.fabric.instances, ...plan.fabric.enis]
    .filter(({ netns }) => !netns.startsWith(prefix))
    .map(({ id }) => ({ rule: 'ForeignNamespace', ids: [id] }))
}
