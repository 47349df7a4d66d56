/**
 * What the rules of the kernel (`render/security.ts`) say of a new flow, said of one that is open: the kernel looks only at the
 * first packet. A change of groups is rare, so flows are judged then and not packet by packet.
 */
import { addressesOf, type EniPlan, type RulePlan, type SecurityGroupPlan } from '../plan/host-plan.ts'
import type { Flow } from './nft/flow-list.ts'
import { merged } from './render/security.ts'
import type { Slice, VpcSlice } from './slices.ts'

/** Whether groups may admit less than before, and so whether flows have to be judged. More members alone admit more. */
export function narrowed(before: Slice | undefined, after: VpcSlice): boolean {
  if (before?.kind !== 'vpc') return true
  const groups = new Map(after.securityGroups.map((group) => [group.id, group]))
  const carriers = new Map([...after.enis, ...after.endpointEnis].map((eni) => [eni.id, eni]))
  return (
    before.securityGroups.some((group) => isNarrower(group, groups.get(group.id))) ||
    [...before.enis, ...before.endpointEnis].some((eni) => {
      const now = carriers.get(eni.id)
      return now !== undefined && now !== eni && now.securityGroups.join() !== eni.securityGroups.join()
    })
  )
}

function isNarrower(before: SecurityGroupPlan, after: SecurityGroupPlan | undefined): boolean {
  if (before === after) return false
  if (!after) return true
  const rules = ({ ingress, egress, innerAccept }: SecurityGroupPlan) =>
    JSON.stringify([ingress, egress, innerAccept])
  const members = new Set(after.members)
  return rules(before) !== rules(after) || before.members.some((member) => !members.has(member))
}

/** Says of a flow whether it would be admitted now. Only flows from an instance to an endpoint are judged. */
export function judgeOf(slice: VpcSlice): (flow: Flow) => boolean {
  const groups = new Map(slice.securityGroups.map((group) => [group.id, group]))
  const endpoints = new Map(slice.endpointEnis.map((eni) => [eni.address, eni]))
  const clients = new Map(slice.enis.flatMap((eni) => addressesOf(eni).map((address) => [address, eni])))
  const groupsOf = ({ securityGroups }: Pick<EniPlan, 'securityGroups'>) =>
    securityGroups.flatMap((id) => groups.get(id) ?? [])

  function verdictOf(rules: readonly RulePlan[], flow: Flow, peer: string): RulePlan['verdict'] | undefined {
    return rules.find((rule) => isAbout(rule, flow) && hasPeer(rule, peer))?.verdict
  }

  function hasPeer({ peer: of }: RulePlan, address: string): boolean {
    if ('group' in of) return groups.get(of.group)?.members.includes(address) ?? false
    return ('blocks' in of ? of.blocks : [of.cidr]).some((block) => isIn(block, address))
  }

  return (flow) => {
    const { from, to } = flow.original
    const endpoint = endpoints.get(to)
    const client = clients.get(from)
    if (!endpoint || !client) return true
    const leaving = merged(groupsOf(client).map(({ egress }) => egress))
    if (verdictOf(leaving, flow, to) === 'drop') return false
    const own = groupsOf(endpoint)
    const verdict = verdictOf(merged(own.map(({ ingress }) => ingress)), flow, from)
    if (verdict) return verdict === 'accept'
    return own.some(({ innerAccept, members }) => innerAccept && members.includes(from))
  }
}

function isAbout({ protocol, ports }: RulePlan, flow: Flow): boolean {
  if (protocol !== 'all' && protocol !== flow.protocol) return false
  const { toPort } = flow.original
  return !ports || (toPort >= ports[0] && toPort <= ports[1])
}

function isIn(block: string, address: string): boolean {
  const [base = '', length] = block.split('/')
  const size = 2 ** (32 - Number(length ?? 32))
  return Math.floor(numberOf(base) / size) === Math.floor(numberOf(address) / size)
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}
