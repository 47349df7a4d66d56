/** How each error of VPCs, their blocks and their vSwitches is provoked. */
import { makeVSwitch, zone, type Party } from '../../stage.ts'
import type { Params } from '../../clients.ts'
import { wrongTags } from './common.ts'
import {
  ask,
  emptyVpc,
  fill,
  freeze,
  makeTable,
  newcomer,
  pendingVpc,
  pendingVSwitch,
  readyVpc,
  type Provoke,
  type RefusalWorld,
  type Refusals,
} from './world.ts'

const foreignVpc =
  (params: Params = {}): Provoke =>
  ({ stranger, network }) => [stranger, { VpcId: network.vpc, ...params }]
const foreignVSwitch: Provoke = ({ stranger, network }) => [stranger, { VSwitchId: network.vswitch }]

const wrongVpcTexts = (params: (world: RefusalWorld) => Params = () => ({})) => ({
  'InvalidVpcDiscription.Malformed': (world: RefusalWorld) =>
    [world.owner, { ...params(world), Description: 'https://a' }] as const,
  'InvalidVpcName.Malformed': (world: RefusalWorld) =>
    [world.owner, { ...params(world), VpcName: 'http://a' }] as const,
})

/** The columns of a VPC, and of a vSwitch, save id and what tells them apart. */
const vpcColumns =
  'account_id, region_id, resource_group_id, created_at, generation, name, description, cidr, status, router_id, is_default'
const vswitchColumns =
  'account_id, region_id, resource_group_id, created_at, generation, vpc_id, zone_id, name, description, cidr, status, is_default, route_table_id'

/**
 * Rows that count and do nothing else: what is being deleted is not planned, and a report of this generation never comes.
 */
const going = (columns: string) => columns.replace('status', "'Deleting'").replace('generation', '1000000000')

/** A caller who has as many VPCs as he may. */
const rich: Provoke = async (world) => {
  const party = await newcomer(world)
  const vpc = await emptyVpc(party)
  const rows = `insert into vpc (id, ${vpcColumns}) select ? || i, ${going(vpcColumns)} from vpc, n where id = ?`
  fill(world, 499, rows, vpc, vpc)
  return [party, {}]
}

const vswitch =
  (params: Params): Provoke =>
  ({ owner, network }) => [owner, { VpcId: network.vpc, ZoneId: zone, CidrBlock: '10.0.99.0/24', ...params }]

/** Gives the VPC of the vSwitch as many as it may have. */
function fillVpc(world: RefusalWorld, id: string): void {
  const rows = `insert into vswitch (id, ${vswitchColumns}) select ? || i, ${going(vswitchColumns)} from vswitch, n where id = ?`
  fill(world, 149, rows, id, id)
}

async function fullVpc(world: RefusalWorld): Promise<string> {
  const vpc = await readyVpc(world)
  fillVpc(world, await makeVSwitch(world.owner, vpc, '10.0.0.0/24'))
  return vpc
}

const block =
  (params: Params): Provoke =>
  ({ owner, network }) => [owner, { VpcId: network.vpc, SecondaryCidrBlock: '172.16.0.0/16', ...params }]

export const networkRefusals: Refusals = {
  CreateVpc: {
    ...wrongTags(() => ({})),
    ...wrongVpcTexts(),
    InvalidResourceGroupId: ask({ ResourceGroupId: 'rg-none' }),
    'QuotaExceeded.Vpc': rich,
  },
  DescribeVpcAttribute: { 'InvalidVpcId.NotFound': foreignVpc() },
  DescribeVpcs: {},
  ModifyVpcAttribute: {
    ...wrongVpcTexts(({ network }) => ({ VpcId: network.vpc })),
    'InvalidVpcId.NotFound': foreignVpc({ VpcName: 'mine' }),
  },
  DeleteVpc: {
    'DependencyViolation.RouteTable': async (world) => {
      const vpc = await readyVpc(world)
      await makeTable(world.owner, vpc)
      return [world.owner, { VpcId: vpc }]
    },
    'DependencyViolation.SecurityGroup': async (world) => {
      const VpcId = await readyVpc(world)
      await world.owner.ecs('CreateSecurityGroup', { VpcId })
      return [world.owner, { VpcId }]
    },
    'DependencyViolation.VSwitch': ({ owner, network }) => [owner, { VpcId: network.vpc }],
    IncorrectVpcStatus: async (world) => [world.owner, { VpcId: await pendingVpc(world) }],
    'InvalidVpcId.NotFound': foreignVpc(),
  },
  CreateVSwitch: {
    ...wrongTags(({ network }) => ({ VpcId: network.vpc, ZoneId: zone, CidrBlock: '10.0.98.0/24' })),
    IncorrectVpcStatus: async (world) => vswitch({ VpcId: await pendingVpc(world) })(world),
    'InvalidCidrBlock.Malformed': vswitch({ CidrBlock: '10.1.0.0/24' }),
    'InvalidCidrBlock.Overlapped': vswitch({ CidrBlock: '10.0.0.128/25' }),
    'InvalidCirdrBlock.MaskLength': vswitch({ CidrBlock: '10.0.99.0/30' }),
    'InvalidVpcId.NotFound': foreignVpc({ ZoneId: zone, CidrBlock: '10.0.99.0/24' }),
    'InvalidZoneId.NotFound': vswitch({ ZoneId: 'eu-central-1z' }),
    'QuotaExceeded.VSwitch': async (world) => vswitch({ VpcId: await fullVpc(world) })(world),
  },
  DescribeVSwitchAttributes: { 'InvalidVSwitchId.NotFound': foreignVSwitch },
  DescribeVSwitches: {},
  ModifyVSwitchAttribute: { 'InvalidVSwitchId.NotFound': foreignVSwitch },
  DeleteVSwitch: {
    DependencyViolation: async ({ owner, network }) => {
      const VSwitchId = await makeVSwitch(owner, network.vpc, '10.0.1.0/24')
      await owner.ecs('CreateNetworkInterface', { VSwitchId, SecurityGroupId: network.group })
      return [owner, { VSwitchId }]
    },
    IncorrectVSwitchStatus: async (world) => [
      world.owner,
      { VSwitchId: await pendingVSwitch(world, '10.0.2.0/24') },
    ],
    'InvalidVSwitchId.NotFound': foreignVSwitch,
  },
  AssociateVpcCidrBlock: {
    IncorrectVpcStatus: async (world) => block({ VpcId: await pendingVpc(world) })(world),
    'InvalidCidrBlock.Overlapped': block({ SecondaryCidrBlock: '10.0.128.0/17' }),
    'InvalidVpcId.NotFound': foreignVpc({ SecondaryCidrBlock: '172.16.0.0/16' }),
    'QuotaExceeded.SecondaryCidrBlock': async (world) => {
      const vpc = await readyVpc(world)
      for (const second of [20, 21, 22, 23, 24]) {
        const SecondaryCidrBlock = `172.${second}.0.0/16`
        await world.owner.vpc('AssociateVpcCidrBlock', { VpcId: vpc, SecondaryCidrBlock })
      }
      return block({ VpcId: vpc })(world)
    },
    'RouteConflict.AlreadyExist': async (world) => {
      const { owner, systemTable, instance } = world
      const params = { RouteTableId: systemTable, DestinationCidrBlock: '172.20.0.0/16', NextHopId: instance }
      await owner.vpc('CreateRouteEntry', params)
      return block({ SecondaryCidrBlock: '172.20.0.0/14' })(world)
    },
  },
  UnassociateVpcCidrBlock: {
    'DependencyViolation.VSwitch': async (world) => {
      const VpcId = await readyVpc(world)
      const SecondaryCidrBlock = '172.16.0.0/16'
      await world.owner.vpc('AssociateVpcCidrBlock', { VpcId, SecondaryCidrBlock })
      await makeVSwitch(world.owner, VpcId, '172.16.0.0/24')
      return block({ VpcId })(world)
    },
    'InvalidVpcId.NotFound': foreignVpc({ SecondaryCidrBlock: '172.16.0.0/16' }),
    'ResourceNotFound.SecondaryCidrBlock': block({}),
  },
  CreateDefaultVpc: {
    InvalidResourceGroupId: ask({ ResourceGroupId: 'rg-none' }),
    'OperationDenied.DefaultVpcExist': async (world) => [(await withDefaultVpc(world)).party, {}],
    'QuotaExceeded.Vpc': rich,
  },
  CreateDefaultVSwitch: {
    IncorrectVpcStatus: async (world) => {
      freeze(world)
      const { party } = await withDefaultVpc(world)
      return [party, { ZoneId: zone }]
    },
    'InvalidCidrBlock.Overlapped': async (world) => {
      const { party, vpc } = await withDefaultVpc(world)
      await world.server.settled()
      await makeVSwitch(party, vpc, '172.16.0.0/16')
      return [party, { ZoneId: zone }]
    },
    'InvalidVpcId.NotFound': async (world) => [await newcomer(world), { ZoneId: zone }],
    'InvalidZoneId.NotFound': ask({ ZoneId: 'eu-central-1z' }),
    'OperationDenied.DefaultVSwitchExist': async (world) => {
      const { party } = await withDefaultVpc(world)
      await world.server.settled()
      await party.vpc('CreateDefaultVSwitch', { ZoneId: zone })
      return [party, { ZoneId: zone }]
    },
    'QuotaExceeded.VSwitch': async (world) => {
      const { party, vpc } = await withDefaultVpc(world)
      await world.server.settled()
      fillVpc(world, await makeVSwitch(party, vpc, '172.16.255.0/24'))
      return [party, { ZoneId: zone }]
    },
  },
}

async function withDefaultVpc(world: RefusalWorld): Promise<{ readonly party: Party; readonly vpc: string }> {
  const party = await newcomer(world)
  return { party, vpc: String((await party.vpc('CreateDefaultVpc'))['VpcId']) }
}
