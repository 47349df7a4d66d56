/**
 * What was cut, by which call, and how soon. It is only added to; a trigger refuses changes (migration 024).
 *
 * The agent tells what it cut; the call is the newest one on record that can cut and names the endpoint, or what it
 * hangs on.
 */
import type { Selectable } from 'kysely'
import { recordEvent } from './audit.ts'
import type { Tx } from './page.ts'
import type { CutEventTable } from './tables.ts'

export type CutEvent = Selectable<CutEventTable>

/** As the agent tells it. */
export interface Cut {
  readonly id: string
  readonly wire: string
  readonly cause: CutEventTable['cause']
  readonly kernelAtMs: number
  readonly endedAtMs: number
  readonly flows: number
}

const cutting = {
  disconnected: [
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
    'AuthorizeSecurityGroupEgress',
    'DetachSecurityGroupFromVpcEndpoint',
    'JoinSecurityGroup',
    'LeaveSecurityGroup',
    'ModifyInstanceAttribute',
    'ModifyNetworkInterfaceAttribute',
    'ModifyPrefixList',
    'ModifySecurityGroupEgressRule',
    'ModifySecurityGroupPolicy',
    'ModifySecurityGroupRule',
    'RevokeSecurityGroup',
    'RevokeSecurityGroupEgress',
  ],
} as const

/** What is on record already, told again because the agent did not hear so, is left out. */
export async function recordCuts(tx: Tx, cuts: readonly Cut[]): Promise<void> {
  for (const cut of cuts) {
    const known = await tx
      .selectFrom('cut_event')
      .select('seq')
      .where('told_as', '=', cut.id)
      .executeTakeFirst()
    if (known) continue
    const [endpoint = '', zone = ''] = cut.wire.split('/')
    const call = await findCall(tx, cut, endpoint, zone)
    const { insertId } = await tx
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
        told_as: cut.id,
      })
      .executeTakeFirstOrThrow()
    await tellSides(tx, { cut, endpoint, zone, call, number: Number(insertId) })
  }
}

interface Told {
  readonly cut: Cut
  readonly endpoint: string
  readonly zone: string
  readonly call:
    { readonly account_id: string; readonly action: string; readonly request_id: string } | undefined
  readonly number: number
}

/**
 * Each side finds the cut in its own record of calls (ActionTrail's events of a service, `AliyunServiceEvent`), with the call only where it
 * made the call itself. A change of the consumer's security groups is no business of the provider.
 */
async function tellSides(tx: Tx, { cut, endpoint, zone, call, number }: Told): Promise<void> {
  const link = await tx
    .selectFrom('endpoint')
    .innerJoin('endpoint_service', 'endpoint_service.id', 'endpoint.service_id')
    .select(['endpoint.account_id as consumer', 'endpoint_service.account_id as provider'])
    .select(['endpoint.service_id as service', 'endpoint.region_id as region'])
    .where('endpoint.id', '=', endpoint)
    .executeTakeFirst()
  if (!link) return
  const sides = new Set(cut.cause === 'security-group' ? [link.consumer] : [link.consumer, link.provider])
  for (const account of sides) {
    const own = call?.account_id === account ? call : undefined
    await recordEvent(tx, {
      at: new Date(cut.endedAtMs).toISOString(),
      account_id: account,
      principal_type: 'system',
      principal_id: '',
      user_name: '',
      access_key_id: '',
      source_ip: '',
      user_agent: '',
      host: '',
      scheme: '',
      event_type: 'AliyunServiceEvent',
      product: 'Privatelink',
      version: '',
      action: 'CutConnection',
      effect: 'write',
      region_id: link.region,
      request_id: `cut-${number}`,
      error_code: '',
      error_message: '',
      parameters: JSON.stringify({
        EndpointId: endpoint,
        ZoneId: zone,
        Cause: cut.cause,
        KernelAt: new Date(cut.kernelAtMs).toISOString(),
        EndedAt: new Date(cut.endedAtMs).toISOString(),
        FlowsEnded: String(cut.flows),
        ...(own && { Action: own.action, RequestId: own.request_id }),
      }),
      resources: {
        'ACS::PrivateLink::VpcEndpoint': [endpoint],
        'ACS::PrivateLink::VpcEndpointService': [link.service],
      },
    })
  }
}

async function findCall(tx: Tx, cut: Cut, endpoint: string, zone: string) {
  const calls = await tx
    .selectFrom('audit_event')
    .select(['at', 'account_id', 'action', 'request_id', 'resources', 'parameters'])
    .where('at', '<=', new Date(cut.kernelAtMs).toISOString())
    .where('action', 'in', cutting[cut.cause])
    .where('error_code', '=', '')
    .orderBy('at', 'desc')
    .orderBy('seq', 'desc')
    .limit(100)
    .execute()
  const names = await namesAround(tx, endpoint, cut.cause)
  return calls.find(({ action, resources, parameters }) =>
    action === 'TakeZoneDown'
      ? parameters.includes(`"${zone}"`)
      : names.some((name) => resources.includes(`"${name}"`)),
  )
}

/** The endpoint and what can be named to cut it: its service, or all whose change can narrow what the groups of its VPC admit. */
async function namesAround(tx: Tx, endpoint: string, cause: Cut['cause']): Promise<readonly string[]> {
  const found = await tx
    .selectFrom('endpoint')
    .select(['service_id', 'vpc_id', 'account_id'])
    .where('id', '=', endpoint)
    .executeTakeFirst()
  if (!found) return [endpoint]
  if (cause === 'disconnected') return [endpoint, found.service_id]
  const { vpc_id: vpc, account_id: account } = found
  const groups = await tx.selectFrom('security_group').select('id').where('vpc_id', '=', vpc).execute()
  const lists = await tx.selectFrom('prefix_list').select('id').where('account_id', '=', account).execute()
  const enis = await tx.selectFrom('eni').select(['id', 'instance_id']).where('vpc_id', '=', vpc).execute()
  const instances = enis.flatMap(({ instance_id: id }) => id ?? [])
  return [endpoint, ...[...groups, ...lists, ...enis].map(({ id }) => id), ...instances]
}

/** As long as the record of calls that they name, and at most so many: some hundred bytes each. */
const keptDays = 90
const keptEvents = 1_000_000
const purgedAtOnce = 2000

/** Drops the oldest events that are too old or too many; true when there may be more to drop. */
export async function purgeCutEvents(tx: Tx, now: Date): Promise<boolean> {
  const oldest = new Date(now.getTime() - keptDays * 86_400_000).toISOString()
  const { first, last } = await tx
    .selectFrom('cut_event')
    .select((eb) => [eb.fn.min('seq').as('first'), eb.fn.max('seq').as('last')])
    .executeTakeFirstOrThrow()
  if (first === null || last === null) return false
  const upTo = first + purgedAtOnce
  const kept = await tx
    .selectFrom('cut_event')
    .select('seq')
    .where('seq', '<', upTo)
    .where('ended_at', '>=', oldest)
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst()
  const horizon = Math.max(kept?.seq ?? Math.min(upTo, last + 1), Math.min(last - keptEvents + 1, upTo))
  if (horizon <= first) return false
  await tx.updateTable('cut_event_horizon').set({ seq: horizon }).where('seq', '<', horizon).execute()
  await tx.deleteFrom('cut_event').where('seq', '<', horizon).execute()
  return horizon === upTo
}

/** The newest, in the order they happened. */
export async function listCutEvents(
  tx: Tx,
  since: string,
  endpoint: string | undefined,
  limit: number,
  /** Only what was added after this event. */
  after = 0,
): Promise<readonly CutEvent[]> {
  let query = tx.selectFrom('cut_event').selectAll().where('ended_at', '>=', since).where('seq', '>', after)
  if (endpoint !== undefined) query = query.where('endpoint_id', '=', endpoint)
  return (await query.orderBy('seq', 'desc').limit(limit).execute()).toReversed()
}
