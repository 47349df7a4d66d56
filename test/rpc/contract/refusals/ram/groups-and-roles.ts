/** How each error of groups and roles is provoked. */
import { intoDatabase } from '../../stage.ts'
import { asks, names, trustOf, type Provoke, type Refusals } from './world.ts'

const staff = { GroupName: 'staff' }
const alice = { UserName: 'alice' }
const trust = { AssumeRolePolicyDocument: trustOf('1') }
const noGroup = { 'EntityNotExist.Group': asks({ GroupName: 'none', ...alice }) }
const noUser = { 'EntityNotExist.User': asks({ UserName: 'nobody', ...staff }) }
const noRole = { 'EntityNotExist.Role': asks({ RoleName: 'None' }) }
const guest = { RoleName: 'Guest' }

/** A user who is in as many groups as one may be, and as an account may have: the last is put beside them. */
const busy: Provoke = async ({ server, full }) => {
  for (let group = 1; group <= 50; group += 1) {
    await full.ram('AddUserToGroup', { UserName: 'user-1', GroupName: `group-${group}` })
  }
  intoDatabase(
    server,
    `insert into ram_group select 'g-more', account_id, 'more', created_at, updated_at, comments
    from ram_group where account_id = ? limit 1`,
    full.id,
  )
  return [full, { UserName: 'user-1', GroupName: 'more' }]
}

const malformed = '{"Version":"1","Statement":[]}'

export const groupAndRoleRefusals: Refusals = {
  CreateGroup: {
    ...names('GroupName', {}),
    'EntityAlreadyExists.Group': asks(staff),
    'InvalidParameter.Comments.Length': asks({ GroupName: 'new', Comments: 'x'.repeat(129) }),
    'LimitExceeded.Group': ({ full }) => [full, { GroupName: 'new' }],
  },
  GetGroup: { ...names('GroupName', {}), ...noGroup },
  ListGroups: {},
  UpdateGroup: {
    ...names('GroupName', {}),
    ...names('NewGroupName', staff),
    ...noGroup,
    'EntityAlreadyExists.Group': asks({ ...staff, NewGroupName: 'board' }),
    'InvalidParameter.NewComments.Length': asks({ ...staff, NewComments: 'x'.repeat(129) }),
  },
  DeleteGroup: {
    ...names('GroupName', {}),
    ...noGroup,
    'DeleteConflict.Group.Policy': async ({ owner }) => {
      await owner.ram('CreateGroup', { GroupName: 'with-policy' })
      const policy = { PolicyType: 'System', PolicyName: 'ReadOnlyAccess' }
      await owner.ram('AttachPolicyToGroup', { ...policy, GroupName: 'with-policy' })
      return [owner, { GroupName: 'with-policy' }]
    },
    'DeleteConflict.Group.User': asks(staff),
  },
  AddUserToGroup: {
    ...names('GroupName', alice),
    ...names('UserName', staff),
    ...noGroup,
    ...noUser,
    'EntityAlreadyExists.User.Group': asks({ ...staff, ...alice }),
    'LimitExceeded.User.Group': busy,
  },
  RemoveUserFromGroup: {
    ...names('GroupName', alice),
    ...names('UserName', staff),
    ...noGroup,
    ...noUser,
    'EntityNotExist.User.Group': asks({ ...staff, UserName: 'bob' }),
  },
  ListGroupsForUser: { ...names('UserName', {}), ...noUser },
  ListUsersForGroup: { ...names('GroupName', {}), ...noGroup },
  CreateRole: {
    ...names('RoleName', trust),
    'EntityAlreadyExists.Role': asks({ ...guest, ...trust }),
    'InvalidParameter.AssumeRolePolicyDocument.Length': asks({
      RoleName: 'New',
      AssumeRolePolicyDocument: ' '.repeat(6145),
    }),
    'InvalidParameter.Description.Length': asks({
      RoleName: 'New',
      ...trust,
      Description: 'x'.repeat(1025),
    }),
    'LimitExceeded.Role': ({ full }) => [full, { RoleName: 'New', ...trust }],
    MalformedPolicyDocument: asks({ RoleName: 'New', AssumeRolePolicyDocument: malformed }),
  },
  GetRole: { ...names('RoleName', {}), ...noRole },
  ListRoles: {},
  UpdateRole: {
    ...names('RoleName', {}),
    ...noRole,
    'InvalidParameter.NewAssumeRolePolicyDocument.Length': asks({
      ...guest,
      NewAssumeRolePolicyDocument: ' '.repeat(6145),
    }),
    'InvalidParameter.NewDescription.Length': asks({ ...guest, NewDescription: 'x'.repeat(1025) }),
    MalformedPolicyDocument: asks({ ...guest, NewAssumeRolePolicyDocument: malformed }),
  },
  DeleteRole: { ...names('RoleName', {}), ...noRole, 'DeleteConflict.Role.Policy': asks(guest) },
}
