/** How each error of instances is provoked. */
import { randomInt } from 'node:crypto'
import type { Params } from '../../clients.ts'
import { makeVSwitch } from '../../stage.ts'
import {
  byUser,
  fullVSwitch,
  instanceIs,
  makeInstance,
  makeRole,
  pendingVSwitch,
  type EcsWorld,
  type Provoke,
  type Refusals,
} from './world.ts'

const own =
  (params: Params = {}): Provoke =>
  ({ owner, instance }) => [owner, { InstanceId: instance, ...params }]

/** The disk of the instance. */
const disk =
  (params: Params): Provoke =>
  async ({ owner, instance }) => {
    const listed = await owner.ecs('DescribeDisks', { InstanceId: instance })
    const [found] = (listed['Disks'] as { Disk: { DiskId: string }[] }).Disk
    return [owner, { DiskId: found?.DiskId, ...params }]
  }

/** An instance of its own, and a role that trusts the service. */
const roled =
  (service: string, params: Params = {}): Provoke =>
  async ({ owner, network }) => {
    const InstanceIds = JSON.stringify([await makeInstance(owner, network)])
    return [owner, { InstanceIds, RamRoleName: await makeRole(owner, service), ...params }]
  }

const nobodys = own({ InstanceId: 'i-none' })
const several =
  (provoke: Provoke): Provoke =>
  async (world) => {
    const [party, { InstanceId, ...params }] = await provoke(world)
    return [party, { InstanceId: [InstanceId], ...params }]
  }

const stopped: Provoke = async ({ owner, network }) => {
  const InstanceId = await makeInstance(owner, network)
  await owner.ecs('StopInstance', { InstanceId })
  await instanceIs(owner, InstanceId, 'Stopped')
  return [owner, { InstanceId }]
}

/** A stopped instance is told to go to the vSwitch. */
const moved =
  (params: (world: EcsWorld) => Params | Promise<Params>): Provoke =>
  async (world) => {
    const [party, instance] = await stopped(world)
    return [party, { ...instance, VSwitchId: world.network.vswitch, ...(await params(world)) }]
  }

/** A stopped instance is to get a new disk. */
const replaced =
  (params: Params): Provoke =>
  async (world) => {
    const [party, instance] = await stopped(world)
    return [party, { ...instance, ImageId: 'postern_sandbox', ...params }]
  }

const kept: Provoke = async ({ owner, network }) => [
  owner,
  { InstanceId: await makeInstance(owner, network, { DeletionProtection: true }), Force: true },
]

const power = (wrong: Provoke) => ({
  IncorrectInstanceStatus: wrong,
  'InvalidInstanceId.NotFound': nobodys,
})
const nextHop: Provoke = async ({ owner, network }) => {
  const InstanceId = await makeInstance(owner, network)
  const tables = await owner.vpc('DescribeRouteTableList', { VpcId: network.vpc })
  const [table] = (tables['RouterTableList'] as { RouterTableListType: { RouteTableId: string }[] })
    .RouterTableListType
  const route = { RouteTableId: table?.RouteTableId, DestinationCidrBlock: `172.31.${randomInt(256)}.0/24` }
  await owner.vpc('CreateRouteEntry', { ...route, NextHopId: InstanceId })
  return [owner, { InstanceId, Force: true }]
}
const remove = {
  ...power(own()),
  'DependencyViolation.RouteEntry': nextHop,
  'InvalidOperation.DeletionProtection': kept,
}
const all = (refusals: Readonly<Record<string, Provoke>>) =>
  Object.fromEntries(Object.entries(refusals).map(([code, provoke]) => [code, several(provoke)]))

export const instanceRefusals: Refusals = {
  DescribeInstances: {},
  DescribeInstanceStatus: {},
  DescribeInstanceAttribute: { 'InvalidInstanceId.NotFound': nobodys },
  DescribeUserData: { 'InvalidInstanceId.NotFound': nobodys },
  DescribeInstanceRamRole: { 'InvalidInstanceIds.Malformed': own({ InstanceIds: 'i-1' }) },
  AttachInstanceRamRole: {
    'InvalidInstanceId.NotFound': roled('ecs', { InstanceIds: '["i-none"]' }),
    'InvalidInstanceIds.Malformed': roled('ecs', { InstanceIds: '[]' }),
    'InvalidOperation.RamRoleAttached': async (world) => {
      const [party, params] = await roled('ecs')(world)
      await party.ecs('AttachInstanceRamRole', params)
      return [party, { ...params, RamRoleName: await makeRole(party, 'ecs') }]
    },
    'InvalidRamRole.NotEcsRole': roled('slb'),
    'InvalidRamRole.NotFound': roled('ecs', { RamRoleName: 'none' }),
    'InvalidUser.PassRoleForbidden': byUser('ecs:*', async (world) => (await roled('ecs')(world))[1]),
    UnsupportedParameter: roled('ecs', { Policy: '{}' }),
  },
  DetachInstanceRamRole: {
    'InvalidInstanceId.NotFound': roled('ecs', { InstanceIds: '["i-none"]' }),
    'InvalidInstanceIds.Malformed': roled('ecs', { InstanceIds: 'i-1' }),
    'InvalidRamRole.NotFound': async (world) => {
      const [party, params] = await roled('ecs')(world)
      await party.ecs('AttachInstanceRamRole', params)
      return [party, { ...params, RamRoleName: 'another' }]
    },
  },
  DescribeInstanceMaintenanceAttributes: {},
  DescribeInstanceAttachmentAttributes: {},
  DescribeInstanceAutoRenewAttribute: {},
  DescribeDisks: {},
  GetInstanceConsoleOutput: {
    'InvalidInstanceId.NotFound': nobodys,
    ServiceUnavailable: (world) => {
      world.server.agent.pause()
      return [world.owner, { InstanceId: world.instance }]
    },
  },
  ModifyInstanceSpec: {
    EniPerInstanceLimitExceeded: async ({ owner, network }) => {
      const large = {
        InstanceType: 'ecs.c6.xlarge',
        NetworkInterface: [{ QueueNumber: 1 }, { QueueNumber: 1 }],
      }
      const InstanceId = await makeInstance(owner, network, large)
      await owner.ecs('StopInstance', { InstanceId })
      await instanceIs(owner, InstanceId, 'Stopped')
      return [owner, { InstanceId, InstanceType: 'ecs.c6.large' }]
    },
    IncorrectInstanceStatus: own({ InstanceType: 'ecs.c6.large' }),
    'InvalidInstanceId.NotFound': own({ InstanceId: 'i-none', InstanceType: 'ecs.c6.large' }),
    'InvalidInstanceType.NotSupported': own({ InstanceType: 'ecs.none' }),
    'InvalidParameter.CreditSpecification': async ({ owner, network }) => {
      const InstanceId = await makeInstance(owner, network, { CreditSpecification: 'Unlimited' })
      await owner.ecs('StopInstance', { InstanceId })
      await instanceIs(owner, InstanceId, 'Stopped')
      return [owner, { InstanceId, InstanceType: 'ecs.c6.large' }]
    },
    UnsupportedParameter: own({ InstanceType: 'ecs.c6.large', InternetMaxBandwidthOut: 1 }),
  },
  ModifyInstanceNetworkSpec: {
    'InvalidInstanceId.NotFound': nobodys,
    'InvalidInternetChargeType.ValueNotSupported': own({ NetworkChargeType: 'free' }),
    'InvalidInternetMaxBandwidthIn.Malformed': own({ InternetMaxBandwidthIn: 'much' }),
    'InvalidInternetMaxBandwidthOut.Malformed': own({ InternetMaxBandwidthOut: 101 }),
    UnsupportedParameter: own({ InternetMaxBandwidthOut: 5 }),
  },
  ModifyInstanceMetadataOptions: { 'InvalidInstanceId.NotFound': nobodys },
  ModifyInstanceMaintenanceAttributes: {
    'InvalidInstanceId.NotFound': own({ InstanceId: ['i-none'] }),
    InvalidParameter: ({ owner, instance }) => [
      owner,
      {
        InstanceId: [instance],
        MaintenanceWindow: [{ StartTime: '02:00:00', EndTime: '02:00:00' }],
      },
    ],
  },
  ModifyInstanceAutoReleaseTime: {
    'InvalidAutoReleaseTime.Malformed': own({ AutoReleaseTime: '2026-11-24 12:00' }),
    'InvalidInstanceId.NotFound': nobodys,
  },
  ModifyInstanceVpcAttribute: {
    IncorrectInstanceStatus: ({ owner, instance, network }) => [
      owner,
      { InstanceId: instance, VSwitchId: network.vswitch, PrivateIpAddress: '10.0.0.99' },
    ],
    IncorrectVSwitchStatus: moved(async (world) => ({
      VSwitchId: await pendingVSwitch(world, '10.0.20.0/24'),
    })),
    'InvalidInstanceId.NotFound': own({ InstanceId: 'i-none', VSwitchId: 'vsw-none' }),
    'InvalidPrivateIp.Changing': async (world) => {
      const [party, params] = await moved(() => ({ PrivateIpAddress: '10.0.0.150' }))(world)
      await party.ecs('ModifyInstanceVpcAttribute', params)
      return [party, { ...params, PrivateIpAddress: '10.0.0.151' }]
    },
    'InvalidPrivateIpAddress.Duplicated': moved(async ({ owner, network }) => {
      await makeInstance(owner, network, { PrivateIpAddress: '10.0.0.152' })
      return { PrivateIpAddress: '10.0.0.152' }
    }),
    'InvalidPrivateIpAddress.Malformed': moved(() => ({ PrivateIpAddress: '10.0.0' })),
    'InvalidPrivateIpAddress.Mismatch': moved(() => ({ PrivateIpAddress: '10.0.1.9' })),
    'InvalidVSwitchId.IpNotEnough': moved(async (world) => ({
      VSwitchId: await fullVSwitch(world, '10.0.21.0/29'),
    })),
    'InvalidVSwitchId.Mismatch': moved(({ otherVSwitch }) => ({ VSwitchId: otherVSwitch })),
    'InvalidVSwitchId.NotFound': moved(({ elsewhere }) => ({ VSwitchId: elsewhere.vswitch })),
    OperationDenied: async (world) => {
      const [party, params] = await moved(async ({ owner, network }) => ({
        VSwitchId: await makeVSwitch(owner, network.vpc, '10.0.22.0/24'),
      }))(world)
      const listed = await party.ecs('DescribeNetworkInterfaces', { InstanceId: params['InstanceId'] })
      const sets = listed['NetworkInterfaceSets'] as {
        NetworkInterfaceSet: { NetworkInterfaceId: string }[]
      }
      const NetworkInterfaceId = sets.NetworkInterfaceSet[0]?.NetworkInterfaceId
      await party.ecs('AssignPrivateIpAddresses', { NetworkInterfaceId, SecondaryPrivateIpAddressCount: 1 })
      return [party, params]
    },
    UnsupportedParameter: moved(({ elsewhere }) => ({ VpcId: elsewhere.vpc })),
  },
  ReplaceSystemDisk: {
    IncorrectInstanceStatus: own({ ImageId: 'postern_sandbox' }),
    'InvalidImageId.NotFound': replaced({ ImageId: 'm-none' }),
    'InvalidInstanceId.NotFound': own({ InstanceId: 'i-none', ImageId: 'postern_sandbox' }),
    'InvalidKeyPairName.NotFound': replaced({ KeyPairName: 'none' }),
    'InvalidParameter.EncryptedNotSupported': replaced({ Encrypted: true }),
    'InvalidPassword.Malformed': replaced({ Password: 'password' }),
    'InvalidPasswordParam.Mismatch': replaced({ Password: 'Passw0rd!', PasswordInherit: true }),
    'InvalidSystemDiskSize.ValueNotSupported': replaced({ 'SystemDisk.Size': 19 }),
    UnsupportedParameter: replaced({ DiskId: 'd-none' }),
  },
  ModifyDiskAttribute: {
    'InvalidDiskDescription.Malformed': disk({ Description: 'd' }),
    'InvalidDiskId.NotFound': disk({ DiskId: 'd-none' }),
    'InvalidDiskName.Malformed': disk({ DiskName: '1' }),
    UnsupportedParameter: disk({ DeleteWithInstance: false }),
  },
  ResizeDisk: {
    'InvalidDiskId.NotFound': disk({ DiskId: 'd-none', NewSize: 50 }),
    'InvalidDiskSize.TooSmall': disk({ NewSize: 30 }),
    'InvalidDiskSize.ValueNotSupported': disk({ NewSize: 2049 }),
  },
  ModifyInstanceAttribute: {
    'InvalidDescription.Malformed': own({ Description: 'd' }),
    'InvalidInstanceId.NotFound': nobodys,
    'InvalidInstanceName.Malformed': own({ InstanceName: '1' }),
    IncorrectInstanceStatus: own({ UserData: 'ZWNobw==' }),
    'InvalidHostName.Malformed': own({ HostName: '-' }),
    'InvalidParameter.CreditSpecification': async ({ owner, network }) => {
      const InstanceId = await makeInstance(owner, network, { InstanceType: 'ecs.c6.large' })
      return [owner, { InstanceId, CreditSpecification: 'Standard' }]
    },
    'InvalidPassword.Malformed': own({ Password: 'password' }),
    'InvalidSecurityGroupId.NotFound': own({ SecurityGroupIds: ['sg-none'] }),
    'InvalidSecurityGroupIds.TypeMismatch': ({ owner, network, instance, enterpriseGroup }) => [
      owner,
      { InstanceId: instance, SecurityGroupIds: [network.group, enterpriseGroup] },
    ],
    'InvalidUserData.Base64FormatInvalid': own({ UserData: '#!/bin/sh' }),
    'InvalidUserData.SizeExceeded': own({ UserData: Buffer.alloc(16 * 1024 + 1).toString('base64') }),
    UnsupportedParameter: own({ EnableJumboFrame: true }),
  },
  StartInstance: power(own()),
  StopInstance: power(stopped),
  RebootInstance: power(stopped),
  DeleteInstance: remove,
  StartInstances: all(power(own())),
  StopInstances: all(power(stopped)),
  RebootInstances: all(power(stopped)),
  DeleteInstances: all(remove),
}
