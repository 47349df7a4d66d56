/** The way of NLB's statuses: as `settle.ts`, for a product whose every write is asynchronous. */
import type { Transaction } from 'kysely'
import { removeListeners, updateListener } from '../store/nlb/listeners.ts'
import { removeBalancers, removeZones, updateBalancer } from '../store/nlb/load-balancers.ts'
import { finishJobs, movingRows } from '../store/nlb/moves.ts'
import { removeGroups, removeServer, updateGroup, updateServer } from '../store/nlb/server-groups.ts'
import type { NlbListenerTable, Tables } from '../store/tables.ts'
import type { InKernel } from './settle.ts'

export async function settleNlb(tx: Transaction<Tables>, inKernel: InKernel): Promise<void> {
  const moving = await movingRows(tx)
  for (const zone of moving.zones) {
    if (inKernel(zone, zone.load_balancer_id)) await removeZones(tx, zone.load_balancer_id, [zone.zone_id])
  }
  for (const listener of moving.listeners) {
    if (!inKernel(listener, listener.load_balancer_id)) continue
    const next = steadyStatus(listener.status)
    if (next === 'gone') await removeListeners(tx, [listener.id])
    else await updateListener(tx, listener.id, { status: next })
  }
  for (const balancer of moving.balancers) {
    if (!inKernel(balancer, balancer.id)) continue
    if (balancer.status === 'Deleting') await removeBalancers(tx, [balancer.id])
    else await updateBalancer(tx, balancer.id, { status: 'Active' })
  }
  for (const server of moving.servers) {
    if (!inKernel(server)) continue
    if (server.status === 'Removing') await removeServer(tx, server)
    else await updateServer(tx, server, { status: 'Available' })
  }
  for (const group of moving.groups) {
    if (!inKernel(group)) continue
    if (group.status === 'Deleting') await removeGroups(tx, [group.id])
    else await updateGroup(tx, group.id, { status: 'Available' })
  }
  const done = moving.jobs.filter((job) => inKernel(job, ...balancersOf(job)))
  await finishJobs(
    tx,
    done.map(({ id }) => id),
  )
}

function balancersOf({ balancers }: Pick<Tables['nlb_job'], 'balancers'>): readonly string[] {
  return JSON.parse(balancers) as readonly string[]
}

function steadyStatus(status: NlbListenerTable['status']): NlbListenerTable['status'] | 'gone' {
  switch (status) {
    case 'Provisioning':
    case 'Configuring':
    case 'Starting':
      return 'Running'
    case 'Stopping':
      return 'Stopped'
    case 'Deleting':
      return 'gone'
    case 'Running':
    case 'Stopped':
      return status
  }
}
