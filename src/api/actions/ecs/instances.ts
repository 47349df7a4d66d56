/** Ecs 2014-05-26: what instances are, in lists and one by one. */
import { z } from 'zod'
import { findInstanceType, osName } from '../../../model/instance-types.ts'
import { freeText, resourceName } from '../../../model/rules.ts'
import { enisOfInstances, groupsOfEnis } from '../../../store/enis.ts'
import { findInstance, listInstances, updateInstance } from '../../../store/instances.ts'
import type { EniTable, InstanceTable } from '../../../store/tables.ts'
import { readTags, type Tag } from '../../../store/tags.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import {
  eitherPageAnswer,
  eitherPageOf,
  eitherPageParams,
  eitherPageResult,
  pageOf,
  pageParams,
  pageResult,
} from '../../paging.ts'
import { flag, json, tags, text } from '../../params.ts'
import { found } from '../../require.ts'
import { asTagKeyValue, minutes, strings, tagKeyValue, wrapped } from '../../results.ts'
import { asFilter } from '../../tags.ts'

const idList = () => json(z.array(z.string()).max(100))

/** Statuses as the API names them: it has no word for an instance that is going. */
function shownStatus(status: InstanceTable['status']): string {
  return status === 'Deleting' ? 'Stopping' : status
}

function storedStatuses(shown: string | undefined): readonly InstanceTable['status'][] | undefined {
  const statuses = ['Pending', 'Starting', 'Running', 'Stopping', 'Stopped', 'Deleting'] as const
  return shown === undefined ? undefined : statuses.filter((status) => shownStatus(status) === shown)
}

const instanceItem = z.object({
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
      PrivateIpSets: wrapped(
        'PrivateIpSet',
        z.object({ PrivateIpAddress: z.string(), Primary: z.boolean() }),
      ),
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
  readonly tagList: readonly Tag[]
}

function describe(row: InstanceTable, { enis, groups, tagList }: Parts): z.infer<typeof instanceItem> {
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
    AutoReleaseTime: '',
    InstanceChargeType: 'PostPaid',
    InternetChargeType: 'PayByTraffic',
    InternetMaxBandwidthIn: -1,
    InternetMaxBandwidthOut: 0,
    InstanceNetworkType: 'vpc',
    ResourceGroupId: row.resource_group_id,
    SerialNumber: '',
    KeyPairName: '',
    SpotStrategy: 'NoSpot',
    SpotPriceLimit: 0,
    SpotDuration: 0,
    StoppedMode: row.status === 'Stopped' ? 'KeepCharging' : 'Not-applicable',
    CreditSpecification: '',
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
        PrivateIpSets: { PrivateIpSet: [{ PrivateIpAddress: eni.address, Primary: true }] },
        Ipv6Sets: { Ipv6Set: [] },
      })),
    },
    Tags: { Tag: tagList.map(asTagKeyValue) },
    OperationLocks: { LockReason: [] },
    MetadataOptions: { HttpEndpoint: '', HttpTokens: '', HttpPutResponseHopLimit: 0 },
    DedicatedHostAttribute: { DedicatedHostId: '', DedicatedHostName: '' },
    ImageOptions: { LoginAsNonRoot: false },
  }
}

async function describeAll(
  { tx }: ActionContext,
  rows: readonly InstanceTable[],
): Promise<z.infer<typeof instanceItem>[]> {
  const ids = rows.map(({ id }) => id)
  const enisOf = await enisOfInstances(tx, ids)
  const groups = await groupsOfEnis(
    tx,
    [...enisOf.values()].flat().map(({ id }) => id),
  )
  const tagLists = await readTags(tx, 'instance', ids)
  return rows.map((row) => {
    const enis = enisOf.get(row.id) ?? []
    const primary = enis[0]
    return describe(row, {
      enis,
      groups: primary ? groups(primary.id) : [],
      tagList: tagLists.get(row.id) ?? [],
    })
  })
}

const describeInstances = defineAction({
  product: 'Ecs',
  name: 'DescribeInstances',
  summary: { en: 'Lists instances.', zh: '查询实例列表。' },
  status: {
    partial:
      'Narrowed by ids, VPC, vSwitch, zone, type, image, security group, name, status, private addresses, resource group and tags; other filters are ignored. Fields of what an instance does not have here are empty.',
  },
  params: z.object({
    InstanceIds: idList().optional(),
    VpcId: text().optional(),
    VSwitchId: text().optional(),
    ZoneId: text().optional(),
    InstanceType: text().optional(),
    ImageId: text().optional(),
    SecurityGroupId: text().optional(),
    InstanceName: text().optional(),
    Status: text().optional(),
    PrivateIpAddresses: idList().optional(),
    ResourceGroupId: text().optional(),
    Tag: tags(),
    ...eitherPageParams(10, 100),
  }),
  result: z.object({
    ...eitherPageResult,
    Instances: wrapped('Instance', instanceItem),
  }),
  effect: 'read',
  handler: async (context, params) => {
    const filter = {
      ids: params.InstanceIds?.length === 0 ? undefined : params.InstanceIds,
      vpc: params.VpcId,
      zone: params.ZoneId,
      type: params.InstanceType,
      image: params.ImageId,
      name: params.InstanceName,
      statuses: storedStatuses(params.Status),
      resourceGroup: params.ResourceGroupId,
      vswitch: params.VSwitchId,
      group: params.SecurityGroupId,
      addresses: params.PrivateIpAddresses,
      tags: asFilter(params.Tag),
    }
    const listing = await listInstances(context.tx, ownerOf(context), filter, eitherPageOf(params))
    return {
      ...eitherPageAnswer(params, listing),
      Instances: { Instance: await describeAll(context, listing.rows) },
    }
  },
})

const describeInstanceStatus = defineAction({
  product: 'Ecs',
  name: 'DescribeInstanceStatus',
  summary: { en: 'Lists the statuses of instances.', zh: '查询实例的状态。' },
  status: 'full',
  params: z.object({
    InstanceId: z.array(text()).max(50).optional(),
    ZoneId: text().optional(),
    ...pageParams(10, 50),
  }),
  result: z.object({
    ...pageResult,
    InstanceStatuses: wrapped('InstanceStatus', z.object({ InstanceId: z.string(), Status: z.string() })),
  }),
  effect: 'read',
  handler: async (context, params) => {
    const filter = { ids: params.InstanceId, zone: params.ZoneId, tags: [] }
    const { rows, total } = await listInstances(context.tx, ownerOf(context), filter, pageOf(params))
    return {
      TotalCount: total,
      PageNumber: params.PageNumber,
      PageSize: params.PageSize,
      InstanceStatuses: {
        InstanceStatus: rows.map(({ id, status }) => ({ InstanceId: id, Status: shownStatus(status) })),
      },
    }
  },
})

const describeInstanceAttribute = defineAction({
  product: 'Ecs',
  name: 'DescribeInstanceAttribute',
  summary: { en: 'Describes one instance.', zh: '查询一台实例的属性信息。' },
  status: {
    partial: 'Fields of what an instance does not have here are empty.',
  },
  params: z.object({ InstanceId: text() }),
  result: instanceItem
    .pick({
      InstanceId: true,
      InstanceName: true,
      HostName: true,
      Description: true,
      Status: true,
      RegionId: true,
      ZoneId: true,
      InstanceType: true,
      ImageId: true,
      Cpu: true,
      Memory: true,
      CreationTime: true,
      ExpiredTime: true,
      InstanceChargeType: true,
      InternetChargeType: true,
      InternetMaxBandwidthIn: true,
      InternetMaxBandwidthOut: true,
      InstanceNetworkType: true,
      IoOptimized: true,
      VpcAttributes: true,
      SecurityGroupIds: true,
      PublicIpAddress: true,
      InnerIpAddress: true,
      EipAddress: true,
      OperationLocks: true,
    })
    .extend({ EnableJumboFrame: z.boolean() }),
  effect: 'read',
  errors: ['InvalidInstanceId.NotFound'],
  handler: async (context, { InstanceId }) => {
    const [item] = await describeAll(context, [await ownInstance(context, InstanceId)])
    return { ...found(item, 'InvalidInstanceId.NotFound'), EnableJumboFrame: false }
  },
})

const modifyInstanceAttribute = defineAction({
  product: 'Ecs',
  name: 'ModifyInstanceAttribute',
  summary: { en: 'Changes name, description and protection of an instance.', zh: '修改实例的部分信息。' },
  status: {
    partial: 'Changes name, description and deletion protection; other parameters are ignored.',
  },
  params: z.object({
    InstanceId: text(),
    InstanceName: text({ pattern: resourceName, invalid: 'InvalidInstanceName.Malformed' }).optional(),
    Description: text({ pattern: freeText(2, 256), invalid: 'InvalidDescription.Malformed' }).optional(),
    DeletionProtection: flag().optional(),
  }),
  result: z.object({}),
  effect: 'write',
  errors: ['InvalidDescription.Malformed', 'InvalidInstanceId.NotFound', 'InvalidInstanceName.Malformed'],
  handler: async (context, params) => {
    const instance = await ownInstance(context, params.InstanceId)
    await updateInstance(context.tx, instance.id, {
      name: params.InstanceName ?? instance.name,
      description: params.Description ?? instance.description,
      deletion_protection: Number(params.DeletionProtection ?? instance.deletion_protection === 1),
    })
    return {}
  },
})

const describeUserData = defineAction({
  product: 'Ecs',
  name: 'DescribeUserData',
  summary: { en: 'Returns the UserData of an instance.', zh: '查询实例的自定义数据。' },
  status: 'full',
  params: z.object({ InstanceId: text() }),
  result: z.object({ RegionId: z.string(), InstanceId: z.string(), UserData: z.string() }),
  effect: 'read',
  errors: ['InvalidInstanceId.NotFound'],
  handler: async (context, { InstanceId }) => {
    const instance = await ownInstance(context, InstanceId)
    return { RegionId: instance.region_id, InstanceId: instance.id, UserData: instance.user_data }
  },
})

async function ownInstance(context: ActionContext, id: string): Promise<InstanceTable> {
  return found(await findInstance(context.tx, ownerOf(context), id), 'InvalidInstanceId.NotFound')
}

export const instanceActions: readonly Action[] = [
  describeInstances,
  describeInstanceStatus,
  describeInstanceAttribute,
  modifyInstanceAttribute,
  describeUserData,
]
