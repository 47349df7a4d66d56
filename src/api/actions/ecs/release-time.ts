/** Ecs 2014-05-26: when an instance is released by itself (`releaseDue` in `store/instances.ts`). */
import { z } from 'zod'
import { updateInstance } from '../../../store/instances.ts'
import { defineAction, type Action } from '../../action.ts'
import { text } from '../../params.ts'
import { demand } from '../../require.ts'
import { livingInstance } from './instance-power.ts'

const malformed = 'InvalidAutoReleaseTime.Malformed'

export const releaseTime = () =>
  text({ pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, invalid: malformed }).optional()

const soonestMs = 30 * 60_000
const latestYears = 3

/** The time as it is kept, empty for none: seconds do not count, and it is neither too near nor too far. */
export function readReleaseTime(given: string | undefined, now: Date): string {
  if (given === undefined) return ''
  const time = new Date(given)
  const isDate = !Number.isNaN(time.getTime()) && time.toISOString() === given.replace('Z', '.000Z')
  demand(isDate, malformed)
  const latest = new Date(now)
  latest.setUTCFullYear(now.getUTCFullYear() + latestYears)
  const inTime = time.getTime() - now.getTime() >= soonestMs && time <= latest
  demand(inTime, malformed)
  time.setUTCSeconds(0)
  return time.toISOString()
}

const modifyInstanceAutoReleaseTime = defineAction({
  product: 'Ecs',
  name: 'ModifyInstanceAutoReleaseTime',
  summary: {
    en: 'Sets when an instance is released by itself; without a time it is not.',
    zh: '设置或取消实例的自动释放时间。',
  },
  status: { partial: 'An instance that a route leads to is kept until none does.' },
  params: z.object({ InstanceId: text(), AutoReleaseTime: releaseTime() }),
  result: z.object({}),
  effect: 'write',
  errors: ['InvalidAutoReleaseTime.Malformed', 'InvalidInstanceId.NotFound'],
  handler: async (context, { InstanceId, AutoReleaseTime }) => {
    const instance = await livingInstance(context, InstanceId)
    const release_at = readReleaseTime(AutoReleaseTime, context.now)
    await updateInstance(context.tx, instance.id, { release_at })
    return {}
  },
})

export const releaseTimeActions: readonly Action[] = [modifyInstanceAutoReleaseTime]
