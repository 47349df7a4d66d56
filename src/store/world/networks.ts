import type { Transaction } from 'kysely'
import type {
  AccountId,
  EniId,
  InstanceId,
  RouteEntryId,
  RouteTableId,
  SecurityGroupId,
  VpcId,
  VSwitchId,
} from '../../model/ids.ts'
import type { Route, SecurityGroup, SecurityGroupRule, TransitPair, Vpc, VSwitch } from '../../model/world.ts'
import type { SecurityGroupRuleTable, SecurityGroupTable, Tables, VpcTable, VSwitchTable } from '../tables.ts'
import { transitPair } from '../transit.ts'
import { chosen, type Ids } from './ids.ts'

export async function readVpcs(tx: Transaction<Tables>, ids: Ids): Promise<Vpc[]> {
  const rows = await tx
    .selectFrom('vpc')
    .selectAll()
    .where('status', '!=', 'Deleting')
    .$call(chosen('id', ids))
    .execute()
  const blocksOf = Map.groupBy(
    await tx.selectFrom('vpc_block').selectAll().$call(chosen('vpc_id', ids)).orderBy('cidr').execute(),
    (block) => block.vpc_id,
  )
  const transit = await readTransit(tx, ids)
  return rows.map((row) => vpcOf(row, blocksOf.get(row.id)?.map(({ cidr }) => cidr) ?? [], transit))
}

export async function readVSwitches(tx: Transaction<Tables>, ids: Ids): Promise<VSwitch[]> {
  const rows = await tx
    .selectFrom('vswitch')
    .innerJoin('route_table', (join) =>
      join.onRef('route_table.vpc_id', '=', 'vswitch.vpc_id').on('route_table.type', '=', 'System'),
    )
    .selectAll('vswitch')
    .select('route_table.id as system_table')
    .where('status', '!=', 'Deleting')
    .$call(chosen('vswitch.id', ids))
    .execute()
  const transit = await readTransit(tx, ids)
  return rows.map((row) => vswitchOf(row, transit))
}

export async function readRoutes(tx: Transaction<Tables>, ids: Ids): Promise<Route[]> {
  const rows = await tx
    .selectFrom('route_entry')
    .selectAll()
    .where('status', '!=', 'Deleting')
    .$call(chosen('id', ids))
    .execute()
  return rows.map((row) => ({
    id: row.id as RouteEntryId,
    vpc: row.vpc_id as VpcId,
    table: row.route_table_id as RouteTableId,
    destination: row.destination,
    nextHop: row.next_hop_id as InstanceId | EniId,
  }))
}

export async function readSecurityGroups(tx: Transaction<Tables>, ids: Ids): Promise<SecurityGroup[]> {
  const rows = await tx.selectFrom('security_group').selectAll().$call(chosen('id', ids)).execute()
  const rulesOf = Map.groupBy(
    await tx.selectFrom('security_group_rule').selectAll().$call(chosen('security_group_id', ids)).execute(),
    (rule) => rule.security_group_id,
  )
  const entries = await readEntries(tx, [...rulesOf.values()].flat())
  return rows.map((row) => securityGroupOf(row, rulesOf.get(row.id) ?? [], entries))
}

type Entries = ReadonlyMap<string, readonly string[]>

/** The blocks of the prefix lists that these rules name. */
async function readEntries(
  tx: Transaction<Tables>,
  rules: readonly SecurityGroupRuleTable[],
): Promise<Entries> {
  const lists = new Set(rules.flatMap((rule) => rule.peer_prefix_list_id ?? []))
  if (lists.size === 0) return new Map()
  const rows = await tx
    .selectFrom('prefix_list_entry')
    .selectAll()
    .where('prefix_list_id', 'in', [...lists])
    .execute()
  const byList = Map.groupBy(rows, (row) => row.prefix_list_id)
  return new Map([...byList].map(([list, found]) => [list, found.map(({ cidr }) => cidr)]))
}

export type Transit = ReadonlyMap<string, TransitPair>

/** The pairs of these owners. */
export async function readTransit(tx: Transaction<Tables>, owners: Ids): Promise<Transit> {
  const rows = await tx.selectFrom('transit_pair').selectAll().$call(chosen('owner', owners)).execute()
  return new Map(rows.map(({ owner, pair }) => [owner, transitPair(pair)]))
}

function pairOf(transit: Transit, owner: string): TransitPair {
  const pair = transit.get(owner)
  if (!pair) throw new Error(`${owner} has no transit pair`)
  return pair
}

function vpcOf(row: VpcTable, blocks: readonly string[], transit: Transit): Vpc {
  return {
    id: row.id as VpcId,
    owner: row.account_id as AccountId,
    region: row.region_id,
    cidr: row.cidr,
    blocks,
    status: row.status,
    serviceLeg: pairOf(transit, row.id),
  }
}

function vswitchOf(row: VSwitchTable & { readonly system_table: string }, transit: Transit): VSwitch {
  return {
    id: row.id as VSwitchId,
    vpc: row.vpc_id as VpcId,
    zone: row.zone_id,
    cidr: row.cidr,
    status: row.status,
    resolverSource: pairOf(transit, row.id).first,
    routeTable: (row.route_table_id ?? row.system_table) as RouteTableId,
  }
}

function securityGroupOf(
  row: SecurityGroupTable,
  rules: readonly SecurityGroupRuleTable[],
  entries: Entries,
): SecurityGroup {
  return {
    id: row.id as SecurityGroupId,
    vpc: row.vpc_id as VpcId,
    innerAccess: row.inner_access,
    rules: rules.map((rule) => ruleOf(rule, entries)),
  }
}

function ruleOf(row: SecurityGroupRuleTable, entries: Entries): SecurityGroupRule {
  return {
    direction: row.direction,
    protocol: row.protocol,
    fromPort: row.from_port,
    toPort: row.to_port,
    policy: row.policy,
    priority: row.priority,
    peer: peerOf(row, entries),
  }
}

function peerOf(row: SecurityGroupRuleTable, entries: Entries): SecurityGroupRule['peer'] {
  if (row.peer_prefix_list_id !== null) {
    return { kind: 'blocks', blocks: entries.get(row.peer_prefix_list_id) ?? [] }
  }
  return row.peer_group_id === null
    ? { kind: 'cidr', cidr: row.peer_cidr ?? '0.0.0.0/0' }
    : { kind: 'group', group: row.peer_group_id as SecurityGroupId }
}
