/** No address is ever given twice, neither to tenants in a VPC nor between namespaces. */
import * as fc from 'fast-check'
import type { Kysely, Transaction } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { check } from '../../src/compile/check.ts'
import { compileHost } from '../../src/compile/compile-host.ts'
import { openDatabase } from '../../src/store/database.ts'
import type { Tables } from '../../src/store/tables.ts'
import { allocateTransit, releaseTransit } from '../../src/store/transit.ts'
import { ApiError } from '../../src/api/errors.ts'
import { consumer, provider, setScene, type Scene } from './scene.ts'
import { textOf, zone } from './side.ts'

describe('transit pairs', () => {
  let db: Kysely<Tables>
  beforeEach(async () => {
    db = await openDatabase(':memory:')
  })
  afterEach(() => db.destroy())

  const run = <Result>(work: (tx: Transaction<Tables>) => Promise<Result>) => db.transaction().execute(work)
  const cursorTo = (pair: number) => db.updateTable('world').set({ transit_cursor: pair }).execute()

  test('start after the first pair of the block', async () => {
    expect(await run((tx) => allocateTransit(tx, 'a'))).toEqual({ first: '100.64.0.2', second: '100.64.0.3' })
    expect(await run((tx) => allocateTransit(tx, 'b'))).toEqual({ first: '100.64.0.4', second: '100.64.0.5' })
  })

  test('are not used again until all others were', async () => {
    await run((tx) => allocateTransit(tx, 'a'))
    await run((tx) => releaseTransit(tx, ['a']))
    expect(await run((tx) => allocateTransit(tx, 'a'))).toMatchObject({ first: '100.64.0.4' })
  })

  test('leave out the resolver’s block', async () => {
    await cursorTo(((100 - 64) * 65536) / 2 - 2)
    expect(await run((tx) => allocateTransit(tx, 'a'))).toMatchObject({ first: '100.99.255.254' })
    expect(await run((tx) => allocateTransit(tx, 'b'))).toMatchObject({ first: '100.101.0.0' })
  })

  test('begin anew after the last one, past those in use', async () => {
    const rows = Array.from({ length: 600 }, (_, index) => ({ pair: index + 1, owner: `old ${index}` }))
    await db.insertInto('transit_pair').values(rows).execute()
    await cursorTo(2 ** 21 - 2)
    expect(await run((tx) => allocateTransit(tx, 'a'))).toMatchObject({ first: '100.127.255.254' })
    expect(await run((tx) => allocateTransit(tx, 'b'))).toMatchObject({ first: '100.64.4.178' })
  })
})

/** What may happen to the scene, in any order. Each may be refused; none may break the plan. */
const steps = {
  run: (scene: Scene) => create(scene, consumer, scene.vpc1),
  runOther: (scene: Scene) => create(scene, provider, scene.vpc2),
  runThere: (scene: Scene) => create(scene, consumer, scene.vpc1, '10.0.0.20'),
  balance: (scene: Scene) =>
    scene.of.call(provider, 'Slb.CreateLoadBalancer', {
      VSwitchId: scene.vpc2.vswitch,
      LoadBalancerSpec: 'slb.s1.small',
    }),
  join: (scene: Scene) =>
    scene.of.call(consumer, 'Privatelink.CreateVpcEndpoint', {
      VpcId: scene.vpc1.vpc,
      ServiceId: scene.service,
      'SecurityGroupId.1': scene.vpc1.group,
      'Zone.1.ZoneId': zone,
      'Zone.1.VSwitchId': scene.vpc1.vswitch,
    }),
  accept: (scene: Scene) => scene.of.call(provider, 'Privatelink.EnableVpcEndpointConnection', link(scene)),
  deny: (scene: Scene) => scene.of.call(provider, 'Privatelink.DisableVpcEndpointConnection', link(scene)),
  leave: (scene: Scene) =>
    scene.of.call(consumer, 'Privatelink.RemoveZoneFromVpcEndpoint', {
      EndpointId: scene.endpoint,
      ZoneId: zone,
    }),
  enter: (scene: Scene) =>
    scene.of.call(consumer, 'Privatelink.AddZoneToVpcEndpoint', {
      EndpointId: scene.endpoint,
      ZoneId: zone,
      VSwitchId: scene.vpc1.vswitch,
    }),
  end: async (scene: Scene) => {
    const { instances } = await scene.of.world()
    const last = instances.at(-1)
    if (last) await scene.of.call(last.owner, 'Ecs.DeleteInstance', { InstanceId: last.id, Force: true })
  },
  network: async (scene: Scene) => {
    const VpcId = textOf(
      await scene.of.call(consumer, 'Vpc.CreateVpc', { CidrBlock: '10.0.0.0/16' }),
      'VpcId',
    )
    await scene.of.settle()
    await scene.of.call(consumer, 'Vpc.CreateVSwitch', { VpcId, ZoneId: zone, CidrBlock: '10.0.0.0/24' })
  },
  settle: (scene: Scene) => scene.of.settle(),
} satisfies Record<string, (scene: Scene) => Promise<unknown>>

function link(scene: Scene) {
  return { ServiceId: scene.service, EndpointId: scene.endpoint }
}

async function create(scene: Scene, account: string, network: Scene['vpc1'], address?: string) {
  await scene.of.call(account, 'Ecs.RunInstances', {
    ImageId: 'postern_sandbox',
    InstanceType: 'ecs.t5-lc1m1.small',
    VSwitchId: network.vswitch,
    SecurityGroupId: network.group,
    ...(address !== undefined && { PrivateIpAddress: address }),
  })
}

test('whatever happens in whatever order, the plan of the world has no fault', async () => {
  const names = fc.array(fc.constantFrom(...(Object.keys(steps) as (keyof typeof steps)[])), {
    maxLength: 20,
  })
  await fc.assert(
    fc.asyncProperty(names, async (sequence) => {
      const scene = await setScene()
      try {
        for (const name of sequence) {
          try {
            await steps[name](scene)
          } catch (error) {
            if (!(error instanceof ApiError)) throw error
          }
          const { plan, problems } = compileHost(await scene.of.world())
          expect([check(plan), problems]).toEqual([[], []])
        }
      } finally {
        await scene.of.db.destroy()
      }
    }),
    { numRuns: 12 },
  )
}, 60_000)

test('a vSwitch used to its end gives what became free, and then nothing', async () => {
  const scene = await setScene()
  const params = { VpcId: scene.vpc1.vpc, ZoneId: zone, CidrBlock: '10.0.9.0/29' }
  const vswitch = textOf(await scene.of.call(consumer, 'Vpc.CreateVSwitch', params), 'VSwitchId')
  await scene.of.settle()
  const small = { ...scene.vpc1, vswitch }
  for (let count = 0; count < 4; count++) await create(scene, consumer, small)
  await expect(create(scene, consumer, small)).rejects.toThrow('no free address')
  const enis = async () => (await scene.of.world()).enis.filter((eni) => eni.vswitch === vswitch)
  const gone = (await enis()).find(({ address }) => address === '10.0.9.2')
  if (gone?.attachment.kind !== 'instance') throw new Error('10.0.9.2 is nobody’s')
  const { instance } = gone.attachment
  await scene.of.call(consumer, 'Ecs.DeleteInstance', { InstanceId: instance, Force: true })
  await scene.of.settle()
  await create(scene, consumer, small)
  expect((await enis()).map(({ address }) => address).toSorted()).toEqual([
    '10.0.9.1',
    '10.0.9.2',
    '10.0.9.3',
    '10.0.9.4',
  ])
  await scene.of.db.destroy()
})
