/**
 * Cuts on disk, from before the kernel lets go until the server has said that they are stored: whoever kills agent or server in between
 * loses no event. What an earlier agent began and nobody knows the end of counts as ended when the next one has found it so.
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { HostPlan, WirePlan } from '../plan/host-plan.ts'
import type { CutReport, ToldCut } from '../protocol/messages.ts'
import { openKeptFile } from './kept-file.ts'

export interface CutFile {
  /** Wires that are being ended, this agent's and those of an earlier one. */
  readonly begun: () => readonly WirePlan[]
  /** Resolves when it is on disk that these wires are about to end. */
  begin(wires: readonly WirePlan[]): Promise<void>
  /** What was begun has ended: as the data plane tells it, or, unless that had problems, with the last agent. */
  end(cuts: readonly CutReport[], wanted: HostPlan, complete: boolean, nowMs: number): Promise<void>
  /** What this server is to be told and was not. */
  take(): readonly ToldCut[]
  /** It may be another server, or it forgot what it had not stored: everything is to be told again. */
  tellAgain(): void
  /** These are on record, and may go. */
  stored(ids: readonly string[]): void
  close(): Promise<void>
}

interface Contents {
  readonly begun: readonly WirePlan[]
  readonly ended: readonly ToldCut[]
}

const empty: Contents = { begun: [], ended: [] }

export async function openCutFile(directory: string, log: Logger): Promise<CutFile> {
  const file = await openKeptFile<Contents>(join(directory, 'cuts.json'), log)
  let now = file.loaded ?? empty
  const told = new Set<string>()

  function save(next: Contents): Promise<void> {
    now = next
    return file.save(next)
  }

  return {
    begun: () => now.begun,
    async begin(wires) {
      if (wires.length > 0) await save({ ...now, begun: [...now.begun, ...wires] })
    },
    async end(cuts, wanted, complete, nowMs) {
      if (cuts.length === 0 && now.begun.length === 0) return
      const stays = new Set(wanted.links.wires.map(({ consumerDevice }) => consumerDevice))
      const seen = new Set(cuts.map(({ wire }) => wire))
      const unseen = now.begun.filter(({ id, consumerDevice }) => !stays.has(consumerDevice) && !seen.has(id))
      const ended = (complete ? unseen : []).map(({ id }): CutReport => ({
        wire: id,
        cause: 'disconnected',
        kernelAtMs: nowMs,
        endedAtMs: nowMs,
        flows: 0,
      }))
      const fresh = [...cuts, ...ended].map((cut): ToldCut => ({ ...cut, id: randomUUID() }))
      await save({ begun: complete ? [] : unseen, ended: [...now.ended, ...fresh] })
    },
    take() {
      const untold = now.ended.filter(({ id }) => !told.has(id))
      for (const { id } of untold) told.add(id)
      return untold
    },
    tellAgain: () => told.clear(),
    stored(ids) {
      const gone = new Set(ids)
      for (const id of ids) told.delete(id)
      void save({ ...now, ended: now.ended.filter(({ id }) => !gone.has(id)) })
    },
    close: file.close,
  }
}

/** Wires that a plan ends: they, or what they were made of, are not in it any more. */
export function endingWires(before: HostPlan | undefined, after: HostPlan): readonly WirePlan[] {
  if (!before || before.links.wires === after.links.wires) return []
  const kept = new Set(after.links.wires.map(({ consumerDevice }) => consumerDevice))
  return before.links.wires.filter(({ consumerDevice }) => !kept.has(consumerDevice))
}
