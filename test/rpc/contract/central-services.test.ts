/** Every action of Tag, ResourceManager, Cms and BssOpenApi through their official SDKs, and the products that have none here. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { actionsOf, region, startSuite, type SdkUnderTest, type Suite } from './sdk.ts'

let suite: Suite
let tag: SdkUnderTest
let resources: SdkUnderTest
let vpcId: string
beforeAll(async () => {
  suite = await startSuite()
  tag = suite.sdk('@alicloud/tag20180828')
  resources = suite.sdk('@alicloud/resourcemanager20200331')
  vpcId = String((await suite.sdk('@alicloud/vpc20160428').call('CreateVpc'))['vpcId'])
})
afterAll(() => suite[Symbol.asyncDispose]())

test('tags by ARN', async () => {
  const ARN = `arn:acs:vpc:${region}:${tag.account}:vpc/${vpcId}`
  const done = { failedResources: { failedResource: [] } }
  const strange = ARN.replace(vpcId, 'vpc-none')
  expect(await tag.call('TagResources', { resourceARN: [ARN], tags: '{"use":"contract"}' })).toMatchObject(
    done,
  )
  expect(await tag.call('TagResources', { resourceARN: [strange], tags: '{"a":"b"}' })).toMatchObject({
    failedResources: {
      failedResource: [{ resourceARN: strange, result: { code: 'InvalidResourceId.NotFound' } }],
    },
  })
  expect(await tag.call('ListTagResources', { resourceARN: [ARN] })).toMatchObject({
    tagResources: [{ resourceARN: ARN, tags: [{ key: 'use', value: 'contract', category: 'Custom' }] }],
  })
  expect(await tag.call('ListTagKeys')).toMatchObject({ keys: { key: [{ key: 'use' }] } })
  expect(await tag.call('ListTagValues', { key: 'use' })).toMatchObject({ values: { value: ['contract'] } })
  const byTag = { resourceType: 'ALIYUN::VPC::VPC', tagFilter: { key: 'use', value: 'contract' } }
  expect(await tag.call('ListResourcesByTag', byTag)).toMatchObject({ resources: [{ resourceId: vpcId }] })
  expect(await tag.call('UntagResources', { resourceARN: [ARN], tagKey: ['use'] })).toMatchObject(done)
  expect(await tag.refusal('TagResources', { resourceARN: ['vpc'], tags: '{"a":"b"}' })).toBe(
    '400 InvalidParameter.ResourceARN',
  )
  await tag.call('DescribeRegions')
  expect([...tag.succeeded].toSorted()).toEqual(actionsOf('Tag'))
})

test('resource groups', async () => {
  const named = { name: 'mine', displayName: 'my own', tag: [{ key: 'use', value: 'contract' }] }
  const made = await resources.call('CreateResourceGroup', named)
  const resourceGroupId = (made['resourceGroup'] as { id: string }).id
  expect(await resources.refusal('CreateResourceGroup', named)).toBe('409 EntityAlreadyExists.ResourceGroup')
  await resources.call('UpdateResourceGroup', { resourceGroupId, newDisplayName: 'ours' })
  expect(await resources.call('GetResourceGroup', { resourceGroupId })).toMatchObject({
    resourceGroup: { displayName: 'ours' },
  })
  expect(
    await resources.call('ListResourceGroups', { tag: [{ key: 'use' }], includeTags: true }),
  ).toMatchObject({
    resourceGroups: {
      resourceGroup: [{ id: resourceGroupId, tags: { tag: [{ tagKey: 'use', tagValue: 'contract' }] } }],
    },
  })
  const tagged = { resourceType: 'ResourceGroup', resourceId: [resourceGroupId] }
  await resources.call('TagResources', { ...tagged, tag: [{ key: 'a', value: 'b' }] })
  expect(await resources.call('ListTagResources', tagged)).toMatchObject({
    tagResources: [{ tagKey: 'a' }, { tagKey: 'use' }],
  })
  await resources.call('UntagResources', { ...tagged, all: true })
  const vpc = { resourceId: vpcId, resourceType: 'vpc', service: 'vpc', regionId: region }
  expect(await resources.call('MoveResources', { resourceGroupId, resources: [vpc] })).toMatchObject({
    responses: [{ ...vpc, status: '200' }],
  })
  expect(await resources.call('ListResources', { resourceGroupId })).toMatchObject({
    totalCount: 1,
    resources: { resource: [{ resourceId: vpcId, service: 'vpc', resourceGroupId }] },
  })
  expect(await resources.refusal('DeleteResourceGroup', { resourceGroupId })).toBe(
    '409 DeleteConflict.ResourceGroup.Resource',
  )
  expect(await resources.refusal('GetResourceGroup', { resourceGroupId: 'rg-none' })).toBe(
    '404 EntityNotExists.ResourceGroup',
  )
  const empty = await resources.call('CreateResourceGroup', { name: 'empty', displayName: 'empty' })
  await resources.call('DeleteResourceGroup', {
    resourceGroupId: (empty['resourceGroup'] as { id: string }).id,
  })
  expect([...resources.succeeded].toSorted()).toEqual(actionsOf('ResourceManager'))
})

test('measurements and alarm rules', async () => {
  const cms = suite.sdk('@alicloud/cms20190101')
  const metric = { namespace: 'acs_privatelink', metricName: 'VpcEndpointInBps', period: '60' }
  expect(await cms.call('DescribeProjectMeta')).toMatchObject({ code: '200', total: '3' })
  expect(await cms.call('DescribeMetricMetaList', { namespace: metric.namespace })).toMatchObject({
    success: true,
    resources: {
      resource: expect.arrayContaining([
        expect.objectContaining({ metricName: metric.metricName }),
      ]) as unknown,
    },
  })
  const dimensions = JSON.stringify([{ instanceId: 'ep-none' }])
  for (const action of ['DescribeMetricList', 'DescribeMetricLast']) {
    expect(await cms.call(action, { ...metric, dimensions })).toMatchObject({ code: '200', datapoints: '[]' })
    expect(await cms.refusal(action, { ...metric, metricName: 'CPUUtilization' })).toBe(
      '404 ResourceNotFound',
    )
  }
  const critical = {
    statistics: 'Average',
    comparisonOperator: 'GreaterThanThreshold',
    threshold: '90',
    times: 3,
  }
  await cms.call('PutResourceMetricRule', {
    ...metric,
    ruleId: 'busy',
    ruleName: 'busy endpoint',
    resources: '[{"instanceId":"ep-none"}]',
    contactGroups: 'nobody',
    escalations: { critical },
  })
  await cms.call('DisableMetricRules', { ruleId: ['busy'] })
  await cms.call('EnableMetricRules', { ruleId: ['busy'] })
  expect(await cms.call('DescribeMetricRuleList', { ruleIds: 'busy' })).toMatchObject({
    alarms: {
      alarm: [{ ruleId: 'busy', enableState: true, escalations: { critical: { threshold: '90' } } }],
    },
  })
  await cms.call('DeleteMetricRules', { id: ['busy'] })
  expect(await cms.refusal('DeleteMetricRules', { id: ['busy'] })).toBe('404 ResourceNotFound')
  expect([...cms.succeeded].toSorted()).toEqual(actionsOf('Cms'))
})

test('what an account has bought', async () => {
  const bss = suite.sdk('@alicloud/bssopenapi20171214')
  expect(await bss.call('QueryAvailableInstances', { productCode: 'vpc' })).toMatchObject({
    success: true,
    data: { totalCount: 0, instanceList: [] },
  })
})

test('what has no SDK of its own here, through generic clients', async () => {
  const { location, actiontrail } = suite.party
  const asked = { Id: region, ServiceCode: 'vpc', Type: 'openAPI' }
  expect(await location('DescribeEndpoints', asked)).toMatchObject({
    Endpoints: { Endpoint: [{ Id: region, SerivceCode: 'vpc', Type: 'openAPI' }] },
  })
  const named = [{ Key: 'EventName', Value: 'QueryAvailableInstances' }]
  expect(await actiontrail('LookupEvents', { LookupAttribute: named })).toMatchObject({
    Events: [{ eventName: 'QueryAvailableInstances', serviceName: 'BssOpenApi' }],
  })
})
