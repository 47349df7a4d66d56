import { forwarding } from '../state.ts'

/** Everywhere: no IPv6, no redirects, and `default` for the devices to come. */
const common: readonly (readonly [string, string])[] = [
  ['net.ipv6.conf.all.disable_ipv6', '1'],
  ['net.ipv6.conf.default.disable_ipv6', '1'],
  ['net.ipv4.conf.all.accept_redirects', '0'],
  ['net.ipv4.conf.default.accept_redirects', '0'],
  ['net.ipv4.conf.all.send_redirects', '0'],
  ['net.ipv4.conf.default.send_redirects', '0'],
]

/** Strict: a packet must come from where an answer to it would go. With a /32 route per ENI nobody can forge a source. */
const strictSource: readonly (readonly [string, string])[] = [
  ['net.ipv4.conf.all.rp_filter', '1'],
  ['net.ipv4.conf.default.rp_filter', '1'],
]

/** Low ports need no right in a namespace of its own: port 53 is bound for new VPCs after all rights are gone. */
const lowPorts: readonly [string, string] = ['net.ipv4.ip_unprivileged_port_start', '0']

/** A router has no sockets: looking for the one that a packet may belong to is in vain. */
const noSockets: readonly [string, string] = ['net.ipv4.ip_early_demux', '0']

export const vpcSysctls: ReadonlyMap<string, string> = new Map([
  ...common,
  ...strictSource,
  noSockets,
  [forwarding, '1'],
])

export const serviceSysctls: ReadonlyMap<string, string> = new Map([
  ...common,
  ...strictSource,
  [forwarding, '0'],
  lowPorts,
])

/** A workload without privileges may serve low ports: what it has here is a machine of its own. */
export const instanceSysctls: ReadonlyMap<string, string> = new Map([...common, [forwarding, '0'], lowPorts])
