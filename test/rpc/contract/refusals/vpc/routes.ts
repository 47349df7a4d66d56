/** How each error of route tables and their routes is provoked. */
import { randomInt } from 'node:crypto'
import type { Params } from '../../clients.ts'
import { makeBalancer, makeEndpoint, makeService, makeVSwitch } from '../../stage.ts'
import { wrongTags } from './common.ts'
import { fill, freeze, makeTable, pendingVpc, pendingVSwitch, readyVpc, tablesOf } from './world.ts'
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

/** A route to the instance, with these parameters instead. */
const leading =
  (params: Params): Provoke =>
  ({ owner, systemTable, instance }) => [
    owner,
    { RouteTableId: systemTable, DestinationCidrBlock: '172.30.0.0/16', NextHopId: instance, ...params },
  ]

/** A new route to the instance, which is `Available` only when all is settled. */
async function routed({ owner, instance, systemTable }: RefusalWorld, RouteTableId = systemTable) {
  const named = { RouteTableId, DestinationCidrBlock: `11.0.${randomInt(256)}.${randomInt(256)}/32` }
  const made = await owner.vpc('CreateRouteEntry', { ...named, NextHopId: instance })
  return { named, RouteEntryId: String(made['RouteEntryId']) }
}

const onRoute =
  (params: Params): Provoke =>
  async (world) => {
    const { RouteEntryId } = await routed(world)
    await world.server.settled()
    return [world.owner, { RouteEntryId, ...params }]
  }

/** The interface of an endpoint of the owner's. */
async function managedInterface({ owner, network }: RefusalWorld): Promise<string> {
  const service = await makeService(owner, [await makeBalancer(owner, network)])
  await makeEndpoint(owner, service, network)
  const { NetworkInterfaceSets } = await owner.ecs('DescribeNetworkInterfaces', {
    VSwitchId: network.vswitch,
  })
  const { NetworkInterfaceSet: all } = NetworkInterfaceSets as {
    readonly NetworkInterfaceSet: readonly { NetworkInterfaceId: string; ServiceManaged: boolean }[]
  }
  return all.find(({ ServiceManaged }) => ServiceManaged)?.NetworkInterfaceId ?? ''
}

/** What is wrong with a next hop, given by parameters that begin so. */
const wrongHops = (give: (params: Params) => Provoke, prefix: '' | 'New') => ({
  'InvalidNextHop.NotFound': give({ [`${prefix}NextHopId`]: 'i-none' }),
  InvalidNextHopType: give({ [`${prefix}NextHopId`]: 'x-none', [`${prefix}NextHopType`]: 'Nothing' }),
  'InvalidNexthop.UnsupportedEniBizType': async (world: RefusalWorld) =>
    give({
      [`${prefix}NextHopId`]: await managedInterface(world),
      [`${prefix}NextHopType`]: 'NetworkInterface',
    })(world),
  'OperationDenied.NextHopTypeNotPermitted': give({
    [`${prefix}NextHopId`]: 'ngw-1',
    [`${prefix}NextHopType`]: 'NatGateway',
  }),
  'ResourceNotFound.NetworkInterface': give({
    [`${prefix}NextHopId`]: 'eni-none',
    [`${prefix}NextHopType`]: 'NetworkInterface',
  }),
})

/** What is wrong with the name of a route. */
const wrongRoutes: Readonly<Record<string, Provoke>> = {
  IncorrectRouteEntryStatus: async (world) => {
    freeze(world)
    const { RouteEntryId } = await routed(world)
    return [world.owner, { RouteEntryId }]
  },
  'InvalidRouteEntry.NotFound': system({ DestinationCidrBlock: '172.29.0.0/16' }),
  'InvalidRouteEntryId.NotFound': async (world) => [
    world.stranger,
    { RouteEntryId: (await routed(world)).RouteEntryId },
  ],
  'InvalidRouteTableId.NotFound': foreign({ DestinationCidrBlock: '172.30.0.0/16' }),
  OperationDenied: system({ DestinationCidrBlock: '10.0.0.0/24' }),
  'ParamExclusive.RouteEntryIdAndRouteTableIdOrDestCidrBlock': ({ owner, systemTable }) => [
    owner,
    { RouteEntryId: 'rte-none', RouteTableId: systemTable },
  ],
}

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
  CreateRouteEntry: {
    ...wrongHops(leading, ''),
    IncorrectRouteEntryStatus: async (world) => {
      const { named, RouteEntryId } = await routed(world)
      await world.server.settled()
      freeze(world)
      await world.owner.vpc('DeleteRouteEntry', { RouteEntryId })
      return leading(named)(world)
    },
    IncorrectVpcStatus: async (world) => {
      const [RouteTableId] = await tablesOf(world.owner, await pendingVpc(world))
      return leading({ RouteTableId })(world)
    },
    'InvalidCIDRBlock.Duplicate': async (world) => leading((await routed(world)).named)(world),
    InvalidCidrBlock: leading({ DestinationCidrBlock: '10.0.99.0/24' }),
    'InvalidCidrBlock.Malformed': leading({ DestinationCidrBlock: '2001:db8::/32' }),
    'InvalidNexthopTypeAndList.BothNotNull': leading({ NextHopList: [{ NextHopId: 'ri-1' }] }),
    'InvalidRouteEntryName.Malformed': leading({ RouteEntryName: 'http://a' }),
    'InvalidRouteTableId.NotFound': foreign({ DestinationCidrBlock: '172.30.0.0/16', NextHopId: 'i-none' }),
    QuotaExceeded: async (world) => {
      const RouteTableId = await makeTable(world.owner, world.network.vpc)
      const { RouteEntryId } = await routed(world, RouteTableId)
      const columns =
        'vpc_id, route_table_id, generation, name, description, next_hop_type, next_hop_id, status, modified_at'
      const rows = `insert into route_entry (id, destination, ${columns}) select ? || i, '172.' || i || '.0.1/32', ${columns} from route_entry, n where id = ?`
      fill(world, 199, rows, RouteEntryId, RouteEntryId)
      return leading({ RouteTableId, DestinationCidrBlock: '172.31.0.0/16' })(world)
    },
  },
  CreateRouteEntries: {
    'InvalidRouteEntryName.Malformed': ({ owner, systemTable, instance }) => {
      const route = { RouteTableId: systemTable, DstCidrBlock: '172.30.0.0/16', NextHop: instance }
      return [owner, { RouteEntries: [{ ...route, Name: 'http://a' }] }]
    },
  },
  DeleteRouteEntries: {},
  ModifyRouteEntry: {
    ...wrongRoutes,
    ...wrongHops(onRoute, 'New'),
    'InvalidRouteEntryName.Malformed': onRoute({ RouteEntryName: 'http://a' }),
  },
  DeleteRouteEntry: wrongRoutes,
  DeleteRouteTable: {
    'DependencyViolation.RouteEntry': async (world) => {
      const RouteTableId = await makeTable(world.owner, world.network.vpc)
      await routed(world, RouteTableId)
      return [world.owner, { RouteTableId }]
    },
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
