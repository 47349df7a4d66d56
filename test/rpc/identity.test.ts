/** Users, policies and roles as clients meet them: the official SDKs against the server as users run it. */
import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type Credentials, type RunningServer } from '../fixtures/running-server.ts'

const require = createRequire(import.meta.url)
const Ram = require('@alicloud/ram20150501') as typeof import('@alicloud/ram20150501')
const Sts = require('@alicloud/sts20150401') as typeof import('@alicloud/sts20150401')
const OpenApi = require('@alicloud/openapi-client') as typeof import('@alicloud/openapi-client')
const PopCore = require('@alicloud/pop-core') as typeof import('@alicloud/pop-core')

let server: RunningServer
let consumer: Credentials
let provider: Credentials

beforeAll(async () => {
  server = await startServer()
  consumer = await server.createAccount('12345678', 'consumer')
  provider = await server.createAccount('87654321', 'provider')
})
afterAll(() => server[Symbol.asyncDispose]())

interface Keys {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken?: string
}

const keysOf = (account: Credentials): Keys => ({
  accessKeyId: account.AccessKeyId,
  accessKeySecret: account.AccessKeySecret,
})

/** `signatureAlgorithm: 'v2'` is what the SDK calls V1. */
function config(keys: Keys, signature: 'V1' | 'V3') {
  return new OpenApi.Config({
    ...keys,
    endpoint: server.host,
    protocol: 'HTTPS',
    ca: server.ca,
    ...(signature === 'V1' && { signatureAlgorithm: 'v2' }),
  })
}

const ramOf = (keys: Keys, signature: 'V1' | 'V3' = 'V3') => new Ram.default(config(keys, signature))
const stsOf = (keys: Keys, signature: 'V1' | 'V3' = 'V3') => new Sts.default(config(keys, signature))

/** PrivateLink has no SDK of its own here; pop-core signs V1. */
async function privatelink(
  keys: Keys,
  action: string,
  params: object = {},
): Promise<Record<string, unknown>> {
  const client = new PopCore({
    ...keys,
    endpoint: `http://${server.host}`,
    apiVersion: '2020-04-15',
  })
  return await client.request(action, { RegionId: 'eu-central-1', ...params }, { method: 'POST' })
}

interface Refused {
  readonly code: string
  readonly data?: {
    readonly AccessDeniedDetail?: Readonly<Record<string, string>>
    readonly Message?: string
  }
  readonly accessDeniedDetail?: Readonly<Record<string, string>>
}

async function refusal(call: Promise<unknown>): Promise<Refused> {
  return (await call.then(
    () => expect.unreachable('the call was not refused'),
    (reason: unknown) => reason,
  )) as Refused
}

const document = (...Statement: readonly object[]) => JSON.stringify({ Version: '1', Statement })

async function newUser(account: Credentials, userName: string): Promise<Keys & { readonly userId: string }> {
  const ram = ramOf(keysOf(account))
  const created = await ram.createUser(new Ram.CreateUserRequest({ userName }))
  const { body } = await ram.createAccessKey(new Ram.CreateAccessKeyRequest({ userName }))
  return {
    userId: created.body?.user?.userId ?? '',
    accessKeyId: body?.accessKey?.accessKeyId ?? '',
    accessKeySecret: body?.accessKey?.accessKeySecret ?? '',
  }
}

describe.each(['V1', 'V3'] as const)('GetCallerIdentity by %s', (signature) => {
  test('of an account and of a user', async () => {
    const root = await stsOf(keysOf(consumer), signature).getCallerIdentity()
    expect(root.body).toMatchObject({
      identityType: 'Account',
      accountId: '12345678',
      arn: 'acs:ram::12345678:root',
    })
    const name = `who-${signature}`
    const keys = await newUser(consumer, name)
    const user = await stsOf(keys, signature).getCallerIdentity()
    expect(user.body).toMatchObject({
      identityType: 'RAMUser',
      accountId: '12345678',
      arn: `acs:ram::12345678:user/${name}`,
      principalId: keys.userId,
      userId: keys.userId,
    })
    expect(user.body?.roleId).toBeUndefined()
  })
})

test('a user with AliyunPrivateLinkReadOnlyAccess lists and does not create', async () => {
  const keys = await newUser(consumer, 'reader')
  const policy = { policyType: 'System', policyName: 'AliyunPrivateLinkReadOnlyAccess', userName: 'reader' }
  await ramOf(keysOf(consumer)).attachPolicyToUser(new Ram.AttachPolicyToUserRequest(policy))
  expect(await privatelink(keys, 'ListVpcEndpoints')).toMatchObject({ Endpoints: [] })
  const { code, data } = await refusal(privatelink(keys, 'CreateVpcEndpointService'))
  expect(code).toBe('NoPermission')
  expect(data?.Message).toContain('privatelink:CreateVpcEndpointService')
  expect(data?.Message).toContain('acs:privatelink:eu-central-1:12345678:vpcendpointservice/*')
  expect(data?.AccessDeniedDetail).toMatchObject({
    AuthAction: 'privatelink:CreateVpcEndpointService',
    AuthPrincipalOwnerId: '12345678',
    AuthPrincipalType: 'SubUser',
    AuthPrincipalDisplayName: keys.userId,
    NoPermissionType: 'ImplicitDeny',
  })
  expect(await privatelink(keysOf(consumer), 'ListVpcEndpointServices')).toMatchObject({ Services: [] })
})

test('a Deny on one endpoint service stands against an Allow on all', async () => {
  const owner = keysOf(provider)
  await privatelink(owner, 'OpenPrivateLinkService')
  const one = String((await privatelink(owner, 'CreateVpcEndpointService'))['ServiceId'])
  const other = String((await privatelink(owner, 'CreateVpcEndpointService'))['ServiceId'])
  const keys = await newUser(provider, 'careful')
  const ram = ramOf(owner)
  const policyDocument = document(
    { Effect: 'Allow', Action: 'privatelink:*', Resource: '*' },
    { Effect: 'Deny', Action: '*', Resource: `acs:privatelink:*:*:vpcendpointservice/${one}` },
  )
  await ram.createPolicy(new Ram.CreatePolicyRequest({ policyName: 'all-but-one', policyDocument }))
  const attachment = { policyType: 'Custom', policyName: 'all-but-one', userName: 'careful' }
  await ram.attachPolicyToUser(new Ram.AttachPolicyToUserRequest(attachment))
  await privatelink(keys, 'GetVpcEndpointServiceAttribute', { ServiceId: other })
  const denied = await refusal(privatelink(keys, 'DeleteVpcEndpointService', { ServiceId: one }))
  expect(denied.data?.AccessDeniedDetail?.['NoPermissionType']).toBe('ExplicitDeny')
  await privatelink(owner, 'GetVpcEndpointServiceAttribute', { ServiceId: one })
})

test('a key stops working when it is switched off, and when it is deleted', async () => {
  const keys = await newUser(consumer, 'leaver')
  const ram = ramOf(keysOf(consumer))
  const key = { userName: 'leaver', userAccessKeyId: keys.accessKeyId }
  const identity = () => stsOf(keys).getCallerIdentity()
  await identity()
  await ram.updateAccessKey(new Ram.UpdateAccessKeyRequest({ ...key, status: 'Inactive' }))
  expect((await refusal(identity())).code).toBe('InvalidAccessKeyId.Inactive')
  await ram.updateAccessKey(new Ram.UpdateAccessKeyRequest({ ...key, status: 'Active' }))
  await identity()
  const user = new Ram.DeleteUserRequest({ userName: 'leaver' })
  expect((await refusal(ram.deleteUser(user))).code).toBe('DeleteConflict.User.AccessKey')
  await ram.deleteAccessKey(new Ram.DeleteAccessKeyRequest(key))
  await ram.deleteUser(user)
  expect((await refusal(identity())).code).toBe('InvalidAccessKeyId.NotFound')
  const gone = ram.getUser(new Ram.GetUserRequest({ userName: 'leaver' }))
  expect((await refusal(gone)).code).toBe('EntityNotExist.User')
})

test('lists come in pages', async () => {
  const ram = ramOf(keysOf(provider))
  for (const userName of ['page-1', 'page-2', 'page-3']) {
    await ram.createUser(new Ram.CreateUserRequest({ userName }))
  }
  const names: string[] = []
  let marker: string | undefined
  do {
    const { body } = await ram.listUsers(new Ram.ListUsersRequest({ maxItems: 2, ...(marker && { marker }) }))
    names.push(...(body?.users?.user ?? []).map(({ userName }) => userName ?? ''))
    expect(body?.isTruncated).toBe(body?.marker !== undefined)
    marker = body?.marker
  } while (marker !== undefined)
  expect(names.filter((name) => name.startsWith('page-'))).toEqual(['page-1', 'page-2', 'page-3'])
})

describe('a role of another account', () => {
  let user: Keys
  let roleArn: string

  beforeAll(async () => {
    user = await newUser(consumer, 'visitor')
    const attach = { policyType: 'System', policyName: 'AliyunSTSAssumeRoleAccess', userName: 'visitor' }
    await ramOf(keysOf(consumer)).attachPolicyToUser(new Ram.AttachPolicyToUserRequest(attach))
    const ram = ramOf(keysOf(provider))
    const trusted = { RAM: 'acs:ram::12345678:user/visitor' }
    const assumeRolePolicyDocument = document({
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: trusted,
    })
    const created = await ram.createRole(
      new Ram.CreateRoleRequest({ roleName: 'Guest', assumeRolePolicyDocument }),
    )
    roleArn = created.body?.role?.arn ?? ''
    const policy = { policyType: 'System', policyName: 'AliyunPrivateLinkFullAccess', roleName: 'Guest' }
    await ram.attachPolicyToRole(new Ram.AttachPolicyToRoleRequest(policy))
  })

  const assume = (keys: Keys, more: object = {}) =>
    stsOf(keys).assumeRole(new Sts.AssumeRoleRequest({ roleArn, roleSessionName: 'ci', ...more }))

  async function session(more: object = {}): Promise<Keys> {
    const {
      accessKeyId = '',
      accessKeySecret = '',
      securityToken = '',
    } = (await assume(user, more)).body?.credentials ?? {}
    return { accessKeyId, accessKeySecret, securityToken }
  }

  test.each(['V1', 'V3'] as const)('gives credentials of that account, by %s', async (signature) => {
    const { body } = await assume(user)
    expect(body?.credentials?.accessKeyId).toMatch(/^STS\./)
    expect(body?.credentials?.expiration).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect(body?.assumedRoleUser?.arn).toBe('acs:ram::87654321:role/Guest/ci')
    const roleId = body?.assumedRoleUser?.assumedRoleId?.split(':')[0]
    const who = await stsOf(await session(), signature).getCallerIdentity()
    expect(who.body).toMatchObject({
      identityType: 'AssumedRoleUser',
      accountId: '87654321',
      arn: 'acs:ram::87654321:assumed-role/Guest/ci',
      principalId: `${roleId}:ci`,
      roleId,
    })
    expect(who.body?.userId).toBeUndefined()
  })

  test('may do what the role may, on what its account owns', async () => {
    const keys = await session()
    const { ServiceId } = await privatelink(keys, 'CreateVpcEndpointService')
    await privatelink(keysOf(provider), 'GetVpcEndpointServiceAttribute', { ServiceId })
    const { code, accessDeniedDetail } = await refusal(ramOf(keys).listUsers(new Ram.ListUsersRequest({})))
    expect(code).toBe('NoPermission')
    expect(accessDeniedDetail).toMatchObject({
      AuthAction: 'ram:ListUsers',
      AuthPrincipalType: 'AssumedRoleUser',
      AuthPrincipalDisplayName: 'Guest:ci',
    })
  })

  test('is narrowed by a session policy, which gives nothing of its own', async () => {
    const policy = document({ Effect: 'Allow', Action: ['privatelink:List*', 'ram:*'], Resource: '*' })
    const keys = await session({ policy })
    await privatelink(keys, 'ListVpcEndpointServices')
    const { data } = await refusal(privatelink(keys, 'CreateVpcEndpointService'))
    expect(data?.AccessDeniedDetail?.['PolicyType']).toBe('SessionPolicy')
    expect((await refusal(ramOf(keys).listUsers(new Ram.ListUsersRequest({})))).code).toBe('NoPermission')
  })

  test('is renewed between two attempts of one write', async () => {
    const attempt = async () =>
      (await privatelink(await session(), 'CreateVpcEndpointService', { ClientToken: 'renewed' }))[
        'ServiceId'
      ]
    expect(await attempt()).toBe(await attempt())
  })

  test('is refused to whoever is not trusted, and to an account itself', async () => {
    const stranger = await newUser(consumer, 'stranger')
    expect((await refusal(assume(stranger))).code).toBe('NoPermission')
    const attach = { policyType: 'System', policyName: 'AdministratorAccess', userName: 'stranger' }
    await ramOf(keysOf(consumer)).attachPolicyToUser(new Ram.AttachPolicyToUserRequest(attach))
    expect((await refusal(assume(stranger))).code).toBe('NoPermission')
    expect((await refusal(assume(keysOf(consumer)))).code).toBe('NoPermission')
  })

  test.each([
    [{ durationSeconds: 899 }, 'InvalidParameter.DurationSeconds'],
    [{ durationSeconds: 3601 }, 'InvalidParameter.DurationSeconds'],
    [{ roleArn: 'Guest' }, 'InvalidParameter.RoleArn'],
    [{ roleArn: 'acs:ram::87654321:role/Nobody' }, 'EntityNotExist.Role'],
    [{ roleSessionName: 'a b' }, 'InvalidParameter.RoleSessionName'],
    [{ policy: '{}' }, 'InvalidParameter.PolicyGrammar'],
    [{ policy: ' '.repeat(2049) }, 'InvalidParameter.PolicySize'],
    [{ externalId: '!' }, 'InvalidParameter.ExternalId'],
  ])('%j is refused with %s', async (change, code) => {
    expect((await refusal(assume(user, change))).code).toBe(code)
  })

  test('its key is worth nothing without its own token', async () => {
    const keys = await session()
    const { securityToken = '' } = await session()
    const { accessKeyId, accessKeySecret } = keys
    const who = (with_: Keys) => refusal(stsOf(with_).getCallerIdentity())
    expect((await who({ accessKeyId, accessKeySecret })).code).toBe('MissingSecurityToken')
    expect((await who({ ...keys, securityToken })).code).toBe('InvalidSecurityToken.MismatchWithAccessKey')
    expect((await who({ ...keys, securityToken: 'x' })).code).toBe('InvalidSecurityToken.Malformed')
    expect((await who({ ...keys, accessKeySecret: 'x' })).code).toBe('SignatureDoesNotMatch')
  })
})

describe('conditions', () => {
  /** A user who may list services under a condition. It calls by HTTP, from this machine. */
  async function under(userName: string, Condition: object): Promise<Keys> {
    const user = await newUser(consumer, userName)
    const ram = ramOf(keysOf(consumer))
    const policyDocument = document({
      Effect: 'Allow',
      Action: 'privatelink:List*',
      Resource: '*',
      Condition,
    })
    await ram.createPolicy(new Ram.CreatePolicyRequest({ policyName: userName, policyDocument }))
    const attach = { policyType: 'Custom', policyName: userName, userName }
    await ram.attachPolicyToUser(new Ram.AttachPolicyToUserRequest(attach))
    return user
  }
  const list = (keys: Keys) => privatelink(keys, 'ListVpcEndpointServices')

  test.each([
    ['here', { IpAddress: { 'acs:SourceIp': ['127.0.0.0/8', '::1'] } }],
    ['by-http', { Bool: { 'acs:SecureTransport': 'false' } }],
    ['in-time', { DateGreaterThan: { 'acs:CurrentTime': '2026-01-01T00:00:00Z' } }],
    ['without-mfa', { Bool: { 'acs:MFAPresent': 'false' } }],
  ])('%s: the call is as demanded', async (userName, condition) => {
    await list(await under(userName, condition))
  })

  test.each([
    ['elsewhere', { IpAddress: { 'acs:SourceIp': '10.0.0.0/8' } }],
    ['by-https', { Bool: { 'acs:SecureTransport': 'true' } }],
    ['too-late', { DateLessThan: { 'acs:CurrentTime': '2026-01-01T00:00:00Z' } }],
    ['with-mfa', { Bool: { 'acs:MFAPresent': 'true' } }],
  ])('%s: the call is not as demanded', async (userName, condition) => {
    const { data } = await refusal(list(await under(userName, condition)))
    expect(data?.AccessDeniedDetail?.['NoPermissionType']).toBe('ImplicitDeny')
  })

  test('an external id opens a role that asks for it', async () => {
    const visitor = await newUser(consumer, 'partner')
    const attach = { policyType: 'System', policyName: 'AliyunSTSAssumeRoleAccess', userName: 'partner' }
    await ramOf(keysOf(consumer)).attachPolicyToUser(new Ram.AttachPolicyToUserRequest(attach))
    const assumeRolePolicyDocument = document({
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { RAM: 'acs:ram::12345678:root' },
      Condition: { StringEquals: { 'sts:ExternalId': 'agreed' } },
    })
    const role = { roleName: 'Shared', assumeRolePolicyDocument }
    await ramOf(keysOf(provider)).createRole(new Ram.CreateRoleRequest(role))
    const shared = { roleArn: 'acs:ram::87654321:role/Shared', roleSessionName: 'ci' }
    const assume = (more: object) =>
      stsOf(visitor).assumeRole(new Sts.AssumeRoleRequest({ ...shared, ...more }))
    expect((await assume({ externalId: 'agreed' })).body?.credentials?.accessKeyId).toMatch(/^STS\./)
    for (const more of [{}, { externalId: 'guessed' }]) {
      expect((await refusal(assume(more))).code).toBe('NoPermission')
    }
  })
})

test.each([
  [{ Effect: 'Allow', Action: 'ecs', Resource: '*' }, 'MalformedPolicyDocument'],
  [{ Effect: 'Allow', Action: '*', Resource: '*', Condition: {} }, 'MalformedPolicyDocument'],
])('the policy %j is refused with %s', async (statement, code) => {
  const policy = { policyName: 'bad', policyDocument: document(statement) }
  const created = ramOf(keysOf(consumer)).createPolicy(new Ram.CreatePolicyRequest(policy))
  expect((await refusal(created)).code).toBe(code)
})

test('what a forced destroy asks of a user is answered as for one that never logged in', async () => {
  const ram = new PopCore({
    accessKeyId: consumer.AccessKeyId,
    accessKeySecret: consumer.AccessKeySecret,
    endpoint: `http://${server.host}`,
    apiVersion: '2015-05-01',
  })
  const call = (action: string, params: object) => ram.request<object>(action, params, { method: 'POST' })
  const UserName = 'forced'
  await call('CreateUser', { UserName })
  expect(await call('ListAccessKeys', { UserName })).toMatchObject({ AccessKeys: { AccessKey: [] } })
  expect(await call('ListPoliciesForUser', { UserName })).toMatchObject({ Policies: { Policy: [] } })
  expect(await call('ListGroupsForUser', { UserName })).toMatchObject({ Groups: { Group: [] } })
  const password = await refusal(call('DeleteLoginProfile', { UserName }))
  expect(password.code).toBe('EntityNotExist.User.LoginProfile')
  expect((await refusal(call('UnbindMFADevice', { UserName }))).code).toBe('EntityNotExist.User.MFADevice')
  await call('DeleteUser', { UserName })
})
