/** Passwords are kept as scrypt hashes: whoever has the database must try them one by one, at this cost each. */
import { scrypt, timingSafeEqual } from 'node:crypto'
import type { RandomBytes } from '../model/ids.ts'

/** 32 MiB and less than a tenth of a second. Another cost makes all stored hashes worthless. */
const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 2 ** 20 }
const hashLength = 32

/** The same text counts the same, however its characters were composed. Base64; runs beside the event loop. */
export function hashPassword(password: string, salt: string): Promise<string> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, hashLength, cost, (error, hash) => {
      if (error) reject(error)
      else resolve(hash.toString('base64'))
    })
  })
}

export interface SaltedHash {
  readonly salt: string
  readonly hash: string
}

/** Of a new password, under a salt of its own. */
export async function hashNewPassword(password: string, randomBytes: RandomBytes): Promise<SaltedHash> {
  const salt = Buffer.from(randomBytes(16)).toString('base64')
  return { salt, hash: await hashPassword(password, salt) }
}

export function sameHash(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)]
  return one.length === other.length && timingSafeEqual(one, other)
}
