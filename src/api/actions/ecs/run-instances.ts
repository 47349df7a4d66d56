/** Ecs 2014-05-26: RunInstances, and CreateInstance, which came before it. */
import { z } from 'zod'
import { defineAction, type Action } from '../../action.ts'
import { found } from '../../require.ts'
import { strings } from '../../results.ts'
import { newInstanceErrors, newInstances } from './new-instances.ts'
import { runParams } from './run-params.ts'

const runInstances = defineAction({
  product: 'Ecs',
  name: 'RunInstances',
  summary: {
    en: 'Creates instances and starts them; UserData runs in each.',
    zh: '创建并启动一台或多台 ECS 实例，实例启动后执行 UserData。',
  },
  status: {
    partial:
      'An instance is a sandbox on the host with one disk, in name only, and no public address. Charges, spot prices, credits and metadata options are kept and told again, and do nothing; a password is checked and not kept, since nobody logs in with one. Refused are subscription, data disks, encryption, a public bandwidth, IPv6 and whatever names something that does not exist here (launch templates, dedicated hosts, deployment sets, clusters). The image and type must be ones that `Ecs.DescribeImages` and `Ecs.DescribeInstanceTypes` list.',
  },
  params: runParams,
  result: z.object({ InstanceIdSets: strings('InstanceIdSet') }),
  effect: 'write',
  errors: newInstanceErrors,
  handler: async (context, given) => ({
    InstanceIdSets: { InstanceIdSet: await newInstances(context, given, 'started') },
  }),
})

/** What only several instances, or several interfaces, can be refused for. */
const ofSeveral = new Set<string>([
  'EniPerInstanceLimitExceeded',
  'InvalidAutoReleaseTime.Malformed',
  'InvalidEniId.NotFound',
  'InvalidLaunchTemplate.NotFound',
  'InvalidMinAmount.Malformed',
  'InvalidOperation.AvailabilityZoneMismatch',
  'InvalidOperation.InvalidEniState',
  'InvalidOperation.Ipv4CountExceeded',
  'InvalidOperation.Ipv6NotSupport',
  'InvalidOperation.VpcMismatch',
  'InvalidParameter.Amount',
  'InvalidParameter.Conflict',
  'InvalidSecurityGroupIds.TypeMismatch',
  'MaxEniCountExceeded',
  'OperationDenied.ServiceManaged',
])

const createInstance = defineAction({
  product: 'Ecs',
  name: 'CreateInstance',
  summary: { en: 'Creates one instance, which StartInstance starts.', zh: '创建一台 ECS 实例。' },
  status: { partial: 'An instance as that of `Ecs.RunInstances`; it is `Stopped` at once.' },
  params: runParams.omit({
    Amount: true,
    AutoReleaseTime: true,
    CpuOptions: true,
    ImageOptions: true,
    Ipv6Address: true,
    Ipv6AddressCount: true,
    LaunchTemplateId: true,
    LaunchTemplateName: true,
    MinAmount: true,
    NetworkInterface: true,
    NetworkOptions: true,
    SecurityGroupIds: true,
    SecurityOptions: true,
  }),
  result: z.object({ InstanceId: z.string() }),
  effect: 'write',
  errors: newInstanceErrors.filter((code) => !ofSeveral.has(code)),
  handler: async (context, given) => {
    const [id] = await newInstances(context, { ...given, Amount: 1 }, 'stopped')
    return { InstanceId: found(id, 'InternalError') }
  },
})

export const newInstanceActions: readonly Action[] = [runInstances, createInstance]
