/** Groups of RAM users. */
import { z } from 'zod'
import { quotas } from '../../../model/quotas.ts'
import { attachmentsOf } from '../../../store/ram-attachments.ts'
import {
  addMember,
  countGroups,
  deleteGroup as deleteRow,
  findGroup,
  groupsOfUser,
  insertGroup,
  listGroups as listRows,
  newGroupId,
  removeMember,
  updateGroup as updateRow,
  usersOfGroup,
} from '../../../store/ram-groups.ts'
import type { RamGroupTable } from '../../../store/tables.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { markerPageOf, markerParams, markerResult, nextMarker } from '../../paging.ts'
import { demand, found } from '../../require.ts'
import { seconds, wrapped } from '../../results.ts'
import { ownUser } from './own-user.ts'
import { codes, groupName, note, nothing, userName } from './values.ts'

const fields = { GroupId: z.string(), GroupName: z.string(), Comments: z.string() }
const group = z.object({ ...fields, CreateDate: z.string(), UpdateDate: z.string() })

function describe(row: RamGroupTable): z.infer<typeof group> {
  return {
    GroupId: row.id,
    GroupName: row.name,
    Comments: row.comments,
    CreateDate: seconds(row.created_at),
    UpdateDate: seconds(row.updated_at),
  }
}

export async function ownGroup({ tx, caller }: ActionContext, name: string): Promise<RamGroupTable> {
  return found(await findGroup(tx, caller.account, name), 'EntityNotExist.Group')
}

const createGroup = defineAction({
  product: 'Ram',
  name: 'CreateGroup',
  summary: { en: 'Creates a group of RAM users.', zh: '创建 RAM 用户组。' },
  status: 'full',
  params: z.object({ GroupName: groupName(), Comments: note('Comments', 128) }),
  result: z.object({ Group: group }),
  effect: 'write',
  errors: codes(
    ['GroupName'],
    'EntityAlreadyExists.Group',
    'InvalidParameter.Comments.Length',
    'LimitExceeded.Group',
  ),
  handler: async ({ tx, caller, now, randomBytes }, { GroupName, Comments }) => {
    demand((await findGroup(tx, caller.account, GroupName)) === undefined, 'EntityAlreadyExists.Group')
    demand((await countGroups(tx, caller.account)) < quotas.groupsPerAccount, 'LimitExceeded.Group')
    const row: RamGroupTable = {
      id: newGroupId(randomBytes),
      account_id: caller.account,
      name: GroupName,
      comments: Comments ?? '',
      created_at: now.toISOString(),
      updated_at: now.toISOString(),
    }
    await insertGroup(tx, row)
    return { Group: describe(row) }
  },
})

const getGroup = defineAction({
  product: 'Ram',
  name: 'GetGroup',
  summary: { en: 'Describes one group.', zh: '查询 RAM 用户组信息。' },
  status: 'full',
  params: z.object({ GroupName: groupName() }),
  result: z.object({ Group: group }),
  effect: 'read',
  errors: codes(['GroupName'], 'EntityNotExist.Group'),
  handler: async (context, { GroupName }) => ({ Group: describe(await ownGroup(context, GroupName)) }),
})

const listGroups = defineAction({
  product: 'Ram',
  name: 'ListGroups',
  summary: { en: 'Lists groups.', zh: '查询 RAM 用户组列表。' },
  status: 'full',
  params: z.object(markerParams),
  result: z.object({ ...markerResult, Groups: wrapped('Group', group) }),
  effect: 'read',
  handler: async ({ tx, caller }, params) => {
    const page = markerPageOf(params)
    const { rows, next } = await listRows(tx, caller.account, page)
    return { ...nextMarker({ next }), Groups: { Group: rows.map(describe) } }
  },
})

const updateGroup = defineAction({
  product: 'Ram',
  name: 'UpdateGroup',
  summary: { en: 'Changes a group.', zh: '更新 RAM 用户组信息。' },
  status: 'full',
  params: z.object({
    GroupName: groupName(),
    NewGroupName: groupName('NewGroupName').optional(),
    NewComments: note('NewComments', 128),
  }),
  result: z.object({ Group: group }),
  effect: 'write',
  errors: codes(
    ['GroupName', 'NewGroupName'],
    'EntityNotExist.Group',
    'EntityAlreadyExists.Group',
    'InvalidParameter.NewComments.Length',
  ),
  handler: async (context, { GroupName, NewGroupName = GroupName, NewComments }) => {
    const { tx, caller, now } = context
    const row = await ownGroup(context, GroupName)
    const taken =
      NewGroupName !== GroupName && (await findGroup(tx, caller.account, NewGroupName)) !== undefined
    demand(!taken, 'EntityAlreadyExists.Group')
    const change = {
      name: NewGroupName,
      comments: NewComments ?? row.comments,
      updated_at: now.toISOString(),
    }
    await updateRow(tx, row.id, change)
    return { Group: describe({ ...row, ...change }) }
  },
})

const deleteGroup = defineAction({
  product: 'Ram',
  name: 'DeleteGroup',
  summary: { en: 'Deletes a group that has neither users nor policies.', zh: '删除 RAM 用户组。' },
  status: 'full',
  params: z.object({ GroupName: groupName() }),
  result: nothing,
  effect: 'write',
  errors: codes(
    ['GroupName'],
    'EntityNotExist.Group',
    'DeleteConflict.Group.Policy',
    'DeleteConflict.Group.User',
  ),
  handler: async (context, { GroupName }) => {
    const { tx } = context
    const { id } = await ownGroup(context, GroupName)
    demand((await usersOfGroup(tx, id, { offset: 0, limit: 0 })).total === 0, 'DeleteConflict.Group.User')
    demand((await attachmentsOf(tx, id)).length === 0, 'DeleteConflict.Group.Policy')
    await deleteRow(tx, id)
    return {}
  },
})

const member = z.object({ UserName: userName(), GroupName: groupName() })

const addUserToGroup = defineAction({
  product: 'Ram',
  name: 'AddUserToGroup',
  summary: { en: 'Adds a RAM user to a group.', zh: '将 RAM 用户添加到用户组。' },
  status: 'full',
  params: member,
  result: nothing,
  effect: 'write',
  errors: codes(
    ['GroupName', 'UserName'],
    'EntityNotExist.Group',
    'EntityNotExist.User',
    'EntityAlreadyExists.User.Group',
    'LimitExceeded.User.Group',
  ),
  handler: async (context, { UserName, GroupName }) => {
    const { tx, now } = context
    const user = await ownUser(context, UserName)
    const { id } = await ownGroup(context, GroupName)
    const added = await addMember(tx, { group_id: id, user_id: user.id, joined_at: now.toISOString() })
    demand(added, 'EntityAlreadyExists.User.Group')
    demand((await groupsOfUser(tx, user.id)).length <= quotas.groupsPerUser, 'LimitExceeded.User.Group')
    return {}
  },
})

const removeUserFromGroup = defineAction({
  product: 'Ram',
  name: 'RemoveUserFromGroup',
  summary: { en: 'Removes a RAM user from a group.', zh: '将 RAM 用户从用户组移除。' },
  status: 'full',
  params: member,
  result: nothing,
  effect: 'write',
  errors: codes(
    ['GroupName', 'UserName'],
    'EntityNotExist.Group',
    'EntityNotExist.User',
    'EntityNotExist.User.Group',
  ),
  handler: async (context, { UserName, GroupName }) => {
    const user = await ownUser(context, UserName)
    const { id } = await ownGroup(context, GroupName)
    demand(await removeMember(context.tx, id, user.id), 'EntityNotExist.User.Group')
    return {}
  },
})

const listGroupsForUser = defineAction({
  product: 'Ram',
  name: 'ListGroupsForUser',
  summary: { en: 'Lists the groups of a RAM user.', zh: '查询 RAM 用户所属的用户组。' },
  status: 'full',
  params: z.object({ UserName: userName() }),
  result: z.object({ Groups: wrapped('Group', z.object({ ...fields, JoinDate: z.string() })) }),
  effect: 'read',
  errors: codes(['UserName'], 'EntityNotExist.User'),
  handler: async (context, { UserName }) => {
    const groups = await groupsOfUser(context.tx, (await ownUser(context, UserName)).id)
    return {
      Groups: {
        Group: groups.map((row) => ({
          GroupId: row.id,
          GroupName: row.name,
          Comments: row.comments,
          JoinDate: seconds(row.joined_at),
        })),
      },
    }
  },
})

const listUsersForGroup = defineAction({
  product: 'Ram',
  name: 'ListUsersForGroup',
  summary: { en: 'Lists the users of a group.', zh: '查询用户组中的 RAM 用户。' },
  status: 'full',
  params: z.object({ GroupName: groupName(), ...markerParams }),
  result: z.object({
    ...markerResult,
    Users: wrapped('User', z.object({ UserName: z.string(), DisplayName: z.string(), JoinDate: z.string() })),
  }),
  effect: 'read',
  errors: codes(['GroupName'], 'EntityNotExist.Group'),
  handler: async (context, { GroupName, ...params }) => {
    const page = markerPageOf(params)
    const { id } = await ownGroup(context, GroupName)
    const { rows, next } = await usersOfGroup(context.tx, id, page)
    const users = rows.map((row) => ({
      UserName: row.name,
      DisplayName: row.display_name,
      JoinDate: seconds(row.joined_at),
    }))
    return { ...nextMarker({ next }), Users: { User: users } }
  },
})

export const groupActions: readonly Action[] = [
  createGroup,
  getGroup,
  listGroups,
  updateGroup,
  deleteGroup,
  addUserToGroup,
  removeUserFromGroup,
  listGroupsForUser,
  listUsersForGroup,
]
