/** Managed protection: an endpoint that a role made obeys that role, in whichever session, and nobody else. */
import { createRequire } from 'node:module'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type RunningServer } from '../../fixtures/running-server.ts'
import { refusalOf, type Answer, type Call, type Params } from './clients.ts'
import { endpointIs, makeNetwork, makeParty, makeService } from './stage.ts'

const require = createRequire(import.meta.url)
const PopCore = require('@alicloud/pop-core') as typeof import('@alicloud/pop-core')

let server: RunningServer

beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server[Symbol.asyncDispose]())

interface Keys {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken?: string
}

function as(keys: Keys, apiVersion: string): Call {
  const client = new PopCore({ ...keys, endpoint: `http://${server.host}`, apiVersion })
  return (action: string, params: Params = {}) =>
    client.request<Answer>(action, { RegionId: 'eu-central-1', ...params }, { method: 'POST' })
}

test('only the role that made it changes and deletes a protected endpoint', async () => {
  const account = await makeParty(server, '12345678')
  await account.privatelink('OpenPrivateLinkService')
  const network = await makeNetwork(account)
  const ServiceId = await makeService(account, [])

  const { AccessKeyId, AccessKeySecret } = account.credentials
  const ram = as({ accessKeyId: AccessKeyId, accessKeySecret: AccessKeySecret }, '2015-05-01')
  await ram('CreateUser', { UserName: 'visitor' })
  await ram('AttachPolicyToUser', {
    PolicyType: 'System',
    PolicyName: 'AdministratorAccess',
    UserName: 'visitor',
  })
  const made = (await ram('CreateAccessKey', { UserName: 'visitor' }))['AccessKey'] as Record<string, string>
  const user = { accessKeyId: made['AccessKeyId'] ?? '', accessKeySecret: made['AccessKeySecret'] ?? '' }
  const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { RAM: ['acs:ram::12345678:root'] } }
  for (const RoleName of ['keeper', 'other']) {
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '1', Statement: [trust] })
    await ram('CreateRole', { RoleName, AssumeRolePolicyDocument })
    await ram('AttachPolicyToRole', { PolicyType: 'System', PolicyName: 'AdministratorAccess', RoleName })
  }
  const sts = as(user, '2015-04-01')
  const inRole = async (role: string, RoleSessionName: string): Promise<Call> => {
    const RoleArn = `acs:ram::12345678:role/${role}`
    const { Credentials } = await sts('AssumeRole', { RoleArn, RoleSessionName })
    const { AccessKeyId: id, AccessKeySecret: secret, SecurityToken } = Credentials as Record<string, string>
    const keys = { accessKeyId: id ?? '', accessKeySecret: secret ?? '', securityToken: SecurityToken ?? '' }
    return as(keys, '2020-04-15')
  }

  const keeper = await inRole('keeper', 'first')
  const created = await keeper('CreateVpcEndpoint', {
    ServiceId,
    VpcId: network.vpc,
    SecurityGroupId: [network.group],
    ProtectedEnabled: true,
  })
  const EndpointId = String(created['EndpointId'])
  await endpointIs(account, EndpointId, 'EndpointStatus', 'Active')
  expect(await account.privatelink('GetVpcEndpointAttribute', { EndpointId })).toMatchObject({
    ProtectedEnabled: true,
  })

  const strangers = [account.privatelink, as(user, '2020-04-15'), await inRole('other', 'first')]
  for (const call of strangers) {
    const rename = call('UpdateVpcEndpointAttribute', { EndpointId, EndpointName: 'mine' })
    expect((await refusalOf(rename))?.code).toBe('EndpointProtected')
    expect((await refusalOf(call('DeleteVpcEndpoint', { EndpointId })))?.code).toBe('EndpointProtected')
  }
  const again = await inRole('keeper', 'second')
  await again('UpdateVpcEndpointAttribute', { EndpointId, EndpointName: 'kept' })
  await again('DeleteVpcEndpoint', { EndpointId })
})
