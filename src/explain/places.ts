/** What a proof tries: who calls, which addresses, and the ports at which something could change. */
import type { SecurityGroupRule } from '../model/world.ts'
import { addressesOf, type Scene } from './scene.ts'

export interface Places {
  readonly clients: readonly string[]
  readonly addresses: readonly string[]
  /** Of TCP. */
  readonly ports: readonly number[]
  readonly udpPorts: readonly number[]
}

/** Everything of these accounts, or of all: an address that only others have is tried too when one of theirs has it. */
export function placesOf({ world }: Scene, accounts: readonly string[]): Places {
  const isAsked = (account: string) => accounts.length === 0 || accounts.includes(account)
  const vpcs = new Set<string>(world.vpcs.filter(({ owner }) => isAsked(owner)).map(({ id }) => id))
  const instances = world.instances.filter(({ owner, status }) => isAsked(owner) && status === 'Running')
  const balancers = world.loadBalancers.filter(({ vpc }) => vpcs.has(vpc))
  const enis = world.enis.filter(({ vpc, attachment }) => vpcs.has(vpc) && attachment.kind !== 'none')
  const rules = world.securityGroups.filter(({ vpc }) => vpcs.has(vpc)).flatMap((group) => group.rules)
  const listening = (datagrams: boolean) =>
    balancers
      .flatMap(({ listeners }) => listeners)
      .filter(({ protocol }) => (protocol === 'udp') === datagrams)
      .flatMap(({ port, lastPort }) =>
        lastPort === undefined ? [port] : [port - 1, port, lastPort, lastPort + 1],
      )
  return {
    clients: instances.map(({ id }) => id).toSorted(),
    addresses: sortedTexts([
      ...enis.flatMap(addressesOf),
      ...balancers.flatMap(({ addresses }) => addresses.map(({ address }) => address)),
    ]),
    ports: withClosed(listening(false), rules, 'TCP'),
    udpPorts: withClosed(listening(true), rules, 'UDP'),
  }
}

/** Of listeners, at both borders of each rule and beside them, and one that nothing is said about. */
function withClosed(
  listening: readonly number[],
  rules: readonly SecurityGroupRule[],
  of: 'TCP' | 'UDP',
): readonly number[] {
  const borders = rules
    .filter(({ protocol, fromPort }) => (protocol === of || protocol === 'ALL') && fromPort > 0)
    .flatMap(({ fromPort, toPort }) => [fromPort - 1, fromPort, toPort, toPort + 1])
  const known = sorted([...listening, ...borders]).filter((port) => port >= 1 && port <= 65535)
  return sorted([...known, closedPort(known)])
}

/** Port 9 (discard) if nothing is said about it, else the next one. */
function closedPort(known: readonly number[]): number {
  let port = 9
  while (known.includes(port)) port += 1
  return port
}

function sorted(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b)
}

function sortedTexts(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort()
}
