/** Access keys of RAM users. An account's own keys are the operator's to give, over the administration socket. */
import { z } from 'zod'
import { quotas } from '../../../model/quotas.ts'
import {
  createAccessKey as createKey,
  deleteKey,
  keysOfUser,
  setKeyStatus,
} from '../../../store/access-keys.ts'
import { defineAction, type Action } from '../../action.ts'
import { choice, text } from '../../params.ts'
import { demand } from '../../require.ts'
import { seconds, wrapped } from '../../results.ts'
import { ownUser } from './own-user.ts'
import { nothing, userName } from './values.ts'

const status = z.enum(['Active', 'Inactive'])
const noKey = 'EntityNotExist.User.AccessKey'

const createAccessKey = defineAction({
  product: 'Ram',
  name: 'CreateAccessKey',
  summary: { en: 'Creates an access key of a RAM user.', zh: '为 RAM 用户创建访问密钥。' },
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
  secret: true,
  handler: async (context, { UserName }) => {
    const { tx, sealKey, caller, now, randomBytes } = context
    const user = await ownUser(context, UserName)
    const { length } = await keysOfUser(tx, user.id)
    demand(length < quotas.accessKeysPerUser, 'LimitExceeded.User.AccessKey')
    const key = await createKey(tx, sealKey, caller.account, now, randomBytes, user)
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
  params: z.object({ UserName: userName().optional() }),
  result: z.object({
    AccessKeys: wrapped(
      'AccessKey',
      z.object({ AccessKeyId: z.string(), Status: status, CreateDate: z.string() }),
    ),
  }),
  effect: 'read',
  handler: async (context, { UserName }) => {
    const keys = await keysOfUser(context.tx, (await ownUser(context, UserName)).id)
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
  params: z.object({
    UserName: userName().optional(),
    UserAccessKeyId: text(),
    Status: choice(['Active', 'Inactive']),
  }),
  result: nothing,
  effect: 'write',
  handler: async (context, { UserName, UserAccessKeyId, Status }) => {
    const { id } = await ownUser(context, UserName)
    demand(await setKeyStatus(context.tx, id, UserAccessKeyId, Status), noKey)
    return {}
  },
})

const deleteAccessKey = defineAction({
  product: 'Ram',
  name: 'DeleteAccessKey',
  summary: { en: 'Deletes an access key of a RAM user.', zh: '删除 RAM 用户的访问密钥。' },
  params: z.object({ UserName: userName().optional(), UserAccessKeyId: text() }),
  result: nothing,
  effect: 'write',
  handler: async (context, { UserName, UserAccessKeyId }) => {
    const { id } = await ownUser(context, UserName)
    demand(await deleteKey(context.tx, id, UserAccessKeyId), noKey)
    return {}
  },
})

export const accessKeyActions: readonly Action[] = [
  createAccessKey,
  listAccessKeys,
  updateAccessKey,
  deleteAccessKey,
]
