import type { IpKind, IpObject, NamespaceState, WantedState } from '../state.ts'
import type { IpOp } from './ops.ts'

/** Devices that are there and not wanted. Deleting one end of a pair deletes the other. */
export function unwantedDevices(want: Pick<WantedState, 'devices'>, have: NamespaceState): readonly string[] {
  return [...have.devices.keys()].filter((device) => device !== 'lo' && !want.devices.has(device))
}

/**
 * What changes at devices that exist (pairs are made before). `gone` names those that were deleted in this round:
 * their objects went with them, and when they were made again, they are bare. New addresses come before old ones go:
 * with the last address of a device the kernel drops its routes and neighbours, too. Rules go in the opposite order of their
 * coming: between two of them the first is never missing, without which the second would lead astray.
 */
export function diffObjects(want: WantedState, have: NamespaceState, gone: ReadonlySet<string>): IpOp[] {
  const lost = ({ kind, device }: IpObject) => kind !== 'rule' && gone.has(device)
  const added: IpObject[] = []
  for (const [key, object] of want.objects) if (!have.objects.has(key) || lost(object)) added.push(object)
  const replaced = new Set(added.filter(isNeighbour).map(neighbourKey))
  const deleted: IpObject[] = []
  for (const [key, object] of have.objects) {
    if (want.objects.has(key) || lost(object)) continue
    if (!isNeighbour(object) || !replaced.has(neighbourKey(object))) deleted.push(object)
  }
  const raised: string[] = []
  for (const device of want.devices.keys()) {
    if (gone.has(device) || !have.devices.get(device)?.up) raised.push(device)
  }
  return [
    ...changes('del', deleted.toReversed(), 'rule'),
    ...changes('del', deleted, 'route'),
    ...changes('del', deleted, 'neigh'),
    ...changes('add', added, 'addr'),
    ...changes('del', deleted, 'addr'),
    ...raised.map((device): IpOp => ({ op: 'link-up', device })),
    ...changes('add', added, 'route'),
    ...changes('add', added, 'neigh'),
    ...changes('add', added, 'rule'),
  ]
}

export function keyOf(object: IpObject): string {
  return `${object.kind} ${object.text}`
}

function changes(op: 'add' | 'del', objects: readonly IpObject[], kind: IpKind): IpOp[] {
  return objects
    .filter((object) => object.kind === kind)
    .map(({ text, device }): IpOp => ({ op, kind, text, device }))
}

function isNeighbour(object: IpObject): boolean {
  return object.kind === 'neigh'
}

function neighbourKey(object: IpObject): string {
  return `${object.device} ${object.text.split(' ')[0]}`
}
