/** How each error of the actions on servers and their groups is provoked. */
import { quotas } from '../../../../../src/model/quotas.ts'
import type { Params } from '../../clients.ts'
import { copyRow } from '../copies.ts'
import { makeBalancer } from '../../stage.ts'
import { groupOfRule } from './rules.ts'
import {
  list,
  makeGroup,
  makeListener,
  makePair,
  pair,
  type Provoke,
  type Refusals,
  type SlbWorld,
} from './world.ts'

type Servers = (world: SlbWorld) => string

/** The owner's balancer, and these servers. */
const inDefault =
  (servers: Servers): Provoke =>
  (world) => [world.owner, { LoadBalancerId: world.balancer, BackendServers: servers(world) }]

const inGroup =
  (servers: Servers, name = 'BackendServers'): Provoke =>
  (world) => [world.owner, { VServerGroupId: world.vserverGroup, [name]: servers(world) }]

const foreignBalancer =
  (params: Params = {}): Provoke =>
  ({ stranger, balancer }) => [stranger, { LoadBalancerId: balancer, ...params }]

const foreignGroup: Provoke = ({ stranger, vserverGroup }) => [stranger, { VServerGroupId: vserverGroup }]
const foreignPair: Provoke = ({ stranger, pairGroup }) => [stranger, { MasterSlaveServerGroupId: pairGroup }]

const present: Servers = ({ member }) => list({ ServerId: member, Port: 80 })
const absent: Servers = ({ instance }) => list({ ServerId: instance, Port: 80 })
const distant: Servers = ({ distant: ServerId }) => list({ ServerId, Port: 80 })
const malformed: Servers = () => 'no list'

/** A default group as full as it may be. */
const fullDefault: Provoke = async ({ server, owner, network, member, instance }) => {
  const balancer = await makeBalancer(owner, network)
  await owner.slb('AddBackendServers', {
    LoadBalancerId: balancer,
    BackendServers: list({ ServerId: member }),
  })
  const most = quotas.serversPerLoadBalancer
  copyRow(server, 'backend_server', ['load_balancer_id', balancer], most - 1, { server_id: `'i-' || i` })
  return [owner, { LoadBalancerId: balancer, BackendServers: list({ ServerId: instance }) }]
}

const fullGroup =
  (name: string): Provoke =>
  async ({ server, owner, network, member, instance }) => {
    const group = await makeGroup(owner, await makeBalancer(owner, network), [{ ServerId: member, Port: 1 }])
    const most = quotas.serversPerLoadBalancer
    copyRow(server, 'group_server', ['group_id', group], most - 1, { port: '1 + i' })
    return [owner, { VServerGroupId: group, [name]: list({ ServerId: instance, Port: 80 }) }]
  }

/** Groups as many as a load balancer may have. */
const fullBalancer =
  (kind: 'vserver' | 'master_slave', params: (world: SlbWorld) => Params): Provoke =>
  async (world) => {
    const { server, owner, network, member } = world
    const balancer = await makeBalancer(owner, network)
    const group =
      kind === 'vserver' ? await makeGroup(owner, balancer) : await makePair(owner, balancer, member)
    const most = quotas.serverGroupsPerLoadBalancer
    copyRow(server, 'server_group', ['id', group], most - 1, { id: `'rsp-${balancer}-' || i` })
    return [owner, { LoadBalancerId: balancer, ...params(world) }]
  }

/** A group whose load balancer is on its way out. */
const leaving: Provoke = async ({ server, owner, network }) => {
  const balancer = await makeBalancer(owner, network)
  const group = await makeGroup(owner, balancer)
  server.agent.pause()
  await owner.slb('DeleteLoadBalancer', { LoadBalancerId: balancer })
  return [owner, { VServerGroupId: group }]
}

const used =
  (kind: 'VServerGroupId' | 'MasterSlaveServerGroupId'): Provoke =>
  async ({ owner, network, member }) => {
    const balancer = await makeBalancer(owner, network)
    const group =
      kind === 'VServerGroupId' ? await makeGroup(owner, balancer) : await makePair(owner, balancer, member)
    await makeListener(owner, balancer, 80, { [kind]: group })
    return [owner, { [kind]: group }]
  }

const wrongTags = (provoke: (params: Params) => Provoke) => ({
  'InvalidParam.TagKey': provoke({ Tag: [{ Key: 'acs:a', Value: '1' }] }),
  'InvalidParam.TagValue': provoke({ Tag: [{ Key: 'a', Value: 'https://b' }] }),
})

const createGroup =
  (params: Params): Provoke =>
  ({ owner, balancer }) => [owner, { LoadBalancerId: balancer, ...params }]

const createPair =
  (params: Params): Provoke =>
  ({ owner, balancer, member }) => [
    owner,
    { LoadBalancerId: balancer, MasterSlaveBackendServers: pair(member), ...params },
  ]

const group = { 'InvalidLoadBalancerId.NotFound': leaving, 'InvalidParameter.VServerGroupId': foreignGroup }

export const serverRefusals: Refusals = {
  AddBackendServers: {
    'InvalidLoadBalancerId.NotFound': foreignBalancer(),
    InvalidParameter: inDefault(present),
    NetworkConflict: inDefault(distant),
    OverQuota: fullDefault,
  },
  SetBackendServers: {
    'InvalidLoadBalancerId.NotFound': foreignBalancer(),
    InvalidParameter: inDefault(absent),
  },
  RemoveBackendServers: {
    'InvalidLoadBalancerId.NotFound': foreignBalancer(),
    InvalidParameter: inDefault(malformed),
  },
  DescribeHealthStatus: { 'InvalidLoadBalancerId.NotFound': foreignBalancer() },
  CreateVServerGroup: {
    'InvalidLoadBalancerId.NotFound': foreignBalancer(),
    ...wrongTags(createGroup),
    InvalidParameter: inDefault(malformed),
    NetworkConflict: inDefault(distant),
    OverQuota: fullBalancer('vserver', () => ({})),
  },
  DescribeVServerGroups: { 'InvalidLoadBalancerId.NotFound': foreignBalancer() },
  DescribeVServerGroupAttribute: { 'InvalidParameter.VServerGroupId': foreignGroup },
  AddVServerGroupBackendServers: {
    ...group,
    InvalidParameter: inGroup(present),
    NetworkConflict: inGroup(distant),
    OverQuota: fullGroup('BackendServers'),
  },
  RemoveVServerGroupBackendServers: { ...group, InvalidParameter: inGroup(malformed) },
  ModifyVServerGroupBackendServers: {
    ...group,
    InvalidParameter: inGroup(present, 'NewBackendServers'),
    NetworkConflict: inGroup(distant, 'NewBackendServers'),
    OverQuota: fullGroup('NewBackendServers'),
  },
  SetVServerGroupAttribute: { ...group, InvalidParameter: inGroup(absent) },
  DeleteVServerGroup: {
    'InvalidParameter.VServerGroupId': foreignGroup,
    RspoolRuleExist: groupOfRule,
    RspoolVipExist: used('VServerGroupId'),
  },
  CreateMasterSlaveServerGroup: {
    'InvalidLoadBalancerId.NotFound': ({ stranger, balancer, member }) => [
      stranger,
      { LoadBalancerId: balancer, MasterSlaveBackendServers: pair(member) },
    ],
    ...wrongTags(createPair),
    InvalidParameter: createPair({ MasterSlaveBackendServers: list() }),
    NetworkConflict: (world) => createPair({ MasterSlaveBackendServers: pair(world.distant) })(world),
    OverQuota: fullBalancer('master_slave', ({ member }) => ({ MasterSlaveBackendServers: pair(member) })),
  },
  DescribeMasterSlaveServerGroups: { 'InvalidLoadBalancerId.NotFound': foreignBalancer() },
  DescribeMasterSlaveServerGroupAttribute: { 'InvalidParameter.MasterSlaveServerGroupId': foreignPair },
  DeleteMasterSlaveServerGroup: {
    'InvalidParameter.MasterSlaveServerGroupId': foreignPair,
    RspoolVipExist: used('MasterSlaveServerGroupId'),
  },
}
