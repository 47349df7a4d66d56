/** Rules of the Ecs product, each with the code that breaking it is refused with. */
import { afterAll, beforeAll } from 'vitest'
import type { WireParams } from './call.ts'
import { consumer, provider, refuses, type Scene, setScene } from './scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await setScene()
})
afterAll(() => scene.of.db.destroy())

const rule = (change: WireParams) => () => ({
  SecurityGroupId: scene.vpc1.group,
  IpProtocol: 'TCP',
  PortRange: '22/22',
  SourceCidrIp: '10.0.0.0/8',
  ...change,
})
const run = (change: WireParams) => () => ({
  ImageId: 'postern_sandbox',
  InstanceType: 'ecs.t5-lc1m1.small',
  VSwitchId: scene.vpc1.vswitch,
  SecurityGroupId: scene.vpc1.group,
  ...change,
})
const tooMuch = Buffer.alloc(16 * 1024 + 1).toString('base64')
refuses(
  () => scene.of,
  [
    [
      consumer,
      'Ecs.CreateSecurityGroup',
      () => ({ VpcId: scene.vpc1.vpc, SecurityGroupName: '1' }),
      'InvalidSecurityGroupName.Malformed',
    ],
    [provider, 'Ecs.CreateSecurityGroup', () => ({ VpcId: scene.vpc1.vpc }), 'InvalidVpcId.NotFound'],
    [
      consumer,
      'Ecs.AuthorizeSecurityGroup',
      rule({ IpProtocol: 'SCTP' }),
      'InvalidIpProtocol.ValueNotSupported',
    ],
    [consumer, 'Ecs.AuthorizeSecurityGroup', rule({ PortRange: '0/22' }), 'InvalidIpPortRange.Malformed'],
    [consumer, 'Ecs.AuthorizeSecurityGroup', rule({ PortRange: '23/22' }), 'InvalidIpPortRange.Malformed'],
    [consumer, 'Ecs.AuthorizeSecurityGroup', rule({ PortRange: '-1/-1' }), 'InvalidIpPortRange.Malformed'],
    [consumer, 'Ecs.AuthorizeSecurityGroup', rule({ IpProtocol: 'ALL' }), 'InvalidIpPortRange.Malformed'],
    [consumer, 'Ecs.AuthorizeSecurityGroup', rule({ PortRange: '' }), 'MissingParameter'],
    [consumer, 'Ecs.AuthorizeSecurityGroup', rule({ Policy: 'maybe' }), 'InvalidPolicy.Malformed'],
    [consumer, 'Ecs.AuthorizeSecurityGroup', rule({ Priority: 101 }), 'InvalidPriority.ValueNotSupported'],
    [
      consumer,
      'Ecs.AuthorizeSecurityGroup',
      rule({ SourceCidrIp: '10.0.0' }),
      'InvalidSourceCidrIp.Malformed',
    ],
    [consumer, 'Ecs.AuthorizeSecurityGroup', rule({ SourceCidrIp: '' }), 'MissingParameter.Source'],
    [
      consumer,
      'Ecs.AuthorizeSecurityGroup',
      () => rule({ SourceCidrIp: '', SourceGroupId: scene.vpc2.group })(),
      'InvalidSourceGroupId.NotFound',
    ],
    [
      consumer,
      'Ecs.AuthorizeSecurityGroup',
      rule({ SourceCidrIp: '', SourcePrefixListId: 'pl-1' }),
      'InvalidPrefixListId.NotFound',
    ],
    [provider, 'Ecs.AuthorizeSecurityGroup', rule({}), 'InvalidSecurityGroupId.NotFound'],
    [provider, 'Ecs.RevokeSecurityGroup', rule({}), 'InvalidSecurityGroupId.NotFound'],
    [
      consumer,
      'Ecs.DeleteSecurityGroup',
      () => ({ SecurityGroupId: scene.vpc1.group }),
      'DependencyViolation',
    ],
    [consumer, 'Ecs.RunInstances', run({ ImageId: 'm-none' }), 'InvalidImageId.NotFound'],
    [consumer, 'Ecs.RunInstances', run({ InstanceType: 'ecs.none' }), 'InvalidInstanceType.NotSupported'],
    [provider, 'Ecs.RunInstances', run({}), 'InvalidVSwitchId.NotFound'],
    [
      consumer,
      'Ecs.RunInstances',
      () => run({ SecurityGroupId: scene.vpc2.group })(),
      'InvalidSecurityGroupId.NotFound',
    ],
    [consumer, 'Ecs.RunInstances', run({ SecurityGroupId: '' }), 'MissingParameter'],
    [consumer, 'Ecs.RunInstances', run({ ZoneId: 'eu-central-1a' }), 'InvalidVSwitchId.ZoneMismatch'],
    // The public quick start's table has such an instance; it is refused here.
    [consumer, 'Ecs.RunInstances', run({ PrivateIpAddress: '10.0.1.9' }), 'InvalidVSwitchId.IpInvalid'],
    [consumer, 'Ecs.RunInstances', run({ PrivateIpAddress: '10.0.0.0' }), 'InvalidVSwitchId.IpInvalid'],
    [consumer, 'Ecs.RunInstances', run({ PrivateIpAddress: '10.0.0.253' }), 'InvalidVSwitchId.IpInvalid'],
    [consumer, 'Ecs.RunInstances', run({ PrivateIpAddress: '10.0.0.182' }), 'InvalidIPAddress.AlreadyUsed'],
    [consumer, 'Ecs.RunInstances', run({ PrivateIpAddress: 'ten' }), 'InvalidPrivateIpAddress.Malformed'],
    [consumer, 'Ecs.RunInstances', run({ 'DataDisk.1.Size': 20 }), 'InstanceDiskNumLimitExceed'],
    [consumer, 'Ecs.RunInstances', run({ UserData: 'echo hi' }), 'InvalidUserData.Base64FormatInvalid'],
    [consumer, 'Ecs.RunInstances', run({ UserData: tooMuch }), 'InvalidUserData.SizeExceeded'],
    [consumer, 'Ecs.RunInstances', run({ InstanceName: '-' }), 'InvalidInstanceName.Malformed'],
    [consumer, 'Ecs.RunInstances', run({ HostName: 'a_b' }), 'InvalidHostName.Malformed'],
    [consumer, 'Ecs.RunInstances', run({ Amount: 0 }), 'InvalidParameter.Amount'],
    [consumer, 'Ecs.RunInstances', run({ Amount: 2, PrivateIpAddress: '10.0.0.9' }), 'InvalidParameter'],
    [provider, 'Ecs.StopInstance', () => ({ InstanceId: scene.ecs1 }), 'InvalidInstanceId.NotFound'],
    [consumer, 'Ecs.StartInstance', () => ({ InstanceId: scene.ecs1 }), 'IncorrectInstanceStatus'],
    [consumer, 'Ecs.DeleteInstance', () => ({ InstanceId: scene.ecs1 }), 'IncorrectInstanceStatus'],
    [provider, 'Ecs.DescribeUserData', () => ({ InstanceId: scene.ecs1 }), 'InvalidInstanceId.NotFound'],
    [
      consumer,
      'Ecs.LeaveSecurityGroup',
      () => ({ InstanceId: scene.ecs1, SecurityGroupId: scene.vpc1.group }),
      'InstanceLastSecurityGroup',
    ],
    [
      consumer,
      'Ecs.JoinSecurityGroup',
      () => ({ InstanceId: scene.ecs1, SecurityGroupId: scene.vpc2.group }),
      'InvalidSecurityGroupId.NotFound',
    ],
  ],
)
