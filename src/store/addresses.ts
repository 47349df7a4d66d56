/** Private addresses of VPCs: who has which, and which one is next. */
import type { Transaction } from 'kysely'
import { containsAddress, formatAddress, parseAddress, parseCidr, usableRange } from '../model/ipv4.ts'
import type { Tables, VSwitchTable } from './tables.ts'

export type Reservation =
  | { readonly ok: true; readonly address: string }
  | { readonly ok: false; readonly reason: 'Malformed' | 'OutsideVSwitch' | 'InUse' | 'Exhausted' }

/** Takes `wanted`, or any free address, of the vSwitch for `owner` (an ENI or a load balancer). */
export async function reserveAddress(
  tx: Transaction<Tables>,
  vswitch: Pick<VSwitchTable, 'id' | 'vpc_id' | 'cidr'>,
  owner: string,
  wanted: string | undefined,
): Promise<Reservation> {
  const block = parseCidr(vswitch.cidr)
  if (!block) throw new Error(`vSwitch ${vswitch.id} has the malformed block ${vswitch.cidr}`)
  const range = usableRange(block)
  let value: number | undefined
  if (wanted === undefined) {
    value = await freeAddress(tx, vswitch, range)
    if (value === undefined) return { ok: false, reason: 'Exhausted' }
  } else {
    value = parseAddress(wanted)
    if (value === undefined) return { ok: false, reason: 'Malformed' }
    if (!containsAddress(block, value) || value < range.first || value > range.last) {
      return { ok: false, reason: 'OutsideVSwitch' }
    }
    if (await isTaken(tx, vswitch.vpc_id, value)) return { ok: false, reason: 'InUse' }
  }
  await tx
    .insertInto('address')
    .values({ vpc_id: vswitch.vpc_id, vswitch_id: vswitch.id, value, owner })
    .execute()
  return { ok: true, address: formatAddress(value) }
}

export async function releaseAddresses(tx: Transaction<Tables>, owners: readonly string[]): Promise<void> {
  if (owners.length > 0) await tx.deleteFrom('address').where('owner', 'in', owners).execute()
}

/** Frees single addresses, whoever has them. */
export async function freeAddresses(
  tx: Transaction<Tables>,
  vpc: string,
  addresses: readonly string[],
): Promise<void> {
  const values = addresses.flatMap((address) => parseAddress(address) ?? [])
  await tx.deleteFrom('address').where('vpc_id', '=', vpc).where('value', 'in', values).execute()
}

/** How many addresses of each vSwitch are taken. */
export async function countAddresses(
  tx: Transaction<Tables>,
  vswitches: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (vswitches.length === 0) return new Map()
  const rows = await tx
    .selectFrom('address')
    .select((eb) => ['vswitch_id', eb.fn.countAll<number>().as('count')])
    .where('vswitch_id', 'in', vswitches)
    .groupBy('vswitch_id')
    .execute()
  return new Map(rows.map((row) => [row.vswitch_id, row.count]))
}

/** How many addresses of a vSwitch are free. */
export async function countFree(
  tx: Transaction<Tables>,
  { id, cidr }: Pick<VSwitchTable, 'id' | 'cidr'>,
): Promise<number> {
  const block = parseCidr(cidr)
  if (!block) throw new Error(`vSwitch ${id} has the malformed block ${cidr}`)
  const { first, last } = usableRange(block)
  return last - first + 1 - ((await countAddresses(tx, [id])).get(id) ?? 0)
}

async function isTaken(tx: Transaction<Tables>, vpc: string, value: number): Promise<boolean> {
  const row = await tx
    .selectFrom('address')
    .select('owner')
    .where('vpc_id', '=', vpc)
    .where('value', '=', value)
    .executeTakeFirst()
  return row !== undefined
}

/** The address after the highest in use, which costs one look-up; only a vSwitch used to its end is searched. */
async function freeAddress(
  tx: Transaction<Tables>,
  vswitch: Pick<VSwitchTable, 'id'>,
  range: { readonly first: number; readonly last: number },
): Promise<number | undefined> {
  const used = tx.selectFrom('address').where('vswitch_id', '=', vswitch.id)
  const highest = await used.select('value').orderBy('value', 'desc').limit(1).executeTakeFirst()
  const next = highest ? highest.value + 1 : range.first
  if (next <= range.last) return next
  let candidate = range.first
  for (const { value } of await used.select('value').orderBy('value').execute()) {
    if (value > candidate) break
    candidate = value + 1
  }
  return candidate <= range.last ? candidate : undefined
}
