import type { HttpSettings } from '../model/world.ts'
import type { Owner, Tx } from './page.ts'
import { httpSettingsOf } from './world/http-settings.ts'

/** What the HTTPS listeners of the owner serve and ask for, those that are going included: until then a proxy may still read it. */
export async function tlsOfListeners(tx: Tx, owner: Owner): Promise<readonly HttpSettings['tls'][]> {
  const listeners = await tx
    .selectFrom('listener')
    .innerJoin('load_balancer', 'load_balancer.id', 'listener.load_balancer_id')
    .select('listener.http')
    .where('load_balancer.account_id', '=', owner.account)
    .where('load_balancer.region_id', '=', owner.region)
    .where('listener.protocol', '=', 'https')
    .execute()
  return listeners.map(({ http }) => (http === null ? undefined : httpSettingsOf(http).tls))
}
