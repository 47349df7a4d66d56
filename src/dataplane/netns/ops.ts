import type { IpKind } from '../state.ts'

/** One line of an `ip -batch`. */
export type IpOp =
  | {
      readonly op: 'link-add'
      readonly device: string
      readonly mac: string
      readonly arp: boolean
      readonly peer: { readonly netns: string; readonly device: string; readonly mac: string }
    }
  | { readonly op: 'link-del'; readonly device: string }
  | { readonly op: 'link-up'; readonly device: string }
  | { readonly op: 'add' | 'del'; readonly kind: IpKind; readonly text: string; readonly device: string }

export function printIpOp(op: IpOp): string {
  switch (op.op) {
    case 'link-add': {
      const { peer } = op
      const arp = op.arp ? '' : ' arp off'
      return `link add ${op.device} address ${op.mac}${arp} type veth peer name ${peer.device} netns ${peer.netns} address ${peer.mac}${arp}`
    }
    case 'link-del':
      return `link del ${op.device}`
    case 'link-up':
      return `link set ${op.device} up`
    case 'add':
      return `${op.kind} ${op.kind === 'neigh' ? 'replace' : 'add'} ${op.text}`
    case 'del':
      return `${op.kind} del ${op.text}`
  }
}
