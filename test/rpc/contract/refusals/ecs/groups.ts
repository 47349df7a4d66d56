/** How each error of security groups, their rules and their members is provoked. */
import type { Params } from '../../clients.ts'
import { makeGroup, makeInstance, makeList, rulesOf, type Provoke, type Refusals } from './world.ts'

/** The owner asks about its group, with these parameters beside. */
const own =
  (params: Params = {}): Provoke =>
  ({ owner, network }) => [owner, { SecurityGroupId: network.group, ...params }]

const nobodys = own({ SecurityGroupId: 'sg-none' })

const wrongTags = (params: Params): Readonly<Record<string, Provoke>> => {
  const tags =
    (...Tag: readonly Params[]): Provoke =>
    ({ owner, network }) => [owner, { VpcId: network.vpc, ...params, Tag }]
  return {
    'Duplicate.TagKey': tags({ Key: 'a', Value: '1' }, { Key: 'a', Value: '2' }),
    'InvalidTagKey.Malformed': tags({ Key: 'acs:a', Value: '1' }),
    'InvalidTagValue.Malformed': tags({ Key: 'a', Value: 'http://b' }),
  }
}

const create =
  (params: Params): Provoke =>
  ({ owner, network }) => [owner, { VpcId: network.vpc, ...params }]

type Direction = 'ingress' | 'egress'
const sideOf = (direction: Direction) => (direction === 'ingress' ? 'Source' : 'Dest')

function ruleRefusals(direction: Direction): Readonly<Record<string, Provoke>> {
  const side = sideOf(direction)
  const rule = (params: Params) =>
    own({ IpProtocol: 'TCP', PortRange: '80/80', [`${side}CidrIp`]: '10.0.0.0/8', ...params })
  return {
    [`Invalid${side}CidrIp.Malformed`]: rule({ [`${side}CidrIp`]: '10.0.0.300/8' }),
    'InvalidIpPortRange.Malformed': rule({ PortRange: '90/80' }),
    'InvalidIpProtocol.ValueNotSupported': rule({ IpProtocol: 'sctp' }),
    InvalidParameter: rule({ SourcePortRange: '1024/65535' }),
    'InvalidParamter.Description': rule({ Description: 'd'.repeat(513) }),
    'InvalidPolicy.Malformed': rule({ Policy: 'reject' }),
    'InvalidPriority.ValueNotSupported': rule({ Priority: '101' }),
    [`MissingParameter.${side}`]: own({ IpProtocol: 'TCP', PortRange: '80/80' }),
    'InvalidSecurityGroupId.NotFound': rule({ SecurityGroupId: 'sg-none' }),
  }
}

/** With the id of a rule that is there, if the action wants one. */
function peerRefusals(
  direction: Direction,
  extra: (world: Parameters<Provoke>[0], group: string) => Params | Promise<Params>,
): Readonly<Record<string, Provoke>> {
  const side = sideOf(direction)
  const peer =
    (params: Params): Provoke =>
    async (world) => [
      world.owner,
      {
        SecurityGroupId: world.network.group,
        IpProtocol: 'ALL',
        ...params,
        ...(await extra(world, world.network.group)),
      },
    ]
  return {
    [`Invalid${side}GroupId.NotFound`]: async (world) =>
      await peer({ [`${side}GroupId`]: world.elsewhere.group })(world),
    'InvalidPrefixListId.NotFound': peer({ [`${side}PrefixListId`]: 'pl-none' }),
    AuthorizationLimitExceed: async (world) => {
      const group = await makeGroup(world.owner, world.network)
      const list = await makeList(world.owner, [], 199)
      const named = { IpProtocol: 'ALL', [`${side}PrefixListId`]: list }
      const params = { SecurityGroupId: group, ...named, ...(await extra(world, group)) }
      const action = direction === 'ingress' ? 'AuthorizeSecurityGroup' : 'AuthorizeSecurityGroupEgress'
      const before = await makeList(world.owner, [], 2)
      await world.owner.ecs(action, {
        SecurityGroupId: group,
        IpProtocol: 'ALL',
        [`${side}PrefixListId`]: before,
      })
      return [world.owner, params]
    },
  }
}

/** A rule of the group, made for this. */
async function ruleOf(
  direction: Direction,
  { owner }: Parameters<Provoke>[0],
  group: string,
): Promise<Params> {
  const action = direction === 'ingress' ? 'AuthorizeSecurityGroup' : 'AuthorizeSecurityGroupEgress'
  const rule = { IpProtocol: 'UDP', PortRange: '53/53', [`${sideOf(direction)}CidrIp`]: '10.0.0.0/8' }
  await owner.ecs(action, { SecurityGroupId: group, ...rule })
  const [SecurityGroupRuleId] = await rulesOf(owner, group, direction)
  return { SecurityGroupRuleId }
}

function authorize(direction: Direction): Readonly<Record<string, Provoke>> {
  return { ...ruleRefusals(direction), ...peerRefusals(direction, () => ({})) }
}

function revoke(direction: Direction): Readonly<Record<string, Provoke>> {
  return {
    ...ruleRefusals(direction),
    'InvalidSecurityGroupRuleId.NotFound': own({ SecurityGroupRuleId: ['sgr-none'] }),
  }
}

function modify(direction: Direction): Readonly<Record<string, Provoke>> {
  const action = direction === 'ingress' ? 'AuthorizeSecurityGroup' : 'AuthorizeSecurityGroupEgress'
  return {
    ...ruleRefusalsOfPresent(direction),
    ...peerRefusals(direction, (world, group) => ruleOf(direction, world, group)),
    'InvalidSecurityGroupRuleId.NotFound': own({ SecurityGroupRuleId: 'sgr-none' }),
    'InvalidSecurityGroupRule.RuleExist': async (world) => {
      const group = await makeGroup(world.owner, world.network)
      const rule = await ruleOf(direction, world, group)
      const other = { IpProtocol: 'GRE', [`${sideOf(direction)}CidrIp`]: '10.0.0.0/8' }
      await world.owner.ecs(action, { SecurityGroupId: group, ...other })
      return [world.owner, { SecurityGroupId: group, ...rule, ...other }]
    },
  }
}

/** The rule must be there before what it is to become is looked at. */
function ruleRefusalsOfPresent(direction: Direction): Readonly<Record<string, Provoke>> {
  const missing = `MissingParameter.${sideOf(direction)}`
  return Object.fromEntries(
    Object.entries(ruleRefusals(direction)).map(([code, provoke]): [string, Provoke] => [
      code,
      code === missing
        ? provoke
        : async (world) => {
            const [party, params] = await provoke(world)
            return [party, { ...(await ruleOf(direction, world, world.network.group)), ...params }]
          },
    ]),
  )
}

const member =
  (params: Params = {}): Provoke =>
  ({ owner, network, instance }) => [
    owner,
    { SecurityGroupId: network.group, InstanceId: instance, ...params },
  ]

const members = {
  'InvalidEniId.NotFound': own({ NetworkInterfaceId: 'eni-none' }),
  'InvalidInstanceId.NotFound': own({ InstanceId: 'i-none' }),
  'InvalidSecurityGroupId.NotFound': member({ SecurityGroupId: 'sg-none' }),
  'OperationDenied.ServiceManaged': (({ owner, network, managed }) => [
    owner,
    { SecurityGroupId: network.group, NetworkInterfaceId: managed },
  ]) satisfies Provoke,
}

export const groupRefusals: Refusals = {
  CreateSecurityGroup: {
    ...wrongTags({}),
    IncorrectVpcStatus: async ({ server, owner }) => {
      server.agent.pause()
      return [owner, { VpcId: (await owner.vpc('CreateVpc'))['VpcId'] }]
    },
    'InvalidDescription.Malformed': create({ Description: 'https://a' }),
    'InvalidResourceGroup.NotFound': create({ ResourceGroupId: 'rg-none' }),
    'InvalidSecurityGroupName.Malformed': create({ SecurityGroupName: '1' }),
    'InvalidVpcId.NotFound': create({ VpcId: 'vpc-none' }),
    'QuotaExceed.SecurityGroup': ({ hoarder, hoard }) => [hoarder, { VpcId: hoard.vpc }],
  },
  DescribeSecurityGroups: {},
  ModifySecurityGroupPolicy: {
    'InvalidPolicy.Malformed': own({ InnerAccessPolicy: 'reject' }),
    'InvalidSecurityGroupId.NotFound': own({ SecurityGroupId: 'sg-none', InnerAccessPolicy: 'Drop' }),
  },
  ModifySecurityGroupAttribute: {
    'InvalidDescription.Malformed': own({ Description: 'd' }),
    'InvalidSecurityGroupId.NotFound': nobodys,
    'InvalidSecurityGroupName.Malformed': own({ SecurityGroupName: 'http://a' }),
  },
  DeleteSecurityGroup: { DependencyViolation: own(), 'InvalidSecurityGroupId.NotFound': nobodys },
  AuthorizeSecurityGroup: authorize('ingress'),
  AuthorizeSecurityGroupEgress: authorize('egress'),
  RevokeSecurityGroup: revoke('ingress'),
  RevokeSecurityGroupEgress: revoke('egress'),
  ModifySecurityGroupRule: modify('ingress'),
  ModifySecurityGroupEgressRule: modify('egress'),
  DescribeSecurityGroupAttribute: { 'InvalidSecurityGroupId.NotFound': nobodys },
  DescribeSecurityGroupReferences: {
    'InvalidSecurityGroupId.NotFound': own({ SecurityGroupId: ['sg-none'] }),
  },
  JoinSecurityGroup: {
    ...members,
    'InvalidSecurityGroupIds.TypeMismatch': ({ owner, instance, enterpriseGroup }) => [
      owner,
      { SecurityGroupId: enterpriseGroup, InstanceId: instance },
    ],
    'OperationDenied.InconsistentNetwork': ({ owner, instance, elsewhere }) => [
      owner,
      { SecurityGroupId: elsewhere.group, InstanceId: instance },
    ],
    SecurityGroupInstanceLimitExceed: async ({ owner, network }) => {
      const groups = [network.group]
      while (groups.length < 10) groups.push(await makeGroup(owner, network))
      const one = { SecurityGroupId: undefined, SecurityGroupIds: groups }
      const instance = await makeInstance(owner, network, one)
      return [owner, { SecurityGroupId: await makeGroup(owner, network), InstanceId: instance }]
    },
  },
  LeaveSecurityGroup: { ...members, InstanceLastSecurityGroup: member() },
}
