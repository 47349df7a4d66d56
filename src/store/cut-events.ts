/**
 * What was cut, by which call, and how soon. It is only added to; a trigger refuses changes (migration 024).
 *
 * The agent tells what it cut; the call is the newest one on record that can cut and names the endpoint, or what it
 * hangs on.
 */
import type { Selectable } from 'kysely'
import type { Tx } from './page.ts'
import type { CutEventTable } from './tables.ts'

export type CutEvent = Selectable<CutEventTable>

/** As the agent tells it. */
export interface Cut {
  readonly wire: string
  readonly cause: CutEventTable['cause']
  readonly kernelAtMs: number
  readonly endedAtMs: number
  readonly flows: number
}

const cutting = {
  disconnected: [
    'DeleteVpcEndpoint',
    'DeleteVpcEndpointService',
    'DetachResourceFromVpcEndpointService',
    'DisableVpcEndpointConnection',
    'DisableVpcEndpointZoneConnection',
    'RemoveUserFromVpcEndpointService',
    'RemoveZoneFromVpcEndpoint',
    'TakeZoneDown',
    'UpdateVpcEndpointZoneConnectionResourceAttribute',
  ],
  'security-group': [
    'AttachSecurityGroupToVpcEndpoint',
    'AuthorizeSecurityGroup',
    'DetachSecurityGroupFromVpcEndpoint',
    'ModifySecurityGroupPolicy',
    'ModifySecurityGroupRule',
    'RevokeSecurityGroup',
  ],
} as const

export async function recordCuts(tx: Tx, cuts: readonly Cut[]): Promise<void> {
  for (const cut of cuts) {
    const [endpoint = '', zone = ''] = cut.wire.split('/')
    const call = await findCall(tx, cut, endpoint, zone)
    await tx
      .insertInto('cut_event')
      .values({
        endpoint_id: endpoint,
        zone_id: zone,
        cause: cut.cause,
        action: call?.action ?? '',
        request_id: call?.request_id ?? '',
        called_at: call?.at ?? null,
        kernel_at: new Date(cut.kernelAtMs).toISOString(),
        ended_at: new Date(cut.endedAtMs).toISOString(),
        flows: cut.flows,
      })
      .execute()
  }
}

async function findCall(tx: Tx, cut: Cut, endpoint: string, zone: string) {
  const calls = await tx
    .selectFrom('audit_event')
    .select(['at', 'action', 'request_id', 'resources', 'parameters'])
    .where('at', '<=', new Date(cut.endedAtMs).toISOString())
    .where('action', 'in', cutting[cut.cause])
    .where('error_code', '=', '')
    .orderBy('at', 'desc')
    .orderBy('seq', 'desc')
    .limit(100)
    .execute()
  const names = await namesAround(tx, endpoint)
  return calls.find(({ action, resources, parameters }) =>
    action === 'TakeZoneDown'
      ? parameters.includes(`"${zone}"`)
      : names.some((name) => resources.includes(`"${name}"`)),
  )
}

/** The endpoint and what can be named to cut it: its service and its security groups. */
async function namesAround(tx: Tx, endpoint: string): Promise<readonly string[]> {
  const service = await tx
    .selectFrom('endpoint')
    .select('service_id')
    .where('id', '=', endpoint)
    .executeTakeFirst()
  const groups = await tx
    .selectFrom('endpoint_security_group')
    .select('security_group_id')
    .where('endpoint_id', '=', endpoint)
    .execute()
  return [
    endpoint,
    ...(service ? [service.service_id] : []),
    ...groups.map((group) => group.security_group_id),
  ]
}

/** The newest, in the order they happened. */
export async function listCutEvents(
  tx: Tx,
  since: string,
  endpoint: string | undefined,
  limit: number,
): Promise<readonly CutEvent[]> {
  let query = tx.selectFrom('cut_event').selectAll().where('ended_at', '>=', since)
  if (endpoint !== undefined) query = query.where('endpoint_id', '=', endpoint)
  return (await query.orderBy('seq', 'desc').limit(limit).execute()).toReversed()
}
