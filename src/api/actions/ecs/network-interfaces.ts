/** Ecs 2014-05-26: network interfaces, of which an instance has its primary one and may be given more. */
import { z } from 'zod'
import { quotas } from '../../../model/quotas.ts'
import { deleteEni, findEni, listEnis, setGroups, updateEni } from '../../../store/enis.ts'
import { nextGeneration } from '../../../store/generation.ts'
import { removeFromBackends } from '../../../store/instances.ts'
import type { EniTable } from '../../../store/tables.ts'
import { putTags } from '../../../store/tags.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ownedColumns, ownerOf } from '../../new-resource.ts'
import { eitherPageAnswer, eitherPageOf, eitherPageParams, eitherPageResult } from '../../paging.ts'
import { choice, flag, tags, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { wrapped } from '../../results.ts'
import { asFilter, readTagParams } from '../../tags.ts'
import { ecsTagErrors } from './errors.ts'
import { givenGroups } from './interface-parts.ts'
import { describeInterfaces, interfaceFields } from './network-interface-results.ts'
import {
  checkInterface,
  createInterface,
  describedParams,
  interfaceErrors,
  interfaceParams,
  openVSwitch,
} from './new-interface.ts'

const createNetworkInterface = defineAction({
  product: 'Ecs',
  name: 'CreateNetworkInterface',
  summary: { en: 'Creates a secondary network interface.', zh: '创建一个辅助弹性网卡。' },
  status: {
    partial:
      'An interface has one queue, speaks IPv4 and checks sources: IPv6, prefixes, more queues and `SourceDestCheck` = false are refused.',
  },
  params: z.object({
    ...interfaceParams,
    VSwitchId: text(),
    InstanceType: choice(['Secondary']).optional(),
    ResourceGroupId: text().optional(),
    Tag: tags(),
  }),
  result: z.object(interfaceFields),
  effect: 'write',
  errors: [
    ...interfaceErrors,
    'Duplicate.TagKey',
    'InvalidResourceGroup.NotFound',
    'InvalidTagKey.Malformed',
    'InvalidTagValue.Malformed',
  ].sort(),
  handler: async (context, params) => {
    const { tx } = context
    const tagList = readTagParams(params.Tag, ecsTagErrors)
    checkInterface(params)
    const generation = await nextGeneration(tx)
    const vswitch = await openVSwitch(context, params.VSwitchId)
    const groups = await givenGroups(context, params, vswitch.vpc_id)
    const owned = await ownedColumns(context, params.ResourceGroupId, 'InvalidResourceGroup.NotFound')
    const eni = await createInterface(context, params, { owned, generation, vswitch, groups })
    await putTags(tx, 'eni', [eni.id], tagList)
    return await describeOne(context, eni)
  },
})

const describeNetworkInterfaces = defineAction({
  product: 'Ecs',
  name: 'DescribeNetworkInterfaces',
  summary: { en: 'Lists network interfaces.', zh: '查询弹性网卡列表。' },
  status: 'full',
  params: z.object({
    NetworkInterfaceId: z.array(text()).max(100).optional(),
    InstanceId: text().optional(),
    VpcId: text().optional(),
    VSwitchId: text().optional(),
    SecurityGroupId: text().optional(),
    PrimaryIpAddress: text().optional(),
    PrivateIpAddress: z.array(text()).max(100).optional(),
    NetworkInterfaceName: text().optional(),
    Type: text().optional(),
    Status: text().optional(),
    ServiceManaged: flag().optional(),
    ResourceGroupId: text().optional(),
    Tag: tags(),
    ...eitherPageParams(10, 500),
  }),
  result: z.object({
    ...eitherPageResult,
    NetworkInterfaceSets: wrapped('NetworkInterfaceSet', z.object(interfaceFields)),
  }),
  effect: 'read',
  handler: async (context, params) => {
    const status = statuses.find((known) => known === params.Status)
    const unknown = params.Status !== undefined && status === undefined
    const filter = {
      ids: unknown ? [''] : params.NetworkInterfaceId,
      instance: params.InstanceId,
      vpc: params.VpcId,
      vswitch: params.VSwitchId,
      group: params.SecurityGroupId,
      address: params.PrimaryIpAddress,
      addresses: params.PrivateIpAddress,
      name: params.NetworkInterfaceName,
      primary: params.Type === undefined ? undefined : params.Type === 'Primary',
      status,
      serviceManaged: params.ServiceManaged,
      resourceGroup: params.ResourceGroupId,
      tags: asFilter(params.Tag),
    }
    const listing = await listEnis(context.tx, ownerOf(context), filter, eitherPageOf(params))
    return {
      ...eitherPageAnswer(params, listing),
      NetworkInterfaceSets: { NetworkInterfaceSet: await describeInterfaces(context, listing.rows) },
    }
  },
})

const statuses = [
  'Available',
  'Attaching',
  'InUse',
  'Detaching',
] as const satisfies readonly EniTable['status'][]

const describeNetworkInterfaceAttribute = defineAction({
  product: 'Ecs',
  name: 'DescribeNetworkInterfaceAttribute',
  summary: { en: 'Describes one network interface.', zh: '查询一块弹性网卡的详细信息。' },
  status: 'full',
  params: z.object({ NetworkInterfaceId: text() }),
  result: z.object(interfaceFields),
  effect: 'read',
  errors: ['InvalidEniId.NotFound'],
  handler: async (context, { NetworkInterfaceId }) =>
    await describeOne(
      context,
      found(await findEni(context.tx, ownerOf(context), NetworkInterfaceId), 'InvalidEniId.NotFound'),
    ),
})

const modifyNetworkInterfaceAttribute = defineAction({
  product: 'Ecs',
  name: 'ModifyNetworkInterfaceAttribute',
  summary: {
    en: 'Changes name, description and security groups of a network interface.',
    zh: '修改弹性网卡的名称、描述和安全组。',
  },
  status: { partial: 'More queues and `SourceDestCheck` = false are refused.' },
  params: z.object({
    NetworkInterfaceId: text(),
    SecurityGroupId: z.array(text()).max(quotas.securityGroupsPerEni).optional(),
    ...describedParams,
  }),
  result: z.object({}),
  effect: 'write',
  answer: 'when-in-kernel',
  errors: [
    'InvalidDescription.Malformed',
    'InvalidEniId.NotFound',
    'InvalidSecurityGroupId.NotFound',
    'InvalidSecurityGroupIds.TypeMismatch',
    'OperationDenied.ServiceManaged',
    'UnsupportedParameter',
  ],
  handler: async (context, params) => {
    const { tx } = context
    checkInterface(params)
    const generation = await nextGeneration(tx)
    const eni = await ownInterface(context, params.NetworkInterfaceId)
    if (params.SecurityGroupId) {
      const wanted = { SecurityGroupIds: params.SecurityGroupId }
      await setGroups(tx, eni.id, await givenGroups(context, wanted, eni.vpc_id))
    }
    await updateEni(tx, eni.id, {
      generation,
      name: params.NetworkInterfaceName ?? eni.name,
      description: params.Description ?? eni.description,
      delete_on_release: Number(params.DeleteOnRelease ?? eni.delete_on_release === 1),
    })
    return {}
  },
})

const deleteNetworkInterface = defineAction({
  product: 'Ecs',
  name: 'DeleteNetworkInterface',
  summary: { en: 'Deletes a network interface that nothing holds.', zh: '删除一个弹性网卡。' },
  status: 'full',
  params: z.object({ NetworkInterfaceId: text() }),
  result: z.object({}),
  effect: 'write',
  errors: ['InvalidEniId.NotFound', 'InvalidOperation.InvalidEniState', 'OperationDenied.ServiceManaged'],
  handler: async (context, { NetworkInterfaceId }) => {
    await nextGeneration(context.tx)
    const eni = await ownInterface(context, NetworkInterfaceId)
    demand(eni.status === 'Available', 'InvalidOperation.InvalidEniState')
    await removeFromBackends(context.tx, eni.id)
    await deleteEni(context.tx, eni.id)
    return {}
  },
})

async function describeOne(context: ActionContext, eni: EniTable) {
  return found((await describeInterfaces(context, [eni]))[0], 'InvalidEniId.NotFound')
}

/** Interfaces of endpoints belong to PrivateLink. */
export async function ownInterface(context: ActionContext, id: string): Promise<EniTable> {
  const eni = found(await findEni(context.tx, ownerOf(context), id), 'InvalidEniId.NotFound')
  demand(eni.endpoint_id === null, 'OperationDenied.ServiceManaged')
  return eni
}

export const networkInterfaceActions: readonly Action[] = [
  createNetworkInterface,
  describeNetworkInterfaces,
  describeNetworkInterfaceAttribute,
  modifyNetworkInterfaceAttribute,
  deleteNetworkInterface,
]
