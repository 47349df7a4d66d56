import { tlsOfListeners } from './https-listeners.ts'
import type { CertificateFilter } from './server-certificates.ts'
import type { Owner, Tx } from './page.ts'
import type { CaCertificateTable } from './tables.ts'
import { removeTags, taggedWith } from './tags.ts'

export async function insertCaCertificate(tx: Tx, row: CaCertificateTable): Promise<void> {
  await tx.insertInto('ca_certificate').values(row).execute()
}

export async function findCaCertificate(
  tx: Tx,
  owner: Owner,
  id: string,
): Promise<CaCertificateTable | undefined> {
  return await ownedCertificates(tx, owner).where('id', '=', id).executeTakeFirst()
}

export async function listCaCertificates(
  tx: Tx,
  owner: Owner,
  filter: CertificateFilter,
): Promise<readonly CaCertificateTable[]> {
  let query = ownedCertificates(tx, owner).orderBy('created_at').orderBy('id')
  if (filter.id !== undefined) query = query.where('id', '=', filter.id)
  if (filter.resourceGroup !== undefined) query = query.where('resource_group_id', '=', filter.resourceGroup)
  for (const tag of filter.tags) query = query.where('id', 'in', taggedWith(tx, 'certificate', tag))
  return await query.execute()
}

export async function renameCaCertificate(tx: Tx, id: string, name: string): Promise<void> {
  await tx.updateTable('ca_certificate').set({ name }).where('id', '=', id).execute()
}

export async function deleteCaCertificate(tx: Tx, id: string): Promise<void> {
  await removeTags(tx, 'certificate', [id], 'all')
  await tx.deleteFrom('ca_certificate').where('id', '=', id).execute()
}

/** Whether a listener asks for certificates signed by it. */
export async function isAuthorityInUse(tx: Tx, owner: Owner, id: string): Promise<boolean> {
  return (await tlsOfListeners(tx, owner)).some((tls) => tls?.clientAuthority === id)
}

function ownedCertificates(tx: Tx, owner: Owner) {
  return tx
    .selectFrom('ca_certificate')
    .selectAll()
    .where('account_id', '=', owner.account)
    .where('region_id', '=', owner.region)
}
