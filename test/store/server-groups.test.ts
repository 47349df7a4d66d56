/** VServer groups: servers under ports of their own, for the listeners that name the group. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Answer, WireParams } from './call.ts'
import { consumer, provider, setScene, type Scene } from './scene.ts'
import { side } from './side.ts'

let scene: Scene
beforeEach(async () => {
  scene = await setScene()
})
afterEach(() => scene.of.db.destroy())

const call = (action: string, params: WireParams) => scene.of.call(provider, `Slb.${action}`, params)
const refused = (action: string, params: WireParams, account = provider) =>
  scene.of.refusal(account, `Slb.${action}`, params)
const listener = (change: WireParams = {}) => ({ LoadBalancerId: scene.clb, ListenerPort: 80, ...change })

type ServerPort = readonly [server: string, port: number, weight?: number]

/** As Terraform writes it: single quotes, numbers as text. */
function list(...servers: ServerPort[]): string {
  const items = servers.map(
    ([server, port, weight = 100]) =>
      `{'ServerId':'${server}','Port':'${port}','Weight':'${weight}','Type':'ecs'}`,
  )
  return `[${items.join(',')}]`
}

async function createGroup(BackendServers: string): Promise<string> {
  const params = { LoadBalancerId: scene.clb, VServerGroupName: 'web', BackendServers }
  return String((await call('CreateVServerGroup', params))['VServerGroupId'])
}

function serversIn(answer: Answer): readonly unknown[] {
  const { BackendServer } = answer['BackendServers'] as { BackendServer: Record<string, unknown>[] }
  return BackendServer.map(({ ServerId, Port, Weight }) => [ServerId, Port, Weight])
}

async function carried(): Promise<readonly unknown[]> {
  const { loadBalancers } = await scene.of.world()
  const balancer = loadBalancers.find(({ id }) => id === scene.clb)
  const at = balancer?.listeners.find(({ port }) => port === 80)
  return (at?.servers ?? []).map(({ address, port, weight }) => `${address}:${port} ${weight}`).toSorted()
}

test('a listener forwards to the servers of its group, each with its port, and back to the default ones', async () => {
  expect(await carried()).toEqual(['10.0.0.200:80 100'])
  const VServerGroupId = await createGroup(list([scene.ecs2, 8080], [scene.ecs2, 8081, 20]))
  expect(VServerGroupId).toMatch(/^rsp-/)
  expect(await carried()).toEqual(['10.0.0.200:80 100'])
  await call('SetLoadBalancerTCPListenerAttribute', listener({ VServerGroup: 'on', VServerGroupId }))
  expect(await carried()).toEqual(['10.0.0.200:8080 100', '10.0.0.200:8081 20'])
  const described = await call('DescribeLoadBalancerTCPListenerAttribute', listener())
  expect(described).toMatchObject({ VServerGroupId, BackendServerPort: 80 })
  expect(await refused('DeleteVServerGroup', { VServerGroupId })).toBe('RspoolVipExist')

  await call('SetLoadBalancerTCPListenerAttribute', listener({ VServerGroup: 'off' }))
  expect(await carried()).toEqual(['10.0.0.200:80 100'])
  await call('DeleteVServerGroup', { VServerGroupId })
  expect(await refused('DescribeVServerGroupAttribute', { VServerGroupId })).toBe(
    'InvalidParameter.VServerGroupId',
  )
})

test('servers are added, weighed, replaced and removed, and the listener follows at once', async () => {
  const VServerGroupId = await createGroup(list([scene.ecs2, 8080]))
  await call('SetLoadBalancerTCPListenerAttribute', listener({ VServerGroupId }))
  const second = await side(scene.of, provider).instance(scene.vpc2, '10.0.0.210')
  const group = { VServerGroupId }
  const servers = (...given: ServerPort[]) => ({ ...group, BackendServers: list(...given) })

  const added = await call('AddVServerGroupBackendServers', servers([second, 90], [second, 90]))
  expect(serversIn(added)).toHaveLength(2)
  expect(serversIn(added)).toContainEqual([second, 90, 100])
  expect(await carried()).toEqual(['10.0.0.200:8080 100', '10.0.0.210:90 100'])
  await call('SetVServerGroupAttribute', { ...servers([second, 90, 5]), VServerGroupName: 'renamed' })
  expect(await carried()).toEqual(['10.0.0.200:8080 100', '10.0.0.210:90 5'])
  await call('ModifyVServerGroupBackendServers', {
    ...group,
    OldBackendServers: list([second, 90]),
    NewBackendServers: list([second, 91]),
  })
  expect(await carried()).toEqual(['10.0.0.200:8080 100', '10.0.0.210:91 100'])
  await call('RemoveVServerGroupBackendServers', servers([scene.ecs2, 8080], [scene.ecs2, 9999]))
  expect(await carried()).toEqual(['10.0.0.210:91 100'])
  await call('RemoveVServerGroupBackendServers', group)
  const described = await call('DescribeVServerGroupAttribute', group)
  expect(described).toMatchObject({ VServerGroupName: 'renamed', LoadBalancerId: scene.clb })
  expect(serversIn(described)).toEqual([[second, 91, 100]])
  const listed = await call('DescribeVServerGroups', { LoadBalancerId: scene.clb })
  expect(listed).toMatchObject({
    VServerGroups: {
      VServerGroup: [
        {
          VServerGroupName: 'renamed',
          ServerCount: 1,
          AssociatedObjects: { Listeners: { Listener: [{ Port: 80, Protocol: 'tcp' }] } },
        },
      ],
    },
  })
  await scene.of.call(provider, 'Ecs.DeleteInstance', { InstanceId: second, Force: true })
  expect(await carried()).toEqual([])
})

test('a listener can be made for a group, without a port for the default one', async () => {
  const VServerGroupId = await createGroup(list([scene.ecs2, 53]))
  const udp = listener({ ListenerPort: 53 })
  await call('CreateLoadBalancerUDPListener', { ...udp, VServerGroupId })
  const off = { ...udp, VServerGroup: 'off' }
  expect(await refused('SetLoadBalancerUDPListenerAttribute', off)).toBe('InvalidParameter.VServerGroup')
  const bare = listener({ ListenerPort: 54 })
  expect(await refused('CreateLoadBalancerUDPListener', bare)).toBe('MissingParam.BackendServerPort')
})

test('health is that of the server under its port', async () => {
  const VServerGroupId = await createGroup(list([scene.ecs2, 8080], [scene.ecs2, 8081]))
  await call('SetLoadBalancerTCPListenerAttribute', listener({ VServerGroupId }))
  const seen = { balancer: scene.clb, protocol: 'tcp', port: 80, server: scene.ecs2 } as const
  scene.of.observed = {
    ...scene.of.observed,
    health: [
      { ...seen, backendPort: 8080, status: 'normal' },
      { ...seen, backendPort: 8081, status: 'abnormal' },
    ],
  }
  expect(await call('DescribeHealthStatus', { LoadBalancerId: scene.clb })).toMatchObject({
    BackendServers: {
      BackendServer: [
        { ServerId: scene.ecs2, ServerIp: '10.0.0.200', Port: 8080, ServerHealthStatus: 'normal' },
        { ServerId: scene.ecs2, ServerIp: '10.0.0.200', Port: 8081, ServerHealthStatus: 'abnormal' },
      ],
    },
  })
})

test('a group is tagged, and goes with its load balancer', async () => {
  const other = await side(scene.of, provider).loadBalancer(scene.vpc2, [])
  const params = { LoadBalancerId: other, 'Tag.1.Key': 'env', 'Tag.1.Value': 'test' }
  const made = await call('CreateVServerGroup', params)
  const resource = { ResourceType: 'vservergroup', 'ResourceId.1': String(made['VServerGroupId']) }
  expect(await call('ListTagResources', resource)).toMatchObject({
    TagResources: { TagResource: [{ TagKey: 'env', TagValue: 'test' }] },
  })
  await call('DeleteLoadBalancer', { LoadBalancerId: other })
  await scene.of.settle()
  for (const table of ['server_group', 'tag'] as const) {
    expect(await scene.of.db.selectFrom(table).selectAll().execute()).toEqual([])
  }
})

test('refused: strange servers, ports and groups', async () => {
  const VServerGroupId = await createGroup(list([scene.ecs2, 8080]))
  const add = (BackendServers: string) =>
    refused('AddVServerGroupBackendServers', { VServerGroupId, BackendServers })
  expect(await add(list([scene.ecs2, 8080]))).toBe('InvalidParameter')
  expect(await add(list([scene.ecs1, 8080]))).toBe('InvalidParameter')
  expect(await add(list([scene.ecs2, 0]))).toBe('InvalidParameter')
  expect(await add(`[{'ServerId':'${scene.ecs2}'}]`)).toBe('InvalidParameter')
  expect(await add('[')).toBe('InvalidParameter')
  const weights = { VServerGroupId, BackendServers: list([scene.ecs2, 1]) }
  expect(await refused('SetVServerGroupAttribute', weights)).toBe('InvalidParameter')
  const unknown = 'InvalidParameter.VServerGroupId'
  expect(await refused('DescribeVServerGroupAttribute', { VServerGroupId }, consumer)).toBe(unknown)
  expect(await refused('DeleteVServerGroup', { VServerGroupId: 'rsp-none' })).toBe(unknown)
  const set = 'SetLoadBalancerTCPListenerAttribute'
  expect(await refused(set, listener({ VServerGroupId: 'rsp-none' }))).toBe(unknown)
  expect(await refused(set, listener({ VServerGroup: 'on' }))).toBe('MissingParam.VServerGroupId')
  const other = await side(scene.of, provider).loadBalancer(scene.vpc2, [])
  expect(await refused(set, { LoadBalancerId: other, ListenerPort: 80, VServerGroupId })).toBe(unknown)
})
