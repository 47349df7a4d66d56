/** RAM users. */
import { z } from 'zod'
import { quotas } from '../../../model/quotas.ts'
import { keysOf } from '../../../store/access-keys.ts'
import { attachmentsOf } from '../../../store/ram-attachments.ts'
import { groupsOfUser } from '../../../store/ram-groups.ts'
import { findLoginProfile } from '../../../store/ram-login-profiles.ts'
import {
  countUsers,
  deleteUser as deleteRow,
  findUser,
  insertUser,
  listUsers as listRows,
  newUserId,
  updateUser as updateRow,
} from '../../../store/ram-users.ts'
import type { RamUserTable } from '../../../store/tables.ts'
import { defineAction, type Action } from '../../action.ts'
import { ApiError } from '../../errors.ts'
import { markerPageOf, markerParams, markerResult, nextMarker } from '../../paging.ts'
import { demand } from '../../require.ts'
import { seconds, wrapped } from '../../results.ts'
import { ownUser } from './own-user.ts'
import { codes, displayName, email, mobilePhone, note, nothing, userName } from './values.ts'

const user = z.object({
  UserId: z.string(),
  UserName: z.string(),
  DisplayName: z.string(),
  MobilePhone: z.string(),
  Email: z.string(),
  Comments: z.string(),
  CreateDate: z.string(),
  UpdateDate: z.string(),
})

function describe(row: RamUserTable): z.infer<typeof user> {
  return {
    UserId: row.id,
    UserName: row.name,
    DisplayName: row.display_name,
    MobilePhone: row.mobile_phone,
    Email: row.email,
    Comments: row.comments,
    CreateDate: seconds(row.created_at),
    UpdateDate: seconds(row.updated_at),
  }
}

const createUser = defineAction({
  product: 'Ram',
  name: 'CreateUser',
  summary: { en: 'Creates a RAM user.', zh: '创建 RAM 用户。' },
  status: { partial: "RAM's objects carry no tags." },
  params: z.object({
    UserName: userName(),
    DisplayName: displayName(),
    MobilePhone: mobilePhone(),
    Email: email(),
    Comments: note('Comments', 128),
  }),
  result: z.object({ User: user }),
  effect: 'write',
  errors: codes(
    ['DisplayName', 'UserName'],
    'EntityAlreadyExists.User',
    'InvalidParameter.Comments.Length',
    'InvalidParameter.Email.Format',
    'InvalidParameter.MobilePhone.Format',
    'LimitExceeded.User',
  ),
  handler: async ({ tx, caller, now, randomBytes }, params) => {
    demandFree(await findUser(tx, caller.account, params.UserName))
    demand((await countUsers(tx, caller.account)) < quotas.usersPerAccount, 'LimitExceeded.User')
    const row: RamUserTable = {
      id: newUserId(randomBytes),
      account_id: caller.account,
      name: params.UserName,
      display_name: params.DisplayName ?? params.UserName,
      mobile_phone: params.MobilePhone ?? '',
      email: params.Email ?? '',
      comments: params.Comments ?? '',
      last_login_at: null,
      created_at: now.toISOString(),
      updated_at: now.toISOString(),
    }
    await insertUser(tx, row)
    return { User: describe(row) }
  },
})

const getUser = defineAction({
  product: 'Ram',
  name: 'GetUser',
  summary: { en: 'Describes one RAM user.', zh: '查询 RAM 用户的详细信息。' },
  status: { partial: "RAM's objects carry no tags." },
  params: z.object({ UserName: userName() }),
  result: z.object({ User: user.extend({ LastLoginDate: z.string() }) }),
  effect: 'read',
  errors: codes(['UserName'], 'EntityNotExist.User'),
  handler: async (context, { UserName }) => {
    const row = await ownUser(context, UserName)
    return { User: { ...describe(row), LastLoginDate: seconds(row.last_login_at ?? '') } }
  },
})

const listUsers = defineAction({
  product: 'Ram',
  name: 'ListUsers',
  summary: { en: 'Lists RAM users.', zh: '查询 RAM 用户列表。' },
  status: { partial: "RAM's objects carry no tags." },
  params: z.object(markerParams),
  result: z.object({ ...markerResult, Users: wrapped('User', user) }),
  effect: 'read',
  handler: async ({ tx, caller }, params) => {
    const page = markerPageOf(params)
    const { rows, next } = await listRows(tx, caller.account, page)
    return { ...nextMarker({ next }), Users: { User: rows.map(describe) } }
  },
})

const updateUser = defineAction({
  product: 'Ram',
  name: 'UpdateUser',
  summary: { en: 'Changes a RAM user.', zh: '更新 RAM 用户的基本信息。' },
  status: 'full',
  params: z.object({
    UserName: userName(),
    NewUserName: userName('NewUserName').optional(),
    NewDisplayName: displayName('NewDisplayName'),
    NewMobilePhone: mobilePhone('NewMobilePhone'),
    NewEmail: email('NewEmail'),
    NewComments: note('NewComments', 128),
  }),
  result: z.object({ User: user }),
  effect: 'write',
  errors: codes(
    ['NewDisplayName', 'NewUserName', 'UserName'],
    'EntityNotExist.User',
    'EntityAlreadyExists.User',
    'InvalidParameter.NewComments.Length',
    'InvalidParameter.NewEmail.Format',
    'InvalidParameter.NewMobilePhone.Format',
  ),
  handler: async (context, params) => {
    const { tx, caller, now } = context
    const row = await ownUser(context, params.UserName)
    const { NewUserName = row.name } = params
    if (NewUserName !== row.name) demandFree(await findUser(tx, caller.account, NewUserName))
    const change = {
      name: NewUserName,
      display_name: params.NewDisplayName ?? row.display_name,
      mobile_phone: params.NewMobilePhone ?? row.mobile_phone,
      email: params.NewEmail ?? row.email,
      comments: params.NewComments ?? row.comments,
      updated_at: now.toISOString(),
    }
    await updateRow(tx, row.id, change)
    return { User: describe({ ...row, ...change }) }
  },
})

const deleteUser = defineAction({
  product: 'Ram',
  name: 'DeleteUser',
  summary: { en: 'Deletes a RAM user that has nothing left.', zh: '删除 RAM 用户。' },
  status: 'full',
  params: z.object({ UserName: userName() }),
  result: nothing,
  effect: 'write',
  errors: codes(
    ['UserName'],
    'EntityNotExist.User',
    'DeleteConflict.User.AccessKey',
    'DeleteConflict.User.Group',
    'DeleteConflict.User.LoginProfile',
    'DeleteConflict.User.Policy',
  ),
  handler: async (context, { UserName }) => {
    const { tx, caller } = context
    const row = await ownUser(context, UserName)
    demand((await groupsOfUser(tx, row.id)).length === 0, 'DeleteConflict.User.Group')
    demand(
      (await keysOf(tx, { account: caller.account, user: row })).length === 0,
      'DeleteConflict.User.AccessKey',
    )
    demand((await attachmentsOf(tx, row.id)).length === 0, 'DeleteConflict.User.Policy')
    demand((await findLoginProfile(tx, row.id)) === undefined, 'DeleteConflict.User.LoginProfile')
    await deleteRow(tx, row.id)
    return {}
  },
})

/** Destroying a user looks for a second factor first and takes this answer for "none". */
const unbindMfaDevice = defineAction({
  product: 'Ram',
  name: 'UnbindMFADevice',
  summary: {
    en: 'Answers that the user has no second factor.',
    zh: '解绑 MFA 设备：RAM 用户没有 MFA 设备。',
  },
  status: { refused: 'Users have no second factor: the answer is that there is none.' },
  params: z.object({ UserName: userName() }),
  result: nothing,
  effect: 'write',
  errors: codes(['UserName'], 'EntityNotExist.User', 'EntityNotExist.User.MFADevice'),
  handler: async (context, { UserName }) => {
    await ownUser(context, UserName)
    throw new ApiError('EntityNotExist.User.MFADevice')
  },
})

function demandFree(taken: RamUserTable | undefined): void {
  demand(taken === undefined, 'EntityAlreadyExists.User')
}

export const userActions: readonly Action[] = [
  createUser,
  getUser,
  listUsers,
  updateUser,
  deleteUser,
  unbindMfaDevice,
]
