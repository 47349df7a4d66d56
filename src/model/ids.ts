/** Identifiers as in the public API: a prefix that names the kind, a dash, lower-case letters and digits. */

declare const kind: unique symbol
export type Id<Prefix extends string> = `${Prefix}-${string}` & { readonly [kind]: Prefix }

export type VpcId = Id<'vpc'>
export type VRouterId = Id<'vrt'>
export type RouteEntryId = Id<'rte'>
export type RouteTableId = Id<'vtb'>
export type VSwitchId = Id<'vsw'>
export type SecurityGroupId = Id<'sg'>
export type SecurityGroupRuleId = Id<'sgr'>
export type PrefixListId = Id<'pl'>
export type InstanceId = Id<'i'>
export type DiskId = Id<'d'>
export type KeyPairId = Id<'ssh'>
export type EniId = Id<'eni'>
export type LoadBalancerId = Id<'lb'>
export type ServerGroupId = Id<'rsp'>
export type ForwardingRuleId = Id<'rule'>
export type NetworkLoadBalancerId = Id<'nlb'>
export type NlbListenerId = Id<'lsn'>
export type NlbServerGroupId = Id<'sgp'>
export type EndpointId = Id<'ep'>
export type ServiceId = Id<'epsrv'>
export type ResourceGroupId = Id<'rg'>

/** Account ids are decimal text: they have up to 16 digits and must never pass through a JavaScript number. */
export type AccountId = string & { readonly [kind]: 'account' }
export type RegionId = string
export type ZoneId = string

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'
const suffixLength = 20

/** Source of randomness; `crypto.randomBytes` in a server, a seeded generator in tests. */
export type RandomBytes = (count: number) => Uint8Array

/**
 * A new id such as `ep-3kq0…` with 20 characters after the dash. A byte that would favour some characters
 * is thrown away, so each of the 36 is equally likely.
 */
export function newId<Prefix extends string>(prefix: Prefix, randomBytes: RandomBytes): Id<Prefix> {
  let suffix = ''
  while (suffix.length < suffixLength) {
    for (const byte of randomBytes(suffixLength)) {
      if (byte < 252 && suffix.length < suffixLength) suffix += alphabet[byte % 36]
    }
  }
  return `${prefix}-${suffix}` as Id<Prefix>
}

export function isId<Prefix extends string>(prefix: Prefix, text: string): text is Id<Prefix> {
  return text.startsWith(`${prefix}-`) && /^[a-z0-9]+$/.test(text.slice(prefix.length + 1))
}
