/**
 * Moves statuses on by what the agent reports, and by nothing else: a row that waits for the kernel moves when a
 * report covers the generation of its last change and names no problem with it. Nothing here changes what the
 * planner would plan, so the world's generation stays, but for one step: when the kernel has the new wire of a graceful
 * replacement, new flows are led there.
 */
import type { Transaction } from 'kysely'
import type { Report } from '../protocol/messages.ts'
import { updateZone } from '../store/endpoints.ts'
import { nextGeneration } from '../store/generation.ts'
import { updateEni } from '../store/enis.ts'
import {
  moveConnection,
  moveEndpointGroup,
  moveListener,
  moveStatus,
  moveZone,
  movingEndpoints,
  movingEnis,
  movingInstances,
  movingListeners,
  removeRows,
  replacedWireOwner,
  rowsWithStatus,
  wireOwner,
  type Moving,
  type MovingEndpoint,
} from '../store/moves.ts'
import type { EndpointZoneTable, Tables } from '../store/tables.ts'
import { growSources } from './grow-sources.ts'
import { settleNlb } from './settle-nlb.ts'

type Tx = Transaction<Tables>

/** Whether the kernel holds this row as it is stored. `ids` are the plan items it stands for. */
export type InKernel = (row: { readonly generation: number }, ...ids: readonly string[]) => boolean

/** `report.instances` must hold every instance known, not only what changed. */
export async function settle(tx: Tx, report: Report): Promise<void> {
  const problems = new Set(report.problems.map(({ id }) => id))
  const inKernel: InKernel = (row, ...ids) =>
    row.generation <= report.generation && !ids.some((id) => problems.has(id))
  await growSources(tx, report.wires)
  await settleEndpoints(tx, inKernel)
  await settleServices(tx, inKernel)
  await settleListeners(tx, inKernel)
  await removeSettled(tx, 'load_balancer', ['deleting'], inKernel)
  await settleEnis(tx, inKernel)
  await settleNlb(tx, inKernel)
  await settleInstances(tx, report, inKernel)
  await settleNetwork(tx, 'route_entry', inKernel)
  await settleNetwork(tx, 'vswitch', inKernel)
  await settleNetwork(tx, 'vpc', inKernel)
}

async function settleNetwork(
  tx: Tx,
  table: 'vpc' | 'vswitch' | 'route_entry',
  inKernel: InKernel,
): Promise<void> {
  const pending = await rowsWithStatus(tx, table, ['Pending'])
  await moveStatus(tx, table, settledIds(pending, inKernel), ['Pending'], 'Available')
  await removeSettled(tx, table, ['Deleting'], inKernel)
}

async function settleServices(tx: Tx, inKernel: InKernel): Promise<void> {
  const rows = await rowsWithStatus(tx, 'endpoint_service', ['Creating', 'Pending'])
  await moveStatus(tx, 'endpoint_service', settledIds(rows, inKernel), ['Creating', 'Pending'], 'Active')
  await removeSettled(tx, 'endpoint_service', ['Deleting'], inKernel)
}

async function removeSettled<Table extends Moving>(
  tx: Tx,
  table: Table,
  statuses: readonly Tables[Table]['status'][],
  inKernel: InKernel,
): Promise<void> {
  await removeRows(tx, table, settledIds(await rowsWithStatus(tx, table, statuses), inKernel))
}

function settledIds(rows: readonly { id: string; generation: number }[], inKernel: InKernel): string[] {
  return rows.filter((row) => inKernel(row, row.id)).map(({ id }) => id)
}

/** An instance runs, or has stopped, when its own boot was seen to; an older boot's report says nothing. */
async function settleInstances(tx: Tx, report: Report, inKernel: InKernel): Promise<void> {
  const observed = new Map(report.instances.map((instance) => [instance.id, instance]))
  const running: string[] = []
  const stopped: string[] = []
  const gone: string[] = []
  for (const row of await movingInstances(tx)) {
    if (!inKernel(row, row.id, ...row.enis)) continue
    const seen = observed.get(row.id)
    const state = seen?.boot === row.boot ? seen.state : undefined
    if (row.status === 'Deleting') gone.push(row.id)
    else if (row.status === 'Stopping' && state === 'stopped') stopped.push(row.id)
    else if (row.status !== 'Stopping' && state === 'running') running.push(row.id)
  }
  await moveStatus(tx, 'instance', running, ['Pending', 'Starting'], 'Running')
  await moveStatus(tx, 'instance', stopped, ['Stopping'], 'Stopped')
  await removeRows(tx, 'instance', gone)
}

async function settleEnis(tx: Tx, inKernel: InKernel): Promise<void> {
  for (const { id, status, generation } of await movingEnis(tx)) {
    if (!inKernel({ generation }, id)) continue
    if (status === 'Attaching') await updateEni(tx, id, { status: 'InUse' })
    else await updateEni(tx, id, { status: 'Available', instance_id: null, device: 0 })
  }
}

async function settleListeners(tx: Tx, inKernel: InKernel): Promise<void> {
  for (const listener of await movingListeners(tx)) {
    if (!inKernel(listener, listener.load_balancer_id)) continue
    if (listener.status === 'starting') await moveListener(tx, listener, 'running')
    else if (listener.status === 'stopping') await moveListener(tx, listener, 'stopped')
    else await moveListener(tx, listener, 'gone')
  }
}

async function settleEndpoints(tx: Tx, inKernel: InKernel): Promise<void> {
  const active: string[] = []
  const gone: string[] = []
  for (const moving of await movingEndpoints(tx)) {
    const { endpoint } = moving
    const waiting = await settleParts(tx, moving, inKernel)
    if (waiting || !inKernel(endpoint, endpoint.id)) continue
    if (endpoint.status === 'Deleting') gone.push(endpoint.id)
    else active.push(endpoint.id)
    await settleConnection(tx, moving)
  }
  await moveStatus(tx, 'endpoint', active, ['Creating', 'Pending'], 'Active')
  await removeRows(tx, 'endpoint', gone)
}

/** Moves zones and security groups on. True while one of them is not in the kernel as it is stored. */
async function settleParts(tx: Tx, moving: MovingEndpoint, inKernel: InKernel): Promise<boolean> {
  let waiting = false
  for (const zone of moving.zones) {
    const next = nextZoneStatus(zone.status)
    if (!inKernel(zone, ...itemsOfZone(zone))) waiting = true
    else if (next === 'Migrating') {
      await startMigration(tx, zone)
      waiting = true
    } else if (next) await moveZone(tx, zone, next)
  }
  for (const group of moving.groups) {
    if (group.status === 'Attached') continue
    if (!inKernel(group, group.security_group_id)) waiting = true
    else await moveEndpointGroup(tx, group)
  }
  return waiting
}

/** New flows would be refused if they were led to a wire that is not there yet, so they are only now. */
async function startMigration(tx: Tx, zone: EndpointZoneTable): Promise<void> {
  await updateZone(tx, zone, { status: 'Migrating', generation: await nextGeneration(tx) })
}

/** Plan items of a zone, with those of the side that was replaced. */
function itemsOfZone(zone: EndpointZoneTable): readonly string[] {
  const replaced = zone.replaced_eni_id === null ? [] : [replacedWireOwner(zone), zone.replaced_eni_id]
  return [wireOwner(zone), zone.eni_id, ...replaced]
}

function nextZoneStatus(
  status: EndpointZoneTable['status'],
): EndpointZoneTable['status'] | 'gone' | undefined {
  switch (status) {
    case 'Creating':
      return 'Wait'
    case 'Connecting':
      return 'Connected'
    case 'Preparing':
      return 'Migrating'
    case 'Migrating':
      return 'Migrated'
    case 'Disconnecting':
      return 'Disconnected'
    case 'Deleting':
      return 'gone'
    case 'Wait':
    case 'Connected':
    case 'Migrated':
    case 'Disconnected':
      return undefined
  }
}

async function settleConnection(tx: Tx, { endpoint }: MovingEndpoint): Promise<void> {
  switch (endpoint.connection) {
    case 'Connecting':
    case 'Pending':
      return await moveConnection(tx, endpoint.id, endpoint.connection, 'Connected')
    case 'Disconnecting':
      return await moveConnection(tx, endpoint.id, 'Disconnecting', 'Disconnected')
    case 'Connected':
    case 'Disconnected':
    case 'Deleting':
    case 'ServiceDeleted':
  }
}
