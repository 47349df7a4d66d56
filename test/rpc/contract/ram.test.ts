/** Every action of Ram and of Sts through their official SDKs. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { allActions } from '../../../src/api/actions/all.ts'
import { actionsOf, startSuite, type Body, type SdkUnderTest, type Suite } from './sdk.ts'

let suite: Suite
let ram: SdkUnderTest
beforeAll(async () => {
  suite = await startSuite()
  ram = suite.sdk('@alicloud/ram20150501')
})
afterAll(() => suite[Symbol.asyncDispose]())

const policyDocument = JSON.stringify({
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: 'vpc:Describe*', Resource: '*' }],
})
const alice = { userName: 'alice' }
const staff = { groupName: 'staff' }
const reader = { roleName: 'Reader' }
const policy = { policyName: 'look', policyType: 'Custom' }

test('a user with keys and a password', async () => {
  const named = { ...alice, displayName: 'Alice', email: 'alice@example.test', mobilePhone: '86-18600008888' }
  expect(await ram.call('CreateUser', { ...named, comments: 'first' })).toMatchObject({ user: named })
  await ram.call('UpdateUser', { ...alice, newComments: 'second' })
  expect(await ram.call('GetUser', alice)).toMatchObject({
    user: { ...named, comments: 'second', lastLoginDate: '' },
  })
  expect(await ram.call('ListUsers')).toMatchObject({
    isTruncated: false,
    users: { user: [{ userName: 'alice' }] },
  })
  const made = (await ram.call('CreateAccessKey', alice))['accessKey'] as Body
  const key = { ...alice, userAccessKeyId: String(made['accessKeyId']) }
  expect(String(made['accessKeySecret'])).toHaveLength(30)
  expect(await ram.call('GetAccessKeyLastUsed', key)).toMatchObject({
    accessKeyLastUsed: { lastUsedDate: '' },
  })
  const who = suite.sdk('@alicloud/sts20150401', {
    AccessKeyId: key.userAccessKeyId,
    AccessKeySecret: String(made['accessKeySecret']),
  })
  expect(await who.call('GetCallerIdentity')).toMatchObject({ identityType: 'RAMUser' })
  const used = (await ram.call('GetAccessKeyLastUsed', key))['accessKeyLastUsed'] as Body
  expect(used['lastUsedDate']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  await ram.call('UpdateAccessKey', { ...key, status: 'Inactive' })
  expect(await who.refusal('GetCallerIdentity')).toBe('400 InvalidAccessKeyId.Inactive')
  expect(await ram.call('ListAccessKeys', alice)).toMatchObject({
    accessKeys: { accessKey: [{ accessKeyId: key.userAccessKeyId, status: 'Inactive' }] },
  })
  await ram.call('DeleteAccessKey', key)

  expect(await ram.call('SetPasswordPolicy', { requireNumbers: true })).toMatchObject({
    passwordPolicy: { requireNumbers: true, minimumPasswordLength: 8, maxLoginAttemps: 5 },
  })
  expect(await ram.call('GetPasswordPolicy')).toMatchObject({ passwordPolicy: { requireNumbers: true } })
  expect(await ram.call('CreateLoginProfile', { ...alice, password: 'Example_1234' })).toMatchObject({
    loginProfile: { ...alice, passwordResetRequired: false },
  })
  await ram.call('UpdateLoginProfile', { ...alice, passwordResetRequired: true })
  expect(await ram.call('GetLoginProfile', alice)).toMatchObject({
    loginProfile: { passwordResetRequired: true },
  })
})

test('an account has one alias at most, which no other has', async () => {
  const alias = async (accountAlias: string) =>
    expect(await ram.call('GetAccountAlias')).toMatchObject({ accountAlias })
  await alias('')
  await ram.call('SetAccountAlias', { accountAlias: 'my-shop-1' })
  await alias('my-shop-1')
  const taken = '409 EntityAlreadyExists.AccountAlias'
  expect(await ram.refusal('SetAccountAlias', { accountAlias: 'another' })).toBe(taken)
  await ram.call('ClearAccountAlias')
  await alias('')
  for (const wrong of ['ab', '-abc', 'abc-', 'a--b', 'Shop', 'a_b']) {
    const code = await ram.refusal('SetAccountAlias', { accountAlias: wrong })
    expect([wrong, code]).toEqual([wrong, '400 InvalidParameter.AccountAlias.InvalidChars'])
  }
})

test('a user changes its own password', async () => {
  const document = policyDocument.replace('vpc:Describe*', 'ram:ChangePassword')
  await ram.call('CreatePolicy', { policyName: 'change', policyDocument: document })
  await ram.call('AttachPolicyToUser', { policyName: 'change', policyType: 'Custom', ...alice })
  const made = (await ram.call('CreateAccessKey', alice))['accessKey'] as Body
  const self = suite.sdk('@alicloud/ram20150501', {
    AccessKeyId: String(made['accessKeyId']),
    AccessKeySecret: String(made['accessKeySecret']),
  })
  await self.call('ChangePassword', { oldPassword: 'Example_1234', newPassword: 'Another_1234' })
  const again = { oldPassword: 'Example_1234', newPassword: 'Third_12345' }
  expect(await self.refusal('ChangePassword', again)).toBe('400 InvalidParameter.OldPassword.Incorrect')
  await ram.call('DeleteAccessKey', { ...alice, userAccessKeyId: String(made['accessKeyId']) })
  await ram.call('DetachPolicyFromUser', { policyName: 'change', policyType: 'Custom', ...alice })
  await ram.call('DeleteLoginProfile', alice)
  expect(self.succeeded).toContain('ChangePassword')
})

test('groups', async () => {
  expect(await ram.call('CreateGroup', { ...staff, comments: 'all' })).toMatchObject({ group: staff })
  await ram.call('UpdateGroup', { ...staff, newComments: 'everybody' })
  expect(await ram.call('GetGroup', staff)).toMatchObject({ group: { comments: 'everybody' } })
  expect(await ram.call('ListGroups')).toMatchObject({ groups: { group: [staff] } })
  await ram.call('AddUserToGroup', { ...alice, ...staff })
  expect(await ram.call('ListGroupsForUser', alice)).toMatchObject({ groups: { group: [staff] } })
  expect(await ram.call('ListUsersForGroup', staff)).toMatchObject({ users: { user: [alice] } })
})

test('policies, their versions, and who has them', async () => {
  await ram.call('CreatePolicy', { ...policy, policyDocument, description: 'look only' })
  await ram.call('UpdatePolicyDescription', { ...policy, newDescription: 'to look' })
  expect(await ram.call('GetPolicy', policy)).toMatchObject({
    policy: { policyName: 'look', description: 'to look' },
    defaultPolicyVersion: { versionId: 'v1', policyDocument },
  })
  expect(await ram.call('ListPolicies', { policyType: 'Custom' })).toMatchObject({
    policies: { policy: [{ policyName: 'change' }, { policyName: 'look' }] },
  })
  await ram.call('CreatePolicyVersion', { ...policy, policyDocument, setAsDefault: true })
  expect(await ram.call('ListPolicyVersions', policy)).toMatchObject({
    policyVersions: { policyVersion: [{ versionId: 'v1' }, { versionId: 'v2', isDefaultVersion: true }] },
  })
  await ram.call('SetDefaultPolicyVersion', { ...policy, versionId: 'v1' })
  expect(await ram.call('GetPolicyVersion', { ...policy, versionId: 'v2' })).toMatchObject({
    policyVersion: { isDefaultVersion: false },
  })
  await ram.call('DeletePolicyVersion', { ...policy, versionId: 'v2' })
  const assumeRolePolicyDocument = JSON.stringify({
    Version: '1',
    Statement: [
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { RAM: `acs:ram::${ram.account}:root` } },
    ],
  })
  await ram.call('CreateRole', { ...reader, assumeRolePolicyDocument })
  await ram.call('UpdateRole', { ...reader, newDescription: 'reads' })
  expect(await ram.call('GetRole', reader)).toMatchObject({ role: { description: 'reads' } })
  expect(await ram.call('ListRoles')).toMatchObject({ roles: { role: [reader] } })
  for (const [word, holder] of [
    ['User', alice],
    ['Group', staff],
    ['Role', reader],
  ] as const) {
    await ram.call(`AttachPolicyTo${word}`, { ...policy, ...holder })
    expect(await ram.call(`ListPoliciesFor${word}`, holder)).toMatchObject({ policies: { policy: [policy] } })
  }
  expect(await ram.call('ListEntitiesForPolicy', policy)).toMatchObject({
    users: { user: [alice] },
    groups: { group: [staff] },
    roles: { role: [reader] },
  })
})

test('all of it goes, in the order of what depends on what', async () => {
  await ram.call('DetachPolicyFromUser', { ...policy, ...alice })
  await ram.call('DetachPolicyFromGroup', { ...policy, ...staff })
  await ram.call('DetachPolicyFromRole', { ...policy, ...reader })
  await ram.call('DeletePolicy', policy)
  await ram.call('RemoveUserFromGroup', { ...alice, ...staff })
  await ram.call('DeleteUser', alice)
  await ram.call('DeleteGroup', staff)
  await ram.call('DeleteRole', reader)
  const refused = allActions
    .filter(({ product, status }) => product === 'Ram' && typeof status === 'object' && 'refused' in status)
    .map(({ name }) => name)
  const asUser = ['ChangePassword']
  expect([...ram.succeeded, ...asUser, ...refused].toSorted()).toEqual(actionsOf('Ram'))
})
