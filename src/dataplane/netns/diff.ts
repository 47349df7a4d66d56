import type { IpObject, NamespaceState, WantedState } from '../state.ts'
import type { IpOp } from './ops.ts'

/** Devices that are there and not wanted. Deleting one end of a pair deletes the other. */
export function unwantedDevices(want: Pick<WantedState, 'devices'>, have: NamespaceState): readonly string[] {
  return [...have.devices.keys()].filter((device) => device !== 'lo' && !want.devices.has(device))
}

/**
 * What changes at devices that exist (pairs are made before). `gone` names those that were deleted in this round:
 * their objects went with them, and when they were made again, they are bare. Neighbours are deleted last: `ip`
 * leaves a batch when that fails.
 */
export function diffObjects(want: WantedState, have: NamespaceState, gone: ReadonlySet<string>): IpOp[] {
  const kept = new Map(
    [...have.objects].filter(([, { kind, device }]) => kind === 'rule' || !gone.has(device)),
  )
  const deleted = [...kept.values()].filter((object) => !want.objects.has(keyOf(object)))
  const added = [...want.objects.values()].filter((object) => !kept.has(keyOf(object)))
  const replaced = new Set(added.filter(isNeighbour).map(neighbourKey))
  const raised = [...want.devices.keys()].filter(
    (device) => gone.has(device) || !have.devices.get(device)?.up,
  )
  return [
    ...deleted.filter((object) => !isNeighbour(object)).map((object) => change('del', object)),
    ...ofKind(added, 'addr'),
    ...raised.map((device): IpOp => ({ op: 'link-up', device })),
    ...ofKind(added, 'route'),
    ...ofKind(added, 'neigh'),
    ...ofKind(added, 'rule'),
    ...deleted
      .filter((object) => isNeighbour(object) && !replaced.has(neighbourKey(object)))
      .map((object) => change('del', object)),
  ]
}

export function keyOf(object: IpObject): string {
  return `${object.kind} ${object.text}`
}

function ofKind(objects: readonly IpObject[], kind: IpObject['kind']): IpOp[] {
  return objects.filter((object) => object.kind === kind).map((object) => change('add', object))
}

function change(op: 'add' | 'del', { kind, text, device }: IpObject): IpOp {
  return { op, kind, text, device }
}

function isNeighbour(object: IpObject): boolean {
  return object.kind === 'neigh'
}

function neighbourKey(object: IpObject): string {
  return `${object.device} ${object.text.split(' ')[0]}`
}
