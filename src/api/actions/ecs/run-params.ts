/** Ecs 2014-05-26: what RunInstances may be asked for, and what of it is not carried. */
import { z } from 'zod'
import { diskCategories, findImage, findInstanceType } from '../../../model/instance-types.ts'
import { quotas } from '../../../model/quotas.ts'
import { freeText, hostName, instancePassword, resourceName } from '../../../model/rules.ts'
import { choice, flag, integer, tags, text } from '../../params.ts'
import { demand } from '../../require.ts'
import { checkCredits, termErrors, termParams } from './instance-terms.ts'
import { checkInterface, interfaceParams } from './new-interface.ts'
import { releaseTime } from './release-time.ts'
import { checkUserData } from './user-data.ts'

/** Of these there are none here, whatever the name. */
const nothingSuch = {
  LaunchTemplateId: 'InvalidLaunchTemplate.NotFound',
  LaunchTemplateName: 'InvalidLaunchTemplate.NotFound',
  DedicatedHostId: 'InvalidDedicatedHostId.NotFound',
  DeploymentSetId: 'InvalidDeploymentSetId.NotFound',
  HpcClusterId: 'InvalidHpcClusterId.NotFound',
} as const
const named = text().optional()
const nothingSuchParams: { readonly [Name in keyof typeof nothingSuch]: typeof named } = {
  LaunchTemplateId: named,
  LaunchTemplateName: named,
  DedicatedHostId: named,
  DeploymentSetId: named,
  HpcClusterId: named,
}

/** What would make another machine than the sandbox is. */
const unsupportedParams = {
  ImageFamily: named,
  StorageSetId: named,
  CpuOptions: z.object({ Core: named, ThreadsPerCore: named, Numa: named, TopologyType: named }).optional(),
  SecurityOptions: z
    .object({ ConfidentialComputingMode: named, EnableSecureBoot: named, TrustedSystemMode: named })
    .optional(),
}

const systemDisk = z.object({
  Category: choice(diskCategories, { invalid: 'InvalidSystemDiskCategory.ValueNotSupported' }).optional(),
  Size: integer(20, 2048, { invalid: 'InvalidSystemDiskSize.ValueNotSupported' }).optional(),
  DiskName: text({ pattern: resourceName, invalid: 'InvalidDiskName.Malformed' }).optional(),
  Description: text({ pattern: freeText(2, 256), invalid: 'InvalidDiskDescription.Malformed' }).optional(),
  PerformanceLevel: choice(['PL0', 'PL1', 'PL2', 'PL3']).optional(),
  Encrypted: flag().optional(),
  KMSKeyId: named,
  AutoSnapshotPolicyId: named,
  StorageClusterId: named,
})

export const runParams = z.object({
  ImageId: text(),
  InstanceType: text(),
  VSwitchId: text().optional(),
  SecurityGroupId: text().optional(),
  SecurityGroupIds: z.array(text()).max(quotas.securityGroupsPerEni).optional(),
  PrivateIpAddress: text().optional(),
  NetworkInterface: z
    .array(
      z.object({
        InstanceType: choice(['Primary', 'Secondary']).default('Secondary'),
        NetworkInterfaceId: text().optional(),
        ...interfaceParams,
      }),
    )
    .max(8)
    .optional(),
  NetworkOptions: z.object({ EnableJumboFrame: flag().optional() }).optional(),
  Ipv6Address: z.array(text()).optional(),
  Ipv6AddressCount: integer(0, 10).optional(),
  ZoneId: text().optional(),
  InstanceName: text({ pattern: resourceName, invalid: 'InvalidInstanceName.Malformed' }).optional(),
  HostName: text({ pattern: hostName, invalid: 'InvalidHostName.Malformed' }).optional(),
  Description: text({ pattern: freeText(2, 256), invalid: 'InvalidDescription.Malformed' }).optional(),
  Password: text({ pattern: instancePassword, invalid: 'InvalidPassword.Malformed' }).optional(),
  PasswordInherit: flag().optional(),
  KeyPairName: text().optional(),
  RamRoleName: text().optional(),
  UserData: text().optional(),
  Amount: integer(1, 100, { invalid: 'InvalidParameter.Amount' }).default(1),
  MinAmount: integer(1, 100, { invalid: 'InvalidMinAmount.Malformed' }).optional(),
  DeletionProtection: flag().optional(),
  IoOptimized: choice(['optimized'], { invalid: 'InvalidIoOptimize.ValueNotSupported' }).optional(),
  SecurityEnhancementStrategy: choice(['Active', 'Deactive']).optional(),
  InstanceChargeType: choice(['PostPaid'], { invalid: 'InvalidInstanceChargeType.NotFound' }).optional(),
  InternetMaxBandwidthOut: integer(0, 100, {
    invalid: 'InvalidInternetMaxBandwidthOut.Malformed',
  }).optional(),
  SystemDisk: systemDisk.optional(),
  DataDisk: z
    .array(z.object({ Category: named, Size: named, SnapshotId: named, DiskName: named }))
    .optional(),
  AutoReleaseTime: releaseTime(),
  ResourceGroupId: text().optional(),
  Tag: tags(),
  ...nothingSuchParams,
  ...unsupportedParams,
  ...termParams,
})
export type RunParams = z.infer<typeof runParams>

/** What `runParams` and `checkRunParams` refuse with. */
export const runParamErrors = [
  ...termErrors,
  ...new Set(Object.values(nothingSuch)),
  'InstanceDiskNumLimitExceed',
  'InvalidAutoReleaseTime.Malformed',
  'InvalidAutoSnapshotPolicyId.NotFound',
  'InvalidDescription.Malformed',
  'InvalidDiskDescription.Malformed',
  'InvalidDiskName.Malformed',
  'InvalidHostName.Malformed',
  'InvalidImageId.NotFound',
  'InvalidInstanceChargeType.NotFound',
  'InvalidInstanceName.Malformed',
  'InvalidInstanceType.NotSupported',
  'InvalidInternetMaxBandwidthOut.Malformed',
  'InvalidIoOptimize.ValueNotSupported',
  'InvalidMinAmount.Malformed',
  'InvalidOperation.Ipv6NotSupport',
  'InvalidParameter',
  'InvalidParameter.Amount',
  'InvalidParameter.CreditSpecification',
  'InvalidParameter.EncryptedNotSupported',
  'InvalidPassword.Malformed',
  'InvalidPasswordParam.Mismatch',
  'InvalidPerformanceLevel.Malformed',
  'InvalidSystemDiskCategory.ValueNotSupported',
  'InvalidSystemDiskSize.ValueNotSupported',
  'InvalidUserData.Base64FormatInvalid',
  'InvalidUserData.SizeExceeded',
  'UnsupportedParameter',
] as const

export function checkRunParams(given: RunParams): void {
  for (const [name, code] of Object.entries(nothingSuch)) demand(!(name in given), code)
  for (const name of Object.keys(unsupportedParams))
    demand(!(name in given), 'UnsupportedParameter', { name })
  demand(given.NetworkOptions?.EnableJumboFrame !== true, 'UnsupportedParameter', {
    name: 'NetworkOptions.EnableJumboFrame',
  })
  demand(!given.Ipv6Address && !given.Ipv6AddressCount, 'InvalidOperation.Ipv6NotSupport')
  demand(given.DataDisk === undefined, 'InstanceDiskNumLimitExceed')
  checkSystemDisk(given.SystemDisk ?? {})
  demand(findImage(given.ImageId) !== undefined, 'InvalidImageId.NotFound')
  demand(findInstanceType(given.InstanceType) !== undefined, 'InvalidInstanceType.NotSupported')
  checkCredits(given.InstanceType, given.CreditSpecification)
  demand(given.PasswordInherit !== true || given.Password === undefined, 'InvalidPasswordParam.Mismatch')
  demand((given.InternetMaxBandwidthOut ?? 0) === 0, 'InvalidParameter', {
    name: 'InternetMaxBandwidthOut',
    reason: 'instances have no public address here',
  })
  checkAmount(given)
  checkUserData(given.UserData)
  for (const one of given.NetworkInterface ?? []) checkInterface(one)
}

function checkSystemDisk(disk: z.infer<typeof systemDisk>): void {
  demand(disk.Encrypted !== true, 'InvalidParameter.EncryptedNotSupported', {
    reason: 'disks are not encrypted here',
  })
  demand(disk.AutoSnapshotPolicyId === undefined, 'InvalidAutoSnapshotPolicyId.NotFound')
  for (const name of ['KMSKeyId', 'StorageClusterId'] as const) {
    demand(disk[name] === undefined, 'UnsupportedParameter', { name: `SystemDisk.${name}` })
  }
  const hasLevels = disk.Category === 'cloud_essd'
  demand(disk.PerformanceLevel === undefined || hasLevels, 'InvalidPerformanceLevel.Malformed')
}

function checkAmount({ Amount, MinAmount, PrivateIpAddress, NetworkInterface = [] }: RunParams): void {
  demand(MinAmount === undefined || MinAmount <= Amount, 'InvalidMinAmount.Malformed')
  const one =
    PrivateIpAddress ??
    NetworkInterface.find(
      ({ PrimaryIpAddress, NetworkInterfaceId }) => PrimaryIpAddress ?? NetworkInterfaceId,
    )
  demand(Amount === 1 || one === undefined, 'InvalidParameter', {
    name: 'Amount',
    reason: 'one address, or one interface, cannot serve several instances',
  })
}
