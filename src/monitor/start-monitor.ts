import type { Logger } from 'pino'
import { watchRules, type AlarmParts } from './alarms.ts'
import { startEveryMinute } from './every-minute.ts'
import type { Drops } from '../model/drops.ts'
import { createRecentDrops } from './drops.ts'
import { createMonitor, type Monitor, type MonitorParts } from './monitor.ts'

type Parts = MonitorParts & AlarmParts & { readonly log: Pick<Logger, 'error'> }

interface Started extends Pick<Monitor, 'reported'>, Disposable {
  /** Within the last minute. */
  readonly drops: () => readonly Drops[]
}

/** Each minute that is over is stored, and then the rules are judged by it. */
export async function startMonitor(parts: Parts): Promise<Started> {
  const monitor = await createMonitor(parts)
  const drops = createRecentDrops(parts.clock)
  const measure = async () => {
    await monitor.minuteOver()
    await watchRules(parts)
  }
  const everyMinute = startEveryMinute(measure, parts.clock, (error) =>
    parts.log.error({ err: error }, 'measurements not stored, they are stored with the next'),
  )
  return {
    reported(report) {
      monitor.reported(report)
      drops.reported(report)
    },
    drops: drops.recent,
    [Symbol.dispose]: () => everyMinute[Symbol.dispose](),
  }
}
