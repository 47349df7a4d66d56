import { tlsOfListeners } from './https-listeners.ts'
import type { Owner, Tx } from './page.ts'
import type { ServerCertificateTable } from './tables.ts'
import { removeTags, taggedWith, type Tag } from './tags.ts'

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
  readonly tags: readonly Tag[]
}

export async function listServerCertificates(
  tx: Tx,
  owner: Owner,
  filter: CertificateFilter,
): Promise<readonly ServerCertificateTable[]> {
  let query = ownedCertificates(tx, owner).orderBy('created_at').orderBy('id')
  if (filter.id !== undefined) query = query.where('id', '=', filter.id)
  if (filter.resourceGroup !== undefined) query = query.where('resource_group_id', '=', filter.resourceGroup)
  for (const tag of filter.tags) query = query.where('id', 'in', taggedWith(tx, 'certificate', tag))
  return await query.execute()
}

export async function renameServerCertificate(tx: Tx, id: string, name: string): Promise<void> {
  await tx.updateTable('server_certificate').set({ name }).where('id', '=', id).execute()
}

export async function deleteServerCertificate(tx: Tx, id: string): Promise<void> {
  await removeTags(tx, 'certificate', [id], 'all')
  await tx.deleteFrom('server_certificate').where('id', '=', id).execute()
}

/** Whether a listener serves it. */
export async function isCertificateInUse(tx: Tx, owner: Owner, id: string): Promise<boolean> {
  return (await tlsOfListeners(tx, owner)).some((tls) => tls?.certificate === id)
}

function ownedCertificates(tx: Tx, owner: Owner) {
  return tx
    .selectFrom('server_certificate')
    .selectAll()
    .where('account_id', '=', owner.account)
    .where('region_id', '=', owner.region)
}
