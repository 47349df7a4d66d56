/** Nlb 2022-04-30: TCP and UDP listeners. */
import { z } from 'zod'
import { newId } from '../../../model/ids.ts'
import { quotas } from '../../../model/quotas.ts'
import { nlbDescription } from '../../../model/rules.ts'
import { nextGeneration } from '../../../store/generation.ts'
import { insertListener, listenersOf, listListeners, updateListener } from '../../../store/nlb/listeners.ts'
import type { NetworkLoadBalancerTable, NlbListenerTable } from '../../../store/tables.ts'
import { putTags, readTags, type Tag } from '../../../store/tags.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import { nextToken, tokenPageOf, tokenParams } from '../../paging.ts'
import { choice, flag, integer, tags, text } from '../../params.ts'
import { demand } from '../../require.ts'
import { asTagKeyValue, tagKeyValue } from '../../results.ts'
import { asFilter, readTagParams } from '../../tags.ts'
import { nlbTagErrors } from './errors.ts'
import { jobResult, startJob } from './jobs.ts'
import { listenerIn, ownGroup, ownListener, steadyBalancer } from './own.ts'
import { describePorts, isRange, overlap, portsOf, rangeResult, type Ports } from './ports.ts'

/** What a listener can be given at its creation and later. */
const settings = {
  ListenerDescription: text({ pattern: nlbDescription }).optional(),
  IdleTimeout: integer(1, 900).optional(),
  Cps: integer(0, 1_000_000).optional(),
  Mss: integer(0, 1500).optional(),
  SecSensorEnabled: flag().optional(),
  ProxyProtocolEnabled: flag().optional(),
  ProxyProtocolV2Config: z
    .object({
      Ppv2PrivateLinkEpIdEnabled: flag().optional(),
      Ppv2PrivateLinkEpsIdEnabled: flag().optional(),
      Ppv2VpcIdEnabled: flag().optional(),
    })
    .optional(),
}
const settingsObject = z.object(settings)
type Settings = z.infer<typeof settingsObject>

/** Idle datagrams are kept for 20 seconds at most (Nlb, CreateListener). */
const longestIdle = { TCP: 900, UDP: 20 } as const

const settingErrors = [
  'IllegalParam.IdleTimeout',
  'IllegalParam.Mss',
  'IllegalParam.ProxyProtocolEnabled',
  'IllegalParam.SecSensorEnabled',
]
const groupErrors = [
  'IllegalParam.AnyPortListenerConflictWithNonAnyPortServerGroup',
  'IllegalParam.NonAnyPortListenerConflictWithAnyPortServerGroup',
  'Mismatch.Protocol',
  'Mismatch.VpcId',
  'ResourceNotFound.serverGroup',
]

/** A relay for each port goes before servers that read PROXY headers. */
const mostProxiedPorts = 100

/** Refuses what is not carried here, and what the protocol cannot have. */
function checkSettings(
  { protocol, port, last_port: last }: Ports & Pick<NlbListenerTable, 'protocol'>,
  given: Settings,
): void {
  const refused: readonly (readonly [keyof Settings, boolean, string])[] = [
    ['Mss', (given.Mss ?? 0) !== 0, 'segments are not rewritten'],
    ['SecSensorEnabled', given.SecSensorEnabled === true, 'there is no monitoring by the second'],
    [
      'IdleTimeout',
      (given.IdleTimeout ?? 1) > longestIdle[protocol],
      `at most ${longestIdle[protocol]} for ${protocol}`,
    ],
    [
      'ProxyProtocolEnabled',
      protocol === 'UDP' && given.ProxyProtocolEnabled === true,
      'a header goes before a stream, so TCP listeners only',
    ],
    [
      'ProxyProtocolEnabled',
      given.ProxyProtocolEnabled === true && (last ?? port) - port >= mostProxiedPorts,
      `with a range of ${mostProxiedPorts} ports at most`,
    ],
  ]
  for (const [name, is, reason] of refused) demand(!is, `IllegalParam.${name}`, { name, reason })
}

type Values = Pick<
  NlbListenerTable,
  | 'description'
  | 'idle_timeout'
  | 'cps'
  | 'proxy_protocol'
  | 'proxy_vpc_id'
  | 'proxy_endpoint_id'
  | 'proxy_service_id'
>

function withSettings(values: Values, given: Settings): Values {
  const config = given.ProxyProtocolV2Config
  const chosen = (wanted: boolean | undefined, present: number) =>
    wanted === undefined ? present : Number(wanted)
  return {
    description: given.ListenerDescription ?? values.description,
    idle_timeout: given.IdleTimeout ?? values.idle_timeout,
    cps: given.Cps ?? values.cps,
    proxy_protocol: chosen(given.ProxyProtocolEnabled, values.proxy_protocol),
    proxy_vpc_id: chosen(config?.Ppv2VpcIdEnabled, values.proxy_vpc_id),
    proxy_endpoint_id: chosen(config?.Ppv2PrivateLinkEpIdEnabled, values.proxy_endpoint_id),
    proxy_service_id: chosen(config?.Ppv2PrivateLinkEpsIdEnabled, values.proxy_service_id),
  }
}

const nothingSet = {
  description: '',
  cps: 0,
  proxy_protocol: 0,
  proxy_vpc_id: 0,
  proxy_endpoint_id: 0,
  proxy_service_id: 0,
}

const createListener = defineAction({
  product: 'Nlb',
  name: 'CreateListener',
  summary: {
    en: 'Creates a TCP or UDP listener, for a port or a range of them, and starts it.',
    zh: '创建 TCP 或 UDP 监听。',
  },
  status: {
    partial:
      'TLS (`TCPSSL`), `Mss` and monitoring by the second are refused. A load balancer may have several listeners with a range of ports (`ListenerPort` 0), which do not overlap; with `ProxyProtocolEnabled` a range has 100 ports at most.',
  },
  params: z.object({
    LoadBalancerId: text(),
    ListenerProtocol: choice(['TCP', 'UDP', 'TCPSSL']),
    ListenerPort: integer(0, 65535),
    StartPort: integer(0, 65535).optional(),
    EndPort: integer(0, 65535).optional(),
    ServerGroupId: text(),
    ...settings,
    Tag: tags(),
  }),
  result: z.object({ ListenerId: z.string(), ...jobResult }),
  effect: 'write',
  errors: [
    'Conflict.Port',
    'DuplicatedParam.TagKey',
    'IllegalParam.ListenerProtocol',
    'IllegalParam.Port',
    'IllegalParam.TagKey',
    'IllegalParam.TagValue',
    'IncorrectStatus.loadbalancer',
    'MissingParam.EndPort',
    'MissingParam.StartPort',
    'QuotaExceeded.Listener',
    'ResourceNotFound.loadBalancer',
    ...settingErrors,
    ...groupErrors,
  ],
  handler: async (context, params) => {
    const { tx, caller, region, now, randomBytes } = context
    const tagList = readTagParams(params.Tag, nlbTagErrors)
    const protocol = params.ListenerProtocol
    demand(protocol !== 'TCPSSL', 'IllegalParam.ListenerProtocol', {
      name: 'ListenerProtocol',
      reason: 'TLS is not ended here: TCP or UDP',
    })
    const ports = portsOf(params)
    checkSettings({ ...ports, protocol }, params)
    const generation = await nextGeneration(tx)
    const balancer = await steadyBalancer(context, params.LoadBalancerId)
    const present = await listenersOf(tx, balancer.id)
    const taken = present.some((other) => other.protocol === protocol && overlap(other, ports))
    demand(!taken, 'Conflict.Port')
    demand(present.length < quotas.listenersPerNetworkLoadBalancer, 'QuotaExceeded.Listener')
    const group = await checkGroup(context, balancer, { ...ports, protocol }, params.ServerGroupId)
    const id = `${newId('lsn', randomBytes)}@${params.ListenerPort}`
    await insertListener(tx, {
      id,
      account_id: caller.account,
      region_id: region,
      load_balancer_id: balancer.id,
      protocol,
      ...ports,
      server_group_id: group,
      ...withSettings({ ...nothingSet, idle_timeout: longestIdle[protocol] }, params),
      status: 'Provisioning',
      generation,
      created_at: now.toISOString(),
    })
    await putTags(tx, 'nlblistener', [id], tagList)
    return { ListenerId: id, ...(await startJob(context, generation, [balancer.id])) }
  },
})

async function checkGroup(
  context: ActionContext,
  balancer: Pick<NetworkLoadBalancerTable, 'vpc_id'>,
  listener: Ports & Pick<NlbListenerTable, 'protocol'>,
  id: string,
): Promise<string> {
  const { protocol } = listener
  const group = await ownGroup(context, id)
  demand(group.vpc_id === balancer.vpc_id, 'Mismatch.VpcId')
  demand(group.protocol === protocol || group.protocol === 'TCP_UDP', 'Mismatch.Protocol')
  const conflict = isRange(listener)
    ? 'AnyPortListenerConflictWithNonAnyPortServerGroup'
    : 'NonAnyPortListenerConflictWithAnyPortServerGroup'
  demand(isRange(listener) === (group.any_port === 1), `IllegalParam.${conflict}`, {
    name: 'ServerGroupId',
    reason: 'listeners with a range of ports, and no others, go with groups that forward all ports',
  })
  return group.id
}

const listenerItem = z.object({
  RegionId: z.string(),
  LoadBalancerId: z.string(),
  ListenerId: z.string(),
  ListenerProtocol: z.string(),
  ListenerPort: z.number(),
  ...rangeResult,
  ListenerDescription: z.string(),
  ListenerStatus: z.string(),
  ServerGroupId: z.string(),
  IdleTimeout: z.number(),
  Cps: z.number(),
  Mss: z.number(),
  ProxyProtocolEnabled: z.boolean(),
  ProxyProtocolV2Config: z.object({
    Ppv2PrivateLinkEpIdEnabled: z.boolean(),
    Ppv2PrivateLinkEpsIdEnabled: z.boolean(),
    Ppv2VpcIdEnabled: z.boolean(),
  }),
  SecSensorEnabled: z.boolean(),
  AlpnEnabled: z.boolean(),
  CaEnabled: z.boolean(),
  CaCertificateIds: z.array(z.string()),
  CertificateIds: z.array(z.string()),
  Tags: z.array(tagKeyValue),
})

function describe(row: NlbListenerTable, tagList: readonly Tag[]): z.infer<typeof listenerItem> {
  return {
    RegionId: row.region_id,
    LoadBalancerId: row.load_balancer_id,
    ListenerId: row.id,
    ListenerProtocol: row.protocol,
    ...describePorts(row),
    ListenerDescription: row.description,
    ListenerStatus: row.status,
    ServerGroupId: row.server_group_id,
    IdleTimeout: row.idle_timeout,
    Cps: row.cps,
    Mss: 0,
    ProxyProtocolEnabled: row.proxy_protocol === 1,
    ProxyProtocolV2Config: {
      Ppv2PrivateLinkEpIdEnabled: row.proxy_endpoint_id === 1,
      Ppv2PrivateLinkEpsIdEnabled: row.proxy_service_id === 1,
      Ppv2VpcIdEnabled: row.proxy_vpc_id === 1,
    },
    SecSensorEnabled: false,
    AlpnEnabled: false,
    CaEnabled: false,
    CaCertificateIds: [],
    CertificateIds: [],
    Tags: tagList.map(asTagKeyValue),
  }
}

const getListenerAttribute = defineAction({
  product: 'Nlb',
  name: 'GetListenerAttribute',
  summary: { en: 'Describes one listener.', zh: '查询监听的详细信息。' },
  status: 'full',
  params: z.object({ ListenerId: text() }),
  result: listenerItem,
  effect: 'read',
  errors: ['ResourceNotFound.listener'],
  handler: async (context, { ListenerId }) => {
    const row = await ownListener(context, ListenerId)
    return describe(row, (await readTags(context.tx, 'nlblistener', [row.id])).get(row.id) ?? [])
  },
})

const listListenersAction = defineAction({
  product: 'Nlb',
  name: 'ListListeners',
  summary: { en: 'Lists listeners.', zh: '查询监听列表。' },
  status: 'full',
  params: z.object({
    ListenerIds: z.array(text()).max(20).optional(),
    LoadBalancerIds: z.array(text()).max(20).optional(),
    ListenerProtocol: text().optional(),
    Tag: tags(),
    ...tokenParams(100, 20),
  }),
  result: z.object({
    Listeners: z.array(listenerItem),
    TotalCount: z.number(),
    MaxResults: z.number(),
    NextToken: z.string(),
  }),
  effect: 'read',
  handler: async (context, params) => {
    const page = tokenPageOf(params)
    const filter = {
      ids: params.ListenerIds,
      balancers: params.LoadBalancerIds,
      protocol: params.ListenerProtocol,
      tags: asFilter(params.Tag),
    }
    const { rows, total, next } = await listListeners(context.tx, ownerOf(context), filter, page)
    const tagLists = await readTags(
      context.tx,
      'nlblistener',
      rows.map(({ id }) => id),
    )
    return {
      Listeners: rows.map((row) => describe(row, tagLists.get(row.id) ?? [])),
      TotalCount: total,
      MaxResults: params.MaxResults,
      NextToken: nextToken({ next }),
    }
  },
})

const updateListenerAttribute = defineAction({
  product: 'Nlb',
  name: 'UpdateListenerAttribute',
  summary: { en: 'Changes a listener; open flows stay with their servers.', zh: '修改监听的属性。' },
  status: { partial: '`Mss` and monitoring by the second are refused.' },
  params: z.object({ ListenerId: text(), ServerGroupId: text().optional(), ...settings }),
  result: z.object(jobResult),
  effect: 'write',
  errors: [
    'IncorrectStatus.listener',
    'IncorrectStatus.loadbalancer',
    'ResourceNotFound.listener',
    'ResourceNotFound.loadBalancer',
    ...settingErrors,
    ...groupErrors,
  ],
  handler: async (context, params) => {
    const { tx } = context
    const generation = await nextGeneration(tx)
    const listener = await listenerIn(context, params.ListenerId, ['Running', 'Stopped'])
    checkSettings(listener, params)
    const balancer = await steadyBalancer(context, listener.load_balancer_id)
    const group =
      params.ServerGroupId === undefined
        ? listener.server_group_id
        : await checkGroup(context, balancer, listener, params.ServerGroupId)
    await updateListener(tx, listener.id, {
      ...withSettings(listener, params),
      server_group_id: group,
      status: listener.status === 'Running' ? 'Configuring' : listener.status,
      generation,
    })
    return await startJob(context, generation, [balancer.id])
  },
})

/** An action that takes a listener on its way to another status. */
function power(
  name: 'StartListener' | 'StopListener' | 'DeleteListener',
  summary: { readonly en: string; readonly zh: string },
  from: readonly NlbListenerTable['status'][],
  to: NlbListenerTable['status'],
) {
  return defineAction({
    product: 'Nlb',
    name,
    summary,
    status: 'full',
    params: z.object({ ListenerId: text() }),
    result: z.object(jobResult),
    effect: 'write',
    errors: [
      'IncorrectStatus.listener',
      'IncorrectStatus.loadbalancer',
      'ResourceNotFound.listener',
      'ResourceNotFound.loadBalancer',
    ],
    handler: async (context, { ListenerId }) => {
      const generation = await nextGeneration(context.tx)
      const listener = await listenerIn(context, ListenerId, from)
      const balancer = await steadyBalancer(context, listener.load_balancer_id)
      await updateListener(context.tx, listener.id, { status: to, generation })
      return await startJob(context, generation, [balancer.id])
    },
  })
}

export const nlbListenerActions: readonly Action[] = [
  createListener,
  getListenerAttribute,
  listListenersAction,
  updateListenerAttribute,
  power('StartListener', { en: 'Starts a stopped listener.', zh: '启动监听。' }, ['Stopped'], 'Starting'),
  power('StopListener', { en: 'Stops a running listener.', zh: '停止监听。' }, ['Running'], 'Stopping'),
  power(
    'DeleteListener',
    { en: 'Deletes a listener.', zh: '删除监听。' },
    ['Running', 'Stopped'],
    'Deleting',
  ),
]
