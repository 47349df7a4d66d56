/** How each error of route tables and their routes is provoked. */
import type { Params } from '../../clients.ts'
import { makeVSwitch } from '../../stage.ts'
import { wrongTags } from './common.ts'
import { fill, makeTable, pendingVpc, pendingVSwitch, readyVpc } from './world.ts'
import type { Provoke, RefusalWorld, Refusals } from './world.ts'

const foreign =
  (params: Params = {}): Provoke =>
  ({ stranger, systemTable }) => [stranger, { RouteTableId: systemTable, ...params }]

const system =
  (params: Params = {}): Provoke =>
  ({ owner, systemTable }) => [owner, { RouteTableId: systemTable, ...params }]

/** A custom table and a vSwitch of its VPC that has none. */
async function tableAndVSwitch({ owner, network }: RefusalWorld, block: string) {
  const VSwitchId = await makeVSwitch(owner, network.vpc, block)
  return { RouteTableId: await makeTable(owner, network.vpc), VSwitchId }
}

async function associated(world: RefusalWorld, block: string) {
  const pair = await tableAndVSwitch(world, block)
  await world.owner.vpc('AssociateRouteTable', pair)
  return pair
}

const wrongTexts = (params: (world: RefusalWorld) => Params) => ({
  'InvalidParameter.Description.Malformed': (world: RefusalWorld) =>
    [world.owner, { ...params(world), Description: 'https://a' }] as const,
  'InvalidParameter.RouteTableName.Malformed': (world: RefusalWorld) =>
    [world.owner, { ...params(world), RouteTableName: 'http://a' }] as const,
})

export const routeRefusals: Refusals = {
  CreateRouteTable: {
    ...wrongTags(({ network }) => ({ VpcId: network.vpc })),
    ...wrongTexts(({ network }) => ({ VpcId: network.vpc })),
    IncorrectVpcStatus: async (world) => [world.owner, { VpcId: await pendingVpc(world) }],
    'InvalidVpcId.NotFound': ({ stranger, network }) => [stranger, { VpcId: network.vpc }],
    'QuotaExceeded.RouteTable': async (world) => {
      const vpc = await readyVpc(world)
      const table = await makeTable(world.owner, vpc)
      const columns = 'vpc_id, name, description, type, created_at'
      const rows = `insert into route_table (id, ${columns}) select ? || i, ${columns} from route_table, n where id = ?`
      fill(world, 8, rows, table, table)
      return [world.owner, { VpcId: vpc }]
    },
  },
  DescribeRouteTableList: {},
  DescribeRouteTables: {},
  DescribeRouteEntryList: { 'InvalidRouteTableId.NotFound': foreign() },
  ModifyRouteTableAttributes: {
    ...wrongTexts(({ systemTable }) => ({ RouteTableId: systemTable })),
    'InvalidRouteTableId.NotFound': foreign({ RouteTableName: 'mine' }),
  },
  DeleteRouteTable: {
    'DependencyViolation.VSwitch': async (world) => [world.owner, await associated(world, '10.0.10.0/24')],
    'InvalidRouteTableId.NotFound': foreign(),
    'OperationDenied.SystemRouteTable': system(),
  },
  AssociateRouteTable: {
    IncorrectVSwitchStatus: async (world) => {
      const RouteTableId = await makeTable(world.owner, world.network.vpc)
      return [world.owner, { RouteTableId, VSwitchId: await pendingVSwitch(world, '10.0.11.0/24') }]
    },
    'InvalidRouteTableId.NotFound': foreign({ VSwitchId: 'vsw-none' }),
    'InvalidVSwitchId.NotFound': system({ VSwitchId: 'vsw-none' }),
    'OperationDenied.SystemRouteTable': (world) => system({ VSwitchId: world.network.vswitch })(world),
    'ResourceAlreadyAssociated.RouteTable': async (world) => [
      world.owner,
      await associated(world, '10.0.12.0/24'),
    ],
  },
  UnassociateRouteTable: {
    'IncorrectStatus.RouteTableStatus': async (world) => [
      world.owner,
      await tableAndVSwitch(world, '10.0.13.0/24'),
    ],
    'InvalidRouteTableId.NotFound': foreign({ VSwitchId: 'vsw-none' }),
    'InvalidVSwitchId.NotFound': system({ VSwitchId: 'vsw-none' }),
  },
}
