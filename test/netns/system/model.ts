/** What may pass, said again and in other words than the data plane: a small world, and who answers whom in it. */
export type Protocol = 'tcp' | 'udp' | 'icmp'

export interface Rule {
  readonly direction: 'ingress' | 'egress'
  readonly policy: 'accept' | 'drop'
  readonly protocol: Protocol | 'all'
  readonly ports?: readonly [number, number]
  readonly priority: number
  readonly peer: { readonly cidr: string } | { readonly group: string }
}

export interface Group {
  readonly vpc: string
  readonly innerAccess: boolean
  readonly rules: readonly Rule[]
}

/** Something with an address and security groups. */
export interface Member {
  readonly vpc: string
  readonly address: string
  readonly groups: readonly string[]
}

export interface World {
  readonly groups: Readonly<Record<string, Group>>
  readonly machines: Readonly<Record<string, Member>>
  /** Passes TCP port 80 to one machine. */
  readonly balancer: { readonly vpc: string; readonly address: string; readonly backend: string }
  readonly endpoint: Member & { readonly connected: boolean }
  /** What every machine serves, such as `tcp/80`. */
  readonly served: readonly string[]
}

/** Who answers a client, or `-`. */
export function whoAnswers(
  world: World,
  client: string,
  address: string,
  protocol: Protocol,
  port: number,
): string {
  const from = world.machines[client]
  if (!from) throw new Error(`there is no ${client}`)
  const served = protocol === 'icmp' || world.served.includes(`${protocol}/${port}`)
  const packet = { protocol, port }
  if (from.address === address) return served ? client : '-'
  const { balancer, endpoint } = world
  const onListener = protocol === 'tcp' && port === 80
  if (endpoint.vpc === from.vpc && endpoint.address === address) {
    const admitted = leaves(world, from, endpoint, packet) && enters(world, from, endpoint, packet)
    return onListener && endpoint.connected && admitted ? balancer.backend : '-'
  }
  if (balancer.vpc === from.vpc && balancer.address === address) {
    const backend = world.machines[balancer.backend]
    // A backend does not reach itself through its balancer: the answer would come from its own address.
    if (!backend || !onListener || balancer.backend === client) return '-'
    const called = { vpc: balancer.vpc, address, groups: [] }
    return leaves(world, from, called, packet) && enters(world, from, backend, packet)
      ? balancer.backend
      : '-'
  }
  for (const [name, machine] of Object.entries(world.machines)) {
    if (machine.vpc !== from.vpc || machine.address !== address) continue
    const admitted = leaves(world, from, machine, packet) && enters(world, from, machine, packet)
    return served && admitted ? name : '-'
  }
  return '-'
}

interface Packet {
  readonly protocol: Protocol
  readonly port: number
}

function leaves(world: World, from: Member, to: Member, packet: Packet): boolean {
  return verdict(world, 'egress', from, to, packet) ?? true
}

function enters(world: World, from: Member, to: Member, packet: Packet): boolean {
  return verdict(world, 'ingress', to, from, packet) ?? false
}

/** The first rule that fits, by priority and drop before accept; then members of one group; else undefined. */
function verdict(
  world: World,
  direction: Rule['direction'],
  own: Member,
  peer: Member,
  packet: Packet,
): boolean | undefined {
  const groups = own.groups.map((name) => [name, world.groups[name]] as const)
  const fitting = groups
    .flatMap(([, group]) => group?.rules ?? [])
    .filter((rule) => rule.direction === direction && fits(rule, peer, packet))
    .sort((a, b) => a.priority - b.priority || (a.policy === 'drop' ? -1 : 1))
  const [first] = fitting
  if (first) return first.policy === 'accept'
  const friends = groups.some(([name, group]) => group?.innerAccess && peer.groups.includes(name))
  return friends ? true : undefined
}

function fits(rule: Rule, peer: Member, { protocol, port }: Packet): boolean {
  if (rule.protocol !== 'all' && rule.protocol !== protocol) return false
  if (rule.ports && (port < rule.ports[0] || port > rule.ports[1])) return false
  return 'group' in rule.peer ? peer.groups.includes(rule.peer.group) : inBlock(peer.address, rule.peer.cidr)
}

function inBlock(address: string, cidr: string): boolean {
  const [base = '', bits] = cidr.split('/')
  const number = (text: string) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  const size = 2 ** (32 - Number(bits))
  return Math.floor(number(address) / size) === Math.floor(number(base) / size)
}
