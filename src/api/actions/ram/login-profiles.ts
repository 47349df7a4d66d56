/** Passwords with which RAM users sign in to the console. */
import { z } from 'zod'
import { isStrong, longestPassword } from '../../../model/password-policy.ts'
import {
  changePassword as changeStored,
  deleteLoginProfile as deleteRow,
  findLoginProfile,
  insertLoginProfile,
  updateLoginSettings,
} from '../../../store/ram-login-profiles.ts'
import { passwordPolicyOf } from '../../../store/ram-password-policies.ts'
import { hashNewPassword, hashPassword, sameHash } from '../../../store/ram-passwords.ts'
import type { LoginProfileTable } from '../../../store/tables.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { flag, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { seconds } from '../../results.ts'
import { ownUser } from './own-user.ts'
import { codes, nothing, userName } from './values.ts'

const missing = 'EntityNotExist.User.LoginProfile'
const withoutSecondFactor = {
  partial: 'There are no second factors here: a user who must have one is not let in.',
}

/** A hash takes a tenth of a second of one processor. */
const hashing = { perSecond: 2, burst: 40 }

const profile = z.object({
  LoginProfile: z.object({
    UserName: z.string(),
    PasswordResetRequired: z.boolean(),
    MFABindRequired: z.boolean(),
    CreateDate: z.string(),
  }),
})

function describe(UserName: string, row: LoginProfileTable): z.infer<typeof profile> {
  return {
    LoginProfile: {
      UserName,
      PasswordResetRequired: row.reset_required === 1,
      MFABindRequired: row.mfa_required === 1,
      CreateDate: seconds(row.created_at),
    },
  }
}

async function ownProfile(context: ActionContext, name: string): Promise<LoginProfileTable> {
  const { id } = await ownUser(context, name)
  return found(await findLoginProfile(context.tx, id), missing)
}

async function demandStrong({ tx, caller }: ActionContext, password: string, name: string): Promise<void> {
  const policy = await passwordPolicyOf(tx, caller.account)
  demand(isStrong(policy, password), `InvalidParameter.${name}.TooWeak`)
}

/** The name of the work holds the salt: who changed the password meanwhile may have changed it, too. */
function hashOf({ slowly }: ActionContext, { salt }: LoginProfileTable, password: string): string {
  return slowly(`hash by ${salt} of ${password}`, () => hashPassword(password, salt))
}

/** Sets a new password of the user's. */
async function change(
  context: ActionContext,
  row: LoginProfileTable,
  password: string,
  name: 'Password' | 'NewPassword',
): Promise<void> {
  const { tx, caller, now } = context
  await demandStrong(context, password, name)
  const policy = await passwordPolicyOf(tx, caller.account)
  const hash = hashOf(context, row, password)
  demand(await changeStored(tx, row, hash, policy, now), `InvalidParameter.${name}.ReusePrevention`)
}

const createLoginProfile = defineAction({
  product: 'Ram',
  name: 'CreateLoginProfile',
  summary: { en: 'Gives a RAM user a password for the console.', zh: '为 RAM 用户启用控制台登录。' },
  status: withoutSecondFactor,
  params: z.object({
    UserName: userName(),
    Password: text(),
    PasswordResetRequired: flag().default(false),
    MFABindRequired: flag().default(false),
  }),
  result: profile,
  effect: 'write',
  errors: codes(
    ['UserName'],
    'EntityNotExist.User',
    'EntityAlreadyExists.User.LoginProfile',
    'InvalidParameter.Password.TooWeak',
  ),
  rate: hashing,
  secret: true,
  handler: async (context, { UserName, Password, PasswordResetRequired, MFABindRequired }) => {
    const { tx, now, randomBytes } = context
    const { id } = await ownUser(context, UserName)
    demand((await findLoginProfile(tx, id)) === undefined, 'EntityAlreadyExists.User.LoginProfile')
    await demandStrong(context, Password, 'Password')
    const settings = { resetRequired: PasswordResetRequired, mfaRequired: MFABindRequired }
    const salted = context.slowly('hash', () => hashNewPassword(Password, randomBytes))
    return describe(UserName, await insertLoginProfile(tx, id, salted, settings, now))
  },
})

const getLoginProfile = defineAction({
  product: 'Ram',
  name: 'GetLoginProfile',
  summary: { en: "Describes a RAM user's login.", zh: '查询 RAM 用户的控制台登录配置。' },
  status: 'full',
  params: z.object({ UserName: userName() }),
  result: profile,
  effect: 'read',
  errors: codes(['UserName'], 'EntityNotExist.User', missing),
  handler: async (context, { UserName }) => describe(UserName, await ownProfile(context, UserName)),
})

const updateLoginProfile = defineAction({
  product: 'Ram',
  name: 'UpdateLoginProfile',
  summary: { en: "Changes a RAM user's password or login.", zh: '修改 RAM 用户的控制台登录配置。' },
  status: withoutSecondFactor,
  params: z.object({
    UserName: userName(),
    Password: text().optional(),
    PasswordResetRequired: flag().optional(),
    MFABindRequired: flag().optional(),
  }),
  result: nothing,
  effect: 'write',
  errors: codes(
    ['UserName'],
    'EntityNotExist.User',
    missing,
    'InvalidParameter.Password.ReusePrevention',
    'InvalidParameter.Password.TooWeak',
  ),
  rate: hashing,
  secret: true,
  handler: async (context, { UserName, Password, PasswordResetRequired, MFABindRequired }) => {
    const row = await ownProfile(context, UserName)
    if (Password !== undefined) await change(context, row, Password, 'Password')
    await updateLoginSettings(context.tx, row.user_id, {
      resetRequired: PasswordResetRequired ?? row.reset_required === 1,
      mfaRequired: MFABindRequired ?? row.mfa_required === 1,
    })
    return {}
  },
})

const deleteLoginProfile = defineAction({
  product: 'Ram',
  name: 'DeleteLoginProfile',
  summary: { en: "Takes a RAM user's password away.", zh: '关闭 RAM 用户的控制台登录。' },
  status: 'full',
  params: z.object({ UserName: userName() }),
  result: nothing,
  effect: 'write',
  errors: codes(['UserName'], 'EntityNotExist.User', missing),
  handler: async (context, { UserName }) => {
    const { id } = await ownUser(context, UserName)
    demand(await deleteRow(context.tx, id), missing)
    return {}
  },
})

const changePassword = defineAction({
  product: 'Ram',
  name: 'ChangePassword',
  summary: { en: "Changes the calling RAM user's own password.", zh: 'RAM 用户修改自己的登录密码。' },
  status: 'full',
  params: z.object({ OldPassword: text(), NewPassword: text() }),
  result: nothing,
  effect: 'write',
  errors: [
    missing,
    'InvalidParameter.NewPassword.ReusePrevention',
    'InvalidParameter.NewPassword.TooWeak',
    'InvalidParameter.OldPassword.Incorrect',
    'NotSupport.Account',
  ],
  rate: hashing,
  secret: true,
  handler: async (context, { OldPassword, NewPassword }) => {
    const { tx, caller } = context
    demand(caller.principal.kind === 'user', 'NotSupport.Account')
    const row = found(await findLoginProfile(tx, caller.principal.id), missing)
    const matches =
      OldPassword.length <= longestPassword && sameHash(hashOf(context, row, OldPassword), row.password_hash)
    demand(matches, 'InvalidParameter.OldPassword.Incorrect')
    await change(context, row, NewPassword, 'NewPassword')
    return {}
  },
})

export const loginProfileActions: readonly Action[] = [
  createLoginProfile,
  getLoginProfile,
  updateLoginProfile,
  deleteLoginProfile,
  changePassword,
]
