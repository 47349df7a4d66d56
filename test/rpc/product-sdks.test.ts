/** The walkthrough's provider side through the official product SDKs, against the server as users run it. */
import { createRequire } from 'node:module'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startServer, type Credentials, type RunningServer } from '../fixtures/running-server.ts'

const require = createRequire(import.meta.url)
const Vpc = require('@alicloud/vpc20160428') as typeof import('@alicloud/vpc20160428')
const Ecs = require('@alicloud/ecs20140526') as typeof import('@alicloud/ecs20140526')
const OpenApi = require('@alicloud/openapi-client') as typeof import('@alicloud/openapi-client')
const PopCore = require('@alicloud/pop-core') as typeof import('@alicloud/pop-core')

const region = 'eu-central-1'
const zone = 'eu-central-1b'

let server: RunningServer
let account: Credentials

beforeAll(async () => {
  server = await startServer()
  account = await server.createAccount('87654321', 'provider')
})

afterAll(() => server[Symbol.asyncDispose]())

function config(protocol: 'HTTP' | 'HTTPS') {
  return new OpenApi.Config({
    accessKeyId: account.AccessKeyId,
    accessKeySecret: account.AccessKeySecret,
    endpoint: server.host,
    protocol,
    ca: server.ca,
  })
}

function popClient(version: string) {
  return new PopCore({
    endpoint: `http://${server.host}`,
    apiVersion: version,
    accessKeyId: account.AccessKeyId,
    accessKeySecret: account.AccessKeySecret,
  })
}

test.each(['HTTP', 'HTTPS'] as const)(
  'a network with two instances, by the SDKs over %s',
  async (protocol) => {
    const vpcs = new Vpc.default(config(protocol))
    const ecs = new Ecs.default(config(protocol))

    const { body: vpc } = await vpcs.createVpc(
      new Vpc.CreateVpcRequest({ regionId: region, cidrBlock: '10.0.0.0/16', vpcName: 'vpc2' }),
    )
    expect(vpc?.vpcId).toMatch(/^vpc-/)
    const describeVpc = new Vpc.DescribeVpcAttributeRequest({ regionId: region, vpcId: vpc?.vpcId ?? '' })
    await vi.waitFor(async () => {
      expect((await vpcs.describeVpcAttribute(describeVpc)).body?.status).toBe('Available')
    })

    const { body: vswitch } = await vpcs.createVSwitch(
      new Vpc.CreateVSwitchRequest({
        regionId: region,
        vpcId: vpc?.vpcId ?? '',
        zoneId: zone,
        cidrBlock: '10.0.0.0/24',
      }),
    )
    const describeVSwitch = new Vpc.DescribeVSwitchAttributesRequest({
      regionId: region,
      vSwitchId: vswitch?.vSwitchId ?? '',
    })
    await vi.waitFor(async () => {
      expect((await vpcs.describeVSwitchAttributes(describeVSwitch)).body?.status).toBe('Available')
    })
    const { body: group } = await ecs.createSecurityGroup(
      new Ecs.CreateSecurityGroupRequest({ regionId: region, vpcId: vpc?.vpcId ?? '' }),
    )
    const permission = {
      ipProtocol: 'TCP',
      portRange: '80/80',
      sourceCidrIp: '10.0.0.0/16',
      priority: '1',
      policy: 'accept',
    }
    await ecs.authorizeSecurityGroup(
      new Ecs.AuthorizeSecurityGroupRequest({
        regionId: region,
        securityGroupId: group?.securityGroupId ?? '',
        permissions: [new Ecs.AuthorizeSecurityGroupRequestPermissions(permission)],
      }),
    )
    const rules = await ecs.describeSecurityGroupAttribute(
      new Ecs.DescribeSecurityGroupAttributeRequest({
        regionId: region,
        securityGroupId: group?.securityGroupId ?? '',
        direction: 'ingress',
      }),
    )
    expect(rules.body?.permissions?.permission?.[0]).toMatchObject({
      ipProtocol: 'TCP',
      portRange: '80/80',
      policy: 'Accept',
      priority: '1',
    })

    const instances: string[] = []
    for (const address of ['10.0.0.200', '10.0.0.201']) {
      const { body } = await ecs.runInstances(
        new Ecs.RunInstancesRequest({
          regionId: region,
          imageId: 'postern_sandbox',
          instanceType: 'ecs.t5-lc2m1.nano',
          vSwitchId: vswitch?.vSwitchId ?? '',
          securityGroupId: group?.securityGroupId ?? '',
          privateIpAddress: address,
          userData: Buffer.from('#!/bin/sh\nsleep infinity\n').toString('base64'),
        }),
      )
      instances.push(...(body?.instanceIdSets?.instanceIdSet ?? []))
    }
    expect(instances).toHaveLength(2)
    await vi.waitFor(async () => {
      const { body } = await ecs.describeInstances(
        new Ecs.DescribeInstancesRequest({ regionId: region, instanceIds: JSON.stringify(instances) }),
      )
      expect(body?.instances?.instance?.map(({ status }) => status)).toEqual(['Running', 'Running'])
    })
    const { body: described } = await ecs.describeInstances(
      new Ecs.DescribeInstancesRequest({ regionId: region, instanceIds: JSON.stringify(instances) }),
    )
    const addresses = described?.instances?.instance?.map(
      ({ vpcAttributes }) => vpcAttributes?.privateIpAddress?.ipAddress?.[0],
    )
    expect(addresses?.toSorted()).toEqual(['10.0.0.200', '10.0.0.201'])
  },
)

test('PrivateLink and CLB, whose SDKs take any action: by pop-core', async () => {
  const privatelink = popClient('2020-04-15')
  const slb = popClient('2014-05-15')
  await privatelink.request('OpenPrivateLinkService', {})
  const call = <Answer>(client: typeof slb, action: string, params: object) =>
    client.request<Answer>(action, { RegionId: region, ...params }, { method: 'POST' })

  const vpcs = popClient('2016-04-28')
  const { VpcId } = await call<{ VpcId: string }>(vpcs, 'CreateVpc', { CidrBlock: '10.0.0.0/16' })
  await vi.waitFor(async () => {
    const { Status } = await call<{ Status: string }>(vpcs, 'DescribeVpcAttribute', { VpcId })
    expect(Status).toBe('Available')
  })
  const { VSwitchId } = await call<{ VSwitchId: string }>(vpcs, 'CreateVSwitch', {
    VpcId,
    ZoneId: zone,
    CidrBlock: '10.0.0.0/24',
  })
  await vi.waitFor(async () => {
    const { Status } = await call<{ Status: string }>(vpcs, 'DescribeVSwitchAttributes', { VSwitchId })
    expect(Status).toBe('Available')
  })
  const { LoadBalancerId } = await call<{ LoadBalancerId: string }>(slb, 'CreateLoadBalancer', {
    AddressType: 'intranet',
    VpcId,
    VSwitchId,
    LoadBalancerSpec: 'slb.s1.small',
    MasterZoneId: zone,
  })
  const { ServiceId } = await call<{ ServiceId: string }>(privatelink, 'CreateVpcEndpointService', {
    'Resource.1.ResourceType': 'slb',
    'Resource.1.ResourceId': LoadBalancerId,
    'Resource.1.ZoneId': zone,
  })
  await vi.waitFor(async () => {
    const service = await call<{ ServiceStatus: string; ServiceName: string }>(
      privatelink,
      'GetVpcEndpointServiceAttribute',
      { ServiceId },
    )
    expect(service).toMatchObject({
      ServiceStatus: 'Active',
      ServiceName: `com.aliyuncs.privatelink.${region}.${ServiceId}`,
    })
  })
})
