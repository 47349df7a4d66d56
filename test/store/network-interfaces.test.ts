/** Secondary interfaces: made alone, attached to an instance and detached again, and what becomes of them with it. */
import { beforeAll, expect, test } from 'vitest'
import type { Answer, WireParams } from './call.ts'
import { consumer, refuses, setScene, type Case, type Scene } from './scene.ts'
import { zone } from './side.ts'

let scene: Scene
let eni: string
let otherZone: string
beforeAll(async () => {
  scene = await setScene()
  eni = await make({ NetworkInterfaceName: 'second', 'Tag.1.Key': 'use', 'Tag.1.Value': 'backup' })
  const subnet = { VpcId: scene.vpc1.vpc, ZoneId: 'eu-central-1a', CidrBlock: '10.0.7.0/24' }
  const { VSwitchId } = await call('Vpc.CreateVSwitch', subnet)
  await scene.of.settle()
  otherZone = await make({ VSwitchId: String(VSwitchId) })
})

const call = (action: string, params: WireParams = {}) => scene.of.call(consumer, action, params)

async function make(params: WireParams = {}): Promise<string> {
  const here = { VSwitchId: scene.vpc1.vswitch, SecurityGroupId: scene.vpc1.group }
  return String((await call('Ecs.CreateNetworkInterface', { ...here, ...params }))['NetworkInterfaceId'])
}

const show = (NetworkInterfaceId: string) =>
  call('Ecs.DescribeNetworkInterfaceAttribute', { NetworkInterfaceId })

const attachment = (NetworkInterfaceId = eni): WireParams => ({ NetworkInterfaceId, InstanceId: scene.ecs1 })

async function primary(): Promise<string> {
  const answer = await call('Ecs.DescribeNetworkInterfaces', { InstanceId: scene.ecs1, Type: 'Primary' })
  return idsIn(answer)[0] ?? ''
}

function idsIn(answer: Answer): string[] {
  const { NetworkInterfaceSet } = answer['NetworkInterfaceSets'] as {
    NetworkInterfaceSet: { NetworkInterfaceId: string }[]
  }
  return NetworkInterfaceSet.map(({ NetworkInterfaceId }) => NetworkInterfaceId)
}

test('an interface is attached when the kernel has it, and detached when the kernel has let go', async () => {
  const alone = await show(eni)
  expect(alone).toMatchObject({
    Status: 'Available',
    Type: 'Secondary',
    InstanceId: '',
    VpcId: scene.vpc1.vpc,
  })
  const inWorld = async () => (await scene.of.world()).enis.find(({ id }) => id === eni)?.attachment
  expect(await inWorld()).toBeUndefined()
  await call('Ecs.AttachNetworkInterface', attachment())
  expect(await show(eni)).toMatchObject({ Status: 'Attaching', InstanceId: scene.ecs1 })
  expect(await inWorld()).toMatchObject({ instance: scene.ecs1, primary: false, device: 1 })
  const { generation } = await scene.of.world()
  await scene.of.settle({ generation: generation - 1 })
  expect(await show(eni)).toMatchObject({ Status: 'Attaching' })
  await scene.of.settle({ problems: [{ id: eni, message: 'no device' }] })
  expect(await show(eni)).toMatchObject({ Status: 'Attaching' })
  await scene.of.settle()
  expect(await show(eni)).toMatchObject({ Status: 'InUse', Attachment: { DeviceIndex: 1 } })

  await call('Ecs.DetachNetworkInterface', attachment())
  await call('Ecs.DetachNetworkInterface', attachment())
  expect(await show(eni)).toMatchObject({ Status: 'Detaching', InstanceId: scene.ecs1 })
  expect(await inWorld()).toBeUndefined()
  await scene.of.settle()
  expect(await show(eni)).toMatchObject({ Status: 'Available', InstanceId: '' })
})

test('lists narrow down by every filter, and go on by token', async () => {
  const list = async (params: WireParams) => idsIn(await call('Ecs.DescribeNetworkInterfaces', params))
  const { PrivateIpAddress } = await show(eni)
  for (const filter of [
    { 'NetworkInterfaceId.1': eni },
    { NetworkInterfaceName: 'second' },
    { PrimaryIpAddress: String(PrivateIpAddress), VpcId: scene.vpc1.vpc },
    { 'PrivateIpAddress.1': String(PrivateIpAddress) },
    { 'Tag.1.Key': 'use', 'Tag.1.Value': 'backup' },
    { Status: 'Available', VSwitchId: scene.vpc1.vswitch },
    { Type: 'Secondary', ServiceManaged: false, VSwitchId: scene.vpc1.vswitch },
  ]) {
    expect([filter, await list(filter)]).toEqual([filter, [eni]])
  }
  expect(await list({ Status: 'Linked' })).toEqual([])
  expect(await list({ ServiceManaged: true })).toHaveLength(1)
  const all = await list({ MaxResults: 100 })
  const first = await call('Ecs.DescribeNetworkInterfaces', { MaxResults: 2 })
  const rest = await list({ MaxResults: 100, NextToken: String(first['NextToken']) })
  expect([...idsIn(first), ...rest].toSorted()).toEqual(all.toSorted())
})

test('its groups can be replaced, and name and release be changed', async () => {
  const made = await call('Ecs.CreateSecurityGroup', { VpcId: scene.vpc1.vpc })
  const group = String(made['SecurityGroupId'])
  await call('Ecs.ModifyNetworkInterfaceAttribute', {
    NetworkInterfaceId: eni,
    NetworkInterfaceName: 'third',
    DeleteOnRelease: false,
    'SecurityGroupId.1': group,
  })
  expect(await show(eni)).toMatchObject({
    NetworkInterfaceName: 'third',
    DeleteOnRelease: false,
    SecurityGroupIds: { SecurityGroupId: [group] },
  })
  expect(await scene.of.refusal(consumer, 'Ecs.DeleteSecurityGroup', { SecurityGroupId: group })).toBe(
    'DependencyViolation',
  )
})

const cases: readonly Case[] = [
  [consumer, 'Ecs.AttachNetworkInterface', () => attachment('eni-none'), 'InvalidEniId.NotFound'],
  [
    consumer,
    'Ecs.AttachNetworkInterface',
    () => ({ ...attachment(), InstanceId: 'i-none' }),
    'InvalidEcsId.NotFound',
  ],
  [
    consumer,
    'Ecs.AttachNetworkInterface',
    () => attachment(otherZone),
    'InvalidOperation.AvailabilityZoneMismatch',
  ],
  [consumer, 'Ecs.DetachNetworkInterface', () => attachment(), 'InvalidOperation.InvalidEniState'],
  [consumer, 'Ecs.CreateNetworkInterface', () => ({ VSwitchId: scene.vpc1.vswitch }), 'MissingParameter'],
  [
    consumer,
    'Ecs.CreateNetworkInterface',
    () => ({ ...here(), SecondaryPrivateIpAddressCount: 2, 'PrivateIpAddress.1': '10.0.0.77' }),
    'InvalidParameter.Conflict',
  ],
  [
    consumer,
    'Ecs.CreateNetworkInterface',
    () => ({ ...here(), PrimaryIpAddress: '10.0.0.182' }),
    'InvalidIPAddress.AlreadyUsed',
  ],
  [
    consumer,
    'Ecs.CreateNetworkInterface',
    () => ({ ...here(), PrimaryIpAddress: '10.0.0.255' }),
    'InvalidVSwitchId.IpInvalid',
  ],
]
const here = () => ({ VSwitchId: scene.vpc1.vswitch, SecurityGroupId: scene.vpc1.group })
refuses(() => scene.of, cases)

test('a primary interface stays, a second secondary one is too many for the type, and one in use is not deleted', async () => {
  const { of } = scene
  const first = await primary()
  expect(await of.refusal(consumer, 'Ecs.DetachNetworkInterface', attachment(first))).toBe(
    'InvalidOperation.DetachPrimaryEniNotAllowed',
  )
  await call('Ecs.AttachNetworkInterface', attachment())
  await of.settle()
  const one = await make()
  expect(await of.refusal(consumer, 'Ecs.AttachNetworkInterface', attachment(one))).toBe(
    'EniPerInstanceLimitExceeded',
  )
  for (const NetworkInterfaceId of [first, eni]) {
    expect(await of.refusal(consumer, 'Ecs.DeleteNetworkInterface', { NetworkInterfaceId })).toBe(
      'InvalidOperation.InvalidEniState',
    )
  }
  await call('Ecs.DeleteNetworkInterface', { NetworkInterfaceId: one })
  expect(await of.refusal(consumer, 'Ecs.DeleteNetworkInterface', { NetworkInterfaceId: one })).toBe(
    'InvalidEniId.NotFound',
  )
})

test('the endpoint’s interface belongs to PrivateLink', async () => {
  const managed = await call('Ecs.DescribeNetworkInterfaces', { ServiceManaged: true })
  const [NetworkInterfaceId = ''] = idsIn(managed)
  for (const action of ['Ecs.DeleteNetworkInterface', 'Ecs.ModifyNetworkInterfaceAttribute']) {
    expect(await scene.of.refusal(consumer, action, { NetworkInterfaceId })).toBe(
      'OperationDenied.ServiceManaged',
    )
  }
})

test('an instance that is deleted leaves the interfaces that are not to go with it, and no address', async () => {
  const network = { VSwitchId: scene.vpc1.vswitch, SecurityGroupId: scene.vpc1.group }
  const type = { ImageId: 'postern_sandbox', InstanceType: 'ecs.c6.xlarge', ZoneId: zone }
  const ran = await call('Ecs.RunInstances', { ...network, ...type })
  const [InstanceId = ''] = (ran['InstanceIdSets'] as { InstanceIdSet: string[] }).InstanceIdSet
  await scene.of.settle()
  const kept = await make({ DeleteOnRelease: false })
  const gone = await make({ 'Tag.1.Key': 'a' })
  for (const NetworkInterfaceId of [kept, gone]) {
    await call('Ecs.AttachNetworkInterface', { NetworkInterfaceId, InstanceId })
  }
  await scene.of.settle()
  const available = async () => {
    const { AvailableIpAddressCount } = await call('Vpc.DescribeVSwitchAttributes', {
      VSwitchId: scene.vpc1.vswitch,
    })
    return Number(AvailableIpAddressCount)
  }
  const before = await available()
  await call('Ecs.DeleteInstance', { InstanceId, Force: true })
  await scene.of.settle()
  expect(await available()).toBe(before + 2)
  expect(await show(kept)).toMatchObject({ Status: 'Available', InstanceId: '' })
  expect(
    await scene.of.refusal(consumer, 'Ecs.DescribeNetworkInterfaceAttribute', { NetworkInterfaceId: gone }),
  ).toBe('InvalidEniId.NotFound')
})
