/**
 * Vpc 2016-04-28: the routes of route tables. Every table holds those that a VPC always has; no other next hop is
 * carried, so there is no action that adds a route.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { associationsOf, listRouteTables, type Association } from '../../../store/route-tables.ts'
import { listPage } from '../../../store/page.ts'
import { defineAction, type Action } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import { nextToken, pageOf, pageParams, pageResult, token, tokenPageOf } from '../../paging.ts'
import { choice, integer, text } from '../../params.ts'
import { strings, wrapped } from '../../results.ts'
import { createdAt, ownRouteTable, vswitchesByTable } from './route-tables.ts'

/** The routes of every table: to the vSwitches of its VPC, and to the services of the cloud. */
function entriesOf(table: string, associations: readonly Association[]) {
  const services = { cidr: '100.64.0.0/10', type: 'service' }
  return [...associations.map(({ cidr }) => ({ cidr, type: 'local' })), services].map(({ cidr, type }) => ({
    RouteEntryId: `rte-${createHash('sha256').update(`${table} ${cidr}`).digest('hex').slice(0, 20)}`,
    RouteEntryName: '',
    RouteTableId: table,
    DestinationCidrBlock: cidr,
    Type: 'System',
    Status: 'Available',
    Description: '',
    nextHopType: type,
  }))
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
  status: {
    partial:
      'Every table has the routes of its VPC; no other next hop is carried, so there is no action that adds a route.',
  },
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
    const matches = (wanted: string | undefined, value: string) => wanted === undefined || wanted === value
    const all = entriesOf(row.id, associations).filter(
      (route) =>
        matches(params.RouteEntryId, route.RouteEntryId) &&
        matches(params.RouteEntryName, route.RouteEntryName) &&
        matches(params.RouteEntryType, route.Type) &&
        matches(params.DestinationCidrBlock, route.DestinationCidrBlock) &&
        (params.DestCidrBlockList?.includes(route.DestinationCidrBlock) ?? true) &&
        matches(params.NextHopType, route.nextHopType) &&
        matches(params.NextHopId, '') &&
        matches(params.IpVersion?.toLowerCase(), 'ipv4'),
    )
    const page = tokenPageOf({ MaxResults: params.MaxResult, NextToken: params.NextToken })
    const keyOf = (route: (typeof all)[number]) => `${route.DestinationCidrBlock} ${route.RouteEntryId}`
    const { rows, total, next } = listPage(all, keyOf, page)
    return {
      TotalCount: total,
      NextToken: nextToken({ next }),
      RouteEntrys: {
        RouteEntry: rows.map(({ nextHopType, ...route }) => ({
          ...route,
          NextHops: hops(nextHopType),
          IpVersion: 'ipv4',
          Origin: '',
          GmtModified: createdAt(row),
        })),
      },
    }
  },
})

function hops(type: string) {
  return { NextHop: [{ Enabled: 1, Weight: 0, NextHopType: type, NextHopId: '' }] }
}

const describeRouteTables = defineAction({
  product: 'Vpc',
  name: 'DescribeRouteTables',
  summary: { en: 'Lists route tables with their routes.', zh: '查询路由表及其路由条目。' },
  status: { partial: 'Every table has the routes of its VPC, as in `Vpc.DescribeRouteEntryList`.' },
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
            RouteEntry: entriesOf(row.id, associations(row.vpc_id)).map(({ nextHopType, ...route }) => ({
              ...route,
              NextHops: hops(nextHopType),
              NextHopType: nextHopType,
              InstanceId: '',
            })),
          },
        })),
      },
    }
  },
})

export const routeEntryActions: readonly Action[] = [describeRouteEntryList, describeRouteTables]
