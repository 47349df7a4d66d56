/** Nlb 2022-04-30: writes are asynchronous. A job has succeeded when the agent has reported its generation. */
import { z } from 'zod'
import { findJob, insertJob } from '../../../store/nlb/jobs.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import { text } from '../../params.ts'
import { found } from '../../require.ts'

/** Notes that something is under way for these load balancers; gives the id by which clients ask about it. */
export async function startJob(
  { tx, caller, region, now, randomBytes }: ActionContext,
  generation: number,
  balancers: readonly string[],
): Promise<{ JobId: string }> {
  const id = uuid(randomBytes(16))
  const job = {
    id,
    account_id: caller.account,
    region_id: region,
    generation,
    balancers: JSON.stringify(balancers),
    status: 'Processing' as const,
    created_at: now.toISOString(),
  }
  await insertJob(tx, job, now)
  return { JobId: id }
}

function uuid(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

export const jobResult = { JobId: z.string() }

const getJobStatus = defineAction({
  product: 'Nlb',
  name: 'GetJobStatus',
  summary: { en: 'Tells whether an asynchronous call has succeeded.', zh: '查询异步任务的状态。' },
  status: 'full',
  params: z.object({ JobId: text() }),
  result: z.object({ Status: z.string() }),
  effect: 'read',
  errors: ['ResourceNotFound.Job'],
  handler: async (context, { JobId }) => {
    const job = found(await findJob(context.tx, ownerOf(context), JobId), 'ResourceNotFound.Job')
    return { Status: job.status }
  },
})

export const jobActions: readonly Action[] = [getJobStatus]
