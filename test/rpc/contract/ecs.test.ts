/** Every action of Ecs through its official SDK, and the errors that its callers wait for. */
import { createPublicKey } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { actionsOf, startSuite, zone, type Params, type SdkUnderTest, type Suite } from './sdk.ts'

let suite: Suite
let ecs: SdkUnderTest
let vpcId: string
let vSwitchId: string
let securityGroupId: string
let resourceGroupId: string
beforeAll(async () => {
  suite = await startSuite()
  ecs = suite.sdk('@alicloud/ecs20140526')
  const vpc = suite.sdk('@alicloud/vpc20160428')
  vpcId = String((await vpc.call('CreateVpc', { cidrBlock: '10.0.0.0/16' }))['vpcId'])
  await vpc.until('DescribeVpcAttribute', { vpcId }, { status: 'Available' })
  const subnet = { vpcId, zoneId: zone, cidrBlock: '10.0.0.0/24' }
  vSwitchId = String((await vpc.call('CreateVSwitch', subnet))['vSwitchId'])
  await vpc.until('DescribeVSwitchAttributes', { vSwitchId }, { status: 'Available' })
  securityGroupId = String((await ecs.call('CreateSecurityGroup', { vpcId }))['securityGroupId'])
  const resources = suite.sdk('@alicloud/resourcemanager20200331')
  const made = await resources.call('CreateResourceGroup', { name: 'machines', displayName: 'machines' })
  resourceGroupId = (made['resourceGroup'] as { id: string }).id
}, 60_000)
afterAll(() => suite[Symbol.asyncDispose]())

async function run(amount: number, params: Params = {}): Promise<readonly string[]> {
  const { instanceIdSets } = await ecs.call('RunInstances', {
    imageId: 'postern_sandbox',
    instanceType: 'ecs.c6.xlarge',
    vSwitchId,
    securityGroupId,
    amount,
    ...params,
  })
  const ids = (instanceIdSets as { instanceIdSet: string[] }).instanceIdSet
  await statuses(ids, 'Running')
  return ids
}

async function statuses(instanceId: readonly string[], status: string): Promise<void> {
  const all = instanceId.map(() => ({ status }))
  await ecs.until('DescribeInstanceStatus', { instanceId }, { instanceStatuses: { instanceStatus: all } })
}

test('security groups, their rules and prefix lists', async () => {
  const made = await ecs.call('CreatePrefixList', {
    prefixListName: 'offices',
    addressFamily: 'IPv4',
    maxEntries: 5,
    entry: [{ cidr: '192.168.0.0/16', description: 'all of them' }],
  })
  const list = { prefixListId: String(made['prefixListId']) }
  await ecs.call('ModifyPrefixList', { ...list, addEntry: [{ cidr: '10.7.0.0/16' }] })
  expect(await ecs.call('DescribePrefixListAttributes', list)).toMatchObject({
    entries: { entry: [{ cidr: '10.7.0.0/16' }, { cidr: '192.168.0.0/16' }] },
  })
  const other = String((await ecs.call('CreateSecurityGroup', { vpcId }))['securityGroupId'])
  const tcp = { ipProtocol: 'TCP', portRange: '80/80', policy: 'accept', priority: '1' }
  await ecs.call('AuthorizeSecurityGroup', {
    securityGroupId,
    permissions: [
      { ...tcp, sourcePrefixListId: list.prefixListId },
      { ...tcp, sourceGroupId: other },
      { ...tcp, sourceCidrIp: '10.0.0.0/8' },
    ],
  })
  await ecs.call('AuthorizeSecurityGroupEgress', {
    securityGroupId,
    permissions: [{ ...tcp, destCidrIp: '0.0.0.0/0' }],
  })
  const shown = await ecs.call('DescribeSecurityGroupAttribute', { securityGroupId, direction: 'ingress' })
  const rules = (shown['permissions'] as { permission: Record<string, string>[] }).permission
  expect(
    rules.map(({ sourcePrefixListName, sourceGroupId, sourceCidrIp }) => [
      sourcePrefixListName,
      sourceGroupId,
      sourceCidrIp,
    ]),
  ).toEqual(
    expect.arrayContaining([
      ['offices', '', ''],
      ['', other, ''],
      ['', '', '10.0.0.0/8'],
    ]),
  )
  expect(await ecs.call('DescribePrefixLists', { prefixListId: [list.prefixListId] })).toMatchObject({
    prefixLists: { prefixList: [{ associationCount: 1 }] },
  })
  expect(await ecs.call('DescribePrefixListAssociations', list)).toMatchObject({
    prefixListAssociations: { prefixListAssociation: [{ resourceId: securityGroupId }] },
  })
  expect(await ecs.call('DescribeSecurityGroupReferences', { securityGroupId: [other] })).toMatchObject({
    securityGroupReferences: {
      securityGroupReference: [
        {
          referencingSecurityGroups: { referencingSecurityGroup: [{ securityGroupId, aliUid: ecs.account }] },
        },
      ],
    },
  })
  expect(await ecs.refusal('DeleteSecurityGroup', { securityGroupId: other })).toBe('403 DependencyViolation')
  expect(await ecs.refusal('DeletePrefixList', list)).toBe('400 NotAllowed.AssociationExist')
  const ofList = rules.find(({ sourcePrefixListId }) => sourcePrefixListId === list.prefixListId)
  const id = ofList?.['securityGroupRuleId']
  await ecs.call('ModifySecurityGroupRule', { securityGroupId, securityGroupRuleId: id, priority: '7' })
  await ecs.call('ModifySecurityGroupEgressRule', {
    securityGroupId,
    ...tcp,
    destCidrIp: '0.0.0.0/0',
    description: 'out',
  })
  await ecs.call('RevokeSecurityGroup', { securityGroupId, securityGroupRuleId: [id] })
  await ecs.call('RevokeSecurityGroup', { securityGroupId, permissions: [{ ...tcp, sourceGroupId: other }] })
  await ecs.call('RevokeSecurityGroupEgress', {
    securityGroupId,
    permissions: [{ ...tcp, destCidrIp: '0.0.0.0/0' }],
  })
  await ecs.call('DeletePrefixList', list)
  await ecs.call('ModifySecurityGroupPolicy', { securityGroupId: other, innerAccessPolicy: 'Drop' })
  await ecs.call('ModifySecurityGroupAttribute', { securityGroupId: other, securityGroupName: 'other' })
  expect(await ecs.call('DescribeSecurityGroups', { securityGroupId: other, maxResults: 10 })).toMatchObject({
    securityGroups: { securityGroup: [{ securityGroupName: 'other' }] },
  })
  await ecs.call('DeleteSecurityGroup', { securityGroupId: other })
})

test('an instance, its interfaces and its groups', async () => {
  const [instanceId = ''] = await run(1)
  const made = await ecs.call('CreateNetworkInterface', { vSwitchId, securityGroupId })
  const eni = { networkInterfaceId: String(made['networkInterfaceId']) }
  const shows = (status: string) => ecs.until('DescribeNetworkInterfaceAttribute', eni, { status })
  await ecs.call('AttachNetworkInterface', { ...eni, instanceId })
  await shows('InUse')
  expect(await ecs.refusal('DeleteNetworkInterface', eni)).toBe('400 InvalidOperation.InvalidEniState')
  expect(await ecs.call('DescribeNetworkInterfaces', { instanceId, type: 'Secondary' })).toMatchObject({
    networkInterfaceSets: { networkInterfaceSet: [{ ...eni, attachment: { deviceIndex: 1 } }] },
  })
  await ecs.call('ModifyNetworkInterfaceAttribute', { ...eni, networkInterfaceName: 'second' })
  await ecs.call('DetachNetworkInterface', { ...eni, instanceId })
  await shows('Available')
  await ecs.call('DeleteNetworkInterface', eni)
  expect(await ecs.refusal('DescribeNetworkInterfaceAttribute', eni)).toBe('404 InvalidEniId.NotFound')

  const more = String((await ecs.call('CreateSecurityGroup', { vpcId }))['securityGroupId'])
  await ecs.call('JoinSecurityGroup', { instanceId, securityGroupId: more })
  await ecs.call('LeaveSecurityGroup', { instanceId, securityGroupId: more })
  expect(await ecs.refusal('LeaveSecurityGroup', { instanceId, securityGroupId })).toBe(
    '403 InstanceLastSecurityGroup',
  )
  await ecs.call('ModifyInstanceAttribute', { instanceId, instanceName: 'one' })
  const tagged = { resourceType: 'instance', resourceId: [instanceId] }
  await ecs.call('TagResources', { ...tagged, tag: [{ key: 'use', value: 'contract' }] })
  await ecs.call('ListTagResources', tagged)
  await ecs.call('UntagResources', { ...tagged, all: true })
  await ecs.call('JoinResourceGroup', { resourceType: 'instance', resourceId: instanceId, resourceGroupId })
  const instanceIds = JSON.stringify([instanceId])
  expect(await ecs.call('DescribeInstances', { instanceIds, maxResults: 1 })).toMatchObject({
    instances: { instance: [{ instanceName: 'one', resourceGroupId }] },
  })
  for (const action of [
    'DescribeInstanceAttribute',
    'DescribeUserData',
    'DescribeInstanceAutoRenewAttribute',
  ]) {
    await ecs.call(action, { instanceId })
  }
  const maintained = async (attributes: Params) =>
    expect(
      await ecs.call('DescribeInstanceMaintenanceAttributes', { instanceId: [instanceId] }),
    ).toMatchObject({ maintenanceAttributes: { maintenanceAttribute: [{ instanceId, ...attributes }] } })
  const supportedValues = { supportedValue: ['Stop', 'AutoRecover', 'AutoRedeploy'] }
  await maintained({
    actionOnMaintenance: { value: 'AutoRecover', defaultValue: 'AutoRecover', supportedValues },
    maintenanceWindows: { maintenanceWindow: [] },
    notifyOnMaintenance: false,
  })
  const maintain = (attributes: Params) => ({ instanceId: [instanceId], ...attributes })
  const modify = 'ModifyInstanceMaintenanceAttributes'
  const maintenanceWindow = [{ startTime: '22:00:00', endTime: '05:00:00' }]
  await ecs.call(modify, maintain({ maintenanceWindow, actionOnMaintenance: 'Stop' }))
  await ecs.call(modify, maintain({ notifyOnMaintenance: true }))
  for (const endTime of ['22:00:00', '22:30:00', '24:00:00']) {
    const window = { maintenanceWindow: [{ startTime: '22:00:00', endTime }] }
    expect(await ecs.refusal(modify, maintain(window))).toMatch(/^400 InvalidParameter/)
  }
  await ecs.call('ModifyInstanceMetadataOptions', { instanceId, httpTokens: 'required' })
  await maintained({
    actionOnMaintenance: { value: 'Stop' },
    maintenanceWindows: { maintenanceWindow },
    notifyOnMaintenance: true,
  })
  await ecs.call('DescribeInstanceAttachmentAttributes', { instanceIds })
  await ecs.call('DescribeDisks', { instanceId })
  const logOf = async (params: Params = {}) => {
    const { consoleOutput } = await ecs.call('GetInstanceConsoleOutput', { instanceId, ...params })
    return Buffer.from(String(consoleOutput), 'base64').toString()
  }
  expect(await logOf()).toBe(`\u001b[1mconsole\u001b[0m of ${instanceId}\n`)
  expect(await logOf({ removeSymbols: true })).toBe(`console of ${instanceId}\n`)
  expect(await ecs.refusal('StartInstance', { instanceId })).toBe('403 IncorrectInstanceStatus')
  await ecs.call('RebootInstance', { instanceId })
  await statuses([instanceId], 'Running')
  await ecs.call('StopInstance', { instanceId })
  await statuses([instanceId], 'Stopped')
  await ecs.call('StartInstance', { instanceId })
  await statuses([instanceId], 'Running')
  await ecs.call('DeleteInstance', { instanceId, force: true })
  await ecs.until('DescribeInstances', { instanceIds }, { totalCount: 0 })
})

test('a stopped instance moves to another vSwitch and back, once before each start', async () => {
  const [instanceId = ''] = await run(1)
  const vpc = suite.sdk('@alicloud/vpc20160428')
  const subnet = { vpcId, zoneId: zone, cidrBlock: '10.0.7.0/24' }
  const other = { vSwitchId: String((await vpc.call('CreateVSwitch', subnet))['vSwitchId']) }
  await vpc.until('DescribeVSwitchAttributes', other, { status: 'Available' })
  const first = { instanceId, vSwitchId }
  const stop = async () => {
    await ecs.call('StopInstance', { instanceId })
    await statuses([instanceId], 'Stopped')
  }
  const isAt = async (place: Params) =>
    expect(await ecs.call('DescribeInstances', { instanceIds: JSON.stringify([instanceId]) })).toMatchObject({
      instances: { instance: [{ vpcAttributes: place }] },
    })
  await stop()
  await ecs.call('ModifyInstanceVpcAttribute', { instanceId, ...other, privateIpAddress: '10.0.7.7' })
  await isAt({ ...other, vpcId, privateIpAddress: { ipAddress: ['10.0.7.7'] } })
  // As it is already.
  await ecs.call('ModifyInstanceVpcAttribute', { instanceId, ...other })
  expect(await ecs.refusal('ModifyInstanceVpcAttribute', first)).toBe('400 InvalidPrivateIp.Changing')
  await ecs.call('StartInstance', { instanceId })
  await statuses([instanceId], 'Running')
  expect(await ecs.refusal('ModifyInstanceVpcAttribute', first)).toBe('403 IncorrectInstanceStatus')
  await stop()
  await ecs.call('ModifyInstanceVpcAttribute', first)
  await isAt({ vSwitchId, privateIpAddress: { ipAddress: [expect.stringMatching(/^10\.0\.0\./)] } })
  // Nobody has the address any more.
  const again = { ...other, securityGroupId, primaryIpAddress: '10.0.7.7' }
  const { networkInterfaceId } = await ecs.call('CreateNetworkInterface', again)
  await ecs.call('DeleteNetworkInterface', { networkInterfaceId })
  await ecs.call('DeleteInstance', { instanceId })
})

test('an instance that is created waits for its first start', async () => {
  const params = { imageId: 'postern_sandbox', instanceType: 'ecs.c6.large', vSwitchId, securityGroupId }
  const { instanceId } = await ecs.call('CreateInstance', {
    ...params,
    instanceName: 'later',
    privateIpAddress: '10.0.0.88',
    systemDisk: { size: 50 },
  })
  const shows = async (fields: Params) =>
    expect(await ecs.call('DescribeInstances', { instanceIds: JSON.stringify([instanceId]) })).toMatchObject({
      instances: { instance: [fields] },
    })
  await shows({ instanceName: 'later', status: 'Stopped', startTime: '' })
  expect(await ecs.refusal('RebootInstance', { instanceId })).toBe('403 IncorrectInstanceStatus')
  // The documents want one start before it is moved.
  const place = { instanceId, vSwitchId, privateIpAddress: '10.0.0.89' }
  expect(await ecs.refusal('ModifyInstanceVpcAttribute', place)).toBe('400 InvalidPrivateIp.Changing')
  await ecs.call('StartInstance', { instanceId })
  await statuses([String(instanceId)], 'Running')
  await shows({ vpcAttributes: { privateIpAddress: { ipAddress: ['10.0.0.88'] } } })
  await ecs.call('DeleteInstance', { instanceId, force: true })
})

test('a role that trusts the service comes to instances and leaves them', async () => {
  const ram = suite.sdk('@alicloud/ram20150501')
  const principal = { Service: ['ecs.aliyuncs.com'] }
  const assumeRolePolicyDocument = JSON.stringify({
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: principal }],
  })
  for (const roleName of ['Machine', 'Another']) {
    await ram.call('CreateRole', { roleName, assumeRolePolicyDocument })
  }
  const [id = ''] = await run(1, { ramRoleName: 'Machine' })
  const [other = ''] = await run(1)
  const instanceIds = JSON.stringify([id])
  const has = async (params: Params, ...instanceRamRoleSet: Params[]) =>
    expect(await ecs.call('DescribeInstanceRamRole', params)).toMatchObject({
      totalCount: instanceRamRoleSet.length,
      instanceRamRoleSets: { instanceRamRoleSet },
    })
  await has({ instanceIds: JSON.stringify([id, other]) }, { instanceId: id, ramRoleName: 'Machine' })
  const machine = { ramRoleName: 'Machine', instanceIds: JSON.stringify([id, other]) }
  expect(await ecs.call('AttachInstanceRamRole', machine)).toMatchObject({
    totalCount: 2,
    failCount: 0,
    ramRoleName: 'Machine',
    attachInstanceRamRoleResults: {
      attachInstanceRamRoleResult: [
        { instanceId: id, success: true, code: '200' },
        { instanceId: other, success: true, code: '200' },
      ],
    },
  })
  await has(
    { ramRoleName: 'Machine' },
    { instanceId: id, ramRoleName: 'Machine' },
    { instanceId: other, ramRoleName: 'Machine' },
  )
  const another = { ramRoleName: 'Another', instanceIds }
  expect(await ecs.refusal('AttachInstanceRamRole', another)).toBe('403 InvalidOperation.RamRoleAttached')
  expect(await ecs.call('DetachInstanceRamRole', { instanceIds })).toMatchObject({
    detachInstanceRamRoleResults: {
      detachInstanceRamRoleResult: [
        { success: true, instanceRamRoleSets: { instanceRamRoleSet: [{ ramRoleName: 'Machine' }] } },
      ],
    },
  })
  await has({ instanceIds })
  await ecs.call('AttachInstanceRamRole', another)
  await has({ ramRoleName: 'Another' }, { instanceId: id, ramRoleName: 'Another' })
  await has({ ramRoleName: 'Machine' }, { instanceId: other, ramRoleName: 'Machine' })
  await ecs.call('DeleteInstances', { instanceId: [id, other], force: true })
})

test('key pairs come to instances with their next start', async () => {
  const made = await ecs.call('CreateKeyPair', { keyPairName: 'made' })
  const shared = createPublicKey(String(made['privateKeyBody'])).export({ format: 'jwk' })
  const publicKeyBody = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMfrk3nrtr1zvOmWHSJEvpKbNfEBCCBKbVdiEXRkuKyf me'
  const imported = await ecs.call('ImportKeyPair', { keyPairName: 'mine', publicKeyBody })
  // As `ssh-keygen -l -E md5` shows it.
  expect(imported['keyPairFingerPrint']).toBe('76:24:3b:47:26:90:be:8f:00:a3:2c:10:c8:39:fa:d5')
  const listed = await ecs.call('DescribeKeyPairs', { keyPairName: 'ma*' })
  const [pair] = (listed['keyPairs'] as { keyPair: { publicKey: string; keyPairFingerPrint: string }[] })
    .keyPair
  expect(pair?.keyPairFingerPrint).toBe(made['keyPairFingerPrint'])
  const blob = Buffer.from(pair?.publicKey.split(' ')[1] ?? '', 'base64')
  expect(blob.subarray(-256).toString('base64url')).toBe(shared.n)
  const [id = ''] = await run(1, { keyPairName: 'made' })
  const instanceIds = JSON.stringify([id])
  const shows = async (keyPairName: string) =>
    expect(await ecs.call('DescribeInstances', { instanceIds })).toMatchObject({
      instances: { instance: [{ keyPairName }] },
    })
  await shows('made')
  expect(await ecs.call('AttachKeyPair', { keyPairName: 'mine', instanceIds })).toMatchObject({
    totalCount: '1',
    failCount: '0',
    results: { result: [{ instanceId: id, success: 'true' }] },
  })
  await ecs.call('DeleteKeyPairs', { keyPairNames: '["made","mine"]' })
  await shows('mine')
  expect(await ecs.call('DescribeKeyPairs')).toMatchObject({ totalCount: 0 })
  await ecs.call('DetachKeyPair', { keyPairName: 'mine', instanceIds })
  await shows('')
  await ecs.call('DeleteInstance', { instanceId: id, force: true })
})

test('an instance with several interfaces and addresses, and the terms it was made under', async () => {
  const [instanceId = ''] = await run(1, {
    securityGroupId: undefined,
    privateIpAddress: undefined,
    networkInterface: [
      {
        instanceType: 'Primary',
        vSwitchId,
        securityGroupIds: [securityGroupId],
        primaryIpAddress: '10.0.0.50',
      },
      { instanceType: 'Secondary', secondaryPrivateIpAddressCount: 1, networkInterfaceName: 'further' },
    ],
    password: 'Passw0rd!',
    systemDisk: { category: 'cloud_essd', diskName: 'system', size: '60' },
    spotStrategy: 'SpotWithPriceLimit',
    spotPriceLimit: 0.25,
    internetChargeType: 'PayByBandwidth',
    httpEndpoint: 'enabled',
    httpTokens: 'required',
  })
  const instanceIds = JSON.stringify([instanceId])
  expect(await ecs.call('DescribeInstances', { instanceIds })).toMatchObject({
    instances: {
      instance: [
        {
          spotStrategy: 'SpotWithPriceLimit',
          spotPriceLimit: 0.25,
          internetChargeType: 'PayByBandwidth',
          metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required' },
          networkInterfaces: {
            networkInterface: [
              {
                type: 'Primary',
                primaryIpAddress: '10.0.0.50',
                privateIpSets: { privateIpSet: [{ primary: true }] },
              },
              { type: 'Secondary', privateIpSets: { privateIpSet: [{ primary: true }, { primary: false }] } },
            ],
          },
        },
      ],
    },
  })
  const later = new Date(Date.now() + 3_600_000).toISOString().slice(0, 16)
  await ecs.call('ModifyInstanceAutoReleaseTime', { instanceId, autoReleaseTime: `${later}:00Z` })
  expect(await ecs.call('DescribeInstances', { instanceIds })).toMatchObject({
    instances: { instance: [{ autoReleaseTime: `${later}Z` }] },
  })
  const listedDisks = await ecs.call('DescribeDisks', { instanceId })
  expect(listedDisks).toMatchObject({
    disks: { disk: [{ diskName: 'system', category: 'cloud_essd', performanceLevel: 'PL1', size: 60 }] },
  })
  const diskId = (listedDisks['disks'] as { disk: { diskId: string }[] }).disk[0]?.diskId
  await ecs.call('ModifyDiskAttribute', { diskId, description: 'the only one' })
  await ecs.call('ResizeDisk', { diskId, newSize: 80 })
  const volume = { resourceType: 'disk', resourceId: [diskId] }
  const tag = [{ key: 'use', value: 'contract' }]
  await ecs.call('TagResources', { ...volume, tag })
  expect(await ecs.call('DescribeDisks', { tag })).toMatchObject({
    disks: { disk: [{ diskId, tags: { tag: [{ tagKey: 'use', tagValue: 'contract' }] } }] },
  })
  expect(await ecs.call('DescribeDisks', { instanceId })).toMatchObject({
    disks: { disk: [{ diskName: 'system', description: 'the only one', size: 80 }] },
  })
  const bandwidth = { internetMaxBandwidthIn: 7, networkChargeType: 'PayByTraffic' }
  await ecs.call('ModifyInstanceNetworkSpec', { instanceId, ...bandwidth, internetMaxBandwidthOut: 0 })
  expect(await ecs.call('DescribeInstances', { instanceIds })).toMatchObject({
    instances: { instance: [{ internetMaxBandwidthIn: 7, internetChargeType: 'PayByTraffic' }] },
  })
  await ecs.call('ModifyInstanceMetadataOptions', { instanceId, httpTokens: 'optional' })
  await ecs.call('StopInstance', { instanceId })
  await statuses([instanceId], 'Stopped')
  const image = { instanceId, imageId: 'postern_sandbox' }
  const replaced = await ecs.call('ReplaceSystemDisk', { ...image, systemDisk: { size: 100 } })
  expect(replaced['diskId']).not.toBe(diskId)
  expect(await ecs.refusal('TagResources', { ...volume, tag })).toBe('404 InvalidResourceId.NotFound')
  expect(await ecs.call('DescribeDisks', { instanceId })).toMatchObject({
    totalCount: 1,
    disks: { disk: [{ diskId: replaced['diskId'], diskName: '', description: '', size: 100 }] },
  })
  await ecs.call('ModifyInstanceSpec', { instanceId, instanceType: 'ecs.g6.large' })
  expect(await ecs.call('DescribeInstances', { instanceIds })).toMatchObject({
    instances: {
      instance: [
        {
          instanceType: 'ecs.g6.large',
          memory: 8192,
          metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'optional' },
        },
      ],
    },
  })
  const listed = await ecs.call('DescribeNetworkInterfaces', { privateIpAddress: ['10.0.0.50'] })
  const { networkInterfaceSet } = listed['networkInterfaceSets'] as {
    networkInterfaceSet: { networkInterfaceId: string }[]
  }
  const networkInterfaceId = networkInterfaceSet[0]?.networkInterfaceId
  const assigned = await ecs.call('AssignPrivateIpAddresses', {
    networkInterfaceId,
    privateIpAddress: ['10.0.0.60', '10.0.0.61'],
  })
  expect(assigned).toMatchObject({
    assignedPrivateIpAddressesSet: { privateIpSet: { privateIpAddress: ['10.0.0.60', '10.0.0.61'] } },
  })
  await ecs.call('UnassignPrivateIpAddresses', { networkInterfaceId, privateIpAddress: ['10.0.0.60'] })
  expect(await ecs.call('DescribeNetworkInterfaces', { privateIpAddress: ['10.0.0.61'] })).toMatchObject({
    networkInterfaceSets: {
      networkInterfaceSet: [
        {
          networkInterfaceId,
          privateIpSets: {
            privateIpSet: [
              { privateIpAddress: '10.0.0.50', primary: true },
              { privateIpAddress: '10.0.0.61', primary: false },
            ],
          },
        },
      ],
    },
  })
  const taken = { vSwitchId, securityGroupId, primaryIpAddress: '10.0.0.61' }
  expect(await ecs.refusal('CreateNetworkInterface', taken)).toBe('400 InvalidIPAddress.AlreadyUsed')
  await ecs.call('DeleteInstance', { instanceId, force: true })
  await ecs.until('DescribeInstances', { instanceIds }, { totalCount: 0 })
  const again = await ecs.call('CreateNetworkInterface', taken)
  await ecs.call('DeleteNetworkInterface', { networkInterfaceId: again['networkInterfaceId'] })
})

test('as many instances as there are addresses for, but not fewer than the least', async () => {
  const vpc = suite.sdk('@alicloud/vpc20160428')
  const { vSwitchId: small } = await vpc.call('CreateVSwitch', {
    vpcId,
    zoneId: zone,
    cidrBlock: '10.0.9.0/29',
  })
  await vpc.until('DescribeVSwitchAttributes', { vSwitchId: small }, { status: 'Available' })
  const most = { vSwitchId: small, minAmount: 2 }
  const instanceId = await run(9, most)
  expect(instanceId).toHaveLength(4)
  const full = {
    imageId: 'postern_sandbox',
    instanceType: 'ecs.c6.xlarge',
    securityGroupId,
    ...most,
    amount: 9,
  }
  expect(await ecs.refusal('RunInstances', full)).toBe('403 InvalidVSwitchId.IpNotEnough')
  await ecs.call('DeleteInstances', { instanceId, force: true })
})

test('several instances at once', async () => {
  const instanceId = await run(2)
  const answers = { instanceResponses: { instanceResponse: instanceId.map(() => ({ code: '200' })) } }
  const all = async (action: string, status: string) => {
    expect(await ecs.call(action, { instanceId })).toMatchObject(answers)
    await statuses(instanceId, status)
  }
  await all('RebootInstances', 'Running')
  await all('StopInstances', 'Stopped')
  await all('StartInstances', 'Running')
  expect(await ecs.refusal('DeleteInstances', { instanceId })).toBe('403 IncorrectInstanceStatus')
  await ecs.call('DeleteInstances', { instanceId, force: true })
})

const refusals: readonly (readonly [string, Params, string])[] = [
  ['DescribeSecurityGroupAttribute', { securityGroupId: 'sg-none' }, '404 InvalidSecurityGroupId.NotFound'],
  ['DeleteNetworkInterface', { networkInterfaceId: 'eni-none' }, '404 InvalidEniId.NotFound'],
  ['DescribePrefixListAttributes', { prefixListId: 'pl-none' }, '404 InvalidPrefixListId.NotFound'],
  ['StartInstances', { instanceId: ['i-none'] }, '404 InvalidInstanceId.NotFound'],
  ['DescribeUserData', { instanceId: 'i-none' }, '404 InvalidInstanceId.NotFound'],
]
test.each(refusals)('%s is refused: %o', async (action, params, outcome) => {
  expect(await ecs.refusal(action, params)).toBe(outcome)
})

test('every action was called', async () => {
  await ecs.call('DescribeRegions')
  await ecs.call('DescribeZones')
  await ecs.call('DescribeAvailableResource', { destinationResource: 'InstanceType' })
  await ecs.call('DescribeInstanceTypes')
  await ecs.call('DescribeImageSupportInstanceTypes', { imageId: 'postern_sandbox' })
  await ecs.call('DescribeImages')
  expect([...ecs.succeeded].toSorted()).toEqual(actionsOf('Ecs'))
})
