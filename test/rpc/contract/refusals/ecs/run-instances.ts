/** How each error of RunInstances and CreateInstance is provoked. */
import { makeNetwork } from '../../stage.ts'
import type { Params } from '../../clients.ts'
import {
  byUser,
  fullVSwitch,
  makeInterface,
  makeRole,
  pendingVSwitch,
  runParams,
  type EcsWorld,
  type Provoke,
  type Refusals,
} from './world.ts'

const run =
  (params: Params): Provoke =>
  ({ owner, network }) => [owner, { ...runParams(network), ...params }]

const runWith =
  (find: (world: EcsWorld) => Params | Promise<Params>): Provoke =>
  async (world) => {
    const { owner, network } = world
    return [owner, { ...runParams(network), ...(await find(world)) }]
  }

const further = (params: Params) => ({ NetworkInterface: [params] })
/** Flat, as every client sends it: one of them makes nothing of an object. */
const disk = (params: Params) =>
  run(Object.fromEntries(Object.entries(params).map(([name, value]) => [`SystemDisk.${name}`, value])))

/** `net` is the third number of the vSwitches that are made for it, of which it takes two. */
const refusals = (net: number): Refusals[string] => ({
  'Duplicate.TagKey': run({
    Tag: [
      { Key: 'a', Value: '1' },
      { Key: 'a', Value: '2' },
    ],
  }),
  EniPerInstanceLimitExceeded: run({ NetworkInterface: [{ QueueNumber: 1 }, { QueueNumber: 1 }] }),
  IncorrectVSwitchStatus: runWith(async (world) => ({
    VSwitchId: await pendingVSwitch(world, `10.0.${net}.0/24`),
  })),
  InstanceDiskNumLimitExceed: run({ DataDisk: [{ Category: 'cloud_ssd', Size: 20 }] }),
  'InvalidAutoSnapshotPolicyId.NotFound': disk({ AutoSnapshotPolicyId: 'sp-none' }),
  'InvalidAutoReleaseTime.Malformed': run({ AutoReleaseTime: '2026-01-01T00:00:00Z' }),
  'InvalidDedicatedHostId.NotFound': run({ DedicatedHostId: 'dh-none' }),
  'InvalidDeploymentSetId.NotFound': run({ DeploymentSetId: 'ds-none' }),
  'InvalidDescription.Malformed': run({ Description: 'd' }),
  'InvalidDiskDescription.Malformed': disk({ Description: 'd' }),
  'InvalidDiskName.Malformed': disk({ DiskName: '1' }),
  'InvalidEniId.NotFound': run(further({ NetworkInterfaceId: 'eni-none' })),
  'InvalidHostName.Malformed': run({ HostName: '-' }),
  'InvalidHpcClusterId.NotFound': run({ HpcClusterId: 'hpc-none' }),
  'InvalidIPAddress.AlreadyUsed': runWith(async ({ owner, network }) => {
    await owner.ecs('CreateNetworkInterface', {
      VSwitchId: network.vswitch,
      SecurityGroupId: network.group,
      PrimaryIpAddress: `10.0.0.${net + 60}`,
    })
    return { PrivateIpAddress: `10.0.0.${net + 60}` }
  }),
  'InvalidImageId.NotFound': run({ ImageId: 'ubuntu' }),
  'InvalidInstanceChargeType.NotFound': run({ InstanceChargeType: 'PrePaid' }),
  'InvalidInstanceName.Malformed': run({ InstanceName: '1' }),
  'InvalidInstanceType.NotSupported': run({ InstanceType: 'ecs.none' }),
  'InvalidInternetChargeType.ValueNotSupported': run({ InternetChargeType: 'free' }),
  'InvalidInternetMaxBandwidthIn.Malformed': run({ InternetMaxBandwidthIn: 'much' }),
  'InvalidInternetMaxBandwidthOut.Malformed': run({ InternetMaxBandwidthOut: 101 }),
  'InvalidIoOptimize.ValueNotSupported': run({ IoOptimized: 'none' }),
  'InvalidKeyPairName.NotFound': run({ KeyPairName: 'none' }),
  'InvalidLaunchTemplate.NotFound': run({ LaunchTemplateName: 'none' }),
  'InvalidMinAmount.Malformed': run({ Amount: 2, MinAmount: 3 }),
  'InvalidOperation.AvailabilityZoneMismatch': runWith(({ otherVSwitch }) =>
    further({ VSwitchId: otherVSwitch }),
  ),
  'InvalidOperation.InvalidEniState': runWith(({ primary }) => further({ NetworkInterfaceId: primary })),
  'InvalidOperation.Ipv4CountExceeded': run(further({ SecondaryPrivateIpAddressCount: 10 })),
  'InvalidOperation.Ipv6NotSupport': run({ Ipv6AddressCount: 1 }),
  'InvalidOperation.VpcMismatch': runWith(async ({ owner }) =>
    further({ NetworkInterfaceId: await makeInterface(owner, await makeNetwork(owner)) }),
  ),
  'InvalidRamRole.NotEcsRole': runWith(async ({ owner }) => ({
    RamRoleName: await makeRole(owner, 'slb'),
  })),
  'InvalidRamRole.NotFound': run({ RamRoleName: 'none' }),
  'InvalidUser.PassRoleForbidden': byUser('ecs:*', async ({ owner, network }) => ({
    ...runParams(network),
    RamRoleName: await makeRole(owner, 'ecs'),
  })),
  InvalidParameter: run({ InternetMaxBandwidthOut: 1 }),
  'InvalidParameter.Amount': run({ Amount: 101 }),
  'InvalidParameter.Conflict': run(further({ InstanceType: 'Primary' })),
  'InvalidParameter.CreditSpecification': run({
    InstanceType: 'ecs.c6.large',
    CreditSpecification: 'Unlimited',
  }),
  'InvalidParameter.EncryptedNotSupported': disk({ Encrypted: true }),
  'InvalidPassword.Malformed': run({ Password: 'password' }),
  'InvalidPasswordParam.Mismatch': run({ Password: 'Passw0rd!', PasswordInherit: true }),
  'InvalidPerformanceLevel.Malformed': disk({ Category: 'cloud_ssd', PerformanceLevel: 'PL1' }),
  'InvalidPrivateIpAddress.Malformed': run({ PrivateIpAddress: '10.0.0' }),
  'InvalidResourceGroup.NotFound': run({ ResourceGroupId: 'rg-none' }),
  'InvalidSecurityGroupId.NotFound': run({ SecurityGroupId: 'sg-none' }),
  'InvalidSecurityGroupIds.TypeMismatch': ({ owner, network, enterpriseGroup }) => {
    const { SecurityGroupId, ...params } = runParams(network)
    return [owner, { ...params, SecurityGroupIds: [SecurityGroupId, enterpriseGroup] }]
  },
  InvalidSpotDuration: run({ SpotDuration: 7 }),
  InvalidSpotInterruptionBehavior: run({ SpotInterruptionBehavior: 'Hibernate' }),
  InvalidSpotPriceLimit: run({ SpotPriceLimit: 'cheap' }),
  InvalidSpotStrategy: run({ SpotStrategy: 'Spot' }),
  'InvalidSystemDiskCategory.ValueNotSupported': disk({ Category: 'floppy' }),
  'InvalidSystemDiskSize.ValueNotSupported': disk({ Size: 19 }),
  'InvalidTagKey.Malformed': run({ Tag: [{ Key: 'acs:a', Value: '1' }] }),
  'InvalidTagValue.Malformed': run({ Tag: [{ Key: 'a', Value: 'http://b' }] }),
  'InvalidUserData.Base64FormatInvalid': run({ UserData: '#!/bin/sh' }),
  'InvalidUserData.SizeExceeded': run({ UserData: Buffer.alloc(16 * 1024 + 1).toString('base64') }),
  'InvalidVSwitchId.IpInvalid': run({ PrivateIpAddress: '10.0.0.254' }),
  'InvalidVSwitchId.IpNotEnough': runWith(async (world) => ({
    VSwitchId: await fullVSwitch(world, `10.0.${net + 1}.0/29`),
  })),
  'InvalidVSwitchId.NotFound': run({ VSwitchId: 'vsw-none' }),
  'InvalidVSwitchId.ZoneMismatch': run({ ZoneId: 'eu-central-1c' }),
  'InvalidZoneId.NotFound': run({ ZoneId: 'eu-central-1z' }),
  MaxEniCountExceeded: ({ collector, collection }) => [
    collector,
    { ...runParams(collection), ...further({ QueueNumber: 1 }) },
  ],
  'OperationDenied.ServiceManaged': runWith(({ managed }) => further({ NetworkInterfaceId: managed })),
  'QuotaExceed.Instance': ({ hoarder, hoard }) => [hoarder, runParams(hoard)],
  UnsupportedParameter: run({ StorageSetId: 'ss-none' }),
})

/** What CreateInstance has no parameter for. */
const ofSeveral = new Set([
  'EniPerInstanceLimitExceeded',
  'InvalidAutoReleaseTime.Malformed',
  'InvalidEniId.NotFound',
  'InvalidLaunchTemplate.NotFound',
  'InvalidMinAmount.Malformed',
  'InvalidOperation.AvailabilityZoneMismatch',
  'InvalidOperation.InvalidEniState',
  'InvalidOperation.Ipv4CountExceeded',
  'InvalidOperation.Ipv6NotSupport',
  'InvalidOperation.VpcMismatch',
  'InvalidParameter.Amount',
  'InvalidParameter.Conflict',
  'InvalidSecurityGroupIds.TypeMismatch',
  'MaxEniCountExceeded',
  'OperationDenied.ServiceManaged',
])

export const runInstancesRefusals: Refusals = {
  RunInstances: refusals(12),
  CreateInstance: Object.fromEntries(Object.entries(refusals(30)).filter(([code]) => !ofSeveral.has(code))),
}
