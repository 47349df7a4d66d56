/** Whose the things are that the agent counts: the keys of their series. */
import type { Tx } from './page.ts'
import type { SeriesKey } from './metrics.ts'

const nothing = {
  provider_id: '',
  endpoint_id: '',
  zone_id: '',
  eni_id: '',
  service_id: '',
  resource_id: '',
  vip: '',
  protocol: '',
  port: 0,
}

/** By the ids in reports: `<endpoint>/<zone>`, with `/replaced` for the wire of a resource that is being replaced. */
export async function wireSeries(tx: Tx): Promise<ReadonlyMap<string, SeriesKey>> {
  const rows = await tx
    .selectFrom('endpoint_zone')
    .innerJoin('endpoint', 'endpoint.id', 'endpoint_zone.endpoint_id')
    .innerJoin('endpoint_service', 'endpoint_service.id', 'endpoint.service_id')
    .select([
      'endpoint.id as endpoint_id',
      'endpoint.account_id as account_id',
      'endpoint_service.account_id as provider_id',
      'endpoint.service_id as service_id',
      'endpoint_zone.zone_id as zone_id',
      'endpoint_zone.eni_id as eni_id',
      'endpoint_zone.load_balancer_id as resource_id',
      'endpoint_zone.replaced_eni_id as replaced_eni_id',
      'endpoint_zone.replaced_load_balancer_id as replaced_resource_id',
    ])
    .execute()
  return new Map(
    rows.flatMap(({ replaced_eni_id, replaced_resource_id, resource_id, ...row }) => {
      const wire = { ...nothing, ...row, kind: 'wire' as const }
      const id = `${row.endpoint_id}/${row.zone_id}`
      const current: [string, SeriesKey] = [id, { ...wire, resource_id: resource_id ?? '' }]
      if (replaced_eni_id === null || replaced_resource_id === null) return [current]
      const replaced = { ...wire, eni_id: replaced_eni_id, resource_id: replaced_resource_id }
      return [current, [`${id}/replaced`, replaced]]
    }),
  )
}

export async function balancerSeries(tx: Tx): Promise<ReadonlyMap<string, SeriesKey>> {
  const classic = await tx.selectFrom('load_balancer').select(['id', 'account_id', 'address']).execute()
  const network = await tx.selectFrom('network_load_balancer').select(['id', 'account_id']).execute()
  // An NLB has an address in each zone, so none is its own.
  const all = [...classic, ...network.map((row) => ({ ...row, address: '' }))]
  return new Map(
    all.map(({ id, account_id, address }) => [
      id,
      { ...nothing, kind: 'balancer', account_id, resource_id: id, vip: address },
    ]),
  )
}

/** All wires of a resource of a service, together. */
export function resourceOf({ provider_id, service_id, zone_id, resource_id }: SeriesKey): SeriesKey {
  return { ...nothing, kind: 'resource', account_id: provider_id, service_id, zone_id, resource_id }
}

/** As `<balancer> <protocol> <port>`. */
export async function listenerNames(tx: Tx): Promise<readonly string[]> {
  const columns = ['load_balancer_id', 'protocol', 'port'] as const
  const classic = await tx.selectFrom('listener').select(columns).execute()
  const network = await tx.selectFrom('nlb_listener').select(columns).execute()
  return [...classic, ...network].map(
    ({ load_balancer_id, protocol, port }) => `${load_balancer_id} ${protocol.toLowerCase()} ${port}`,
  )
}
