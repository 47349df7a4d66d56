/** Certificates that clients bring, in PEM. Pure. */
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'

export interface Certificate {
  /** PEM: the server's own first, then who signed it, up to the root or short of it. */
  readonly chain: string
  readonly publicKeyFits: (key: KeyObject) => boolean
  /** SHA-1, as the public API shows it. */
  readonly fingerprint: string
  readonly commonName: string
  readonly alternativeNames: readonly string[]
  readonly validTo: Date
  /** All of them may sign others, and the last is a root. */
  readonly isAuthority: boolean
}

const block = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g

/** Undefined for what is no chain of certificates in PEM, each signed by the next. */
export function readCertificate(pem: string): Certificate | undefined {
  if (pem.replace(block, '').trim() !== '') return undefined
  const chain = parsed(() => [...pem.matchAll(block)].map(([text]) => new X509Certificate(text)))
  const [own] = chain ?? []
  const root = chain?.at(-1)
  if (!chain || !own || !root) return undefined
  const broken = chain.some((one, position) => {
    const issuer = chain[position + 1]
    return issuer !== undefined && !(one.checkIssued(issuer) && one.verify(issuer.publicKey))
  })
  if (broken) return undefined
  return {
    chain: chain.map(String).join(''),
    publicKeyFits: (key) => own.checkPrivateKey(key),
    fingerprint: own.fingerprint.toLowerCase(),
    commonName: /^CN=(.+)$/m.exec(own.subject)?.[1] ?? '',
    alternativeNames: [...(own.subjectAltName ?? '').matchAll(/(?:DNS|IP Address):([^,\s]+)/g)].map(
      ([, name = '']) => name,
    ),
    validTo: new Date(own.validTo),
    isAuthority: chain.every(({ ca }) => ca) && root.checkIssued(root),
  }
}

/** PKCS #8 says so in its first line, the older form in a header. */
export function isEncrypted(pem: string): boolean {
  return /-----BEGIN ENCRYPTED |^Proc-Type: 4,ENCRYPTED/m.test(pem)
}

/** Undefined for what is no private key in PEM. */
export function readPrivateKey(pem: string): KeyObject | undefined {
  return parsed(() => createPrivateKey(pem))
}

/** OpenSSL says no by throwing. */
function parsed<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
