import { z } from 'zod'
import type { Exec } from '../exec.ts'
import { output } from '../exec.ts'
import type { Device, IpObject } from '../state.ts'
import { keyOf } from './diff.ts'
import { address, knownFirst, neighbour, route, rule, rulePreference } from './objects.ts'

const linkSchema = z.object({
  ifname: z.string(),
  ifindex: z.number(),
  link_index: z.number().optional(),
  flags: z.array(z.string()),
  address: z.string().optional(),
  qdisc: z.string().optional(),
  addr_info: z.array(z.object({ family: z.string(), local: z.string(), prefixlen: z.number() })),
})
const routeSchema = z.object({
  type: z.string().optional(),
  dst: z.string(),
  dev: z.string().optional(),
  gateway: z.string().optional(),
  prefsrc: z.string().optional(),
  table: z.string().optional(),
  metric: z.number().optional(),
  protocol: z.string().optional(),
})
const neighbourSchema = z.object({ dst: z.string(), dev: z.string(), lladdr: z.string().optional() })
const ruleSchema = z.object({
  priority: z.number(),
  src: z.string(),
  srclen: z.number().optional(),
  table: z.string().optional(),
  suppress_prefixlen: z.number().optional(),
})

export interface ObservedLinks {
  readonly devices: ReadonlyMap<string, Device>
  readonly objects: ReadonlyMap<string, IpObject>
  /** Whether some device has a qdisc that can be asked for. */
  readonly shaped: boolean
}

/** Devices, addresses, routes, neighbours and rules of a namespace, by one process. */
export async function observeLinks(exec: Exec, netns: string): Promise<ObservedLinks> {
  const lines = ['addr show', 'route show table all', 'neigh show nud permanent', 'rule show']
  const text = await output(exec, ['ip', '-j', '-n', netns, '-batch', '-'], `${lines.join('\n')}\n`)
  const [links, routes, neighbours, rules] = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line))
  const devices = new Map<string, Device>()
  const objects: IpObject[] = []
  let shaped = false
  for (const link of z.array(linkSchema).parse(links)) {
    // A veth whose peer is in another namespace has an index of its own kind; fallback tunnels and the like have none.
    if (link.ifname !== 'lo' && link.link_index === undefined) continue
    if (link.qdisc === 'tbf') shaped = true
    devices.set(link.ifname, {
      mac: link.address ?? '',
      up: link.flags.includes('UP'),
      arp: !link.flags.includes('NOARP'),
      index: link.ifindex,
      ...(link.link_index === undefined ? {} : { peerIndex: link.link_index }),
    })
    for (const { family, local, prefixlen } of link.addr_info) {
      if (family === 'inet' && local !== '127.0.0.1')
        objects.push(address(link.ifname, `${local}/${prefixlen}`))
    }
  }
  for (const found of z.array(routeSchema).parse(routes)) {
    if (found.protocol === 'kernel' || found.dst.includes(':')) continue
    objects.push(
      route({
        type: found.type === 'local' ? 'local' : undefined,
        to: found.dst,
        device: found.dev ?? '',
        via: found.gateway,
        source: found.prefsrc,
        table: found.table,
        metric: found.metric,
      }),
    )
  }
  for (const found of z.array(neighbourSchema).parse(neighbours)) {
    objects.push(neighbour(found.dev, found.dst, found.lladdr ?? ''))
  }
  for (const found of z.array(ruleSchema).parse(rules)) {
    const source = found.srclen === undefined ? found.src : `${found.src}/${found.srclen}`
    if (found.priority === rulePreference) objects.push(rule('', source, found.table ?? ''))
    else if (found.suppress_prefixlen === 0) objects.push(knownFirst)
  }
  return { devices, objects: new Map(objects.map((object) => [keyOf(object), object])), shaped }
}
