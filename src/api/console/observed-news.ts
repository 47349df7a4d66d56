/** What the agent has seen anew: health, states of instances, and traffic. */
import type { ObjectNews } from '../../store/news.ts'
import type { Observed } from '../action.ts'

export function observedNews(before: Observed, now: Observed): readonly ObjectNews[] {
  return [
    {
      kind: 'health',
      list: 'loadBalancers',
      ids: changed(before.health, now.health, healthKey, (item) => item.balancer),
    },
    { kind: 'instances', list: 'instances', ids: changed(before.instances, now.instances, idOf, idOf) },
    { kind: 'traffic', list: 'endpoints', ids: changed(before.wires, now.wires, idOf, endpointOf) },
  ]
}

/** Whose item is another one than before. A report that changes nothing keeps the items. */
function changed<Item>(
  before: readonly Item[],
  now: readonly Item[],
  key: (item: Item) => string,
  owner: (item: Item) => string,
): readonly string[] {
  if (before === now) return []
  const known = new Map(before.map((item) => [key(item), item]))
  return [...new Set(now.filter((item) => known.get(key(item)) !== item).map(owner))]
}

function idOf({ id }: { readonly id: string }): string {
  return id
}

function endpointOf({ id }: { readonly id: string }): string {
  return id.slice(0, id.indexOf('/'))
}

function healthKey(health: Observed['health'][number]): string {
  return `${health.balancer} ${health.protocol} ${health.port} ${health.server} ${health.backendPort}`
}
