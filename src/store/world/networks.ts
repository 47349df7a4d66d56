import type { Transaction } from 'kysely'
import type { AccountId, SecurityGroupId, VpcId, VSwitchId } from '../../model/ids.ts'
import type { SecurityGroup, SecurityGroupRule, TransitPair, Vpc, VSwitch } from '../../model/world.ts'
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
  const transit = await readTransit(tx, ids)
  return rows.map((row) => vpcOf(row, transit))
}

export async function readVSwitches(tx: Transaction<Tables>, ids: Ids): Promise<VSwitch[]> {
  const rows = await tx
    .selectFrom('vswitch')
    .selectAll()
    .where('status', '!=', 'Deleting')
    .$call(chosen('id', ids))
    .execute()
  const transit = await readTransit(tx, ids)
  return rows.map((row) => vswitchOf(row, transit))
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

function vpcOf(row: VpcTable, transit: Transit): Vpc {
  return {
    id: row.id as VpcId,
    owner: row.account_id as AccountId,
    region: row.region_id,
    cidr: row.cidr,
    status: row.status,
    serviceLeg: pairOf(transit, row.id),
  }
}

function vswitchOf(row: VSwitchTable, transit: Transit): VSwitch {
  return {
    id: row.id as VSwitchId,
    vpc: row.vpc_id as VpcId,
    zone: row.zone_id,
    cidr: row.cidr,
    status: row.status,
    resolverSource: pairOf(transit, row.id).first,
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
