/** How each error of network interfaces is provoked. */
import { intoDatabase, makeNetwork, makeVSwitch } from '../../stage.ts'
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

const assign =
  (params: Params): Provoke =>
  async ({ owner, network }) => [
    owner,
    { NetworkInterfaceId: await makeInterface(owner, network), ...params },
  ]

const attaching =
  (params: Params): Provoke =>
  async ({ server, owner, elsewhere }) => {
    const InstanceId = await makeInstance(owner, elsewhere)
    const NetworkInterfaceId = await makeInterface(owner, elsewhere)
    server.agent.pause()
    await owner.ecs('AttachNetworkInterface', { InstanceId, NetworkInterfaceId })
    return [owner, { NetworkInterfaceId, ...params }]
  }

const addressRefusals: Refusals = {
  AssignPrivateIpAddresses: {
    IncorrectVSwitchStatus: async (world) => {
      const { server, owner, network } = world
      const vswitch = await makeVSwitch(owner, network.vpc, '10.0.14.0/24')
      const eni = await makeInterface(owner, { ...network, vswitch })
      // A vSwitch with an interface is never on its way again.
      intoDatabase(server, `update vswitch set status = 'Pending' where id = ?`, vswitch)
      server.agent.pause()
      return [owner, { NetworkInterfaceId: eni, SecondaryPrivateIpAddressCount: 1 }]
    },
    'InvalidEniId.NotFound': named('eni-none', { SecondaryPrivateIpAddressCount: 1 }),
    'InvalidIPAddress.AlreadyUsed': async ({ owner, network }) => {
      const NetworkInterfaceId = await makeInterface(owner, network)
      await owner.ecs('AssignPrivateIpAddresses', { NetworkInterfaceId, PrivateIpAddress: ['10.0.0.79'] })
      return [owner, { NetworkInterfaceId, PrivateIpAddress: ['10.0.0.79'] }]
    },
    'InvalidOperation.InvalidEniState': attaching({ SecondaryPrivateIpAddressCount: 1 }),
    'InvalidOperation.Ipv4CountExceeded': assign({ SecondaryPrivateIpAddressCount: 10 }),
    'InvalidParameter.Conflict': assign({
      SecondaryPrivateIpAddressCount: 1,
      PrivateIpAddress: ['10.0.0.80'],
    }),
    'InvalidPrivateIpAddress.Malformed': assign({ PrivateIpAddress: ['10.0.0'] }),
    'InvalidVSwitchId.IpInvalid': assign({ PrivateIpAddress: ['10.0.1.80'] }),
    'InvalidVSwitchId.IpNotEnough': async ({ owner, network }) => {
      const vswitch = await makeVSwitch(owner, network.vpc, '10.0.15.0/29')
      const eni = await makeInterface(owner, { ...network, vswitch })
      return [owner, { NetworkInterfaceId: eni, SecondaryPrivateIpAddressCount: 9 }]
    },
    'OperationDenied.ServiceManaged': managed({ SecondaryPrivateIpAddressCount: 1 }),
    UnsupportedParameter: assign({ Ipv4PrefixCount: 1 }),
  },
  UnassignPrivateIpAddresses: {
    'InvalidEniId.NotFound': named('eni-none', { PrivateIpAddress: ['10.0.0.80'] }),
    'InvalidIp.IpUnassigned': assign({ PrivateIpAddress: ['10.0.0.80'] }),
    'InvalidOperation.InvalidEniState': attaching({ PrivateIpAddress: ['10.0.0.80'] }),
    'OperationDenied.ServiceManaged': managed({ PrivateIpAddress: ['10.0.0.80'] }),
    UnsupportedParameter: assign({ Ipv4Prefix: ['10.0.0.0/28'] }),
  },
}

export const interfaceRefusals: Refusals = {
  ...addressRefusals,
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
    'InvalidOperation.Ipv4CountExceeded': create({ SecondaryPrivateIpAddressCount: 10 }),
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
