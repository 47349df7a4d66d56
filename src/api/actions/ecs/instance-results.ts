/** How an instance is shown, in lists and by itself. */
import { z } from 'zod'
import { findInstanceType, osName } from '../../../model/instance-types.ts'
import { enisOfInstances, furtherAddresses, groupsOfEnis } from '../../../store/enis.ts'
import type { EniTable, InstanceTable } from '../../../store/tables.ts'
import { readTags, type Tag } from '../../../store/tags.ts'
import type { ActionContext } from '../../action.ts'
import { asTagKeyValue, minutes, strings, tagKeyValue, wrapped } from '../../results.ts'
import { readTerms } from './instance-terms.ts'
import { addressSets, describeAddresses } from './network-interface-results.ts'

/** Statuses as the API names them: it has no word for an instance that is going. */
export function shownStatus(status: InstanceTable['status']): string {
  return status === 'Deleting' ? 'Stopping' : status
}

export const instanceItem = z.object({
  InstanceId: z.string(),
  InstanceName: z.string(),
  HostName: z.string(),
  Description: z.string(),
  Status: z.string(),
  RegionId: z.string(),
  ZoneId: z.string(),
  ClusterId: z.string(),
  InstanceType: z.string(),
  InstanceTypeFamily: z.string(),
  ImageId: z.string(),
  OSName: z.string(),
  OSNameEn: z.string(),
  OSType: z.string(),
  Cpu: z.number(),
  CPU: z.number(),
  Memory: z.number(),
  CreationTime: z.string(),
  StartTime: z.string(),
  ExpiredTime: z.string(),
  AutoReleaseTime: z.string(),
  InstanceChargeType: z.string(),
  InternetChargeType: z.string(),
  InternetMaxBandwidthIn: z.number(),
  InternetMaxBandwidthOut: z.number(),
  InstanceNetworkType: z.string(),
  ResourceGroupId: z.string(),
  SerialNumber: z.string(),
  KeyPairName: z.string(),
  SpotStrategy: z.string(),
  SpotPriceLimit: z.number(),
  SpotDuration: z.number(),
  SpotInterruptionBehavior: z.string(),
  StoppedMode: z.string(),
  CreditSpecification: z.string(),
  DeploymentSetId: z.string(),
  DeploymentSetGroupNo: z.number(),
  HpcClusterId: z.string(),
  IoOptimized: z.boolean(),
  DeviceAvailable: z.boolean(),
  Recyclable: z.boolean(),
  DeletionProtection: z.boolean(),
  VpcAttributes: z.object({
    VpcId: z.string(),
    VSwitchId: z.string(),
    NatIpAddress: z.string(),
    PrivateIpAddress: strings('IpAddress'),
  }),
  SecurityGroupIds: strings('SecurityGroupId'),
  PublicIpAddress: strings('IpAddress'),
  InnerIpAddress: strings('IpAddress'),
  EipAddress: z.object({
    AllocationId: z.string(),
    IpAddress: z.string(),
    InternetChargeType: z.string(),
    Bandwidth: z.number(),
    IsSupportUnassociate: z.boolean(),
  }),
  NetworkInterfaces: wrapped(
    'NetworkInterface',
    z.object({
      NetworkInterfaceId: z.string(),
      Type: z.string(),
      MacAddress: z.string(),
      PrimaryIpAddress: z.string(),
      PrivateIpSets: addressSets,
      Ipv6Sets: wrapped('Ipv6Set', z.object({ Ipv6Address: z.string() })),
    }),
  ),
  Tags: wrapped('Tag', tagKeyValue),
  OperationLocks: wrapped('LockReason', z.object({ LockReason: z.string() })),
  MetadataOptions: z.object({
    HttpEndpoint: z.string(),
    HttpTokens: z.string(),
    HttpPutResponseHopLimit: z.number(),
  }),
  DedicatedHostAttribute: z.object({ DedicatedHostId: z.string(), DedicatedHostName: z.string() }),
  ImageOptions: z.object({ LoginAsNonRoot: z.boolean() }),
})

interface Parts {
  readonly enis: readonly EniTable[]
  readonly groups: readonly string[]
  readonly further: (eni: string) => readonly string[]
  readonly tagList: readonly Tag[]
}

function describe(
  row: InstanceTable,
  { enis, groups, further, tagList }: Parts,
): z.infer<typeof instanceItem> {
  const terms = readTerms(row.terms)
  const type = findInstanceType(row.instance_type)
  return {
    InstanceId: row.id,
    InstanceName: row.name,
    HostName: row.host_name,
    Description: row.description,
    Status: shownStatus(row.status),
    RegionId: row.region_id,
    ZoneId: row.zone_id,
    ClusterId: '',
    InstanceType: row.instance_type,
    InstanceTypeFamily: type?.family ?? '',
    ImageId: row.image_id,
    OSName: osName,
    OSNameEn: osName,
    OSType: 'linux',
    Cpu: type?.cpus ?? 1,
    CPU: type?.cpus ?? 1,
    Memory: row.memory_mib,
    CreationTime: minutes(row.created_at),
    StartTime: minutes(row.started_at),
    ExpiredTime: '2099-12-31T15:59Z',
    AutoReleaseTime: minutes(row.release_at),
    InstanceChargeType: 'PostPaid',
    InternetChargeType: terms.InternetChargeType,
    InternetMaxBandwidthIn: terms.InternetMaxBandwidthIn,
    InternetMaxBandwidthOut: 0,
    InstanceNetworkType: 'vpc',
    ResourceGroupId: row.resource_group_id,
    SerialNumber: '',
    KeyPairName: row.key_pair_name,
    SpotStrategy: terms.SpotStrategy,
    SpotPriceLimit: terms.SpotPriceLimit,
    SpotDuration: terms.SpotDuration,
    SpotInterruptionBehavior: terms.SpotInterruptionBehavior,
    StoppedMode: row.status === 'Stopped' ? 'KeepCharging' : 'Not-applicable',
    CreditSpecification: terms.CreditSpecification,
    DeploymentSetId: '',
    DeploymentSetGroupNo: 0,
    HpcClusterId: '',
    IoOptimized: true,
    DeviceAvailable: true,
    Recyclable: false,
    DeletionProtection: row.deletion_protection === 1,
    VpcAttributes: {
      VpcId: row.vpc_id,
      VSwitchId: enis[0]?.vswitch_id ?? '',
      NatIpAddress: '',
      PrivateIpAddress: { IpAddress: enis.slice(0, 1).map(({ address }) => address) },
    },
    SecurityGroupIds: { SecurityGroupId: [...groups] },
    PublicIpAddress: { IpAddress: [] },
    InnerIpAddress: { IpAddress: [] },
    EipAddress: {
      AllocationId: '',
      IpAddress: '',
      InternetChargeType: '',
      Bandwidth: 0,
      IsSupportUnassociate: false,
    },
    NetworkInterfaces: {
      NetworkInterface: enis.map((eni) => ({
        NetworkInterfaceId: eni.id,
        Type: eni.is_primary === 1 ? 'Primary' : 'Secondary',
        MacAddress: eni.mac,
        PrimaryIpAddress: eni.address,
        PrivateIpSets: describeAddresses(eni.address, further(eni.id)),
        Ipv6Sets: { Ipv6Set: [] },
      })),
    },
    Tags: { Tag: tagList.map(asTagKeyValue) },
    OperationLocks: { LockReason: [] },
    MetadataOptions: {
      HttpEndpoint: terms.HttpEndpoint,
      HttpTokens: terms.HttpTokens,
      HttpPutResponseHopLimit: terms.HttpPutResponseHopLimit,
    },
    DedicatedHostAttribute: { DedicatedHostId: '', DedicatedHostName: '' },
    ImageOptions: terms.ImageOptions,
  }
}

export async function describeInstanceRows(
  { tx }: ActionContext,
  rows: readonly InstanceTable[],
): Promise<z.infer<typeof instanceItem>[]> {
  const ids = rows.map(({ id }) => id)
  const enisOf = await enisOfInstances(tx, ids)
  const interfaces = [...enisOf.values()].flat().map(({ id }) => id)
  const groups = await groupsOfEnis(tx, interfaces)
  const further = await furtherAddresses(tx, interfaces)
  const tagLists = await readTags(tx, 'instance', ids)
  return rows.map((row) => {
    const enis = enisOf.get(row.id) ?? []
    const primary = enis[0]
    return describe(row, {
      enis,
      groups: primary ? groups(primary.id) : [],
      further,
      tagList: tagLists.get(row.id) ?? [],
    })
  })
}
