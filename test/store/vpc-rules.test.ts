/** Rules of the Vpc product, each with the code that breaking it is refused with. */
import { afterAll, beforeAll } from 'vitest'
import type { WireParams } from './call.ts'
import { consumer, provider, refuses, type Scene, setScene } from './scene.ts'
import { zone } from './side.ts'

let scene: Scene
beforeAll(async () => {
  scene = await setScene()
})
afterAll(() => scene.of.db.destroy())

const subnet = (change: WireParams) => () => ({
  VpcId: scene.vpc1.vpc,
  ZoneId: zone,
  CidrBlock: '10.0.1.0/24',
  ...change,
})
refuses(
  () => scene.of,
  [
    [consumer, 'Vpc.CreateVpc', () => ({ CidrBlock: '10.0.0.0/7' }), 'InvalidParameter'],
    [consumer, 'Vpc.CreateVpc', () => ({ CidrBlock: '10.0.0.0/29' }), 'InvalidParameter'],
    [consumer, 'Vpc.CreateVpc', () => ({ CidrBlock: '10.0.0.1/16' }), 'InvalidParameter'],
    [consumer, 'Vpc.CreateVpc', () => ({ CidrBlock: '100.64.0.0/10' }), 'InvalidParameter'],
    [consumer, 'Vpc.CreateVpc', () => ({ CidrBlock: '100.0.0.0/8' }), 'InvalidParameter'],
    [consumer, 'Vpc.CreateVpc', () => ({ CidrBlock: '127.0.0.0/16' }), 'InvalidParameter'],
    [consumer, 'Vpc.CreateVpc', () => ({ CidrBlock: '169.254.0.0/16' }), 'InvalidParameter'],
    [consumer, 'Vpc.CreateVpc', () => ({ CidrBlock: '224.0.0.0/8' }), 'InvalidParameter'],
    [consumer, 'Vpc.CreateVpc', () => ({ UserCidr: '10.0.0.0/8' }), 'InvalidParameter'],
    [consumer, 'Vpc.CreateVpc', () => ({ VpcName: 'https://a' }), 'InvalidVpcName.Malformed'],
    [consumer, 'Vpc.CreateVpc', () => ({ Description: 'http://a' }), 'InvalidVpcDiscription.Malformed'],
    [consumer, 'Vpc.CreateVpc', () => ({ ResourceGroupId: 'rg-none' }), 'InvalidResourceGroupId'],
    [consumer, 'Vpc.CreateVpc', () => ({ 'Tag.1.Key': 'acs:a' }), 'InvalidTagKey.Malformed'],
    [consumer, 'Vpc.CreateVpc', () => ({ 'Tag.1.Key': 'a', 'Tag.2.Key': 'a' }), 'Duplicate.TagKey'],
    [provider, 'Vpc.DescribeVpcAttribute', () => ({ VpcId: scene.vpc1.vpc }), 'InvalidVpcId.NotFound'],
    [consumer, 'Vpc.DeleteVpc', () => ({ VpcId: scene.vpc1.vpc }), 'DependencyViolation.VSwitch'],
    [provider, 'Vpc.DeleteVpc', () => ({ VpcId: scene.vpc1.vpc }), 'InvalidVpcId.NotFound'],
    [provider, 'Vpc.CreateVSwitch', subnet({}), 'InvalidVpcId.NotFound'],
    [consumer, 'Vpc.CreateVSwitch', subnet({ ZoneId: 'eu-central-1x' }), 'InvalidZoneId.NotFound'],
    // The public quick start's table has such a vSwitch; it is refused here.
    [consumer, 'Vpc.CreateVSwitch', subnet({ CidrBlock: '172.16.0.0/24' }), 'InvalidCidrBlock.Malformed'],
    [consumer, 'Vpc.CreateVSwitch', subnet({ CidrBlock: '10.0.1.5/24' }), 'InvalidCidrBlock.Malformed'],
    [consumer, 'Vpc.CreateVSwitch', subnet({ CidrBlock: '10.0.1.0/30' }), 'InvalidCirdrBlock.MaskLength'],
    [consumer, 'Vpc.CreateVSwitch', subnet({ CidrBlock: '10.0.0.128/25' }), 'InvalidCidrBlock.Overlapped'],
    [consumer, 'Vpc.CreateVSwitch', subnet({ CidrBlock: '10.0.0.0/16' }), 'InvalidCidrBlock.Overlapped'],
    [consumer, 'Vpc.DeleteVSwitch', () => ({ VSwitchId: scene.vpc1.vswitch }), 'DependencyViolation'],
    [provider, 'Vpc.DeleteVSwitch', () => ({ VSwitchId: scene.vpc1.vswitch }), 'InvalidVSwitchId.NotFound'],
    [
      provider,
      'Vpc.TagResources',
      () => ({ ResourceType: 'VPC', 'ResourceId.1': scene.vpc1.vpc, 'Tag.1.Key': 'a' }),
      'InvalidResourceId.NotFound',
    ],
  ],
)
