/** How an interface is shown: in lists, by itself, and to who has just made it. */
import { z } from 'zod'
import type { EniTable } from '../../../store/tables.ts'
import { furtherAddresses, groupsOfEnis } from '../../../store/enis.ts'
import { readTags, type Tag } from '../../../store/tags.ts'
import type { ActionContext } from '../../action.ts'
import { asTagKeyValue, seconds, strings, tagKeyValue, wrapped } from '../../results.ts'

export const addressSets = wrapped(
  'PrivateIpSet',
  z.object({ PrivateIpAddress: z.string(), Primary: z.boolean() }),
)

/** The addresses of an interface, the first one first. */
export function describeAddresses(first: string, further: readonly string[]): z.infer<typeof addressSets> {
  return {
    PrivateIpSet: [
      { PrivateIpAddress: first, Primary: true },
      ...further.map((address) => ({ PrivateIpAddress: address, Primary: false })),
    ],
  }
}

export const interfaceFields = {
  NetworkInterfaceId: z.string(),
  NetworkInterfaceName: z.string(),
  Description: z.string(),
  Status: z.string(),
  Type: z.string(),
  InstanceId: z.string(),
  VpcId: z.string(),
  VSwitchId: z.string(),
  ZoneId: z.string(),
  PrivateIpAddress: z.string(),
  MacAddress: z.string(),
  CreationTime: z.string(),
  OwnerId: z.string(),
  ServiceManaged: z.boolean(),
  ServiceID: z.number(),
  ResourceGroupId: z.string(),
  QueueNumber: z.number(),
  NetworkInterfaceTrafficMode: z.string(),
  DeleteOnRelease: z.boolean(),
  SourceDestCheck: z.boolean(),
  SecurityGroupIds: strings('SecurityGroupId'),
  PrivateIpSets: addressSets,
  Ipv6Sets: wrapped('Ipv6Set', z.object({ Ipv6Address: z.string() })),
  Ipv4PrefixSets: wrapped('Ipv4PrefixSet', z.object({ Ipv4Prefix: z.string() })),
  Ipv6PrefixSets: wrapped('Ipv6PrefixSet', z.object({ Ipv6Prefix: z.string() })),
  AssociatedPublicIp: z.object({}),
  Attachment: z.object({ InstanceId: z.string(), DeviceIndex: z.number(), NetworkCardIndex: z.number() }),
  Tags: wrapped('Tag', tagKeyValue),
}

export async function describeInterfaces({ tx }: ActionContext, rows: readonly EniTable[]) {
  const ids = rows.map(({ id }) => id)
  const groups = await groupsOfEnis(tx, ids)
  const further = await furtherAddresses(tx, ids)
  const tagLists = await readTags(tx, 'eni', ids)
  return rows.map((row) =>
    describe(row, { groups: groups(row.id), further: further(row.id), tagList: tagLists.get(row.id) ?? [] }),
  )
}

interface Parts {
  readonly groups: readonly string[]
  readonly further: readonly string[]
  readonly tagList: readonly Tag[]
}

function describe(row: EniTable, { groups, further, tagList }: Parts) {
  return {
    NetworkInterfaceId: row.id,
    NetworkInterfaceName: row.name,
    Description: row.description,
    Status: row.status,
    Type: row.is_primary === 1 ? 'Primary' : 'Secondary',
    InstanceId: row.instance_id ?? '',
    VpcId: row.vpc_id,
    VSwitchId: row.vswitch_id,
    ZoneId: row.zone_id,
    PrivateIpAddress: row.address,
    MacAddress: row.mac,
    CreationTime: seconds(row.created_at),
    OwnerId: row.account_id,
    ServiceManaged: row.endpoint_id !== null,
    ServiceID: 0,
    ResourceGroupId: row.resource_group_id,
    QueueNumber: 1,
    NetworkInterfaceTrafficMode: 'Standard',
    DeleteOnRelease: row.delete_on_release === 1,
    SourceDestCheck: true,
    SecurityGroupIds: { SecurityGroupId: [...groups] },
    PrivateIpSets: describeAddresses(row.address, further),
    Ipv6Sets: { Ipv6Set: [] },
    Ipv4PrefixSets: { Ipv4PrefixSet: [] },
    Ipv6PrefixSets: { Ipv6PrefixSet: [] },
    AssociatedPublicIp: {},
    Attachment: { InstanceId: row.instance_id ?? '', DeviceIndex: row.device, NetworkCardIndex: 0 },
    Tags: { Tag: tagList.map(asTagKeyValue) },
  }
}
