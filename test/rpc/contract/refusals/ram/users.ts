/** How each error of users, their keys and their passwords is provoked. */
import { own, asks, names, password, type Provoke, type RamWorld, type Refusals } from './world.ts'

const alice = { UserName: 'alice' }
const bob = { UserName: 'bob' }
const nobody = { 'EntityNotExist.User': asks({ UserName: 'nobody', UserAccessKeyId: 'x', Status: 'Active' }) }
const key = { UserAccessKeyId: 'LTAInone', Status: 'Active' }

/** A new user, for what would be in the way of others. */
function newUser(
  name: string,
  prepare: (world: RamWorld, user: { UserName: string }) => Promise<unknown>,
): Provoke {
  return async (world) => {
    const user = { UserName: name }
    await world.owner.ram('CreateUser', user)
    await prepare(world, user)
    return [world.owner, user]
  }
}

/** As a user who knows its password, under a policy that forbids the last two. */
const change =
  (params: object): Provoke =>
  async ({ owner, bob: user }) => {
    await owner.ram('SetPasswordPolicy', { PasswordReusePrevention: 2 })
    return [user, { OldPassword: password, NewPassword: 'Another_1234', ...params }]
  }

export const userRefusals: Refusals = {
  CreateUser: {
    ...names('UserName', {}),
    ...names('DisplayName', { UserName: 'new' }),
    'EntityAlreadyExists.User': asks(alice),
    'InvalidParameter.Comments.Length': asks({ UserName: 'new', Comments: 'x'.repeat(129) }),
    'InvalidParameter.Email.Format': asks({ UserName: 'new', Email: 'new' }),
    'InvalidParameter.MobilePhone.Format': asks({ UserName: 'new', MobilePhone: 'one two' }),
    'LimitExceeded.User': ({ full }) => [full, { UserName: 'new' }],
  },
  GetUser: { ...names('UserName', {}), ...nobody },
  ListUsers: {},
  UpdateUser: {
    ...names('UserName', {}),
    ...names('NewUserName', alice),
    ...names('NewDisplayName', alice),
    ...nobody,
    'EntityAlreadyExists.User': asks({ ...alice, NewUserName: 'bob' }),
    'InvalidParameter.NewComments.Length': asks({ ...alice, NewComments: 'x'.repeat(129) }),
    'InvalidParameter.NewEmail.Format': asks({ ...alice, NewEmail: '@' }),
    'InvalidParameter.NewMobilePhone.Format': asks({ ...alice, NewMobilePhone: '86-' }),
  },
  DeleteUser: {
    ...names('UserName', {}),
    ...nobody,
    'DeleteConflict.User.AccessKey': newUser('with-key', ({ owner }, user) =>
      owner.ram('CreateAccessKey', user),
    ),
    'DeleteConflict.User.Group': newUser('with-group', ({ owner }, user) =>
      owner.ram('AddUserToGroup', { ...user, GroupName: 'board' }),
    ),
    'DeleteConflict.User.LoginProfile': newUser('with-password', ({ owner }, user) =>
      owner.ram('CreateLoginProfile', { ...user, Password: password }),
    ),
    'DeleteConflict.User.Policy': newUser('with-policy', ({ owner }, user) =>
      owner.ram('AttachPolicyToUser', { ...own, ...user }),
    ),
  },
  UnbindMFADevice: { ...names('UserName', {}), ...nobody, 'EntityNotExist.User.MFADevice': asks(alice) },
  CreateAccessKey: {
    ...names('UserName', {}),
    ...nobody,
    'LimitExceeded.User.AccessKey': newUser('with-keys', async ({ owner }, user) => {
      for (const _ of [1, 2]) await owner.ram('CreateAccessKey', user)
    }),
  },
  ListAccessKeys: { ...names('UserName', {}), ...nobody },
  UpdateAccessKey: {
    ...names('UserName', key),
    ...nobody,
    'EntityNotExist.User.AccessKey': asks({ ...alice, ...key }),
  },
  DeleteAccessKey: {
    ...names('UserName', key),
    ...nobody,
    'EntityNotExist.User.AccessKey': asks({ ...alice, ...key }),
  },
  GetAccessKeyLastUsed: {
    ...names('UserName', key),
    ...nobody,
    'EntityNotExist.User.AccessKey': asks({ ...alice, ...key }),
  },
  CreateLoginProfile: {
    ...names('UserName', { Password: password }),
    'EntityNotExist.User': asks({ UserName: 'nobody', Password: password }),
    'EntityAlreadyExists.User.LoginProfile': asks({ ...bob, Password: password }),
    'InvalidParameter.Password.TooWeak': asks({ ...alice, Password: 'short' }),
  },
  GetLoginProfile: { ...names('UserName', {}), ...nobody, 'EntityNotExist.User.LoginProfile': asks(alice) },
  UpdateLoginProfile: {
    ...names('UserName', {}),
    ...nobody,
    'EntityNotExist.User.LoginProfile': asks(alice),
    'InvalidParameter.Password.ReusePrevention': async ({ owner }) => {
      await owner.ram('SetPasswordPolicy', { PasswordReusePrevention: 1 })
      return [owner, { ...bob, Password: password }]
    },
    'InvalidParameter.Password.TooWeak': asks({ ...bob, Password: 'short' }),
  },
  DeleteLoginProfile: {
    ...names('UserName', {}),
    ...nobody,
    'EntityNotExist.User.LoginProfile': asks(alice),
  },
  ChangePassword: {
    'EntityNotExist.User.LoginProfile': ({ carol }) => [
      carol,
      { OldPassword: password, NewPassword: 'Another_1234' },
    ],
    'InvalidParameter.NewPassword.ReusePrevention': change({ NewPassword: password }),
    'InvalidParameter.NewPassword.TooWeak': change({ NewPassword: 'short' }),
    'InvalidParameter.OldPassword.Incorrect': change({ OldPassword: 'wrong' }),
    'NotSupport.Account': asks({ OldPassword: password, NewPassword: 'Another_1234' }),
  },
  GetAccountAlias: {},
  ClearAccountAlias: {},
  SetAccountAlias: {
    ...names('AccountAlias', {}),
    'EntityAlreadyExists.AccountAlias': async ({ owner, full }) => {
      await owner.ram('SetAccountAlias', { AccountAlias: 'taken' })
      return [full, { AccountAlias: 'taken' }]
    },
  },
  GetPasswordPolicy: {},
  SetPasswordPolicy: { 'InvalidParameter.MinimumPasswordLength.Range': asks({ MinimumPasswordLength: 7 }) },
}
