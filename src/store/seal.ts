/**
 * Access key secrets are stored sealed with AES-256-GCM, under a key that is not in the database: a copy of the
 * database alone lets nobody sign. Each seal is bound to the access key's id, so rows cannot be swapped.
 */
import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { RandomBytes } from '../model/ids.ts'
import { ifExists, writeDurableFile } from './durable-file.ts'

const keyLength = 32
const nonceLength = 12
const tagLength = 16

export interface SealKey {
  /** Not the bytes: to make a key of those takes three times as long as all the rest of unsealing. */
  readonly key: KeyObject
  /** Texts that were unsealed lately, by owner and seal. What a seal holds never changes, so none of them can be out of date. */
  readonly unsealed: Map<string, string>
}

const unsealedKept = 10_000

/** The key in `file`, made at the first start. */
export async function openSealKey(file: string, randomBytes: RandomBytes): Promise<SealKey> {
  const stored = await ifExists(readFile(file))
  if (stored) return sealKey(stored)
  const bytes = randomBytes(keyLength)
  await writeDurableFile(file, bytes, 0o600)
  return sealKey(bytes)
}

export function sealKey(bytes: Uint8Array): SealKey {
  if (bytes.length !== keyLength) throw new Error(`a seal key has ${keyLength} bytes, not ${bytes.length}`)
  return { key: createSecretKey(bytes), unsealed: new Map() }
}

/** Base64 of nonce, tag and sealed text. */
export function seal(key: SealKey, text: string, owner: string, randomBytes: RandomBytes): string {
  const nonce = randomBytes(nonceLength)
  const cipher = createCipheriv('aes-256-gcm', key.key, nonce).setAAD(Buffer.from(owner))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64')
}

/** @throws when the seal was made under another key, for another owner, or was changed. */
export function unseal(key: SealKey, sealed: string, owner: string): string {
  const name = `${owner}\n${sealed}`
  const known = key.unsealed.get(name)
  if (known !== undefined) return known
  const text = open(key, sealed, owner)
  key.unsealed.set(name, text)
  for (const oldest of key.unsealed.keys()) {
    if (key.unsealed.size <= unsealedKept) break
    key.unsealed.delete(oldest)
  }
  return text
}

function open({ key }: SealKey, sealed: string, owner: string): string {
  const bytes = Buffer.from(sealed, 'base64')
  const textStart = nonceLength + tagLength
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceLength), {
    authTagLength: tagLength,
  })
    .setAAD(Buffer.from(owner))
    .setAuthTag(bytes.subarray(nonceLength, textStart))
  return Buffer.concat([decipher.update(bytes.subarray(textStart)), decipher.final()]).toString('utf8')
}
