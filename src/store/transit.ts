/**
 * Addresses between namespaces: pairs of 100.64.0.0/10, the first of a pair even. A cursor moves on with every
 * pair handed out, so an address comes back only after all others were used: no late packet of a closed
 * connection can meet a new one.
 */
import type { Transaction } from 'kysely'
import { formatAddress, parseAddress } from '../model/ipv4.ts'
import { mostSources } from '../model/source-ports.ts'
import type { TransitPair } from '../model/world.ts'
import type { Tables } from './tables.ts'

const base = parseAddress('100.64.0.0') ?? 0
const pairCount = 2 ** 21

/** The resolver answers in 100.100.0.0/16, and other services of a VPC are known by addresses of it. */
const reserved = { first: (36 * 65536) / 2, last: (37 * 65536) / 2 - 1 }

/** How many pairs in use are looked at in one query while a free one is searched. */
const window = 256

/** A fresh pair for `owner`, which must not have one. */
export async function allocateTransit(tx: Transaction<Tables>, owner: string): Promise<TransitPair> {
  const { transit_cursor: cursor } = await tx
    .selectFrom('world')
    .select('transit_cursor')
    .executeTakeFirstOrThrow()
  const pair = (await firstFree(tx, cursor + 1, pairCount)) ?? (await firstFree(tx, 1, cursor + 1))
  if (pair === undefined) throw new Error('every transit address is in use')
  await tx.insertInto('transit_pair').values({ pair, owner }).execute()
  await tx.updateTable('world').set({ transit_cursor: pair }).execute()
  return transitPair(pair)
}

/** One more pair for a wire that has so many sources. False when it got it already, or is gone. */
export async function growTransit(tx: Transaction<Tables>, wire: string, sources: number): Promise<boolean> {
  const owner = furtherOwner(wire, sources)
  const rows = await tx
    .selectFrom('transit_pair')
    .select('owner')
    .where('owner', 'in', [wire, owner])
    .execute()
  if (rows.length !== 1 || rows[0]?.owner !== wire) return false
  await allocateTransit(tx, owner)
  return true
}

export async function releaseTransit(tx: Transaction<Tables>, owners: readonly string[]): Promise<void> {
  const all = owners.flatMap((owner) => [owner, ...furtherOwners(owner)])
  if (all.length > 0) await tx.deleteFrom('transit_pair').where('owner', 'in', all).execute()
}

/** The pairs stay as they are, and are known by another name. */
export async function renameTransit(tx: Transaction<Tables>, from: string, to: string): Promise<void> {
  const names = [
    [from, to] as const,
    ...furtherOwners(from).map((name, at) => [name, furtherOwner(to, at + 1)] as const),
  ]
  for (const [old, name] of names) {
    await tx.updateTable('transit_pair').set({ owner: name }).where('owner', '=', old).execute()
  }
}

/** Names of further pairs begin with a character that no id begins with, so that they are found in one range. */
export const furtherMark = '+'

function furtherOwner(wire: string, place: number): string {
  return `${furtherMark}${wire}/${place}`
}

function furtherOwners(wire: string): readonly string[] {
  if (!wire.includes('/')) return []
  return Array.from({ length: mostSources - 1 }, (_, place) => furtherOwner(wire, place + 1))
}

/** The first address of each further pair, by wire. */
export async function readFurtherSources(
  tx: Transaction<Tables>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await tx
    .selectFrom('transit_pair')
    .selectAll()
    .where('owner', '>=', furtherMark)
    .where('owner', '<', ',')
    .orderBy('owner')
    .execute()
  const pairsOf = Map.groupBy(rows, ({ owner }) => owner.slice(furtherMark.length, owner.lastIndexOf('/')))
  return new Map(
    [...pairsOf].map(([wire, pairs]) => [wire, pairs.map(({ pair }) => transitPair(pair).first)]),
  )
}

export function transitPair(pair: number): TransitPair {
  return { first: formatAddress(base + 2 * pair), second: formatAddress(base + 2 * pair + 1) }
}

/** The lowest free pair in `from` … `end - 1`. */
async function firstFree(tx: Transaction<Tables>, from: number, end: number): Promise<number | undefined> {
  let next = skipReserved(from)
  while (next < end) {
    const used = await tx
      .selectFrom('transit_pair')
      .select('pair')
      .where('pair', '>=', next)
      .orderBy('pair')
      .limit(window)
      .execute()
    for (const { pair } of used) {
      if (pair > next) break
      next = skipReserved(next + 1)
    }
    if (used.length < window || used.at(-1)?.pair !== next - 1) break
  }
  return next < end ? next : undefined
}

function skipReserved(pair: number): number {
  return pair >= reserved.first && pair <= reserved.last ? reserved.last + 1 : pair
}
