/** How each error of instances is provoked. */
import type { Params } from '../../clients.ts'
import { instanceIs, makeInstance, type Provoke, type Refusals } from './world.ts'

const own =
  (params: Params = {}): Provoke =>
  ({ owner, instance }) => [owner, { InstanceId: instance, ...params }]

const nobodys = own({ InstanceId: 'i-none' })
const several =
  (provoke: Provoke): Provoke =>
  async (world) => {
    const [party, { InstanceId, ...params }] = await provoke(world)
    return [party, { InstanceId: [InstanceId], ...params }]
  }

const stopped: Provoke = async ({ owner, network }) => {
  const InstanceId = await makeInstance(owner, network)
  await owner.ecs('StopInstance', { InstanceId })
  await instanceIs(owner, InstanceId, 'Stopped')
  return [owner, { InstanceId }]
}

const kept: Provoke = async ({ owner, network }) => [
  owner,
  { InstanceId: await makeInstance(owner, network, { DeletionProtection: true }), Force: true },
]

const power = (wrong: Provoke) => ({
  IncorrectInstanceStatus: wrong,
  'InvalidInstanceId.NotFound': nobodys,
})
const remove = { ...power(own()), 'InvalidOperation.DeletionProtection': kept }
const all = (refusals: Readonly<Record<string, Provoke>>) =>
  Object.fromEntries(Object.entries(refusals).map(([code, provoke]) => [code, several(provoke)]))

export const instanceRefusals: Refusals = {
  DescribeInstances: {},
  DescribeInstanceStatus: {},
  DescribeInstanceAttribute: { 'InvalidInstanceId.NotFound': nobodys },
  DescribeUserData: { 'InvalidInstanceId.NotFound': nobodys },
  DescribeInstanceRamRole: {},
  DescribeInstanceMaintenanceAttributes: {},
  DescribeInstanceAttachmentAttributes: {},
  DescribeInstanceAutoRenewAttribute: {},
  DescribeDisks: {},
  GetInstanceConsoleOutput: {
    'InvalidInstanceId.NotFound': nobodys,
    ServiceUnavailable: (world) => {
      world.server.agent.pause()
      return [world.owner, { InstanceId: world.instance }]
    },
  },
  ModifyInstanceAttribute: {
    'InvalidDescription.Malformed': own({ Description: 'd' }),
    'InvalidInstanceId.NotFound': nobodys,
    'InvalidInstanceName.Malformed': own({ InstanceName: '1' }),
    IncorrectInstanceStatus: own({ UserData: 'ZWNobw==' }),
    'InvalidHostName.Malformed': own({ HostName: '-' }),
    'InvalidParameter.CreditSpecification': async ({ owner, network }) => {
      const InstanceId = await makeInstance(owner, network, { InstanceType: 'ecs.c6.large' })
      return [owner, { InstanceId, CreditSpecification: 'Standard' }]
    },
    'InvalidPassword.Malformed': own({ Password: 'password' }),
    'InvalidSecurityGroupId.NotFound': own({ SecurityGroupIds: ['sg-none'] }),
    'InvalidSecurityGroupIds.TypeMismatch': ({ owner, network, instance, enterpriseGroup }) => [
      owner,
      { InstanceId: instance, SecurityGroupIds: [network.group, enterpriseGroup] },
    ],
    'InvalidUserData.Base64FormatInvalid': own({ UserData: '#!/bin/sh' }),
    'InvalidUserData.SizeExceeded': own({ UserData: Buffer.alloc(16 * 1024 + 1).toString('base64') }),
    UnsupportedParameter: own({ EnableJumboFrame: true }),
  },
  StartInstance: power(own()),
  StopInstance: power(stopped),
  RebootInstance: power(stopped),
  DeleteInstance: remove,
  StartInstances: all(power(own())),
  StopInstances: all(power(stopped)),
  RebootInstances: all(power(stopped)),
  DeleteInstances: all(remove),
}
