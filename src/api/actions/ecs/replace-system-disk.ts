/** Ecs 2014-05-26: a stopped instance gets a new system disk, and with it an empty home. */
import { z } from 'zod'
import { newId } from '../../../model/ids.ts'
import { findImage } from '../../../model/instance-types.ts'
import { instancePassword } from '../../../model/rules.ts'
import { nextGeneration } from '../../../store/generation.ts'
import { updateInstance } from '../../../store/instances.ts'
import { removeTags } from '../../../store/tags.ts'
import { defineAction, type Action } from '../../action.ts'
import { choice, flag, integer, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { livingInstance } from './instance-power.ts'
import { givenKeyPair } from './new-instances.ts'

/** In GiB, where no size is asked for. */
const usualSize = 40

const replaceSystemDisk = defineAction({
  product: 'Ecs',
  name: 'ReplaceSystemDisk',
  summary: {
    en: 'Gives a stopped instance a new system disk: what was in its home is gone.',
    zh: '更换一台实例的系统盘。',
  },
  status: {
    partial:
      'The home of the sandbox is empty at the next start, and the UserData runs again as at every start. The size is kept and told again. Without `KeyPairName` the instance keeps its key pair. A password is checked and not kept. `DiskId` and encryption are refused.',
  },
  params: z.object({
    InstanceId: text(),
    ImageId: text(),
    SystemDisk: z
      .object({
        Size: integer(20, 2048, { invalid: 'InvalidSystemDiskSize.ValueNotSupported' }).optional(),
      })
      .optional(),
    KeyPairName: text().optional(),
    Password: text({ pattern: instancePassword, invalid: 'InvalidPassword.Malformed' }).optional(),
    PasswordInherit: flag().optional(),
    SecurityEnhancementStrategy: choice(['Active', 'Deactive']).optional(),
    Encrypted: flag().optional(),
    KMSKeyId: text().optional(),
    DiskId: text().optional(),
  }),
  result: z.object({ DiskId: z.string() }),
  effect: 'write',
  errors: [
    'IncorrectInstanceStatus',
    'InvalidImageId.NotFound',
    'InvalidInstanceId.NotFound',
    'InvalidKeyPairName.NotFound',
    'InvalidParameter.EncryptedNotSupported',
    'InvalidPassword.Malformed',
    'InvalidPasswordParam.Mismatch',
    'InvalidSystemDiskSize.ValueNotSupported',
    'UnsupportedParameter',
  ],
  handler: async (context, params) => {
    const { tx, randomBytes } = context
    demand(params.Encrypted !== true, 'InvalidParameter.EncryptedNotSupported', {
      reason: 'disks are not encrypted here',
    })
    for (const name of ['KMSKeyId', 'DiskId'] as const) {
      demand(params[name] === undefined, 'UnsupportedParameter', { name })
    }
    demand(params.PasswordInherit !== true || params.Password === undefined, 'InvalidPasswordParam.Mismatch')
    const image = found(findImage(params.ImageId), 'InvalidImageId.NotFound')
    const generation = await nextGeneration(tx)
    const instance = await livingInstance(context, params.InstanceId)
    demand(instance.status === 'Stopped', 'IncorrectInstanceStatus')
    const keyPair = await givenKeyPair(context, params.KeyPairName)
    const disk = newId('d', randomBytes)
    await removeTags(tx, 'disk', [instance.disk_id], 'all')
    await updateInstance(tx, instance.id, {
      generation,
      image_id: image.id,
      disk_id: disk,
      disk_name: '',
      disk_description: '',
      disk_size: params.SystemDisk?.Size ?? usualSize,
      key_pair_name: keyPair?.name ?? instance.key_pair_name,
      public_key: keyPair?.public_key ?? instance.public_key,
    })
    return { DiskId: disk }
  },
})

export const replaceSystemDiskActions: readonly Action[] = [replaceSystemDisk]
