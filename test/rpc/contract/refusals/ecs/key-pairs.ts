/** How each error of key pairs is provoked. */
import type { Params } from '../../clients.ts'
import { publicKey, runParams, type EcsWorld, type Provoke, type Refusals } from './world.ts'

const pair =
  (params: Params): Provoke =>
  ({ owner }) => [owner, { KeyPairName: 'pair', PublicKeyBody: publicKey, ...params }]

const newPair = {
  'Duplicate.TagKey': pair({
    Tag: [
      { Key: 'a', Value: '1' },
      { Key: 'a', Value: '2' },
    ],
  }),
  'InvalidKeyPairName.Malformed': pair({ KeyPairName: '1' }),
  'InvalidResourceGroup.NotFound': pair({ ResourceGroupId: 'rg-none' }),
  'InvalidTagKey.Malformed': pair({ Tag: [{ Key: 'acs:a', Value: '1' }] }),
  'InvalidTagValue.Malformed': pair({ Tag: [{ Key: 'a', Value: 'http://b' }] }),
  'KeyPair.AlreadyExist': async (world: EcsWorld) => [
    world.owner,
    { ...(await imported(world)), PublicKeyBody: publicKey },
  ],
  'QuotaExceed.KeyPair': ({ hoarder }: EcsWorld) => [
    hoarder,
    { KeyPairName: 'more', PublicKeyBody: publicKey },
  ],
} satisfies Readonly<Record<string, Provoke>>

/** A pair that is there, under a name of its own. */
async function imported({ owner }: EcsWorld): Promise<Params> {
  const listed = await owner.ecs('DescribeKeyPairs')
  const KeyPairName = `pair-${String(listed['TotalCount'])}`
  await owner.ecs('ImportKeyPair', { KeyPairName, PublicKeyBody: publicKey })
  return { KeyPairName }
}

const ofInstance =
  (params: Params): Provoke =>
  async (world) => [
    world.owner,
    { ...(await imported(world)), InstanceIds: JSON.stringify([world.instance]), ...params },
  ]

const starting: Provoke = async (world) => {
  const named = await imported(world)
  const { server, owner, network } = world
  server.agent.pause()
  const made = await owner.ecs('RunInstances', runParams(network))
  const { InstanceIdSet } = made['InstanceIdSets'] as { InstanceIdSet: string[] }
  return [owner, { ...named, InstanceIds: JSON.stringify(InstanceIdSet) }]
}

export const keyPairRefusals: Refusals = {
  CreateKeyPair: newPair,
  ImportKeyPair: { ...newPair, 'InvalidPublicKeyBody.Malformed': pair({ PublicKeyBody: 'ssh-rsa AAAA' }) },
  DescribeKeyPairs: {},
  DeleteKeyPairs: {},
  AttachKeyPair: {
    IncorrectInstanceStatus: starting,
    'InvalidInstanceId.NotFound': ofInstance({ InstanceIds: '["i-none"]' }),
    'InvalidKeyPairName.NotFound': ofInstance({ KeyPairName: 'none' }),
  },
  DetachKeyPair: {
    IncorrectInstanceStatus: starting,
    'InvalidInstanceId.NotFound': ofInstance({ InstanceIds: '["i-none"]' }),
    // There is such a pair, but the instance does not have it.
    'InvalidKeyPairName.NotFound': ofInstance({}),
  },
}
