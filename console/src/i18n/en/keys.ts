/** SSH key pairs. */
export const keys = {
  about:
    'The public half of a key pair comes to an instance with its next start; the private half stays with you.',
  empty: 'No key pair yet.',
  create: 'Create key pair',
  import: 'Import key pair',
  publicKey: 'Public key',
  publicKeyHint: 'In the form of OpenSSH: ssh-rsa, ssh-ed25519 or ecdsa-sha2-…, then Base64.',
  publicKeyRule: 'A public key such as ssh-ed25519 AAAA…',
  fingerprint: 'Fingerprint',
  once: 'The private key is shown only now. Keep it where nobody else can read it.',
  privateKey: 'Private key',
  download: 'Download',
  instances: 'Instances',
  attach: 'Bind instances',
  detach: 'Unbind instances',
  attachHint: 'A present key pair of these instances is replaced. It has effect with the next start.',
  noneLeft: 'No further instance in this region.',
  noneAttached: 'No instance has this key pair.',
  deleteHint: (name: string) =>
    `The key pair ${name} will be deleted. Instances that have the public key keep it.`,
}
