/** A connection that is short of source ports gets one more source address, before it has none left. */
import type { Transaction } from 'kysely'
import { isShort, mostSources } from '../model/source-ports.ts'
import type { WireReport } from '../protocol/messages.ts'
import { nextGeneration } from '../store/generation.ts'
import type { Tables } from '../store/tables.ts'
import { growTransit } from '../store/transit.ts'

export async function growSources(tx: Transaction<Tables>, wires: readonly WireReport[]): Promise<void> {
  let grown = false
  for (const { id, sources, portsUsed, portsInAll } of wires) {
    if (sources >= mostSources || !isShort(portsUsed, portsInAll)) continue
    if (await growTransit(tx, id, sources)) grown = true
  }
  if (grown) await nextGeneration(tx)
}
