import type { Transaction } from 'kysely'
import type {
  AccountId,
  DiskId,
  EndpointId,
  EniId,
  InstanceId,
  SecurityGroupId,
  VpcId,
  VSwitchId,
} from '../../model/ids.ts'
import type { Eni, Instance } from '../../model/world.ts'
import type { EniTable, InstanceTable, Tables } from '../tables.ts'
import { chosen, type Ids } from './ids.ts'

export async function readInstances(tx: Transaction<Tables>, ids: Ids): Promise<Instance[]> {
  const rows = await tx
    .selectFrom('instance')
    .selectAll()
    .where('status', '!=', 'Deleting')
    .$call(chosen('id', ids))
    .execute()
  return rows.map(instanceOf)
}

/**
 * The interfaces of living holders: an ENI of an instance or an endpoint zone that is being deleted is gone, and so is
 * one that was replaced, once the flows it had are cut; one that is being detached has no holder.
 */
export async function readEnis(tx: Transaction<Tables>, ids: Ids): Promise<Eni[]> {
  const rows = await tx
    .selectFrom('eni')
    .leftJoin('instance', 'instance.id', 'eni.instance_id')
    .leftJoin('endpoint_zone', 'endpoint_zone.eni_id', 'eni.id')
    .leftJoin('endpoint_zone as replacing', 'replacing.replaced_eni_id', 'eni.id')
    .selectAll('eni')
    .where((eb) =>
      eb.or([
        eb('instance.status', '!=', 'Deleting'),
        eb('endpoint_zone.status', '!=', 'Deleting'),
        eb('replacing.status', 'in', ['Preparing', 'Migrating', 'Migrated']),
      ]),
    )
    .where('eni.status', 'not in', ['Available', 'Detaching'])
    .$call(chosen('eni.id', ids))
    .execute()
  const groupsOf = Map.groupBy(
    await tx.selectFrom('eni_security_group').selectAll().$call(chosen('eni_id', ids)).execute(),
    (row) => row.eni_id,
  )
  const addressesOf = Map.groupBy(
    await tx.selectFrom('eni_address').selectAll().$call(chosen('eni_id', ids)).execute(),
    (row) => row.eni_id,
  )
  return rows.map((row) => ({
    id: row.id as EniId,
    vpc: row.vpc_id as VpcId,
    vswitch: row.vswitch_id as VSwitchId,
    address: row.address,
    furtherAddresses: (addressesOf.get(row.id) ?? []).map(({ address }) => address),
    mac: row.mac,
    securityGroups: (groupsOf.get(row.id) ?? []).map((group) => group.security_group_id as SecurityGroupId),
    attachment: attachmentOf(row),
  }))
}

function instanceOf(row: InstanceTable): Instance {
  return {
    id: row.id as InstanceId,
    owner: row.account_id as AccountId,
    vpc: row.vpc_id as VpcId,
    hostName: row.host_name,
    status: row.status,
    boot: row.boot,
    userData: row.user_data,
    publicKey: row.public_key,
    memoryMib: row.memory_mib,
    disk: row.disk_id as DiskId,
    uid: row.uid,
  }
}

function attachmentOf(row: EniTable): Eni['attachment'] {
  if (row.endpoint_id !== null) return { kind: 'endpoint', endpoint: row.endpoint_id as EndpointId }
  if (row.instance_id === null) return { kind: 'none' }
  return {
    kind: 'instance',
    instance: row.instance_id as InstanceId,
    primary: row.is_primary === 1,
    device: row.device,
  }
}
