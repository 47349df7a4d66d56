import type { Owner, Tx } from './page.ts'
import type { ServerCertificateTable } from './tables.ts'
import { httpSettingsOf } from './world/http-settings.ts'

export async function insertServerCertificate(tx: Tx, row: ServerCertificateTable): Promise<void> {
  await tx.insertInto('server_certificate').values(row).execute()
}

export async function findServerCertificate(
  tx: Tx,
  owner: Owner,
  id: string,
): Promise<ServerCertificateTable | undefined> {
  return await ownedCertificates(tx, owner).where('id', '=', id).executeTakeFirst()
}

export interface CertificateFilter {
  readonly id?: string | undefined
  readonly resourceGroup?: string | undefined
}

export async function listServerCertificates(
  tx: Tx,
  owner: Owner,
  filter: CertificateFilter,
): Promise<readonly ServerCertificateTable[]> {
  let query = ownedCertificates(tx, owner).orderBy('created_at').orderBy('id')
  if (filter.id !== undefined) query = query.where('id', '=', filter.id)
  if (filter.resourceGroup !== undefined) query = query.where('resource_group_id', '=', filter.resourceGroup)
  return await query.execute()
}

export async function renameServerCertificate(tx: Tx, id: string, name: string): Promise<void> {
  await tx.updateTable('server_certificate').set({ name }).where('id', '=', id).execute()
}

export async function deleteServerCertificate(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('server_certificate').where('id', '=', id).execute()
}

/** Whether a listener serves it, one that is going included: until then its proxy may still read it. */
export async function isCertificateInUse(tx: Tx, owner: Owner, id: string): Promise<boolean> {
  const listeners = await tx
    .selectFrom('listener')
    .innerJoin('load_balancer', 'load_balancer.id', 'listener.load_balancer_id')
    .select('listener.http')
    .where('load_balancer.account_id', '=', owner.account)
    .where('load_balancer.region_id', '=', owner.region)
    .where('listener.protocol', '=', 'https')
    .execute()
  return listeners.some(({ http }) => http !== null && httpSettingsOf(http).tls?.certificate === id)
}

function ownedCertificates(tx: Tx, owner: Owner) {
  return tx
    .selectFrom('server_certificate')
    .selectAll()
    .where('account_id', '=', owner.account)
    .where('region_id', '=', owner.region)
}
