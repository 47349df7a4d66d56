/** A user may do what policies allow it, on every resource a request is about; without a policy nothing at all. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AccessDenied } from '../../src/api/access-denied.ts'
import type { Principal } from '../../src/api/action.ts'
import { allActions } from '../../src/api/actions/all.ts'
import { products } from '../../src/api/products.ts'
import { ramCode } from '../../src/api/request-resources.ts'
import type { WireParams } from './call.ts'
import { consumer, provider, setScene, type Scene } from './scene.ts'

let scene: Scene

beforeAll(async () => {
  scene = await setScene()
})
afterAll(() => scene.of.db.destroy())

let made = 0
/** A user of the consumer's with a policy of these statements. */
async function userWith(...Statement: readonly object[]): Promise<Principal> {
  const name = `user${(made += 1)}`
  const { User } = await scene.of.call(consumer, 'Ram.CreateUser', { UserName: name })
  if (Statement.length > 0) {
    const policy = { PolicyName: name, PolicyDocument: JSON.stringify({ Version: '1', Statement }) }
    await scene.of.call(consumer, 'Ram.CreatePolicy', policy)
    const attachment = { PolicyType: 'Custom', PolicyName: name, UserName: name }
    await scene.of.call(consumer, 'Ram.AttachPolicyToUser', attachment)
  }
  return { kind: 'user', id: (User as { UserId: string }).UserId, name }
}

async function denial(principal: Principal, action: string, params?: WireParams): Promise<AccessDenied> {
  const error = await scene.of.call(consumer, action, params, principal).catch((reason: unknown) => reason)
  if (!(error instanceof AccessDenied)) throw new Error(`${action} was not denied`, { cause: error })
  return error
}

const allow = (Action: string, Resource = '*') => ({ Effect: 'Allow', Action, Resource })
const deny = (Action: string, Resource = '*') => ({ Effect: 'Deny', Action, Resource })

describe('without a policy every action is refused', () => {
  const open = ['Sts.GetCallerIdentity', 'Location.DescribeEndpoints']
  let nobody: Principal
  beforeAll(async () => {
    nobody = await userWith()
  })

  test('but for the two that need none', () => {
    const without = allActions.filter(({ authorization }) => authorization === 'none')
    expect(without.map(({ product, name }) => `${product}.${name}`).toSorted()).toEqual(open.toSorted())
  })

  const names = allActions.map(({ product, name }) => `${product}.${name}`)
  test.each(names.filter((name) => !open.includes(name)))('%s', async (name) => {
    const action = allActions.find((one) => name === `${one.product}.${one.name}`)
    const product = products[action?.product ?? 'Ram']
    const authAction = `${ramCode(product)}:${action?.name}`
    const error = await denial(nobody, name)
    expect([error.status, error.code]).toEqual([403, product.denied ?? 'NoPermission'])
    expect(error.message).toMatch(
      new RegExp(`Action: ${authAction}\\. Resource: acs:[a-z]+:[^:]*:[^:]*:.+\\.$`),
    )
    expect(error.detail).toMatchObject({ AuthAction: authAction, NoPermissionType: 'ImplicitDeny' })
    await scene.of.refusal(consumer, name, {}, nobody)
  })
})

describe('on resources', () => {
  test('a denied one among several refuses the call, whichever way it is named', async () => {
    const { ecs1, vpc1 } = scene
    const user = await userWith(allow('*'), deny('ecs:*', `acs:ecs:*:${consumer}:instance/${ecs1}`))
    const tag = { ResourceType: 'instance', 'Tag.1.Key': 'a', 'ResourceId.1': vpc1.vpc, 'ResourceId.2': ecs1 }
    for (const [action, params] of [
      ['Ecs.StopInstance', { InstanceId: ecs1 }],
      ['Ecs.StopInstance', { instanceId: ecs1 }],
      ['Ecs.DescribeInstances', { InstanceIds: JSON.stringify(['i-other', ecs1]) }],
      ['Ecs.TagResources', tag],
    ] as const) {
      const { detail, message } = await denial(user, action, params)
      expect(detail.NoPermissionType).toBe('ExplicitDeny')
      expect(message).toContain(`acs:ecs:eu-central-1:${consumer}:instance/${ecs1}`)
    }
    await scene.of.call(consumer, 'Ecs.DescribeInstances', {}, user)
  })

  test('an action is allowed on what is named, and nothing else', async () => {
    const { endpoint } = scene
    const arn = `acs:privatelink:*:*:vpcendpoint/${endpoint}`
    const user = await userWith(allow('privatelink:*', arn))
    await scene.of.call(consumer, 'Privatelink.GetVpcEndpointAttribute', { EndpointId: endpoint }, user)
    const { message } = await denial(user, 'Privatelink.GetVpcEndpointAttribute', { EndpointId: 'ep-other' })
    expect(message).toContain('vpcendpoint/ep-other.')
    expect((await denial(user, 'Privatelink.ListVpcEndpoints')).message).toContain('vpcendpoint/*.')
  })

  test('what is made needs the right to its kind, and to all it is made of', async () => {
    const { vpc1, service } = scene
    const params = {
      VpcId: vpc1.vpc,
      ServiceName: `com.aliyuncs.privatelink.eu-central-1.${service}`,
      'Zone.1.VSwitchId': vpc1.vswitch,
      'SecurityGroupId.1': vpc1.group,
    }
    const create = 'Privatelink.CreateVpcEndpoint'
    const needed = [
      `acs:vpc:eu-central-1:${consumer}:vpc/${vpc1.vpc}`,
      `acs:privatelink:eu-central-1:${consumer}:vpcendpointservice/${service}`,
      `acs:vpc:eu-central-1:${consumer}:vswitch/${vpc1.vswitch}`,
      `acs:ecs:eu-central-1:${consumer}:securitygroup/${vpc1.group}`,
    ]
    for (const arn of needed) {
      const user = await userWith(allow('*'), deny('privatelink:CreateVpcEndpoint', arn))
      expect((await denial(user, create, params)).message).toContain(arn)
    }
    const kindless = await userWith(allow('*'), deny('*', 'acs:privatelink:*:*:vpcendpoint/*'))
    expect((await denial(kindless, create, params)).message).toContain('vpcendpoint/*.')
  })

  test('a resource that an ARN names is a named one', async () => {
    const { vpc } = scene.vpc1
    const user = await userWith(allow('*'), deny('tag:*', `acs:vpc:*:*:vpc/${vpc}`))
    const arn = `arn:acs:vpc:eu-central-1:${consumer}:vpc/${vpc}`
    const error = await denial(user, 'Tag.TagResources', { 'ResourceARN.1': arn, Tags: '{"a":"b"}' })
    expect(error.message).toContain(`vpc/${vpc}`)
  })

  test('what another account owns looks missing also to a user who may do everything', async () => {
    const user = await userWith(allow('*'))
    const params = { LoadBalancerId: scene.clb }
    const code = await scene.of.refusal(consumer, 'Slb.DeleteLoadBalancer', params, user)
    expect(code).toBe('InvalidLoadBalancerId.NotFound')
  })
})

test('a group gives its policies to its users, until they leave it', async () => {
  const user = await userWith()
  if (user.kind !== 'user') throw new Error('not a user')
  const member = { UserName: user.name, GroupName: 'readers' }
  await scene.of.call(consumer, 'Ram.CreateGroup', { GroupName: 'readers' })
  const policy = { PolicyType: 'System', PolicyName: 'AliyunPrivateLinkReadOnlyAccess', GroupName: 'readers' }
  await scene.of.call(consumer, 'Ram.AttachPolicyToGroup', policy)
  await denial(user, 'Privatelink.ListVpcEndpoints')
  await scene.of.call(consumer, 'Ram.AddUserToGroup', member)
  await scene.of.call(consumer, 'Privatelink.ListVpcEndpoints', {}, user)
  await denial(user, 'Privatelink.CreateVpcEndpoint')
  await scene.of.call(consumer, 'Ram.RemoveUserFromGroup', member)
  await denial(user, 'Privatelink.ListVpcEndpoints')
})

test('the policies of one account say nothing in another', async () => {
  const user = await userWith(allow('*'))
  const elsewhere = scene.of.call(provider, 'Privatelink.ListVpcEndpoints', {}, user)
  await expect(elsewhere).rejects.toThrow(AccessDenied)
})

test('the version that is the default one decides', async () => {
  const user = await userWith(allow('vpc:*'))
  if (user.kind !== 'user') throw new Error('not a user')
  await scene.of.call(consumer, 'Vpc.DescribeVpcs', {}, user)
  const PolicyDocument = JSON.stringify({ Version: '1', Statement: [deny('vpc:*')] })
  await scene.of.call(consumer, 'Ram.CreatePolicyVersion', { PolicyName: user.name, PolicyDocument })
  await scene.of.call(consumer, 'Vpc.DescribeVpcs', {}, user)
  const second = { PolicyName: user.name, VersionId: 'v2' }
  await scene.of.call(consumer, 'Ram.SetDefaultPolicyVersion', second)
  expect((await denial(user, 'Vpc.DescribeVpcs')).detail.NoPermissionType).toBe('ExplicitDeny')
})
