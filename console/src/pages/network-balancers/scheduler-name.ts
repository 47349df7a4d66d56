import type { Messages } from '../../i18n/en.ts'

/** The API keeps the case in which a scheduler was given. */
export function schedulerName(scheduler: string, { nlb }: Messages): string {
  return nlb.schedulers[scheduler.toLowerCase() as keyof typeof nlb.schedulers] ?? scheduler
}
