/** Vpc 2016-04-28: the routes of route tables, those that every table of a VPC has and custom ones. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { routesOfTables } from '../../../store/route-entries.ts'
import { associationsOf, listRouteTables, type Association } from '../../../store/route-tables.ts'
import { listPage } from '../../../store/page.ts'
import type { RouteEntryTable } from '../../../store/tables.ts'
import { defineAction, type Action } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import { nextToken, pageOf, pageParams, pageResult, token, tokenPageOf } from '../../paging.ts'
import { choice, integer, text } from '../../params.ts'
import { seconds, strings, wrapped } from '../../results.ts'
import { createdAt, ownRouteTable, vswitchesByTable } from './route-tables.ts'

interface ListedRoute {
  readonly id: string
  readonly destination: string
  readonly type: 'System' | 'Custom'
  readonly nextHopType: string
  readonly nextHopId: string
  readonly name: string
  readonly description: string
  readonly status: string
  /** Undefined for those that are as old as their table. */
  readonly modifiedAt: string | undefined
}

/** The routes of every table: to the vSwitches of its VPC, and to the services of the cloud. */
export function systemRoutes(table: string, associations: readonly Association[]): readonly ListedRoute[] {
  const services = { cidr: '100.64.0.0/10', type: 'service' }
  return [...associations.map(({ cidr }) => ({ cidr, type: 'local' })), services].map(({ cidr, type }) => ({
    id: `rte-${createHash('sha256').update(`${table} ${cidr}`).digest('hex').slice(0, 20)}`,
    destination: cidr,
    type: 'System',
    nextHopType: type,
    nextHopId: '',
    name: '',
    description: '',
    status: 'Available',
    modifiedAt: undefined,
  }))
}

function customRoute(row: RouteEntryTable): ListedRoute {
  return {
    id: row.id,
    destination: row.destination,
    type: 'Custom',
    nextHopType: row.next_hop_type,
    nextHopId: row.next_hop_id,
    name: row.name,
    description: row.description,
    // The API has no word for a route that is going: clients wait until it is not listed.
    status: row.status === 'Available' ? 'Available' : 'Pending',
    modifiedAt: seconds(row.modified_at),
  }
}

function describe(table: string, route: ListedRoute) {
  const { nextHopType: NextHopType, nextHopId: NextHopId } = route
  return {
    RouteEntryId: route.id,
    RouteEntryName: route.name,
    RouteTableId: table,
    DestinationCidrBlock: route.destination,
    Type: route.type,
    Status: route.status,
    Description: route.description,
    NextHops: { NextHop: [{ Enabled: 1, Weight: 0, NextHopType, NextHopId }] },
  }
}

const nextHop = {
  Enabled: z.number(),
  Weight: z.number(),
  NextHopType: z.string(),
  NextHopId: z.string(),
}
const entry = {
  RouteEntryId: z.string(),
  RouteEntryName: z.string(),
  RouteTableId: z.string(),
  DestinationCidrBlock: z.string(),
  Type: z.string(),
  Status: z.string(),
  Description: z.string(),
  NextHops: wrapped('NextHop', z.object(nextHop)),
}

const describeRouteEntryList = defineAction({
  product: 'Vpc',
  name: 'DescribeRouteEntryList',
  summary: { en: 'Lists the routes of a route table.', zh: '查询路由条目列表。' },
  status: 'full',
  params: z.object({
    RouteTableId: text(),
    RouteEntryId: text().optional(),
    RouteEntryName: text().optional(),
    RouteEntryType: text().optional(),
    DestinationCidrBlock: text().optional(),
    DestCidrBlockList: z.array(text()).max(50).optional(),
    NextHopType: text().optional(),
    NextHopId: text().optional(),
    IpVersion: choice(['ipv4', 'ipv6', 'IPv4', 'IPv6']).optional(),
    MaxResult: integer(1, 500).default(10),
    NextToken: token().optional(),
  }),
  result: z.object({
    TotalCount: z.number(),
    NextToken: z.string(),
    RouteEntrys: wrapped(
      'RouteEntry',
      z.object({ ...entry, IpVersion: z.string(), Origin: z.string(), GmtModified: z.string() }),
    ),
  }),
  effect: 'read',
  errors: ['InvalidRouteTableId.NotFound'],
  handler: async (context, params) => {
    const row = await ownRouteTable(context, params.RouteTableId)
    const associations = (await associationsOf(context.tx, [row.vpc_id]))(row.vpc_id)
    const custom = (await routesOfTables(context.tx, [row.id]))(row.id)
    const matches = (wanted: string | undefined, value: string) => wanted === undefined || wanted === value
    const all = [...systemRoutes(row.id, associations), ...custom.map(customRoute)].filter(
      (route) =>
        matches(params.RouteEntryId, route.id) &&
        matches(params.RouteEntryName, route.name) &&
        matches(params.RouteEntryType, route.type) &&
        matches(params.DestinationCidrBlock, route.destination) &&
        (params.DestCidrBlockList?.includes(route.destination) ?? true) &&
        matches(params.NextHopType, route.nextHopType) &&
        matches(params.NextHopId, route.nextHopId) &&
        matches(params.IpVersion?.toLowerCase(), 'ipv4'),
    )
    const page = tokenPageOf({ MaxResults: params.MaxResult, NextToken: params.NextToken })
    const keyOf = (route: ListedRoute) => `${route.destination} ${route.id}`
    const { rows, total, next } = listPage(all, keyOf, page)
    return {
      TotalCount: total,
      NextToken: nextToken({ next }),
      RouteEntrys: {
        RouteEntry: rows.map((route) => ({
          ...describe(row.id, route),
          IpVersion: 'ipv4',
          Origin: '',
          GmtModified: route.modifiedAt ?? createdAt(row),
        })),
      },
    }
  },
})

const describeRouteTables = defineAction({
  product: 'Vpc',
  name: 'DescribeRouteTables',
  summary: { en: 'Lists route tables with their routes.', zh: '查询路由表及其路由条目。' },
  status: 'full',
  params: z.object({
    RouteTableId: text().optional(),
    VRouterId: text().optional(),
    RouterId: text().optional(),
    RouterType: text().optional(),
    RouteTableName: text().optional(),
    ResourceGroupId: text().optional(),
    ...pageParams(10, 50),
  }),
  result: z.object({
    ...pageResult,
    RouteTables: wrapped(
      'RouteTable',
      z.object({
        RouteTableId: z.string(),
        RouteTableType: z.string(),
        VRouterId: z.string(),
        Status: z.string(),
        CreationTime: z.string(),
        ResourceGroupId: z.string(),
        VSwitchIds: strings('VSwitchId'),
        RouteEntrys: wrapped(
          'RouteEntry',
          z.object({ ...entry, NextHopType: z.string(), InstanceId: z.string() }),
        ),
      }),
    ),
  }),
  effect: 'read',
  handler: async (context, params) => {
    const { tx } = context
    const filter = {
      id: params.RouterType === undefined || params.RouterType === 'VRouter' ? params.RouteTableId : '',
      router: params.VRouterId ?? params.RouterId,
      name: params.RouteTableName,
      resourceGroup: params.ResourceGroupId,
      tags: [],
    }
    const { rows, total } = await listRouteTables(tx, ownerOf(context), filter, pageOf(params))
    const vswitches = await vswitchesByTable(context, rows)
    const associations = await associationsOf(
      tx,
      rows.map((row) => row.vpc_id),
    )
    const custom = await routesOfTables(
      tx,
      rows.map(({ id }) => id),
    )
    return {
      TotalCount: total,
      PageNumber: params.PageNumber,
      PageSize: params.PageSize,
      RouteTables: {
        RouteTable: rows.map((row) => ({
          RouteTableId: row.id,
          RouteTableType: row.type,
          VRouterId: row.router_id,
          Status: 'Available',
          CreationTime: createdAt(row),
          ResourceGroupId: row.resource_group_id,
          VSwitchIds: { VSwitchId: vswitches(row) },
          RouteEntrys: {
            RouteEntry: [
              ...systemRoutes(row.id, associations(row.vpc_id)),
              ...custom(row.id).map(customRoute),
            ].map((route) => ({
              ...describe(row.id, route),
              NextHopType: route.nextHopType,
              InstanceId: route.nextHopId,
            })),
          },
        })),
      },
    }
  },
})

export const routeListActions: readonly Action[] = [describeRouteEntryList, describeRouteTables]
