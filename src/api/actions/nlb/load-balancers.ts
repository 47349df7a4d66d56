/** Nlb 2022-04-30: network load balancers, their zones, protection and deletion. */
import { z } from 'zod'
import { nlbName } from '../../../model/rules.ts'
import { resourceZones } from '../../../store/endpoint-services.ts'
import { nextGeneration } from '../../../store/generation.ts'
import {
  dropZone,
  insertZones,
  listBalancers,
  updateBalancer,
  zonesOf,
} from '../../../store/nlb/load-balancers.ts'
import type { NetworkLoadBalancerTable, NlbZoneTable } from '../../../store/tables.ts'
import { readTags, type Tag } from '../../../store/tags.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import { nextToken, tokenPageOf, tokenParams } from '../../paging.ts'
import { choice, flag, integer, tags, text } from '../../params.ts'
import { demand } from '../../require.ts'
import { asTagKeyValue, seconds, tagKeyValue } from '../../results.ts'
import { asFilter } from '../../tags.ts'
import { createLoadBalancer } from './create-load-balancer.ts'
import { jobResult, startJob } from './jobs.ts'
import { ownBalancer, steadyBalancer } from './own.ts'
import { checkZones, placeInZone, zoneErrors, zoneMappings } from './zones.ts'

const balancerItem = z.object({
  LoadBalancerId: z.string(),
  LoadBalancerName: z.string(),
  LoadBalancerType: z.string(),
  LoadBalancerStatus: z.string(),
  LoadBalancerBusinessStatus: z.string(),
  AddressType: z.string(),
  AddressIpVersion: z.string(),
  Ipv6AddressType: z.string(),
  BandwidthPackageId: z.string(),
  CreateTime: z.string(),
  CrossZoneEnabled: z.boolean(),
  DNSName: z.string(),
  RegionId: z.string(),
  ResourceGroupId: z.string(),
  VpcId: z.string(),
  LoadBalancerBillingConfig: z.object({ PayType: z.string() }),
  DeletionProtectionConfig: z.object({
    Enabled: z.boolean(),
    EnabledTime: z.string(),
    Reason: z.string(),
  }),
  ModificationProtectionConfig: z.object({
    Status: z.string(),
    EnabledTime: z.string(),
    Reason: z.string(),
  }),
  OperationLocks: z.array(z.object({ LockType: z.string(), LockReason: z.string() })),
  SecurityGroupIds: z.array(z.string()),
  Tags: z.array(tagKeyValue),
  ZoneMappings: z.array(
    z.object({
      ZoneId: z.string(),
      VSwitchId: z.string(),
      Status: z.string(),
      LoadBalancerAddresses: z.array(
        z.object({
          EniId: z.string(),
          PrivateIPv4Address: z.string(),
          PrivateIPv4HcStatus: z.string(),
          PublicIPv4Address: z.string(),
          AllocationId: z.string(),
          Ipv6Address: z.string(),
        }),
      ),
    }),
  ),
})

function describe(
  row: NetworkLoadBalancerTable,
  zones: readonly NlbZoneTable[],
  tagList: readonly Tag[],
): z.infer<typeof balancerItem> {
  return {
    LoadBalancerId: row.id,
    LoadBalancerName: row.name,
    LoadBalancerType: 'network',
    LoadBalancerStatus: row.status,
    LoadBalancerBusinessStatus: 'Normal',
    AddressType: row.address_type,
    AddressIpVersion: 'ipv4',
    Ipv6AddressType: 'Intranet',
    BandwidthPackageId: '',
    CreateTime: seconds(row.created_at),
    CrossZoneEnabled: row.cross_zone === 1,
    DNSName: `${row.id}.${row.region_id}.nlb.aliyuncs.com`,
    RegionId: row.region_id,
    ResourceGroupId: row.resource_group_id,
    VpcId: row.vpc_id,
    LoadBalancerBillingConfig: { PayType: 'PostPay' },
    DeletionProtectionConfig: {
      Enabled: row.deletion_protected_at !== null,
      EnabledTime: seconds(row.deletion_protected_at ?? ''),
      Reason: row.deletion_protection_reason,
    },
    ModificationProtectionConfig: {
      Status: row.modification_protected_at === null ? 'NonProtection' : 'ConsoleProtection',
      EnabledTime: seconds(row.modification_protected_at ?? ''),
      Reason: row.modification_protection_reason,
    },
    OperationLocks: [],
    SecurityGroupIds: [],
    Tags: tagList.map(asTagKeyValue),
    ZoneMappings: zones.map((zone) => ({
      ZoneId: zone.zone_id,
      VSwitchId: zone.vswitch_id,
      Status: 'Active',
      LoadBalancerAddresses: [
        {
          EniId: zone.eni_id,
          PrivateIPv4Address: zone.address,
          PrivateIPv4HcStatus: 'Healthy',
          PublicIPv4Address: '',
          AllocationId: '',
          Ipv6Address: '',
        },
      ],
    })),
  }
}

async function describeAll({ tx }: ActionContext, rows: readonly NetworkLoadBalancerTable[]) {
  const ids = rows.map(({ id }) => id)
  const zones = await zonesOf(tx, ids)
  const tagLists = await readTags(tx, 'networkloadbalancer', ids)
  return rows.map((row) => describe(row, zones(row.id), tagLists.get(row.id) ?? []))
}

const getLoadBalancerAttribute = defineAction({
  product: 'Nlb',
  name: 'GetLoadBalancerAttribute',
  summary: { en: 'Describes one network load balancer.', zh: '查询网络型负载均衡实例的详细信息。' },
  status: {
    partial:
      '`DNSName` is told and does not resolve; there are no security groups and no public addresses on an NLB.',
  },
  params: z.object({ LoadBalancerId: text() }),
  result: balancerItem.extend({ Cps: z.number() }),
  effect: 'read',
  errors: ['ResourceNotFound.loadBalancer'],
  handler: async (context, { LoadBalancerId }) => {
    const row = await ownBalancer(context, LoadBalancerId)
    const zones = await zonesOf(context.tx, [row.id])
    const tagLists = await readTags(context.tx, 'networkloadbalancer', [row.id])
    return { ...describe(row, zones(row.id), tagLists.get(row.id) ?? []), Cps: row.cps }
  },
})

const listLoadBalancers = defineAction({
  product: 'Nlb',
  name: 'ListLoadBalancers',
  summary: { en: 'Lists network load balancers.', zh: '查询网络型负载均衡实例列表。' },
  status: 'full',
  params: z.object({
    LoadBalancerIds: z.array(text()).max(20).optional(),
    LoadBalancerNames: z.array(text()).max(20).optional(),
    VpcIds: z.array(text()).max(10).optional(),
    ZoneId: text().optional(),
    LoadBalancerStatus: text().optional(),
    LoadBalancerBusinessStatus: text().optional(),
    LoadBalancerType: text().optional(),
    AddressType: text().optional(),
    AddressIpVersion: text().optional(),
    DNSName: text().optional(),
    ResourceGroupId: text().optional(),
    Tag: tags(),
    ...tokenParams(100, 20),
  }),
  result: z.object({
    LoadBalancers: z.array(balancerItem),
    TotalCount: z.number(),
    MaxResults: z.number(),
    NextToken: z.string(),
  }),
  effect: 'read',
  handler: async (context, params) => {
    const page = tokenPageOf(params)
    const none =
      isOther(params.LoadBalancerBusinessStatus, 'Normal') ||
      isOther(params.LoadBalancerType, 'network') ||
      isOther(params.AddressType, 'Intranet') ||
      isOther(params.AddressIpVersion, 'ipv4')
    const named = params.DNSName === undefined ? undefined : [params.DNSName.split('.')[0] ?? '']
    const filter = {
      ids: none ? [] : (params.LoadBalancerIds ?? named),
      names: params.LoadBalancerNames,
      vpcs: params.VpcIds,
      zone: params.ZoneId,
      status: params.LoadBalancerStatus,
      resourceGroup: params.ResourceGroupId,
      tags: asFilter(params.Tag),
    }
    const { rows, total, next } = await listBalancers(context.tx, ownerOf(context), filter, page)
    return {
      LoadBalancers: await describeAll(context, rows),
      TotalCount: total,
      MaxResults: params.MaxResults,
      NextToken: nextToken({ next }),
    }
  },
})

/** A filter on what is the same for all here. */
function isOther(wanted: string | undefined, only: string): boolean {
  return wanted !== undefined && wanted.toLowerCase() !== only.toLowerCase()
}

const updateLoadBalancerAttribute = defineAction({
  product: 'Nlb',
  name: 'UpdateLoadBalancerAttribute',
  summary: { en: 'Changes name and limit of a network load balancer.', zh: '修改网络型负载均衡实例的属性。' },
  status: { partial: '`CrossZoneEnabled` cannot be switched off; `Cps` counts all zones together.' },
  params: z.object({
    LoadBalancerId: text(),
    LoadBalancerName: text({ pattern: nlbName, invalid: 'IllegalParam.loadBalancerName' }).optional(),
    Cps: integer(0, 1_000_000).optional(),
    CrossZoneEnabled: flag().optional(),
  }),
  result: z.object(jobResult),
  effect: 'write',
  errors: [
    'IllegalParam.CrossZoneEnabled',
    'IllegalParam.loadBalancerName',
    'IncorrectStatus.loadbalancer',
    'ResourceNotFound.loadBalancer',
  ],
  handler: async (context, params) => {
    demand(params.CrossZoneEnabled !== false, 'IllegalParam.CrossZoneEnabled', {
      name: 'CrossZoneEnabled',
      reason: 'servers of all zones serve each address',
    })
    const generation = await nextGeneration(context.tx)
    const balancer = await steadyBalancer(context, params.LoadBalancerId)
    await updateBalancer(context.tx, balancer.id, {
      name: params.LoadBalancerName ?? balancer.name,
      cps: params.Cps ?? balancer.cps,
      status: 'Configuring',
      generation,
    })
    return await startJob(context, generation, [balancer.id])
  },
})

const protectionReason = () => text({ pattern: /^[^]{2,128}$/ }).optional()

const updateLoadBalancerProtection = defineAction({
  product: 'Nlb',
  name: 'UpdateLoadBalancerProtection',
  summary: {
    en: 'Guards a network load balancer against deletion and changes in the console.',
    zh: '修改网络型负载均衡实例的删除保护和修改保护。',
  },
  status: 'full',
  params: z.object({
    LoadBalancerId: text(),
    DeletionProtectionEnabled: flag().optional(),
    DeletionProtectionReason: protectionReason(),
    ModificationProtectionStatus: choice(['NonProtection', 'ConsoleProtection']).optional(),
    ModificationProtectionReason: protectionReason(),
  }),
  result: z.object({}),
  effect: 'write',
  errors: ['IncorrectStatus.loadbalancer', 'ResourceNotFound.loadBalancer'],
  handler: async (context, params) => {
    const { tx, now } = context
    const balancer = await steadyBalancer(context, params.LoadBalancerId)
    const since = (before: string | null, on: boolean) => (on ? (before ?? now.toISOString()) : null)
    const { DeletionProtectionEnabled: deletion, ModificationProtectionStatus: modification } = params
    const guarded =
      modification === undefined
        ? balancer.modification_protected_at !== null
        : modification === 'ConsoleProtection'
    await updateBalancer(tx, balancer.id, {
      deletion_protected_at: since(
        balancer.deletion_protected_at,
        deletion ?? balancer.deletion_protected_at !== null,
      ),
      deletion_protection_reason: params.DeletionProtectionReason ?? balancer.deletion_protection_reason,
      modification_protected_at: since(balancer.modification_protected_at, guarded),
      modification_protection_reason: guarded
        ? (params.ModificationProtectionReason ?? balancer.modification_protection_reason)
        : '',
    })
    return {}
  },
})

/** All zones are named: those that are not leave, unless endpoints could be connected by them. */
const updateLoadBalancerZones = defineAction({
  product: 'Nlb',
  name: 'UpdateLoadBalancerZones',
  summary: { en: 'Sets the zones of a network load balancer.', zh: '修改网络型负载均衡实例的可用区。' },
  status: { partial: 'Private IPv4 addresses only; a zone that an endpoint service offers is kept.' },
  params: z.object({ LoadBalancerId: text(), ZoneMappings: zoneMappings }),
  result: z.object(jobResult),
  effect: 'write',
  errors: [
    'DependencyViolation.EndpointService',
    'IncorrectStatus.loadbalancer',
    'OperationDenied.ProtectedPrivateIPv4AddressChanged',
    'OperationDenied.ZoneVSwitchChanged',
    'ResourceNotFound.loadBalancer',
    ...zoneErrors,
  ],
  handler: async (context, params) => {
    const { tx } = context
    checkZones(context, params.ZoneMappings)
    const generation = await nextGeneration(tx)
    const balancer = await steadyBalancer(context, params.LoadBalancerId)
    const present = (await zonesOf(tx, [balancer.id]))(balancer.id)
    const added: NlbZoneTable[] = []
    for (const mapping of params.ZoneMappings) {
      const old = present.find((zone) => zone.zone_id === mapping.ZoneId)
      if (!old) {
        added.push(await placeInZone(context, { id: balancer.id, vpc: balancer.vpc_id }, mapping, generation))
        continue
      }
      const { VSwitchId: vswitch, PrivateIPv4Address: address } = mapping
      demand(vswitch === old.vswitch_id, 'OperationDenied.ZoneVSwitchChanged')
      demand(
        address === undefined || address === old.address,
        'OperationDenied.ProtectedPrivateIPv4AddressChanged',
      )
    }
    const leaving = present.filter(
      (zone) => !params.ZoneMappings.some(({ ZoneId }) => ZoneId === zone.zone_id),
    )
    const offered = await resourceZones(tx, balancer.id)
    demand(!leaving.some((zone) => offered.has(zone.zone_id)), 'DependencyViolation.EndpointService')
    for (const zone of leaving) await dropZone(tx, zone, generation)
    await insertZones(tx, added)
    await updateBalancer(tx, balancer.id, { status: 'Configuring', generation })
    return await startJob(context, generation, [balancer.id])
  },
})

const deleteLoadBalancer = defineAction({
  product: 'Nlb',
  name: 'DeleteLoadBalancer',
  summary: { en: 'Deletes a network load balancer with its listeners.', zh: '删除网络型负载均衡实例。' },
  status: { partial: 'One that is a service resource is kept (`DependencyViolation.EndpointService`).' },
  params: z.object({ LoadBalancerId: text() }),
  result: z.object(jobResult),
  effect: 'write',
  errors: [
    'DependencyViolation.EndpointService',
    'IncorrectStatus.loadbalancer',
    'OperationDenied.DeletionProtectionEnabled',
    'ResourceNotFound.loadBalancer',
  ],
  handler: async (context, { LoadBalancerId }) => {
    const { tx } = context
    const generation = await nextGeneration(tx)
    const balancer = await steadyBalancer(context, LoadBalancerId)
    demand(balancer.deletion_protected_at === null, 'OperationDenied.DeletionProtectionEnabled')
    demand((await resourceZones(tx, balancer.id)).size === 0, 'DependencyViolation.EndpointService')
    await updateBalancer(tx, balancer.id, { status: 'Deleting', generation })
    return await startJob(context, generation, [balancer.id])
  },
})

export const nlbActions: readonly Action[] = [
  createLoadBalancer,
  getLoadBalancerAttribute,
  listLoadBalancers,
  updateLoadBalancerAttribute,
  updateLoadBalancerProtection,
  updateLoadBalancerZones,
  deleteLoadBalancer,
]
