/** Rows of NLB on their way from one status to another, and the writes at the end of the way. */
import type { Tx } from '../page.ts'
import type {
  NetworkLoadBalancerTable,
  NlbJobTable,
  NlbListenerTable,
  NlbServerGroupTable,
  NlbServerTable,
  NlbZoneTable,
} from '../tables.ts'

export interface MovingRows {
  readonly balancers: readonly NetworkLoadBalancerTable[]
  readonly zones: readonly NlbZoneTable[]
  readonly listeners: readonly NlbListenerTable[]
  readonly groups: readonly NlbServerGroupTable[]
  readonly servers: readonly NlbServerTable[]
  readonly jobs: readonly NlbJobTable[]
}

export async function movingRows(tx: Tx): Promise<MovingRows> {
  return {
    balancers: await tx
      .selectFrom('network_load_balancer')
      .selectAll()
      .where('status', 'in', ['Provisioning', 'Configuring', 'Deleting'])
      .execute(),
    zones: await tx.selectFrom('nlb_zone').selectAll().where('status', '=', 'Deleting').execute(),
    listeners: await tx
      .selectFrom('nlb_listener')
      .selectAll()
      .where('status', 'in', ['Provisioning', 'Configuring', 'Starting', 'Stopping', 'Deleting'])
      .execute(),
    groups: await tx
      .selectFrom('nlb_server_group')
      .selectAll()
      .where('status', 'in', ['Creating', 'Configuring', 'Deleting'])
      .execute(),
    servers: await tx
      .selectFrom('nlb_server')
      .selectAll()
      .where('status', 'in', ['Adding', 'Configuring', 'Removing'])
      .execute(),
    jobs: await tx.selectFrom('nlb_job').selectAll().where('status', '=', 'Processing').execute(),
  }
}

export async function finishJobs(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await tx.updateTable('nlb_job').set({ status: 'Succeeded' }).where('id', 'in', ids).execute()
}
