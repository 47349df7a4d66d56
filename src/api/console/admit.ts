/** Rights to what the console does beyond calls of the API: asked and recorded as those of a call are. */
import { z } from 'zod'
import type { RegionId } from '../../model/ids.ts'
import { recordEvent } from '../../store/audit.ts'
import { behindSavepoint } from '../../store/group-commit.ts'
import type { Tx } from '../../store/page.ts'
import { defineAction, type Action, type Caller } from '../action.ts'
import type { AppOptions } from '../app.ts'
import { describeCall, type Origin } from '../audit.ts'
import { authorize } from '../authorize.ts'
import { circumstancesOf } from '../circumstances.ts'
import { ApiError } from '../errors.ts'
import { products } from '../products.ts'

export interface Wanted {
  readonly action: Action
  /** What it is about; resources are found in it as in a call's. */
  readonly params: ReadonlyMap<string, string>
  readonly caller: Caller
  readonly region: RegionId
  readonly origin: Origin
}

/** What a policy names to allow or forbid it, and the record calls it; the public cloud's own names. No calls of the API. */
function consoleAction(
  product: 'Cms' | 'Ecs' | 'Privatelink',
  name: string,
  effect: Action['effect'],
  param: string,
  en: string,
  zh: string,
): Action {
  return defineAction({
    product,
    name,
    summary: { en, zh },
    status: { partial: 'Only the console does it.' },
    params: z.object({ [param]: z.string() }),
    result: z.object({}),
    effect,
    handler: () => Promise.resolve({}),
  })
}

export const startTerminalSession = consoleAction(
  'Ecs',
  'StartTerminalSession',
  'write',
  'InstanceId',
  'Opens a shell in an instance.',
  '打开实例的终端会话。',
)
/** Sends the packets of a probe from it, or looks which ports are open in it. */
export const runCommand = consoleAction(
  'Ecs',
  'RunCommand',
  'write',
  'InstanceId',
  'Runs a command in an instance.',
  '在实例中执行命令。',
)
export const seeInstance = consoleAction(
  'Ecs',
  'DescribeInstances',
  'read',
  'InstanceId',
  'Shows an instance.',
  '查看实例。',
)
export const seeConnections = consoleAction(
  'Privatelink',
  'ListVpcEndpointConnections',
  'read',
  'ServiceId',
  'Shows the connections of an endpoint service.',
  '查看终端节点服务的连接。',
)

export const seeTraffic = consoleAction(
  'Cms',
  'DescribeMetricLast',
  'read',
  'MetricName',
  'Shows what was measured last.',
  '查看最新监控数据。',
)

type AdmitOptions = Pick<AppOptions, 'throttle'>

/** Undefined when it is allowed; `refusal` is what else is against it. Either way it is in the record. */
export async function admitAndRecord(
  options: AdmitOptions,
  tx: Tx,
  request: Wanted,
  refusal?: ApiError,
): Promise<ApiError | undefined> {
  const error = (await refusalOf(options, tx, request)) ?? refusal
  const { version } = products[request.action.product]
  const call = { ...request, eventType: 'ConsoleOperation', version } as const
  await recordEvent(tx, describeCall(call, error ? { error } : { result: '{}' }))
  return error
}

/** Undefined when policies allow it. */
export async function refusalOf(
  { throttle }: AdmitOptions,
  tx: Tx,
  { action, params, caller, region, origin }: Wanted,
): Promise<ApiError | undefined> {
  try {
    throttle.count(caller.account, action)
    const found = { product: products[action.product], action }
    await behindSavepoint(tx, () =>
      authorize(tx, found, params, { caller, region, circumstances: circumstancesOf(origin) }),
    )
    return undefined
  } catch (thrown) {
    if (thrown instanceof ApiError) return thrown
    throw thrown
  }
}
