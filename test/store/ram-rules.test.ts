/** What RAM refuses, with its code; a refusal changes nothing, which `refusal` checks. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deploy, type Deployment, type WireParams } from './call.ts'

const account = '12345678'
let of: Deployment

beforeAll(async () => {
  of = await deploy(':memory:', [account, '87654321'])
  await make('CreateUser', { UserName: 'alice' })
  await make('CreateUser', { UserName: 'bob' })
  await make('CreateGroup', { GroupName: 'staff' })
  await make('AddUserToGroup', { UserName: 'alice', GroupName: 'staff' })
  await make('CreateRole', { RoleName: 'Guest', AssumeRolePolicyDocument: trust })
  await make('CreatePolicy', { PolicyName: 'own', PolicyDocument: document })
  for (const holder of [{ UserName: 'alice' }, { GroupName: 'staff' }, { RoleName: 'Guest' }]) {
    const word = Object.keys(holder)[0]?.replace('Name', '')
    await make(`AttachPolicyTo${word}`, { ...own, ...holder })
  }
})
afterAll(() => of.db.destroy())

const document = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
const trust =
  '{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":"acs:ram::1:root"}}]}'
const own = { PolicyType: 'Custom', PolicyName: 'own' }
const make = (action: string, params: WireParams) => of.call(account, `Ram.${action}`, params)

test.each<readonly [string, WireParams, string]>([
  ['CreateUser', {}, 'MissingParameter.UserName'],
  ['CreateUser', { UserName: 'a b' }, 'InvalidParameter.UserName.InvalidChars'],
  ['CreateUser', { UserName: 'carol', Comments: 'x'.repeat(129) }, 'InvalidParameter.Comments.Length'],
  ['CreateUser', { UserName: 'alice' }, 'EntityAlreadyExists.User'],
  ['UpdateUser', { UserName: 'alice', NewUserName: 'bob' }, 'EntityAlreadyExists.User'],
  ['GetUser', { UserName: 'carol' }, 'EntityNotExist.User'],
  ['DeleteUser', { UserName: 'alice' }, 'DeleteConflict.User.Group'],
  ['UpdateAccessKey', { UserName: 'alice', UserAccessKeyId: 'x', Status: 'Off' }, 'InvalidParameter.Status'],
  ['DeleteAccessKey', { UserName: 'alice', UserAccessKeyId: 'x' }, 'EntityNotExist.User.AccessKey'],
  ['CreateGroup', { GroupName: 'staff' }, 'EntityAlreadyExists.Group'],
  ['GetGroup', { GroupName: 'none' }, 'EntityNotExist.Group'],
  ['DeleteGroup', { GroupName: 'staff' }, 'DeleteConflict.Group.User'],
  ['AddUserToGroup', { UserName: 'alice', GroupName: 'staff' }, 'EntityAlreadyExists.User.Group'],
  ['RemoveUserFromGroup', { UserName: 'bob', GroupName: 'staff' }, 'EntityNotExist.User.Group'],
  ['CreateRole', { RoleName: 'Guest', AssumeRolePolicyDocument: trust }, 'EntityAlreadyExists.Role'],
  ['CreateRole', { RoleName: 'New', AssumeRolePolicyDocument: document }, 'MalformedPolicyDocument'],
  ['UpdateRole', { RoleName: 'Guest', NewMaxSessionDuration: 60 }, 'InvalidParameter.NewMaxSessionDuration'],
  ['DeleteRole', { RoleName: 'Guest' }, 'DeleteConflict.Role.Policy'],
  ['GetRole', { RoleName: 'None' }, 'EntityNotExist.Role'],
  ['CreatePolicy', { PolicyName: 'own', PolicyDocument: document }, 'EntityAlreadyExists.Policy'],
  [
    'CreatePolicy',
    { PolicyName: 'a_b', PolicyDocument: document },
    'InvalidParameter.PolicyName.InvalidChars',
  ],
  [
    'CreatePolicy',
    { PolicyName: 'x', PolicyDocument: ' '.repeat(6145) },
    'InvalidParameter.PolicyDocument.Length',
  ],
  ['CreatePolicyVersion', { PolicyName: 'own', PolicyDocument: '{}' }, 'MalformedPolicyDocument'],
  ['GetPolicy', { PolicyType: 'System', PolicyName: 'own' }, 'EntityNotExist.Policy'],
  ['GetPolicyVersion', { ...own, VersionId: 'v9' }, 'EntityNotExist.Policy.Version'],
  ['SetDefaultPolicyVersion', { PolicyName: 'own', VersionId: 'v9' }, 'EntityNotExist.Policy.Version'],
  ['DeletePolicyVersion', { PolicyName: 'own', VersionId: 'v1' }, 'DeleteConflict.Policy.Version.Default'],
  ['DeletePolicy', { PolicyName: 'own' }, 'DeleteConflict.Policy.User'],
  ['AttachPolicyToUser', { ...own, UserName: 'alice' }, 'EntityAlreadyExists.User.Policy'],
  ['AttachPolicyToRole', { ...own, RoleName: 'Guest' }, 'EntityAlreadyExists.Role.Policy'],
  ['DetachPolicyFromUser', { ...own, UserName: 'bob' }, 'EntityNotExist.User.Policy'],
  ['ListUsers', { Marker: 'x' }, 'InvalidParameter.Marker'],
])('%s %j: %s', async (action, params, code) => {
  expect(await of.refusal(account, `Ram.${action}`, params)).toBe(code)
})

test('what one account has, another has not', async () => {
  for (const [action, params, code] of [
    ['GetUser', { UserName: 'alice' }, 'EntityNotExist.User'],
    ['GetGroup', { GroupName: 'staff' }, 'EntityNotExist.Group'],
    ['GetRole', { RoleName: 'Guest' }, 'EntityNotExist.Role'],
    ['GetPolicy', own, 'EntityNotExist.Policy'],
  ] as const) {
    expect(await of.refusal('87654321', `Ram.${action}`, params)).toBe(code)
  }
  expect(await of.call('87654321', 'Ram.ListPolicies', { PolicyType: 'Custom' })).toMatchObject({
    IsTruncated: false,
    Policies: { Policy: [] },
  })
})

test('a secret is shown once and stored nowhere, whatever token came with the call', async () => {
  const asked = { UserName: 'bob', ClientToken: 'once' }
  const { AccessKey } = await make('CreateAccessKey', asked)
  const secret = (AccessKey as { AccessKeySecret: string }).AccessKeySecret
  for (const { name } of await of.db.introspection.getTables()) {
    const rows = await of.db
      .selectFrom(name as 'account')
      .selectAll()
      .execute()
    expect(JSON.stringify(rows)).not.toContain(secret)
  }
  await make('CreateAccessKey', asked)
  expect(await of.refusal(account, 'Ram.CreateAccessKey', asked)).toBe('LimitExceeded.User.AccessKey')
})

test('versions are numbered on, and make room when asked to', async () => {
  const add = (more: WireParams = {}) =>
    make('CreatePolicyVersion', { PolicyName: 'versions', PolicyDocument: document, ...more })
  await make('CreatePolicy', { PolicyName: 'versions', PolicyDocument: document })
  for (let count = 2; count <= 5; count += 1) await add()
  const one = { PolicyName: 'versions', PolicyDocument: document }
  expect(await of.refusal(account, 'Ram.CreatePolicyVersion', one)).toBe('LimitExceeded.Policy.Version')
  await add({ RotateStrategy: 'DeleteOldestNonDefaultVersionWhenLimitExceeded', SetAsDefault: true })
  const { PolicyVersions } = await make('ListPolicyVersions', { ...own, PolicyName: 'versions' })
  const { PolicyVersion } = PolicyVersions as {
    PolicyVersion: { VersionId: string; IsDefaultVersion: boolean }[]
  }
  expect(PolicyVersion.map(({ VersionId }) => VersionId)).toEqual(['v1', 'v3', 'v4', 'v5', 'v6'])
  expect(PolicyVersion.filter(({ IsDefaultVersion }) => IsDefaultVersion)).toMatchObject([
    { VersionId: 'v6' },
  ])
  expect(await of.refusal(account, 'Ram.DeletePolicy', { PolicyName: 'versions' })).toBe(
    'DeleteConflict.Policy.Version',
  )
  await make('DeletePolicy', { PolicyName: 'versions', CascadingDelete: true })
})

test('lists of policies go on from the own to the system’s, page by page', async () => {
  const names: string[] = []
  let marker: WireParams = {}
  for (;;) {
    const { Policies, IsTruncated, Marker } = await make('ListPolicies', { MaxItems: 4, ...marker })
    names.push(...(Policies as { Policy: { PolicyName: string }[] }).Policy.map((one) => one.PolicyName))
    if (IsTruncated !== true) break
    marker = { Marker: String(Marker) }
  }
  expect(names[0]).toBe('own')
  expect(names).toEqual(expect.arrayContaining(['AdministratorAccess', 'AliyunVPCReadOnlyAccess']))
  expect(new Set(names).size).toBe(names.length)
})
