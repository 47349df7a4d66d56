/** How each error of network interfaces is provoked. */
import { makeNetwork } from '../../stage.ts'
import type { Params } from '../../clients.ts'
import {
  fullVSwitch,
  makeInstance,
  makeInterface,
  pendingVSwitch,
  type EcsWorld,
  type Provoke,
  type Refusals,
} from './world.ts'

const create =
  (params: Params): Provoke =>
  ({ owner, network }) => [owner, { VSwitchId: network.vswitch, SecurityGroupId: network.group, ...params }]

const inVSwitch =
  (find: (world: EcsWorld) => Promise<string>): Provoke =>
  async (world) => {
    const VSwitchId = await find(world)
    return [world.owner, { VSwitchId, SecurityGroupId: world.network.group }]
  }

const named =
  (NetworkInterfaceId: string, params: Params = {}): Provoke =>
  ({ owner }) => [owner, { NetworkInterfaceId, ...params }]

const primary =
  (params: Params = {}): Provoke =>
  (world) => [world.owner, { NetworkInterfaceId: world.primary, ...params }]

const managed =
  (params: Params = {}): Provoke =>
  (world) => [world.owner, { NetworkInterfaceId: world.managed, ...params }]

/** An interface of its own, and the instance it is to come to. */
const attach =
  (params: Params = {}): Provoke =>
  async ({ owner, network, instance }) => [
    owner,
    { InstanceId: instance, NetworkInterfaceId: await makeInterface(owner, network), ...params },
  ]

/** An instance that stays on its way to be stopped. */
async function stopping({ server, owner, network }: EcsWorld): Promise<string> {
  const InstanceId = await makeInstance(owner, network)
  server.agent.pause()
  await owner.ecs('StopInstance', { InstanceId })
  return InstanceId
}

const moving: Provoke = async (world) => {
  const NetworkInterfaceId = await makeInterface(world.owner, world.network)
  return [world.owner, { NetworkInterfaceId, InstanceId: await stopping(world) }]
}

const strange = (world: EcsWorld) => ({ InstanceId: world.instance })

const moved = {
  'InvalidEcsId.NotFound': attach({ InstanceId: 'i-none' }),
  'InvalidEniId.NotFound': attach({ NetworkInterfaceId: 'eni-none' }),
  'InvalidOperation.InvalidEcsState': moving,
  'OperationDenied.ServiceManaged': ((world) => [
    world.owner,
    { ...strange(world), NetworkInterfaceId: world.managed },
  ]) satisfies Provoke,
}

const held: Provoke = (world) => [world.owner, { ...strange(world), NetworkInterfaceId: world.primary }]

export const interfaceRefusals: Refusals = {
  CreateNetworkInterface: {
    'Duplicate.TagKey': create({
      Tag: [
        { Key: 'a', Value: '1' },
        { Key: 'a', Value: '2' },
      ],
    }),
    IncorrectVSwitchStatus: inVSwitch((world) => pendingVSwitch(world, '10.0.10.0/24')),
    'InvalidDescription.Malformed': create({ Description: 'd' }),
    'InvalidIPAddress.AlreadyUsed': async ({ owner, network }) => {
      await owner.ecs('CreateNetworkInterface', {
        VSwitchId: network.vswitch,
        SecurityGroupId: network.group,
        PrimaryIpAddress: '10.0.0.77',
      })
      return [
        owner,
        { VSwitchId: network.vswitch, SecurityGroupId: network.group, PrimaryIpAddress: '10.0.0.77' },
      ]
    },
    'InvalidParameter.Conflict': create({ SecurityGroupIds: ['sg-none'] }),
    'InvalidPrivateIpAddress.Malformed': create({ PrimaryIpAddress: '10.0.0' }),
    'InvalidResourceGroup.NotFound': create({ ResourceGroupId: 'rg-none' }),
    'InvalidSecurityGroupId.NotFound': create({ SecurityGroupId: 'sg-none' }),
    'InvalidSecurityGroupIds.TypeMismatch': ({ owner, network, enterpriseGroup }) => [
      owner,
      { VSwitchId: network.vswitch, SecurityGroupIds: [network.group, enterpriseGroup] },
    ],
    'InvalidTagKey.Malformed': create({ Tag: [{ Key: 'acs:a', Value: '1' }] }),
    'InvalidTagValue.Malformed': create({ Tag: [{ Key: 'a', Value: 'http://b' }] }),
    'InvalidVSwitchId.IpInvalid': create({ PrimaryIpAddress: '10.0.0.255' }),
    'InvalidVSwitchId.IpNotEnough': inVSwitch((world) => fullVSwitch(world, '10.0.11.0/29')),
    'InvalidVSwitchId.NotFound': create({ VSwitchId: 'vsw-none' }),
    MaxEniCountExceeded: ({ hoarder, hoard }) => [
      hoarder,
      { VSwitchId: hoard.vswitch, SecurityGroupId: hoard.group },
    ],
    UnsupportedParameter: create({ Ipv6AddressCount: 1 }),
  },
  DescribeNetworkInterfaces: {},
  DescribeNetworkInterfaceAttribute: { 'InvalidEniId.NotFound': named('eni-none') },
  ModifyNetworkInterfaceAttribute: {
    'InvalidDescription.Malformed': primary({ Description: 'd' }),
    'InvalidEniId.NotFound': named('eni-none'),
    'InvalidSecurityGroupId.NotFound': primary({ SecurityGroupId: ['sg-none'] }),
    'InvalidSecurityGroupIds.TypeMismatch': (world) => [
      world.owner,
      {
        NetworkInterfaceId: world.primary,
        SecurityGroupId: [world.network.group, world.enterpriseGroup],
      },
    ],
    'OperationDenied.ServiceManaged': managed(),
    UnsupportedParameter: primary({ SourceDestCheck: false }),
  },
  DeleteNetworkInterface: {
    'InvalidEniId.NotFound': named('eni-none'),
    'InvalidOperation.InvalidEniState': primary(),
    'OperationDenied.ServiceManaged': managed(),
  },
  AttachNetworkInterface: {
    ...moved,
    EniPerInstanceLimitExceeded: async ({ owner, network }) => {
      const InstanceId = await makeInstance(owner, network)
      const second = await makeInterface(owner, network)
      await owner.ecs('AttachNetworkInterface', { InstanceId, NetworkInterfaceId: second })
      return [owner, { InstanceId, NetworkInterfaceId: await makeInterface(owner, network) }]
    },
    'InvalidOperation.AvailabilityZoneMismatch': async ({ owner, network, otherVSwitch, instance }) => {
      const eni = await makeInterface(owner, { ...network, vswitch: otherVSwitch })
      return [owner, { InstanceId: instance, NetworkInterfaceId: eni }]
    },
    'InvalidOperation.InvalidEniState': held,
    'InvalidOperation.VpcMismatch': async ({ owner, instance }) => {
      const eni = await makeInterface(owner, await makeNetwork(owner))
      return [owner, { InstanceId: instance, NetworkInterfaceId: eni }]
    },
  },
  DetachNetworkInterface: {
    ...moved,
    'InvalidOperation.DetachPrimaryEniNotAllowed': held,
    'InvalidOperation.InvalidEniState': attach(),
  },
}
