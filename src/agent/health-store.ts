/**
 * Last known health of all backends, also on disk: a restarted agent keeps a dead backend out of rotation until
 * results say otherwise. Losing the file costs some failed connections, so nobody waits until it is written.
 */
import { join } from 'node:path'
import type { Logger } from 'pino'
import { probedBalancers, targetsOf } from '../health/targets.ts'
import { reportKey, type HealthMap } from '../health/with-health.ts'
import type { HostPlan } from '../plan/host-plan.ts'
import type { HealthReport } from '../protocol/messages.ts'
import { openKeptFile } from './kept-file.ts'

export interface HealthStore {
  all(): readonly HealthReport[]
  /** A snapshot: it does not change with later results. */
  statuses(): HealthMap
  /** `rotation` when a backend left or joined it, `said` when nothing new came of the results. */
  take(reports: readonly HealthReport[]): 'said' | 'status' | 'rotation'
  /** Forgets backends that the plan does not check any more. */
  keepOnly(plan: HostPlan): void
  close(): Promise<void>
}

export async function openHealthStore(directory: string, log: Logger): Promise<HealthStore> {
  // Without a file everything counts as unchecked, as at the very first start.
  const file = await openKeptFile<readonly HealthReport[]>(join(directory, 'health.json'), log)
  let reports: ReadonlyMap<string, HealthReport> = new Map(file.loaded?.map((one) => [reportKey(one), one]))
  let statuses = statusesOf(reports)

  function replace(next: ReadonlyMap<string, HealthReport>): void {
    reports = next
    statuses = statusesOf(next)
    void file.save([...next.values()])
  }

  return {
    all: () => [...reports.values()],
    statuses: () => statuses,
    take(news) {
      const changed = news.filter((report) => statuses.get(reportKey(report)) !== report.status)
      if (changed.length === 0) return 'said'
      const isOut = (status: HealthReport['status'] | undefined) => status === 'abnormal'
      const moved = changed.some((report) => isOut(statuses.get(reportKey(report))) !== isOut(report.status))
      replace(new Map([...reports, ...changed.map((report) => [reportKey(report), report] as const)]))
      return moved ? 'rotation' : 'status'
    },
    keepOnly({ fabric, links }) {
      const targets = probedBalancers(fabric.vpcs, links.balancers).flatMap(targetsOf)
      const wanted = new Set(targets.map(({ key }) => key))
      const kept = [...reports].filter(([key]) => wanted.has(key))
      if (kept.length < reports.size) replace(new Map(kept))
    },
    close: file.close,
  }
}

function statusesOf(reports: ReadonlyMap<string, HealthReport>): HealthMap {
  return new Map([...reports].map(([key, { status }]) => [key, status]))
}
