/** What both walkthroughs start from: two isolated VPCs, a client in one and the application in the other. */
import { type Answer, firstTextAt, listAt, textAt } from './answer.ts'
import { type Network, zoneB } from './scenario.ts'
import { type Machine, type Role, type Stage, until } from './stage.ts'
import type { Step } from './step.ts'
import { applicationUserData } from './workload.ts'

const imageId = 'postern_sandbox'
const instanceType = 'ecs.t5-lc2m1.nano'

export const preparation: readonly Step[] = [
  {
    id: 'activate',
    title: { en: 'Activate PrivateLink, once per account', zh: '开通私网连接（每个账号一次）' },
    async run(stage) {
      const { consumer, provider } = stage.scenario
      const roles: Role[] = consumer.account === provider.account ? ['consumer'] : ['consumer', 'provider']
      await Promise.all(roles.map((role) => stage.call(role, 'Privatelink', 'OpenPrivateLinkService')))
    },
  },
  {
    id: 'networks',
    title: {
      en: 'Make VPC1 and VPC2 with a vSwitch each in zone B, and security groups',
      zh: '创建 VPC1、VPC2 及各自在可用区 B 的交换机与安全组',
    },
    async run(stage) {
      const { vpc1, vpc2 } = stage.scenario
      await Promise.all([
        makeNetwork(stage, 'consumer', vpc1).then(async ({ vpc, vswitch }) => {
          stage.note('vpc1', vpc)
          stage.note('vswitch1', vswitch)
          await Promise.all([
            makeGroup(stage, 'consumer', vpc, 'ecs1').then((id) => stage.note('clientGroup', id)),
            makeEndpointGroup(stage, vpc),
          ])
        }),
        makeNetwork(stage, 'provider', vpc2).then(async ({ vpc, vswitch }) => {
          stage.note('vpc2', vpc)
          stage.note('vswitch2', vswitch)
          await makeBackendGroup(stage, vpc)
        }),
      ])
    },
  },
  {
    id: 'instances',
    title: {
      en: 'Start ECS1 in VPC1, and ECS2 and ECS3 with the application in VPC2',
      zh: '在 VPC1 启动 ECS1，在 VPC2 启动运行应用的 ECS2 与 ECS3',
    },
    async run(stage) {
      const { vpc1, vpc2 } = stage.scenario
      await Promise.all([
        startInstance(stage, 'consumer', 'ECS1', vpc1.client),
        ...vpc2.backends.map(({ name, address }) => startInstance(stage, 'provider', name, address)),
      ])
      await Promise.all([
        untilRunning(stage, 'consumer', ['ECS1']),
        untilRunning(stage, 'provider', ['ECS2', 'ECS3']),
      ])
    },
  },
]

async function makeNetwork(
  stage: Stage,
  role: Role,
  network: Network,
): Promise<{ readonly vpc: string; readonly vswitch: string }> {
  const made = await stage.call(role, 'Vpc', 'CreateVpc', { CidrBlock: network.cidr, VpcName: network.name })
  const vpc = textAt(made, 'VpcId')
  await until(`${network.name} available`, 5_000, async () =>
    isAvailable(await stage.ask(role, 'Vpc', 'DescribeVpcAttribute', { VpcId: vpc })),
  )
  return { vpc, vswitch: await makeVSwitch(stage, role, vpc, network.vswitch) }
}

/** A vSwitch in zone B. */
export async function makeVSwitch(stage: Stage, role: Role, vpc: string, cidr: string): Promise<string> {
  const made = await stage.call(role, 'Vpc', 'CreateVSwitch', { VpcId: vpc, ZoneId: zoneB, CidrBlock: cidr })
  const vswitch = textAt(made, 'VSwitchId')
  await until(`vSwitch ${cidr} available`, 5_000, async () =>
    isAvailable(await stage.ask(role, 'Vpc', 'DescribeVSwitchAttributes', { VSwitchId: vswitch })),
  )
  return vswitch
}

function isAvailable(answer: Answer): true | undefined {
  return textAt(answer, 'Status') === 'Available' || undefined
}

async function makeGroup(stage: Stage, role: Role, vpc: string, name: string): Promise<string> {
  const made = await stage.call(role, 'Ecs', 'CreateSecurityGroup', { VpcId: vpc, SecurityGroupName: name })
  return textAt(made, 'SecurityGroupId')
}

/** All ports are let in, so that what stops the others later is the link itself. */
async function makeEndpointGroup(stage: Stage, vpc: string): Promise<void> {
  const group = await makeGroup(stage, 'consumer', vpc, 'endpoint')
  stage.note('endpointGroup', group)
  await stage.call('consumer', 'Ecs', 'AuthorizeSecurityGroup', {
    SecurityGroupId: group,
    Permissions: [{ IpProtocol: 'TCP', PortRange: '1/65535', SourceCidrIp: stage.scenario.vpc1.cidr }],
  })
}

/** Both ports of the application are let in from everywhere, for the same reason. */
async function makeBackendGroup(stage: Stage, vpc: string): Promise<void> {
  const group = await makeGroup(stage, 'provider', vpc, 'application')
  stage.note('backendGroup', group)
  await stage.call('provider', 'Ecs', 'AuthorizeSecurityGroup', {
    SecurityGroupId: group,
    Permissions: ['80/80', '8080/8080'].map((PortRange) => ({
      IpProtocol: 'TCP',
      PortRange,
      SourceCidrIp: '0.0.0.0/0',
    })),
  })
}

async function startInstance(stage: Stage, role: Role, name: Machine, address: string): Promise<void> {
  const client = name === 'ECS1'
  const made = await stage.call(role, 'Ecs', 'RunInstances', {
    InstanceName: name,
    HostName: name,
    ImageId: imageId,
    InstanceType: instanceType,
    VSwitchId: stage.get(client ? 'vswitch1' : 'vswitch2'),
    SecurityGroupId: stage.get(client ? 'clientGroup' : 'backendGroup'),
    PrivateIpAddress: address,
    ...(client ? {} : { UserData: applicationUserData() }),
  })
  stage.note(name, firstTextAt(made, 'InstanceIdSets.InstanceIdSet'))
}

async function untilRunning(stage: Stage, role: Role, machines: readonly Machine[]): Promise<void> {
  const InstanceIds = JSON.stringify(machines.map((machine) => stage.get(machine)))
  await until(`${machines.join(', ')} running`, 10_000, async () => {
    const answer = await stage.ask(role, 'Ecs', 'DescribeInstances', { InstanceIds })
    const running = listAt(answer, 'Instances.Instance').filter(({ Status }) => Status === 'Running')
    return running.length === machines.length || undefined
  })
}
