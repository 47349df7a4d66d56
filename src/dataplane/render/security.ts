/**
 * Security groups. ENIs with the same set of groups share their chains, so one more ENI is a few elements. A group that
 * is a peer in some rule is a set of its members' addresses.
 *
 * Order within a set of groups (ECS API, AuthorizeSecurityGroup): by priority over all groups, at equal priority drop
 * before accept; then, for basic groups, members of the same group may come in; then nothing comes in and all goes out.
 */
import { addressesOf, type EniPlan, type RulePlan, type SecurityGroupPlan } from '../../plan/host-plan.ts'
import type { VpcSlice } from '../slices.ts'
import type { NftSet, WantedChain } from '../state.ts'
import { addressMap, addressSet, chain, deviceMap } from './build.ts'
import { shortHash } from './hash.ts'
import { endings } from './refusals.ts'
import { nextHops } from './routes.ts'

export interface RenderedSecurity {
  readonly sets: readonly [string, NftSet][]
  readonly chains: readonly [string, WantedChain][]
}

export function renderSecurity(slice: VpcSlice): RenderedSecurity {
  const { securityGroups, enis, endpointEnis } = slice
  const hops = nextHops(slice)
  const groups = new Map(securityGroups.map((group) => [group.id, group]))
  const chains = new Map<string, WantedChain>()
  const names = new Map<string, string>()

  /** A rule about a group that the VPC does not have matches nobody. */
  function withKnownPeers(group: SecurityGroupPlan): SecurityGroupPlan {
    const known = ({ peer: of }: RulePlan) => !('group' in of) || groups.has(of.group)
    return { ...group, ingress: group.ingress.filter(known), egress: group.egress.filter(known) }
  }

  /** The name of a chain for this set of groups, which is made when it is met first. */
  function chainFor(direction: keyof typeof chainMakers, ids: readonly string[]): string {
    const key = `${direction} ${ids.join()}`
    const known = names.get(key)
    if (known) return known
    const name = `${direction}-${shortHash(ids.join())}`
    const members = ids.flatMap((id) => groups.get(id) ?? []).map(withKnownPeers)
    names.set(key, name)
    chains.set(name, chainMakers[direction](members))
    return name
  }

  return {
    sets: [
      [
        'ingress',
        addressMap('verdict', [
          ...enis.flatMap((eni) => verdicts(eni, `goto ${chainFor('in', eni.securityGroups)}`)),
          ...endpointEnis.map((eni) => [eni.address, `goto ${chainFor('at', eni.securityGroups)}`] as const),
        ]),
      ],
      [
        'egress',
        addressMap(
          'verdict',
          enis.flatMap((eni) => verdicts(eni, `goto ${chainFor('out', eni.securityGroups)}`)),
        ),
      ],
      // What a route leads to an interface, and what comes from beyond it, has an address that is nobody's here.
      [
        'to-next-hop',
        deviceMap(hops.map((eni) => [eni.vpcDevice, `goto ${chainFor('in', eni.securityGroups)}`])),
      ],
      [
        'from-next-hop',
        deviceMap(hops.map((eni) => [eni.vpcDevice, `goto ${chainFor('out', eni.securityGroups)}`])),
      ],
      ...securityGroups.map(({ id, members }): [string, NftSet] => [membersOf(id), addressSet(members)]),
    ],
    chains: [...chains].sort(([a], [b]) => (a < b ? -1 : 1)),
  }
}

function verdicts(eni: EniPlan, leads: string): readonly (readonly [string, string])[] {
  return addressesOf(eni).map((address) => [address, leads] as const)
}

function membersOf(group: string): string {
  return `members-${shortHash(group)}`
}

/** Into an ENI, into an endpoint, out of an ENI. */
const chainMakers = {
  in: (groups: readonly SecurityGroupPlan[]) => ingressChain(groups, 'th dport'),
  // On the way to a relay the port is another one than the client called.
  at: (groups: readonly SecurityGroupPlan[]) => ingressChain(groups, 'ct original proto-dst'),
  out: egressChain,
} as const

function ingressChain(groups: readonly SecurityGroupPlan[], port: string): WantedChain {
  return chain([
    ...merged(groups.map(({ ingress }) => ingress)).map((rule) => {
      const ports = rule.ports ? `${port} ${portRange(rule.ports)}` : ''
      return words(protocol(rule), ports, peer('ip saddr', rule), verdict(rule, 'live'))
    }),
    ...groups
      .filter(({ innerAccept }) => innerAccept)
      .map(({ id }) => `ip saddr @${membersOf(id)} goto live`),
    endings.forbid,
  ])
}

/** Rules see what the client called, not the backend or the wire that it was translated to. */
function egressChain(groups: readonly SecurityGroupPlan[]): WantedChain {
  return chain([
    ...merged(groups.map(({ egress }) => egress)).map((rule) => {
      const ports = rule.ports ? `ct original proto-dst ${portRange(rule.ports)}` : ''
      return words(protocol(rule), ports, peer('ct original ip daddr', rule), verdict(rule, 'arrive'))
    }),
    'goto arrive',
  ])
}

/** The order of evaluation over all groups of an ENI. */
export function merged(lists: readonly (readonly RulePlan[])[]): readonly RulePlan[] {
  const rank = ({ priority, verdict: is }: RulePlan) => priority * 2 + (is === 'drop' ? 0 : 1)
  return lists.flat().sort((a, b) => rank(a) - rank(b))
}

function protocol({ protocol: name }: RulePlan): string {
  return name === 'all' ? '' : `meta l4proto ${name}`
}

function portRange([first, last]: readonly [number, number]): string {
  return first === last ? String(first) : `${first}-${last}`
}

function peer(field: string, { peer: of }: RulePlan): string {
  if ('group' in of) return `${field} @${membersOf(of.group)}`
  if ('blocks' in of) {
    const all = of.blocks.some((block) => block.endsWith('/0'))
    return all ? '' : `${field} { ${of.blocks.join(', ')} }`
  }
  return of.cidr.endsWith('/0') ? '' : `${field} ${of.cidr}`
}

function verdict({ verdict: is }: RulePlan, accepted: string): string {
  return is === 'accept' ? `goto ${accepted}` : endings.forbid
}

function words(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ')
}
