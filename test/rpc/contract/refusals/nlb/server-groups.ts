/** How each error of the actions on server groups and their servers is provoked. */
import { quotas } from '../../../../../src/model/quotas.ts'
import type { Params } from '../../clients.ts'
import { copyRow } from '../copies.ts'
import { tagRefusals } from './load-balancers.ts'
import { addServer, anyPort, makeGroup, type NlbWorld, type Provoke, type Refusals } from './world.ts'

const create =
  (params: Params): Provoke =>
  ({ owner, network }) => [owner, { ServerGroupName: 'another', VpcId: network.vpc, ...params }]

const own =
  (params: Params): Provoke =>
  ({ owner, group }) => [owner, { ServerGroupId: group, ...params }]

const foreign =
  (params: Params = {}): Provoke =>
  ({ stranger, group }) => [stranger, { ServerGroupId: group, ...params }]

/** One that stays `Creating`. */
const busy: Provoke = async ({ server, owner, network }) => {
  server.agent.pause()
  const params = { ServerGroupName: 'busy', VpcId: network.vpc }
  const made = await owner.nlb('CreateServerGroup', params)
  return [owner, { ServerGroupId: made['ServerGroupId'] }]
}

const settings = (provoke: (params: Params) => Provoke) => ({
  // Not every client flattens objects.
  'IllegalParam.HealthCheckInterval': provoke({ 'HealthCheckConfig.HealthCheckInterval': 51 }),
  'IllegalParam.HealthCheckType': provoke({ 'HealthCheckConfig.HealthCheckType': 'UDP' }),
  'IllegalParam.PreserveClientIpEnabled': provoke({ PreserveClientIpEnabled: false }),
  'IllegalParam.Scheduler': provoke({ Scheduler: 'qch' }),
  'MissingParam.ConnectionDrainTimeout': provoke({ ConnectionDrainEnabled: true }),
})

type OneServer = (world: NlbWorld) => Params

const server =
  (change: OneServer, count = 1): Provoke =>
  (world) => {
    const one = { ServerId: world.instance, ServerType: 'Ecs', Port: 80, ...change(world) }
    return own({ Servers: Array.from({ length: count }, () => one) })(world)
  }

const stranger: Provoke = (world) =>
  foreign({ Servers: [{ ServerId: world.instance, ServerType: 'Ecs', Port: 80 }] })(world)

const change = {
  'IllegalParam.description': server(() => ({ Description: '<' })),
  'ResourceNotFound.BackendServer': server(() => ({})),
  'ResourceNotFound.serverGroup': stranger,
}

export const serverGroupRefusals: Refusals = {
  CreateServerGroup: {
    ...tagRefusals(create),
    ...settings(create),
    'IllegalParam.AnyPortServerGroupConflictWithHealthCheckConfig': create({ AnyPortEnabled: true }),
    'OperationDenied.VpcNotSupportIpv6': create({ AddressIPVersion: 'DualStack' }),
    'QuotaExceeded.ServerGroup': async ({ server: running, stranger: party, group, distant }) => {
      copyRow(running, 'nlb_server_group', ['id', group], quotas.nlbServerGroupsPerRegion, {
        id: `'sgp-' || i`,
        account_id: `'${party.id}'`,
      })
      return [party, { ServerGroupName: 'another', VpcId: distant.vpc }]
    },
    'ResourceNotFound.ResourceGroup': create({ ResourceGroupId: 'rg-none' }),
    'ResourceNotFound.Vpc': create({ VpcId: 'vpc-none' }),
  },
  ListServerGroups: {},
  UpdateServerGroupAttribute: {
    ...settings(own),
    'IllegalParam.AnyPortServerGroupConflictWithHealthCheckConfig': async ({ owner, network }) => [
      owner,
      {
        ServerGroupId: await makeGroup(owner, network.vpc, anyPort),
        'HealthCheckConfig.HealthCheckEnabled': true,
      },
    ],
    'IncorrectStatus.serverGroup': busy,
    'ResourceNotFound.serverGroup': foreign(),
  },
  DeleteServerGroup: {
    'IncorrectStatus.serverGroup': busy,
    'ResourceInUse.ServerGroup': own({}),
    'ResourceNotFound.serverGroup': foreign(),
  },
  AddServersToServerGroup: {
    'DuplicatedParam.Server': server(() => ({}), 2),
    'IllegalParam.IP': async (world) => {
      const group = await makeGroup(world.owner, world.network.vpc, { ServerGroupType: 'Ip' })
      return own({
        ServerGroupId: group,
        Servers: [{ ServerId: '10.9.9.9', ServerType: 'Ip', Port: 80 }],
      })(world)
    },
    'IllegalParam.Port': server(() => ({ Port: 0 })),
    'IllegalParam.RSPortConflictWithServerGroup': async (world) =>
      own({
        ServerGroupId: await makeGroup(world.owner, world.network.vpc, anyPort),
        Servers: [{ ServerId: world.instance, ServerType: 'Ecs', Port: 80 }],
      })(world),
    'IllegalParam.description': change['IllegalParam.description'],
    'Mismatch.ServerType': server(() => ({ ServerId: '10.0.0.9', ServerType: 'Ip' })),
    'Mismatch.VpcId': server(({ distant }) => ({ ServerId: distant.instance })),
    'QuotaExceeded.QuotaInsufficient': async (world) => {
      const group = await makeGroup(world.owner, world.network.vpc)
      await addServer(world.owner, group, { ServerId: world.member, ServerType: 'Ecs', Port: 1 })
      const most = quotas.serversPerNlbServerGroup
      copyRow(world.server, 'nlb_server', ['group_id', group], most - 1, { port: '1 + i' })
      return own({
        ServerGroupId: group,
        Servers: [{ ServerId: world.instance, ServerType: 'Ecs', Port: 80 }],
      })(world)
    },
    'ResourceNotFound.Eci': server(() => ({ ServerType: 'Eci' })),
    'ResourceNotFound.Ecs': server(() => ({ ServerId: 'i-none' })),
    'ResourceNotFound.Eni': server(() => ({ ServerId: 'eni-none', ServerType: 'Eni' })),
    'ResourceNotFound.serverGroup': stranger,
  },
  RemoveServersFromServerGroup: change,
  UpdateServerGroupServersAttribute: change,
  ListServerGroupServers: { 'ResourceNotFound.serverGroup': foreign() },
}
