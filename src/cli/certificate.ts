import { closeSync, constants, fstatSync, openSync, readFileSync, writeFileSync } from 'node:fs'

/**
 * Copies a certificate from the server's directory to where everyone can read it. The server has no privilege and
 * root does the copying, so the server must not be able to point it at a file of someone else's: no link is followed,
 * and nothing but a certificate is copied.
 */
export function copyCertificate(from: string, to: string): void {
  const file = openSync(from, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    const facts = fstatSync(file)
    const text = facts.isFile() && facts.nlink === 1 ? readFileSync(file, 'utf8') : ''
    if (!/^-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+-----END CERTIFICATE-----\n?$/.test(text)) {
      throw new Error(`${from} is not a certificate`)
    }
    writeFileSync(to, text, { mode: 0o644 })
  } finally {
    closeSync(file)
  }
}
