/**
 * The rules of a VPC. The chains here are the same for every VPC; what differs from ENI to ENI and from wire to wire is
 * elements of maps, and a chain per distinct set of security groups and per balancer.
 *
 *     prerouting   DNS → resolver · what needs a PROXY header → its relay · endpoint address → its wire ·
 *                  balancer or wire address → a backend
 *     forward      known flows pass, if they lead anywhere · new ones by where they come from:
 *                    an ENI → egress rules of its groups → arrive → ingress rules of the destination → live
 *                    a wire → only what a balancer translated
 *                    the service namespace → only health checks, and what a relay sends on
 *     postrouting  into a wire: the wire's own source address · to the resolver: the vSwitch's source address
 *
 * Whatever is not sent on by a rule is dropped by the policy; `refuse` says so to the sender, at once.
 */
import { mostSources, portsPerSource } from '../../model/source-ports.ts'
import type { WirePlan } from '../../plan/host-plan.ts'
import { baseChain, setSpec } from '../nft/spec.ts'
import type { VpcSlice } from '../slices.ts'
import type { NftSet, WantedChain, WantedTable } from '../state.ts'
import { renderBalancers } from './balancer.ts'
import { addressMap, chain } from './build.ts'
import { countersOfWires, countingMaps } from './counting.ts'
import { shortHash } from './hash.ts'
import { flowEndChains, tellEnd, untoldCounter } from './flow-ends.ts'
import type { PartCache } from './parts.ts'
import { endings, refusalChains, refusalSets } from './refusals.ts'
import { renderSecurity } from './security.ts'

const resolverAddresses = '{ 100.100.2.136, 100.100.2.138 }'
const notSyn = 'tcp flags & (fin | syn | rst | ack) != syn'

export function renderVpcTable(slice: VpcSlice, cache: PartCache): WantedTable {
  const security = renderSecurity(slice)
  const balancers = renderBalancers(slice, cache)
  return {
    timeouts: balancers.timeouts,
    counters: new Set([...balancers.counters, ...countersOfWires(slice), untoldCounter]),
    sets: new Map([
      ...security.sets,
      ...balancers.sets,
      ...wireMaps(slice),
      wideWires(slice),
      ...countingMaps(slice, balancers.traffic),
      relayMap(slice),
      resolverMap(slice),
      ...refusalSets(slice),
    ]),
    chains: new Map([
      ...staticChains(slice),
      ...refusalChains,
      ...flowEndChains,
      ...sourceChains(slice),
      ...security.chains,
      ...balancers.chains,
    ]),
  }
}

function staticChains({ vpc }: VpcSlice): readonly [string, WantedChain][] {
  const { vpcDevice: leg, serviceAddress } = vpc.serviceLeg
  return [
    [
      'prerouting',
      chain(
        [
          // A flow that is picked up in its middle (its wire or its state is gone) gets no new destination.
          `${notSyn} accept`,
          `iifname "en-*" ip daddr ${resolverAddresses} meta l4proto { tcp, udp } th dport 53 dnat to ${serviceAddress}`,
          'iifname "en-*" meta l4proto tcp dnat ip to ip daddr . th dport map @relays',
          'iifname "en-*" dnat to ip daddr map @endpoints',
          'iifname "en-*" ip daddr vmap @balancers',
          // What a relay sends on goes the way of its clients, but for the relay.
          `iifname "${leg}" ip saddr ${serviceAddress} dnat to ip daddr map @endpoints`,
          `iifname "${leg}" ip saddr ${serviceAddress} ip daddr vmap @balancers`,
          'iifname "pw-*" counter name ip daddr map @wire-flows',
          `iifname "pw-*" ${tellEnd}`,
          'iifname "pw-*" ip daddr vmap @wires',
        ],
        baseChain('nat', 'prerouting', -100, 'accept'),
      ),
    ],
    [
      'postrouting',
      chain(
        [
          `oifname "cw-*" ${tellEnd}`,
          `iifname "en-*" oifname "${leg}" meta l4proto tcp ct status dnat ${tellEnd}`,
          'oifname "cw-*" ip daddr vmap @wide-wires',
          'oifname "cw-*" snat to ip daddr map @wire-sources',
          `oifname "${leg}" ct status dnat ct original ip daddr ${resolverAddresses} snat to ip saddr map @resolver-sources`,
        ],
        baseChain('nat', 'postrouting', 100, 'accept'),
      ),
    ],
    // The router itself offers nothing; this is where ports end that no listener has, on a wire's address.
    [
      'input',
      chain(
        ['ct state invalid drop', `iifname "pw-*" ${endings.unserved}`, 'goto refuse'],
        baseChain('filter', 'input', 0, 'drop'),
      ),
    ],
    [
      'forward',
      chain(
        [
          // Both ends agree on segments that pass whatever is narrow in this VPC, also where no ICMP error reaches them.
          'tcp flags syn tcp option maxseg size set rt mtu',
          'ct mark != 0 counter name ct direction . ct mark map @traffic',
          // All that most packets meet. A flow whose way is gone (wire, backend) is routed to `lo`, and its client told.
          'ct state established,related oif != "lo" accept',
          'ct state vmap { established : goto refuse, related : goto refuse, invalid : drop }',
          'iifname "en-*" goto from-eni',
          'iifname "pw-*" goto from-wire',
          `iifname "${leg}" goto from-service`,
        ],
        baseChain('filter', 'forward', 0, 'drop'),
      ),
    ],
    [
      'from-eni',
      chain([
        `${notSyn} goto refuse`,
        // The resolver is part of the network: security groups do not apply to it.
        `oifname "${leg}" ct status dnat ct original ip daddr ${resolverAddresses} accept`,
        'ip saddr vmap @egress',
        'iifname vmap @from-next-hop',
      ]),
    ],
    [
      'from-wire',
      chain([
        'oifname "en-*" ct status dnat accept',
        // To the proxy of a balancer.
        `oifname "${leg}" ct status dnat meta l4proto tcp accept`,
        endings.unserved,
      ]),
    ],
    [
      'from-service',
      chain([
        `oifname "en-*" ip saddr ${serviceAddress} meta l4proto { tcp, udp } accept`,
        `oifname "cw-*" ip saddr ${serviceAddress} ct status dnat meta l4proto tcp accept`,
        'goto refuse',
      ]),
    ],
    // An endpoint is known by the address that the client called, everything else by where the packet goes now.
    [
      'arrive',
      chain([
        'ct original ip daddr vmap @ingress',
        'ip daddr vmap @ingress',
        'oifname vmap @to-next-hop',
        // To a relay or a proxy, for a balancer of this VPC.
        `oifname "${leg}" ct status dnat meta l4proto tcp accept`,
        'goto refuse',
      ]),
    ],
    // What has no way is routed to `lo`.
    ['live', chain([`oif "lo" ${endings.noWay}`, 'accept'])],
    ['refuse', chain(['meta l4proto tcp reject with tcp reset', 'reject with icmp admin-prohibited'])],
  ]
}

function wireMaps({ consumed: wires }: VpcSlice): readonly [string, NftSet][] {
  return [
    [
      'endpoints',
      addressMap(
        'ipv4_addr',
        wires.flatMap((wire) =>
          wire.eniAddresses.map((eni): [string, string] => [eni, wire.providerAddress]),
        ),
      ),
    ],
    [
      'wire-sources',
      addressMap(
        'ipv4_addr',
        wires.map((wire) => [wire.providerAddress, wire.consumerAddress]),
      ),
    ],
  ]
}

/** Wires that have more addresses than one, or fewer ports than an address has: a chain each. */
function isWide({ furtherSources, portsPerSource: ports }: WirePlan): boolean {
  return furtherSources.length > 0 || ports < portsPerSource
}

function sourceChain({ consumerDevice }: WirePlan): string {
  return `src-${shortHash(consumerDevice)}`
}

function wideWires({ consumed }: VpcSlice): [string, NftSet] {
  const wide = consumed.filter(isWide)
  return [
    'wide-wires',
    addressMap(
      'verdict',
      wide.map((wire) => [wire.providerAddress, `goto ${sourceChain(wire)}`]),
    ),
  ]
}

/**
 * New flows take the addresses in turn, those that came later more often: the first has most of the old flows. With shares of 1, 2, 3, …
 * and one more address whenever half of all ports are in use, none is fuller than n / (n + 1). When no more can come, all take the same.
 */
function sourceChains({ consumed }: VpcSlice): readonly [string, WantedChain][] {
  return consumed.filter(isWide).map((wire) => {
    const { consumerAddress, furtherSources, portsPerSource: ports } = wire
    const sources = [consumerAddress, ...furtherSources]
    const turns = sources.flatMap((source, place) =>
      Array.from({ length: sources.length < mostSources ? place + 1 : 1 }, () => source),
    )
    const places = turns.map((source, turn) => `${turn} : ${source} . ${firstPort}-${firstPort + ports - 1}`)
    const choice = `numgen inc mod ${places.length} map { ${places.join(', ')} }`
    return [
      sourceChain(wire),
      chain([`meta l4proto { tcp, udp } snat ip to ${choice}`, `snat to ${consumerAddress}`]),
    ]
  })
}

const firstPort = 1024

function relayMap({ vpc, consumed, balancers }: VpcSlice): [string, NftSet] {
  const relays = [...consumed, ...balancers].flatMap(({ relays: own }) => own)
  const { serviceAddress } = vpc.serviceLeg
  const sockets = 'ipv4_addr . inet_service'
  return [
    'relays',
    {
      kind: 'map',
      spec: setSpec(sockets, sockets, false),
      elements: new Map(
        relays.map(({ address, port, relayPort }) => [
          `${address} . ${port}`,
          `${serviceAddress} . ${relayPort}`,
        ]),
      ),
    },
  ]
}

function resolverMap({ vpc }: VpcSlice): [string, NftSet] {
  const elements = new Map(vpc.vswitches.map(({ cidr, resolverSource }) => [cidr, resolverSource]))
  return ['resolver-sources', { kind: 'map', spec: setSpec('ipv4_addr', 'ipv4_addr', true), elements }]
}
