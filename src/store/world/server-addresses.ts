import type { Transaction } from 'kysely'
import type { Tables } from '../tables.ts'
import { readEnis } from './instances.ts'

/** Where a backend server is reached: an instance at its primary address, an ENI at its own. */
export async function serverAddresses(
  tx: Transaction<Tables>,
  servers: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const enis = await tx
    .selectFrom('eni')
    .select('id')
    .where((eb) => eb.or([eb('id', 'in', servers), eb('instance_id', 'in', servers)]))
    .execute()
  const addresses = new Map<string, string>()
  for (const { id, address, attachment } of await readEnis(
    tx,
    enis.map((eni) => eni.id),
  )) {
    addresses.set(id, address)
    if (attachment.kind === 'instance' && attachment.primary) addresses.set(attachment.instance, address)
  }
  return addresses
}
