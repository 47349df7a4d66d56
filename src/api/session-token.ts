/**
 * Temporary credentials. The token itself holds the session, sealed under the server's key: nothing is stored, so a session
 * outlives a restart, counts on every server that has the key, and leaves nothing behind when it ends.
 */
import { z } from 'zod'
import type { RandomBytes } from '../model/ids.ts'
import { seal, unseal, type SealKey } from '../store/seal.ts'

const session = z.strictObject({
  accessKeyId: z.string(),
  secret: z.string(),
  account: z.string(),
  roleId: z.string(),
  roleName: z.string(),
  name: z.string(),
  /** JSON text of the policy that narrows it. */
  policy: z.string().optional(),
  expiresAt: z.string(),
})

export type Session = z.infer<typeof session>

/** Keeps a token from being taken for the seal of an access key's secret, and the reverse. */
const owner = 'session token'

export function sealSession(key: SealKey, content: Session, randomBytes: RandomBytes): string {
  return seal(key, JSON.stringify(content), owner, randomBytes)
}

/** Undefined for what this server did not seal. */
export function openSession(key: SealKey, token: string): Session | undefined {
  let content: string
  try {
    content = unseal(key, token, owner)
  } catch {
    // Whatever the reason, the token is not one of ours.
    return undefined
  }
  return session.parse(JSON.parse(content))
}
