/** Nlb 2022-04-30, CreateLoadBalancer. */
import { z } from 'zod'
import { newId } from '../../../model/ids.ts'
import { quotas } from '../../../model/quotas.ts'
import { nlbName } from '../../../model/rules.ts'
import { nextGeneration } from '../../../store/generation.ts'
import { countBalancers, insertBalancer } from '../../../store/nlb/load-balancers.ts'
import type { NetworkLoadBalancerTable, NlbZoneTable } from '../../../store/tables.ts'
import { putTags } from '../../../store/tags.ts'
import { findVpc } from '../../../store/vpcs.ts'
import { defineAction } from '../../action.ts'
import { ownedColumns, ownerOf } from '../../new-resource.ts'
import { choice, flag, tags, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { readTagParams } from '../../tags.ts'
import { nlbTagErrors } from './errors.ts'
import { checkZones, placeInZone, zoneErrors, zoneMappings } from './zones.ts'

const reason = () => text({ pattern: /^[^]{2,128}$/ }).optional()

export const createLoadBalancer = defineAction({
  product: 'Nlb',
  name: 'CreateLoadBalancer',
  summary: {
    en: 'Creates a private network load balancer (NLB) with an address in each zone.',
    zh: '创建私网网络型负载均衡实例。',
  },
  status: {
    partial:
      'Private IPv4 load balancers only: `Internet`, dual stack and bandwidth packages are refused; security groups are ignored.',
  },
  params: z.object({
    LoadBalancerType: text({ pattern: /^network$/i }).optional(),
    LoadBalancerName: text({ pattern: nlbName, invalid: 'IllegalParam.loadBalancerName' }).optional(),
    AddressType: choice(['Intranet', 'Internet']),
    AddressIpVersion: text({ pattern: /^(ipv4|DualStack)$/i }).default('ipv4'),
    VpcId: text(),
    ZoneMappings: zoneMappings,
    BandwidthPackageId: text().optional(),
    LoadBalancerBillingConfig: z.object({ PayType: choice(['PostPay']).optional() }).optional(),
    DeletionProtectionConfig: z.object({ Enabled: flag().optional(), Reason: reason() }).optional(),
    ModificationProtectionConfig: z
      .object({ Status: choice(['NonProtection', 'ConsoleProtection']).optional(), Reason: reason() })
      .optional(),
    ResourceGroupId: text().optional(),
    Tag: tags(),
  }),
  // The small b of the answer is the public API's.
  result: z.object({ LoadbalancerId: z.string(), OrderId: z.number() }),
  effect: 'write',
  errors: [
    'DuplicatedParam.TagKey',
    'IllegalParam.AddressType',
    'IllegalParam.BandwidthPackageId',
    'IllegalParam.TagKey',
    'IllegalParam.TagValue',
    'IllegalParam.loadBalancerName',
    'OperationDenied.VpcNotSupportIpv6',
    'OperationFailed.NotExist.ResourceGroup',
    'QuotaExceeded.LoadBalancer',
    'ResourceNotFound.Vpc',
    ...zoneErrors,
  ],
  handler: async (context, given) => {
    const { tx, now, randomBytes } = context
    const tagList = readTagParams(given.Tag, nlbTagErrors)
    demand(given.AddressType === 'Intranet', 'IllegalParam.AddressType', {
      name: 'AddressType',
      reason: 'public addresses are not carried: Intranet',
    })
    demand(given.AddressIpVersion.toLowerCase() === 'ipv4', 'OperationDenied.VpcNotSupportIpv6')
    demand(given.BandwidthPackageId === undefined, 'IllegalParam.BandwidthPackageId', {
      name: 'BandwidthPackageId',
      reason: 'there is no Internet bandwidth to share',
    })
    checkZones(context, given.ZoneMappings)
    const generation = await nextGeneration(tx)
    const owner = ownerOf(context)
    const count = await countBalancers(tx, owner)
    demand(count < quotas.networkLoadBalancersPerRegion, 'QuotaExceeded.LoadBalancer')
    const vpc = found(await findVpc(tx, owner, given.VpcId), 'ResourceNotFound.Vpc')
    demand(vpc.status === 'Available', 'ResourceNotFound.Vpc')
    const id = newId('nlb', randomBytes)
    const zones: NlbZoneTable[] = []
    for (const mapping of given.ZoneMappings) {
      zones.push(await placeInZone(context, { id, vpc: vpc.id }, mapping, generation))
    }
    const { DeletionProtectionConfig: deletion, ModificationProtectionConfig: modification } = given
    const guarded = modification?.Status === 'ConsoleProtection'
    const balancer: NetworkLoadBalancerTable = {
      ...(await ownedColumns(context, given.ResourceGroupId, 'OperationFailed.NotExist.ResourceGroup')),
      id,
      generation,
      name: given.LoadBalancerName ?? id,
      vpc_id: vpc.id,
      address_type: 'Intranet',
      cps: 0,
      cross_zone: 1,
      status: 'Provisioning',
      deletion_protected_at: deletion?.Enabled === true ? now.toISOString() : null,
      deletion_protection_reason: deletion?.Reason ?? '',
      modification_protected_at: guarded ? now.toISOString() : null,
      modification_protection_reason: guarded ? (modification.Reason ?? '') : '',
    }
    await insertBalancer(tx, balancer, zones)
    await putTags(tx, 'networkloadbalancer', [id], tagList)
    return { LoadbalancerId: id, OrderId: 0 }
  },
})
