/** The one spelling of each kind of object: rendered ones and observed ones must give the same text. */
import type { IpObject } from '../state.ts'

export function address(device: string, cidr: string): IpObject {
  return { kind: 'addr', device, text: `${cidr} dev ${device} noprefixroute` }
}

export interface Route {
  /** What is for the block has arrived, as if each of its addresses were the namespace's own. */
  readonly type?: 'local' | undefined
  /** A block, or `default`. */
  readonly to: string
  readonly device: string
  readonly via?: string | undefined
  readonly source?: string | undefined
  readonly table?: string | undefined
  readonly metric?: number | undefined
}

/** Gateways are marked on-link: no device here has a connected route that could prove them to be. */
export function route({ type, to, device, via, source, table, metric }: Route): IpObject {
  const text = [
    type ?? '',
    to,
    via ? `via ${via}` : '',
    `dev ${device}`,
    via ? 'onlink' : '',
    source ? `src ${source}` : '',
    metric ? `metric ${metric}` : '',
    table ? `table ${table}` : '',
  ]
  return { kind: 'route', device, text: text.filter((part) => part !== '').join(' ') }
}

/** Permanent, so that nobody has to be asked and nobody can answer for another. */
export function neighbour(device: string, to: string, mac: string): IpObject {
  return { kind: 'neigh', device, text: `${to} lladdr ${mac} dev ${device} nud permanent` }
}

export function rule(device: string, source: string, table: number | string): IpObject {
  return { kind: 'rule', device, text: `from ${source} lookup ${table} pref ${rulePreference}` }
}

/** Before the main table (32766). */
export const rulePreference = 1000

/** Before those rules, a look into the main table, save its default route: what it knows, no other table can change. */
export const knownFirst: IpObject = {
  kind: 'rule',
  device: '',
  text: `from all lookup main suppress_prefixlength 0 pref ${rulePreference - 100}`,
}
