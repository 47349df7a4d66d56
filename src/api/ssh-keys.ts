/** Public keys as SSH writes them (RFC 4253, 6.6): the name of the algorithm, then its numbers, each with its length. */
import { createHash, type JsonWebKey } from 'node:crypto'

export interface SshKey {
  /** As in `authorized_keys`, without a comment. */
  readonly line: string
  /** MD5 of the key, as RFC 4716 writes it. */
  readonly fingerprint: string
}

/** An RSA key, which is what the public API makes. */
export function sshKeyOf({ e = '', n = '' }: JsonWebKey): SshKey {
  const parts = [Buffer.from('ssh-rsa'), positive(e), positive(n)]
  return keyOf('ssh-rsa', Buffer.concat(parts.flatMap((part) => [lengthOf(part), part])))
}

/** A line such as `ssh-rsa AAAA… comment`; undefined for anything else. */
export function readSshKey(text: string): SshKey | undefined {
  const [, algorithm = '', body = ''] =
    /^\s*((?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+)\s+([A-Za-z0-9+/]+={0,2})(?:\s.*)?$/.exec(text) ?? []
  const blob = Buffer.from(body, 'base64')
  const name = Buffer.from(algorithm)
  const opening = Buffer.concat([lengthOf(name), name])
  const fits =
    name.length > 0 && blob.length > opening.length && blob.subarray(0, opening.length).equals(opening)
  return fits ? keyOf(algorithm, blob) : undefined
}

function keyOf(algorithm: string, blob: Buffer): SshKey {
  const digest = createHash('md5').update(blob).digest('hex')
  return {
    line: `${algorithm} ${blob.toString('base64')}`,
    fingerprint: digest.replace(/(..)(?=.)/g, '$1:'),
  }
}

/** A number whose first bit would make it negative gets a byte before it. */
function positive(base64url: string): Buffer {
  const bytes = Buffer.from(base64url, 'base64url')
  return (bytes[0] ?? 0) < 0x80 ? bytes : Buffer.concat([Buffer.of(0), bytes])
}

function lengthOf(part: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(part.length)
  return length
}
