/** Privatelink 2020-04-15: the whitelist of an endpoint service. */
import { z } from 'zod'
import { addUser, everyone, isInWhitelist, listUsers, removeUser } from '../../../store/endpoint-services.ts'
import { endpointsOfService } from '../../../store/endpoints.ts'
import { nextGeneration } from '../../../store/generation.ts'
import type { EndpointTable } from '../../../store/tables.ts'
import { readTags, type Tag } from '../../../store/tags.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { nextToken, tokenPageOf, tokenParams } from '../../paging.ts'
import { choice, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { accountNumber } from '../../results.ts'
import { disconnect, mayDisconnect } from './disconnect.ts'
import { activeService, ownService } from './own-service.ts'

const userNumber = () =>
  text().refine(isUserNumber, { message: 'not a positive 64-bit number' }).meta({ wire: 'text' }).optional()

function isUserNumber(value: string): boolean {
  return /^[1-9]\d{0,18}$/.test(value) && BigInt(value) < 2n ** 63n
}

const params = z.object({
  ServiceId: text(),
  UserId: userNumber(),
  UserARN: text({ pattern: /^(\*|acs:ram:\*:(\d{1,18}|\*)?:\*)$/ }).optional(),
})

/** Who is meant by a number, by an ARN such as `acs:ram:*:12345678:*`, or by both. */
function readUser({ UserId, UserARN }: z.infer<typeof params>): string {
  const account = UserARN?.split(':')[3]
  const named = UserARN === undefined ? undefined : account && account !== '*' ? account : everyone
  const user = found(UserId ?? named, 'MissingParam.UserArn', { name: 'UserARN' })
  demand(named === undefined || named === user, 'Mismatch.UserIdAndUserArn')
  return user
}

function arnOf(user: string): string {
  return `acs:ram:*:${user}:*`
}

const addUserToVpcEndpointService = defineAction({
  product: 'Privatelink',
  name: 'AddUserToVpcEndpointService',
  summary: { en: 'Lets an account create endpoints of a service.', zh: '为终端节点服务添加白名单账号。' },
  status: 'full',
  params,
  result: z.object({}),
  effect: 'write',
  errors: [
    'EndpointServiceNotFound',
    'EndpointServiceOperationDenied',
    'Mismatch.UserIdAndUserArn',
    'MissingParam.UserArn',
  ],
  handler: async (context, given) => {
    const { tx, now } = context
    const user = readUser(given)
    const service = await activeService(context, given.ServiceId)
    await addUser(tx, { service_id: service.id, user_id: user, created_at: now.toISOString() })
    return {}
  },
})

/** What a service says that wants its whitelist to hold for connections that exist as well; an addition to the public API. */
const reconciles: Tag = { key: 'postern:whitelist', value: 'reconcile' }

const removeUserFromVpcEndpointService = defineAction({
  product: 'Privatelink',
  name: 'RemoveUserFromVpcEndpointService',
  summary: { en: 'Takes an account out of the whitelist.', zh: '移除终端节点服务的白名单账号。' },
  status: {
    partial:
      'Stops new endpoints only, unless the service has the tag `postern:whitelist` = `reconcile`: then connections of accounts that the whitelist no longer names are cut as well. The public documents leave open what becomes of them.',
  },
  params,
  result: z.object({}),
  effect: 'write',
  errors: [
    'EndpointServiceNotFound',
    'EndpointServiceOperationDenied',
    'Mismatch.UserIdAndUserArn',
    'MissingParam.UserArn',
  ],
  handler: async (context, given) => {
    const user = readUser(given)
    const service = await activeService(context, given.ServiceId)
    await removeUser(context.tx, service.id, user)
    const tags = (await readTags(context.tx, 'vpcendpointservice', [service.id])).get(service.id) ?? []
    const reconcile = tags.some(({ key, value }) => key === reconciles.key && value === reconciles.value)
    if (reconcile) await disconnectUnlisted(context, service.id)
    return {}
  },
})

/** Connections of accounts that neither their number nor the entry for everyone lets in. */
async function disconnectUnlisted(context: ActionContext, service: string): Promise<void> {
  const { tx } = context
  const unlisted: EndpointTable[] = []
  for (const endpoint of await endpointsOfService(tx, service)) {
    if (!mayDisconnect(endpoint)) continue
    if (!(await isInWhitelist(tx, service, endpoint.account_id))) unlisted.push(endpoint)
  }
  if (unlisted.length === 0) return
  const generation = await nextGeneration(tx)
  for (const endpoint of unlisted) await disconnect(context, endpoint, generation)
}

const listVpcEndpointServiceUsers = defineAction({
  product: 'Privatelink',
  name: 'ListVpcEndpointServiceUsers',
  summary: { en: 'Lists the whitelist of a service.', zh: '查询终端节点服务的白名单列表。' },
  status: 'full',
  params: z.object({
    ServiceId: text(),
    UserId: userNumber(),
    UserListType: choice(['Users', 'UserARNs']).default('Users'),
    ...tokenParams(50),
  }),
  result: z.object({
    Users: z.array(z.object({ UserId: accountNumber() })),
    UserARNs: z.array(z.object({ UserARN: z.string() })),
    // Text, where other lists have a number: so it is in the public API.
    TotalCount: z.string(),
    MaxResults: z.number(),
    NextToken: z.string(),
  }),
  effect: 'read',
  errors: ['EndpointServiceNotFound'],
  handler: async (context, given) => {
    const service = await ownService(context, given.ServiceId)
    const page = tokenPageOf(given)
    const asNumbers = given.UserListType === 'Users'
    const filter = { user: given.UserId, accountsOnly: asNumbers }
    const { rows, total, next } = await listUsers(context.tx, service.id, filter, page)
    return {
      Users: asNumbers ? rows.map((row) => ({ UserId: BigInt(row.user_id) })) : [],
      UserARNs: asNumbers ? [] : rows.map((row) => ({ UserARN: arnOf(row.user_id) })),
      TotalCount: String(total),
      MaxResults: given.MaxResults,
      NextToken: nextToken({ next }),
    }
  },
})

export const serviceUserActions: readonly Action[] = [
  addUserToVpcEndpointService,
  removeUserFromVpcEndpointService,
  listVpcEndpointServiceUsers,
]
