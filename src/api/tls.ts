/**
 * The server's certificate, from a certificate authority of its own. `ca.pem` is what clients are told to trust; it
 * stays the same for years, while the server's certificate is made anew when its names change or its end is near.
 */
// oxlint-disable-next-line import/no-unassigned-import -- x509 needs it, loaded before
import 'reflect-metadata'
import { KeyObject, X509Certificate, createPrivateKey, webcrypto } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { isIP } from 'node:net'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'
import { ifExists, writeDurableFile } from '../store/durable-file.ts'

export interface TlsIdentity {
  /** PEM texts. */
  readonly ca: string
  readonly cert: string
  readonly key: string
}

const dayMs = 24 * 60 * 60_000
const caLifeMs = 3650 * dayMs
/** Some clients refuse server certificates that are valid for longer than 398 days. */
const serverLifeMs = 397 * dayMs
const renewBeforeMs = 30 * dayMs
/** A client's clock may be behind. */
const backdatedMs = dayMs

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** Names under which clients may reach a server that listens on `listenHost`. */
export function certificateNames(listenHost: string): string[] {
  const names = ['localhost', '127.0.0.1', '::1', listenHost, hostname()].map((name) => name.toLowerCase())
  const usable = names.filter((name) => isIP(name) !== 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name))
  return [...new Set(usable)].filter((name) => name !== '0.0.0.0' && name !== '::').sort()
}

/** The authority and the certificate kept in `directory`, made or renewed as needed. */
export async function ensureTls(
  directory: string,
  names: readonly string[],
  now: Date,
): Promise<TlsIdentity> {
  const ca = (await loadPair(directory, 'ca', now)) ?? (await savePair(directory, 'ca', await makeCa(now)))
  const stored = await loadPair(directory, 'server', now)
  const current =
    stored && isIssuedBy(stored.cert, ca.cert) && hasNames(stored.cert, names) ? stored : undefined
  const server = current ?? (await savePair(directory, 'server', await makeServer(ca, names, now)))
  return { ca: ca.cert, cert: server.cert, key: server.key }
}

interface Pair {
  readonly cert: string
  readonly key: string
}

/** Undefined when a file is missing, key and certificate do not belong together, or the end is near. */
async function loadPair(directory: string, name: string, now: Date): Promise<Pair | undefined> {
  const cert = await ifExists(readFile(join(directory, `${name}.pem`), 'utf8'))
  const key = await ifExists(readFile(join(directory, `${name}.key`), 'utf8'))
  if (cert === undefined || key === undefined) return undefined
  const parsed = new X509Certificate(cert)
  const end = Date.parse(parsed.validTo)
  const usable = parsed.checkPrivateKey(createPrivateKey(key)) && end - now.getTime() > renewBeforeMs
  return usable ? { cert, key } : undefined
}

/** The certificate comes last: without it the pair counts as missing. */
async function savePair(directory: string, name: string, pair: Pair): Promise<Pair> {
  await writeDurableFile(join(directory, `${name}.key`), pair.key, 0o600)
  await writeDurableFile(join(directory, `${name}.pem`), pair.cert, 0o644)
  return pair
}

function isIssuedBy(cert: string, ca: string): boolean {
  return new X509Certificate(cert).verify(new X509Certificate(ca).publicKey)
}

function hasNames(cert: string, names: readonly string[]): boolean {
  const extension = new x509.X509Certificate(cert).getExtension(x509.SubjectAlternativeNameExtension)
  const present = extension?.names.items.map((name) => name.value) ?? []
  return present.toSorted().join() === names.toSorted().join()
}

async function makeCa(now: Date): Promise<Pair> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const serialNumber = newSerialNumber()
  const cert = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: `O=Postern, CN=Postern local CA ${serialNumber.slice(0, 8)}`,
      serialNumber,
      ...validity(now, caLifeMs),
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  )
  return { cert: pem(cert), key: privatePem(keys.privateKey) }
}

async function makeServer(ca: Pair, names: readonly string[], now: Date): Promise<Pair> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const issuer = new x509.X509Certificate(ca.cert)
  const cert = await x509.X509CertificateGenerator.create(
    {
      subject: 'O=Postern, CN=Postern server',
      issuer: issuer.subjectName,
      serialNumber: newSerialNumber(),
      ...validity(now, serverLifeMs),
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey: await signingKey(ca.key),
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension(
          names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
        ),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
        await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  )
  return { cert: pem(cert), key: privatePem(keys.privateKey) }
}

function signingKey(key: string): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(key).export({ type: 'pkcs8', format: 'der' })
  return webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign'])
}

function privatePem(key: webcrypto.CryptoKey): string {
  return KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }).toString()
}

function pem(cert: x509.X509Certificate): string {
  return `${cert.toString('pem')}\n`
}

/** 16 random bytes; the first bit is 0, so that the number is positive. */
function newSerialNumber(): string {
  const bytes = Buffer.from(webcrypto.getRandomValues(new Uint8Array(16)))
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return bytes.toString('hex')
}

function validity(now: Date, lifeMs: number): { notBefore: Date; notAfter: Date } {
  return {
    notBefore: new Date(now.getTime() - backdatedMs),
    notAfter: new Date(now.getTime() - backdatedMs + lifeMs),
  }
}
