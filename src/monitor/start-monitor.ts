import type { Logger } from 'pino'
import { watchRules, type AlarmParts } from './alarms.ts'
import { startEveryMinute } from './every-minute.ts'
import { createMonitor, type Monitor, type MonitorParts } from './monitor.ts'

type Parts = MonitorParts & AlarmParts & { readonly log: Pick<Logger, 'error'> }

/** Each minute that is over is stored, and then the rules are judged by it. */
export async function startMonitor(parts: Parts): Promise<Pick<Monitor, 'reported'> & Disposable> {
  const monitor = await createMonitor(parts)
  const measure = async () => {
    await monitor.minuteOver()
    await watchRules(parts)
  }
  const everyMinute = startEveryMinute(measure, parts.clock, (error) =>
    parts.log.error({ err: error }, 'measurements not stored, they are stored with the next'),
  )
  return { reported: monitor.reported, [Symbol.dispose]: () => everyMinute[Symbol.dispose]() }
}
