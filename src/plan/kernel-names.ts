import { createHash } from 'node:crypto'

/**
 * Names of kernel objects. Every namespace of a deployment starts with `postern-<deployment>-`: this is the mark
 * by which a fresh agent knows its own, and all other objects live inside such a namespace. A device name has
 * 15 bytes at most, so it carries a hash of the id it stands for.
 */
export function netnsPrefix(deployment: string): string {
  return `postern-${deployment}-`
}

export function serviceNetns(deployment: string): string {
  return `${netnsPrefix(deployment)}service`
}

/** `postern-<deployment>-<resource id>`: readable in `ip netns`. */
export function netnsName(deployment: string, resource: string): string {
  return `${netnsPrefix(deployment)}${resource}`
}

/** A device (or nft object) name: two letters for its kind, a dash, 12 hexadecimal digits of the id's hash. */
export function deviceName(kind: 'en' | 'cw' | 'pw' | 'sv', id: string): string {
  return `${kind}-${digest(id).slice(0, 12)}`
}

/** A locally administered unicast address that is the same for the same id and role. */
export function macAddress(role: string, id: string): string {
  const bytes = digest(`${role} ${id}`).slice(0, 10).match(/../g) ?? []
  return ['02', ...bytes].join(':')
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
