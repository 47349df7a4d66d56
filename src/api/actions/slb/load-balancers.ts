/** Slb 2014-05-15: load balancers (CLB), their names, status and deletion. */
import { z } from 'zod'
import { loadBalancerNewName } from '../../../model/rules.ts'
import { nextGeneration } from '../../../store/generation.ts'
import {
  backendsOf,
  isServiceResource,
  listenersOf,
  listLoadBalancers,
  updateLoadBalancer,
} from '../../../store/load-balancers.ts'
import type { LoadBalancerTable } from '../../../store/tables.ts'
import { readTags, type Tag } from '../../../store/tags.ts'
import { httpSettingsOf } from '../../../store/world/http-settings.ts'
import { defineAction, type Action } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import { pageOf, pageParams, pageResult } from '../../paging.ts'
import { choice, tags, text } from '../../params.ts'
import { demand } from '../../require.ts'
import { asTagKeyValue, seconds, tagKeyValue, wrapped } from '../../results.ts'
import { asFilter } from '../../tags.ts'
import { createLoadBalancer } from './create-load-balancer.ts'
import { liveLoadBalancer, ownLoadBalancer } from './own-load-balancer.ts'

/** A load balancer that never expires ends on the day the public API gives for it. */
const never = '2999-09-08T16:00:00.000Z'

const balancerItem = z.object({
  LoadBalancerId: z.string(),
  LoadBalancerName: z.string(),
  LoadBalancerStatus: z.string(),
  LoadBalancerSpec: z.string(),
  Address: z.string(),
  AddressType: z.string(),
  AddressIPVersion: z.string(),
  NetworkType: z.string(),
  VpcId: z.string(),
  VSwitchId: z.string(),
  MasterZoneId: z.string(),
  SlaveZoneId: z.string(),
  RegionId: z.string(),
  RegionIdAlias: z.string(),
  PayType: z.string(),
  InstanceChargeType: z.string(),
  InternetChargeType: z.string(),
  Bandwidth: z.number(),
  CreateTime: z.string(),
  CreateTimeStamp: z.number(),
  DeleteProtection: z.string(),
  ModificationProtectionStatus: z.string(),
  ModificationProtectionReason: z.string(),
  ResourceGroupId: z.string(),
  SupportPrivateLink: z.boolean(),
  Tags: wrapped('Tag', tagKeyValue),
})

function shownStatus(status: LoadBalancerTable['status']): string {
  return status === 'deleting' ? 'inactive' : status
}

/** PrivateLink takes private, pay-as-you-go load balancers of a VPC (PrivateLink, CreateVpcEndpointService). */
function supportsPrivateLink(row: LoadBalancerTable): boolean {
  return row.address_type === 'intranet' && row.vpc_id !== null && row.pay_type === 'PayOnDemand'
}

function describe(row: LoadBalancerTable, tagList: readonly Tag[]): z.infer<typeof balancerItem> {
  return {
    LoadBalancerId: row.id,
    LoadBalancerName: row.name,
    LoadBalancerStatus: shownStatus(row.status),
    LoadBalancerSpec: row.spec,
    Address: row.address,
    AddressType: row.address_type,
    AddressIPVersion: 'ipv4',
    NetworkType: row.vpc_id === null ? 'classic' : 'vpc',
    VpcId: row.vpc_id ?? '',
    VSwitchId: row.vswitch_id ?? '',
    MasterZoneId: row.master_zone_id,
    SlaveZoneId: row.slave_zone_id,
    RegionId: row.region_id,
    RegionIdAlias: row.region_id,
    PayType: row.pay_type,
    InstanceChargeType: row.instance_charge_type,
    InternetChargeType: row.internet_charge_type,
    Bandwidth: row.bandwidth,
    CreateTime: seconds(row.created_at),
    CreateTimeStamp: Date.parse(row.created_at),
    DeleteProtection: row.delete_protection,
    ModificationProtectionStatus: row.modification_protection,
    ModificationProtectionReason: row.modification_protection_reason,
    ResourceGroupId: row.resource_group_id,
    SupportPrivateLink: supportsPrivateLink(row),
    Tags: { Tag: tagList.map(asTagKeyValue) },
  }
}

const describeLoadBalancers = defineAction({
  product: 'Slb',
  name: 'DescribeLoadBalancers',
  summary: { en: 'Lists load balancers.', zh: '查询已创建的负载均衡实例。' },
  status: 'full',
  params: z.object({
    LoadBalancerId: text().optional(),
    LoadBalancerName: text().optional(),
    LoadBalancerStatus: choice(['active', 'inactive', 'locked']).optional(),
    AddressType: text().optional(),
    Address: text().optional(),
    NetworkType: text().optional(),
    VpcId: text().optional(),
    VSwitchId: text().optional(),
    MasterZoneId: text().optional(),
    SlaveZoneId: text().optional(),
    PayType: text().optional(),
    ServerId: text().optional(),
    ResourceGroupId: text().optional(),
    Tag: tags(),
    ...pageParams(10, 100),
  }),
  result: z.object({ ...pageResult, LoadBalancers: wrapped('LoadBalancer', balancerItem) }),
  effect: 'read',
  handler: async (context, params) => {
    const { LoadBalancerStatus: status, NetworkType: network } = params
    const filter = {
      ids: params.LoadBalancerId?.split(','),
      name: params.LoadBalancerName,
      statuses: status === 'inactive' ? (['inactive', 'deleting'] as const) : status && ([status] as const),
      // Here every intranet load balancer is in a VPC, and no other is.
      addressType: network === undefined ? params.AddressType : network === 'vpc' ? 'intranet' : 'internet',
      address: params.Address,
      vpc: params.VpcId,
      vswitch: params.VSwitchId,
      masterZone: params.MasterZoneId,
      slaveZone: params.SlaveZoneId,
      payType: params.PayType,
      server: params.ServerId,
      resourceGroup: params.ResourceGroupId,
      tags: asFilter(params.Tag),
    }
    const { rows, total } = await listLoadBalancers(context.tx, ownerOf(context), filter, pageOf(params))
    const tagLists = await readTags(
      context.tx,
      'loadbalancer',
      rows.map(({ id }) => id),
    )
    return {
      TotalCount: total,
      PageNumber: params.PageNumber,
      PageSize: params.PageSize,
      LoadBalancers: { LoadBalancer: rows.map((row) => describe(row, tagLists.get(row.id) ?? [])) },
    }
  },
})

const describeLoadBalancerAttribute = defineAction({
  product: 'Slb',
  name: 'DescribeLoadBalancerAttribute',
  summary: { en: 'Describes one load balancer.', zh: '查询指定负载均衡实例的详细信息。' },
  status: {
    partial: '`Labels` is always empty, and no load balancer expires.',
  },
  params: z.object({ LoadBalancerId: text() }),
  result: balancerItem.extend({
    EndTime: z.string(),
    EndTimeStamp: z.number(),
    ListenerPorts: wrapped('ListenerPort', z.number()),
    // Spelt so in the public API, beside the later right spelling.
    ListenerPortsAndProtocal: wrapped(
      'ListenerPortAndProtocal',
      z.object({ ListenerPort: z.number(), ListenerProtocal: z.string() }),
    ),
    ListenerPortsAndProtocol: wrapped(
      'ListenerPortAndProtocol',
      z.object({
        ListenerPort: z.number(),
        ListenerProtocol: z.string(),
        ListenerForward: z.string(),
        Description: z.string(),
      }),
    ),
    BackendServers: wrapped(
      'BackendServer',
      z.object({
        ServerId: z.string(),
        Weight: z.number(),
        Type: z.string(),
        ServerIp: z.string(),
        VpcId: z.string(),
        Description: z.string(),
      }),
    ),
    Labels: wrapped('Label', z.object({ LabelKey: z.string(), LabelValue: z.string() })),
  }),
  effect: 'read',
  errors: ['InvalidLoadBalancerId.NotFound'],
  handler: async (context, { LoadBalancerId }) => {
    const { tx } = context
    const balancer = await ownLoadBalancer(context, LoadBalancerId)
    const listeners = await listenersOf(tx, balancer.id)
    const tagLists = await readTags(tx, 'loadbalancer', [balancer.id])
    return {
      ...describe(balancer, tagLists.get(balancer.id) ?? []),
      EndTime: seconds(never),
      EndTimeStamp: Date.parse(never),
      ListenerPorts: { ListenerPort: listeners.map(({ port }) => port) },
      ListenerPortsAndProtocal: {
        ListenerPortAndProtocal: listeners.map(({ port, protocol }) => ({
          ListenerPort: port,
          ListenerProtocal: protocol,
        })),
      },
      ListenerPortsAndProtocol: {
        ListenerPortAndProtocol: listeners.map(({ port, protocol, http, description }) => ({
          ListenerPort: port,
          ListenerProtocol: protocol,
          ListenerForward: http !== null && httpSettingsOf(http).redirectPort ? 'on' : 'off',
          Description: description,
        })),
      },
      BackendServers: {
        BackendServer: (await backendsOf(tx, balancer.id)).map((server) => ({
          ServerId: server.server_id,
          Weight: server.weight,
          Type: server.type,
          ServerIp: server.server_ip,
          VpcId: balancer.vpc_id ?? '',
          Description: server.description,
        })),
      },
      Labels: { Label: [] },
    }
  },
})

const setLoadBalancerName = defineAction({
  product: 'Slb',
  name: 'SetLoadBalancerName',
  summary: { en: 'Renames a load balancer.', zh: '设置负载均衡实例的名称。' },
  status: 'full',
  params: z.object({
    LoadBalancerId: text(),
    LoadBalancerName: text({ pattern: loadBalancerNewName, invalid: 'InvalidParameter' }),
  }),
  result: z.object({}),
  effect: 'write',
  errors: ['InvalidLoadBalancerId.NotFound', 'InvalidParameter'],
  handler: async (context, { LoadBalancerId, LoadBalancerName }) => {
    const { id } = await liveLoadBalancer(context, LoadBalancerId)
    await updateLoadBalancer(context.tx, id, { name: LoadBalancerName })
    return {}
  },
})

const setLoadBalancerStatus = defineAction({
  product: 'Slb',
  name: 'SetLoadBalancerStatus',
  summary: { en: 'Lets a load balancer forward, or not.', zh: '设置负载均衡实例的状态。' },
  status: 'full',
  params: z.object({ LoadBalancerId: text(), LoadBalancerStatus: choice(['active', 'inactive']) }),
  result: z.object({}),
  effect: 'write',
  answer: 'when-in-kernel',
  errors: ['InvalidLoadBalancerId.NotFound'],
  handler: async (context, { LoadBalancerId, LoadBalancerStatus }) => {
    const generation = await nextGeneration(context.tx)
    const { id } = await liveLoadBalancer(context, LoadBalancerId)
    await updateLoadBalancer(context.tx, id, { status: LoadBalancerStatus, generation })
    return {}
  },
})

const setLoadBalancerDeleteProtection = defineAction({
  product: 'Slb',
  name: 'SetLoadBalancerDeleteProtection',
  summary: { en: 'Guards a load balancer against deletion.', zh: '设置实例删除保护状态。' },
  status: 'full',
  params: z.object({ LoadBalancerId: text(), DeleteProtection: choice(['on', 'off']) }),
  result: z.object({}),
  effect: 'write',
  errors: ['InvalidLoadBalancerId.NotFound'],
  handler: async (context, { LoadBalancerId, DeleteProtection }) => {
    const { id } = await liveLoadBalancer(context, LoadBalancerId)
    await updateLoadBalancer(context.tx, id, { delete_protection: DeleteProtection })
    return {}
  },
})

const deleteLoadBalancer = defineAction({
  product: 'Slb',
  name: 'DeleteLoadBalancer',
  summary: { en: 'Deletes a load balancer with its listeners.', zh: '删除后付费的负载均衡实例。' },
  status: {
    partial: 'One that is a service resource is kept (`DependencyViolation.EndpointService`).',
  },
  params: z.object({ LoadBalancerId: text() }),
  result: z.object({}),
  effect: 'write',
  errors: [
    'DependencyViolation.EndpointService',
    'InvalidChargeType',
    'InvalidLoadBalancerId.NotFound',
    'OperationDenied.DeleteProtectionIsOn',
  ],
  answer: 'when-in-kernel',
  handler: async (context, { LoadBalancerId }) => {
    const { tx } = context
    const generation = await nextGeneration(tx)
    const balancer = await liveLoadBalancer(context, LoadBalancerId)
    demand(balancer.delete_protection === 'off', 'OperationDenied.DeleteProtectionIsOn')
    demand(balancer.pay_type === 'PayOnDemand', 'InvalidChargeType')
    demand(!(await isServiceResource(tx, balancer.id)), 'DependencyViolation.EndpointService')
    await updateLoadBalancer(tx, balancer.id, { status: 'deleting', generation })
    return {}
  },
})

export const loadBalancerActions: readonly Action[] = [
  createLoadBalancer,
  describeLoadBalancers,
  describeLoadBalancerAttribute,
  setLoadBalancerName,
  setLoadBalancerStatus,
  setLoadBalancerDeleteProtection,
  deleteLoadBalancer,
]
