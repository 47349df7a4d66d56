/** Ecs 2014-05-26: addresses that an interface has beside its first one. */
import { z } from 'zod'
import { quotas } from '../../../model/quotas.ts'
import { furtherAddresses, removeAddresses, updateEni } from '../../../store/enis.ts'
import { nextGeneration } from '../../../store/generation.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { integer, text } from '../../params.ts'
import { demand } from '../../require.ts'
import { strings } from '../../results.ts'
import { ownInterface } from './network-interfaces.ts'
import { openVSwitch, takeFurther } from './new-interface.ts'

const addressList = () => z.array(text()).max(quotas.addressesPerEni)

const assignPrivateIpAddresses = defineAction({
  product: 'Ecs',
  name: 'AssignPrivateIpAddresses',
  summary: {
    en: 'Gives a network interface further addresses, named ones or any.',
    zh: '为一块弹性网卡分配一个或多个辅助私有IP地址。',
  },
  status: { partial: 'Prefixes are refused.' },
  params: z.object({
    NetworkInterfaceId: text(),
    PrivateIpAddress: addressList().optional(),
    SecondaryPrivateIpAddressCount: integer(1, quotas.addressesPerEni).optional(),
    Ipv4Prefix: z.array(text()).optional(),
    Ipv4PrefixCount: integer(0, 10).optional(),
  }),
  result: z.object({
    AssignedPrivateIpAddressesSet: z.object({
      NetworkInterfaceId: z.string(),
      PrivateIpSet: strings('PrivateIpAddress'),
      Ipv4PrefixSet: strings('Ipv4Prefixes'),
    }),
  }),
  effect: 'write',
  answer: 'when-in-kernel',
  errors: [
    'IncorrectVSwitchStatus',
    'InvalidEniId.NotFound',
    'InvalidIPAddress.AlreadyUsed',
    'InvalidOperation.InvalidEniState',
    'InvalidOperation.Ipv4CountExceeded',
    'InvalidParameter.Conflict',
    'InvalidPrivateIpAddress.Malformed',
    'InvalidVSwitchId.IpInvalid',
    'InvalidVSwitchId.IpNotEnough',
    'OperationDenied.ServiceManaged',
    'UnsupportedParameter',
  ],
  handler: async (context, params) => {
    const { tx } = context
    const { PrivateIpAddress: named, SecondaryPrivateIpAddressCount: count } = params
    for (const name of ['Ipv4Prefix', 'Ipv4PrefixCount'] as const) {
      demand(params[name] === undefined || params[name] === 0, 'UnsupportedParameter', { name })
    }
    demand(named === undefined || count === undefined, 'InvalidParameter.Conflict', {
      name: 'SecondaryPrivateIpAddressCount',
      reason: 'PrivateIpAddress is given too',
    })
    const wanted = named?.length ?? count
    demand(wanted !== undefined, 'MissingParameter', { name: 'SecondaryPrivateIpAddressCount' })
    const generation = await nextGeneration(tx)
    const eni = await settledInterface(context, params.NetworkInterfaceId)
    const present = (await furtherAddresses(tx, [eni.id]))(eni.id)
    const most = quotas.addressesPerEni - 1
    demand(present.length + wanted <= most, 'InvalidOperation.Ipv4CountExceeded')
    const vswitch = await openVSwitch(context, eni.vswitch_id)
    const taken = await takeFurther(context, eni, vswitch, params)
    await updateEni(tx, eni.id, { generation })
    return {
      AssignedPrivateIpAddressesSet: {
        NetworkInterfaceId: eni.id,
        PrivateIpSet: { PrivateIpAddress: [...taken] },
        Ipv4PrefixSet: { Ipv4Prefixes: [] },
      },
    }
  },
})

const unassignPrivateIpAddresses = defineAction({
  product: 'Ecs',
  name: 'UnassignPrivateIpAddresses',
  summary: {
    en: 'Takes further addresses from a network interface.',
    zh: '从一块弹性网卡删除一个或多个辅助私有IP地址。',
  },
  status: { partial: 'Prefixes are refused.' },
  params: z.object({
    NetworkInterfaceId: text(),
    PrivateIpAddress: addressList().optional(),
    Ipv4Prefix: z.array(text()).optional(),
  }),
  result: z.object({}),
  effect: 'write',
  answer: 'when-in-kernel',
  errors: [
    'InvalidEniId.NotFound',
    'InvalidIp.IpUnassigned',
    'InvalidOperation.InvalidEniState',
    'OperationDenied.ServiceManaged',
    'UnsupportedParameter',
  ],
  handler: async (context, params) => {
    const { tx } = context
    const { NetworkInterfaceId, PrivateIpAddress: named, Ipv4Prefix } = params
    demand(Ipv4Prefix === undefined, 'UnsupportedParameter', { name: 'Ipv4Prefix' })
    demand(named !== undefined, 'MissingParameter', { name: 'PrivateIpAddress' })
    const generation = await nextGeneration(tx)
    const eni = await settledInterface(context, NetworkInterfaceId)
    const present = (await furtherAddresses(tx, [eni.id]))(eni.id)
    const assigned = named.every((address) => present.includes(address))
    demand(assigned, 'InvalidIp.IpUnassigned')
    await removeAddresses(tx, eni, named)
    await updateEni(tx, eni.id, { generation })
    return {}
  },
})

/** An interface that is neither on its way to an instance nor away from it. */
async function settledInterface(context: ActionContext, id: string) {
  const eni = await ownInterface(context, id)
  demand(eni.status === 'Available' || eni.status === 'InUse', 'InvalidOperation.InvalidEniState')
  return eni
}

export const interfaceAddressActions: readonly Action[] = [
  assignPrivateIpAddresses,
  unassignPrivateIpAddresses,
]
