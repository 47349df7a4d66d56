/** Ecs 2014-05-26: key pairs, whose public half an instance gets when it starts. */
import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import { z } from 'zod'
import { newId } from '../../../model/ids.ts'
import { quotas } from '../../../model/quotas.ts'
import { resourceName } from '../../../model/rules.ts'
import {
  countKeyPairs,
  deleteKeyPairs as deletePairRows,
  findKeyPair,
  insertKeyPair,
  listKeyPairs,
} from '../../../store/key-pairs.ts'
import { putTags, readTags } from '../../../store/tags.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { ownedColumns, ownerOf } from '../../new-resource.ts'
import { pageOf, pageParams, pageResult } from '../../paging.ts'
import { json, tags, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { asTagKeyValue, seconds, tagKeyValue, wrapped } from '../../results.ts'
import { readSshKey, sshKeyOf, type SshKey } from '../../ssh-keys.ts'
import { asFilter, readTagParams } from '../../tags.ts'
import { ecsTagErrors } from './errors.ts'

const newPairParams = {
  KeyPairName: text({ pattern: resourceName, invalid: 'InvalidKeyPairName.Malformed' }),
  ResourceGroupId: text().optional(),
  Tag: tags(),
}
const newPairObject = z.object(newPairParams)
const newPairResult = { KeyPairId: z.string(), KeyPairName: z.string(), KeyPairFingerPrint: z.string() }
const newPairErrors = [
  'Duplicate.TagKey',
  'InvalidKeyPairName.Malformed',
  'InvalidResourceGroup.NotFound',
  'InvalidTagKey.Malformed',
  'InvalidTagValue.Malformed',
  'KeyPair.AlreadyExist',
  'QuotaExceed.KeyPair',
]

const createKeyPair = defineAction({
  product: 'Ecs',
  name: 'CreateKeyPair',
  summary: { en: 'Makes an RSA key pair and shows its private half, once.', zh: '创建一对SSH密钥对。' },
  status: 'full',
  params: newPairObject,
  result: z.object({ ...newPairResult, PrivateKeyBody: z.string() }),
  effect: 'write',
  errors: newPairErrors,
  secret: true,
  handler: async (context, given) => {
    await checkNewPair(context, given)
    const { publicKey, privateKey } = context.slowly('key pair', () =>
      promisify(generateKeyPair)('rsa', { modulusLength: 2048 }),
    )
    return {
      ...(await keep(context, given, sshKeyOf(publicKey.export({ format: 'jwk' })))),
      PrivateKeyBody: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    }
  },
})

const importKeyPair = defineAction({
  product: 'Ecs',
  name: 'ImportKeyPair',
  summary: { en: 'Takes over the public half of a key pair made elsewhere.', zh: '导入SSH密钥对的公钥。' },
  status: 'full',
  params: newPairObject.extend({
    PublicKeyBody: text({ max: 4096, invalid: 'InvalidPublicKeyBody.Malformed' }),
  }),
  result: z.object(newPairResult),
  effect: 'write',
  errors: [...newPairErrors, 'InvalidPublicKeyBody.Malformed'].sort(),
  handler: async (context, given) => {
    await checkNewPair(context, given)
    const key = found(readSshKey(given.PublicKeyBody), 'InvalidPublicKeyBody.Malformed')
    return await keep(context, given, key)
  },
})

type NewPair = z.infer<typeof newPairObject>

async function checkNewPair(context: ActionContext, { KeyPairName, Tag }: NewPair): Promise<void> {
  const { tx } = context
  readTagParams(Tag, ecsTagErrors)
  const present = await findKeyPair(tx, ownerOf(context), KeyPairName)
  demand(present === undefined, 'KeyPair.AlreadyExist')
  demand((await countKeyPairs(tx, ownerOf(context))) < quotas.keyPairsPerRegion, 'QuotaExceed.KeyPair')
}

async function keep(context: ActionContext, given: NewPair, { line, fingerprint }: SshKey) {
  const { tx, randomBytes } = context
  const id = newId('ssh', randomBytes)
  const name = given.KeyPairName
  const owned = await ownedColumns(context, given.ResourceGroupId, 'InvalidResourceGroup.NotFound')
  await insertKeyPair(tx, { ...owned, id, name, fingerprint, public_key: line })
  await putTags(tx, 'keypair', [id], readTagParams(given.Tag, ecsTagErrors))
  return { KeyPairId: id, KeyPairName: name, KeyPairFingerPrint: fingerprint }
}

const describeKeyPairs = defineAction({
  product: 'Ecs',
  name: 'DescribeKeyPairs',
  summary: { en: 'Lists key pairs.', zh: '查询SSH密钥对。' },
  status: 'full',
  params: z.object({
    KeyPairName: text().optional(),
    KeyPairFingerPrint: text().optional(),
    ResourceGroupId: text().optional(),
    Tag: tags(),
    ...pageParams(10, 50),
  }),
  result: z.object({
    ...pageResult,
    KeyPairs: wrapped(
      'KeyPair',
      z.object({
        KeyPairId: z.string(),
        KeyPairName: z.string(),
        KeyPairFingerPrint: z.string(),
        PublicKey: z.string(),
        CreationTime: z.string(),
        ResourceGroupId: z.string(),
        Tags: wrapped('Tag', tagKeyValue),
      }),
    ),
  }),
  effect: 'read',
  errors: [],
  handler: async (context, params) => {
    const filter = {
      name: params.KeyPairName,
      fingerprint: params.KeyPairFingerPrint,
      resourceGroup: params.ResourceGroupId,
      tags: asFilter(params.Tag),
    }
    const { rows, total } = await listKeyPairs(context.tx, ownerOf(context), filter, pageOf(params))
    const ids = rows.map(({ id }) => id)
    const tagLists = await readTags(context.tx, 'keypair', ids)
    return {
      TotalCount: total,
      PageNumber: params.PageNumber,
      PageSize: params.PageSize,
      KeyPairs: {
        KeyPair: rows.map((pair) => ({
          KeyPairId: pair.id,
          KeyPairName: pair.name,
          KeyPairFingerPrint: pair.fingerprint,
          PublicKey: pair.public_key,
          CreationTime: seconds(pair.created_at),
          ResourceGroupId: pair.resource_group_id,
          Tags: { Tag: (tagLists.get(pair.id) ?? []).map(asTagKeyValue) },
        })),
      },
    }
  },
})

const deleteKeyPairs = defineAction({
  product: 'Ecs',
  name: 'DeleteKeyPairs',
  summary: {
    en: 'Deletes key pairs; instances keep what they have of them.',
    zh: '删除一对或多对SSH密钥对。',
  },
  status: 'full',
  params: z.object({ KeyPairNames: json(z.array(z.string()).min(1).max(100)) }),
  result: z.object({}),
  effect: 'write',
  errors: [],
  handler: async (context, { KeyPairNames }) => {
    await deletePairRows(context.tx, ownerOf(context), KeyPairNames)
    return {}
  },
})

export const keyPairActions: readonly Action[] = [
  createKeyPair,
  importKeyPair,
  describeKeyPairs,
  deleteKeyPairs,
]
