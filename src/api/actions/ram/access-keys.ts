/** Access keys of RAM users; without a UserName the caller's own: a user's, or the account's. */
import { z } from 'zod'
import { quotas } from '../../../model/quotas.ts'
import {
  createAccessKey as createKey,
  deleteKey,
  keysOf,
  setKeyStatus,
  type KeyHolder,
} from '../../../store/access-keys.ts'
import { lastUseOf } from '../../../store/audit.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ApiError } from '../../errors.ts'
import { choice, text } from '../../params.ts'
import { demand } from '../../require.ts'
import { seconds, wrapped } from '../../results.ts'
import { ownUser } from './own-user.ts'
import { codes, nothing, userName } from './values.ts'

const status = z.enum(['Active', 'Inactive'])
const noKey = 'EntityNotExist.User.AccessKey'

const createAccessKey = defineAction({
  product: 'Ram',
  name: 'CreateAccessKey',
  summary: { en: 'Creates an access key of a RAM user.', zh: '为 RAM 用户创建访问密钥。' },
  status: 'full',
  params: z.object({ UserName: userName().optional() }),
  result: z.object({
    AccessKey: z.object({
      AccessKeyId: z.string(),
      AccessKeySecret: z.string(),
      Status: status,
      CreateDate: z.string(),
    }),
  }),
  effect: 'write',
  errors: codes(['UserName'], 'EntityNotExist.User', 'LimitExceeded.User.AccessKey'),
  secret: true,
  handler: async (context, { UserName }) => {
    const { tx, sealKey, caller, now, randomBytes } = context
    const holder = await holderOf(context, UserName)
    const { length } = await keysOf(tx, holder)
    const most = holder.user ? quotas.accessKeysPerUser : quotas.accessKeysPerAccount
    demand(length < most, 'LimitExceeded.User.AccessKey')
    const key = await createKey(tx, sealKey, caller.account, now, randomBytes, holder.user)
    return {
      AccessKey: {
        AccessKeyId: key.id,
        AccessKeySecret: key.secret,
        Status: key.status,
        CreateDate: seconds(now.toISOString()),
      },
    }
  },
})

const listAccessKeys = defineAction({
  product: 'Ram',
  name: 'ListAccessKeys',
  summary: { en: 'Lists the access keys of a RAM user.', zh: '查询 RAM 用户的访问密钥列表。' },
  status: 'full',
  params: z.object({ UserName: userName().optional() }),
  result: z.object({
    AccessKeys: wrapped(
      'AccessKey',
      z.object({ AccessKeyId: z.string(), Status: status, CreateDate: z.string() }),
    ),
  }),
  effect: 'read',
  errors: codes(['UserName'], 'EntityNotExist.User'),
  handler: async (context, { UserName }) => {
    const keys = await keysOf(context.tx, await holderOf(context, UserName))
    return {
      AccessKeys: {
        AccessKey: keys.map((key) => ({
          AccessKeyId: key.id,
          Status: key.status,
          CreateDate: seconds(key.created_at),
        })),
      },
    }
  },
})

const updateAccessKey = defineAction({
  product: 'Ram',
  name: 'UpdateAccessKey',
  summary: { en: 'Enables or disables an access key.', zh: '启用或禁用 RAM 用户的访问密钥。' },
  status: 'full',
  params: z.object({
    UserName: userName().optional(),
    UserAccessKeyId: text(),
    Status: choice(['Active', 'Inactive']),
  }),
  result: nothing,
  effect: 'write',
  errors: codes(['UserName'], 'EntityNotExist.User', noKey),
  handler: async (context, { UserName, UserAccessKeyId, Status }) => {
    const holder = await holderOf(context, UserName)
    demand(await setKeyStatus(context.tx, holder, UserAccessKeyId, Status), noKey)
    return {}
  },
})

const deleteAccessKey = defineAction({
  product: 'Ram',
  name: 'DeleteAccessKey',
  summary: { en: 'Deletes an access key of a RAM user.', zh: '删除 RAM 用户的访问密钥。' },
  status: 'full',
  params: z.object({ UserName: userName().optional(), UserAccessKeyId: text() }),
  result: nothing,
  effect: 'write',
  errors: codes(['UserName'], 'EntityNotExist.User', noKey),
  handler: async (context, { UserName, UserAccessKeyId }) => {
    const holder = await holderOf(context, UserName)
    demand(await deleteKey(context.tx, holder, UserAccessKeyId), noKey)
    return {}
  },
})

const getAccessKeyLastUsed = defineAction({
  product: 'Ram',
  name: 'GetAccessKeyLastUsed',
  summary: { en: 'Tells when an access key was last used.', zh: '查询访问密钥的最后使用时间。' },
  status: { partial: 'From the record of calls, which goes back 90 days.' },
  params: z.object({ UserName: userName().optional(), UserAccessKeyId: text() }),
  result: z.object({
    /** The date is empty when there is none. */
    AccessKeyLastUsed: z.object({ LastUsedDate: z.string() }),
  }),
  effect: 'read',
  errors: codes(['UserName'], 'EntityNotExist.User', noKey),
  handler: async (context, { UserName, UserAccessKeyId }) => {
    const { tx, caller } = context
    const keys = await keysOf(tx, await holderOf(context, UserName))
    demand(
      keys.some(({ id }) => id === UserAccessKeyId),
      noKey,
    )
    const at = await lastUseOf(tx, { account: caller.account, accessKey: UserAccessKeyId })
    return { AccessKeyLastUsed: { LastUsedDate: seconds(at ?? '') } }
  },
})

async function holderOf(context: ActionContext, name: string | undefined): Promise<KeyHolder> {
  const { account, principal } = context.caller
  if (name !== undefined) return { account, user: await ownUser(context, name) }
  // A session has no keys of its own to name.
  if (principal.kind === 'role') throw new ApiError('MissingParameter.UserName', { name: 'UserName' })
  return principal.kind === 'user' ? { account, user: principal } : { account }
}

export const accessKeyActions: readonly Action[] = [
  createAccessKey,
  listAccessKeys,
  updateAccessKey,
  deleteAccessKey,
  getAccessKeyLastUsed,
]
