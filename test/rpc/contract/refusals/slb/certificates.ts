/** How each error of the actions on certificates is provoked. */
import { generateKeyPairSync } from 'node:crypto'
import { makeAuthority, makeCertificate } from '../../../../fixtures/certificates.ts'
import type { Party } from '../../stage.ts'
import type { Provoke, Refusals } from './world.ts'

export async function uploadCertificate(party: Party): Promise<string> {
  const made = await party.slb('UploadServerCertificate', { ...(await makeCertificate('shop.example')) })
  return String(made['ServerCertificateId'])
}

const strange: Provoke = async ({ owner, stranger }) => [
  stranger,
  { ServerCertificateId: await uploadCertificate(owner), ServerCertificateName: 'mine' },
]

const upload =
  (params: () => Readonly<Record<string, string>>): Provoke =>
  async ({ owner }) => [owner, { ...(await makeCertificate('shop.example')), ...params() }]

async function uploadAuthority(party: Party): Promise<string> {
  const { certificate: CACertificate } = await makeAuthority()
  return String((await party.slb('UploadCACertificate', { CACertificate }))['CACertificateId'])
}

const strangeAuthority: Provoke = async ({ owner, stranger }) => [
  stranger,
  { CACertificateId: await uploadAuthority(owner), CACertificateName: 'mine' },
]

const wrongTag = {
  key: { 'Tag.1.Key': 'acs:use', 'Tag.1.Value': 'shop' },
  value: { 'Tag.1.Key': 'use', 'Tag.1.Value': 'http://shop' },
}

const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey

export const certificateRefusals: Refusals = {
  UploadCACertificate: {
    'InvalidParam.TagKey': async ({ owner }) => [
      owner,
      { CACertificate: (await makeAuthority()).certificate, ...wrongTag.key },
    ],
    'InvalidParam.TagValue': async ({ owner }) => [
      owner,
      { CACertificate: (await makeAuthority()).certificate, ...wrongTag.value },
    ],
    // A server's certificate signs nobody.
    InvalidParameter: async ({ owner }) => [
      owner,
      { CACertificate: (await makeCertificate('shop.example')).ServerCertificate },
    ],
    'InvalidParameter.ResourceGroupId': async ({ owner }) => [
      owner,
      { CACertificate: (await makeAuthority()).certificate, ResourceGroupId: 'rg-none' },
    ],
  },
  DescribeCACertificates: {},
  SetCACertificateName: { 'CACertificateId.NotFound': strangeAuthority },
  DeleteCACertificate: {
    'CACertificateId.NotFound': strangeAuthority,
    CertificateAndPrivateKeyIsRefered: async ({ owner, balancer }) => {
      const CACertificateId = await uploadAuthority(owner)
      await owner.slb('CreateLoadBalancerHTTPSListener', {
        LoadBalancerId: balancer,
        ListenerPort: 4431,
        BackendServerPort: 80,
        ServerCertificateId: await uploadCertificate(owner),
        CACertificateId,
        StickySession: 'off',
        HealthCheck: 'off',
      })
      return [owner, { CACertificateId }]
    },
  },
  UploadServerCertificate: {
    'InvalidParam.TagKey': upload(() => wrongTag.key),
    'InvalidParam.TagValue': upload(() => wrongTag.value),
    CertificateNotMatchPrivateKey: upload(() => ({
      PrivateKey: String(newKey().export({ type: 'pkcs8', format: 'pem' })),
    })),
    InvalidParameter: upload(() => ({ ServerCertificate: 'none' })),
    'InvalidParameter.AliCloudCertificateId': upload(() => ({ AliCloudCertificateId: '1' })),
    'InvalidParameter.ResourceGroupId': upload(() => ({ ResourceGroupId: 'rg-none' })),
    PrivateKeyEncryption: upload(() => ({
      PrivateKey: String(
        newKey().export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'word' }),
      ),
    })),
  },
  DescribeServerCertificates: {},
  SetServerCertificateName: { 'ServerCertificateId.NotFound': strange },
  DeleteServerCertificate: {
    CertificateAndPrivateKeyIsRefered: async ({ owner, balancer }) => {
      const ServerCertificateId = await uploadCertificate(owner)
      await owner.slb('CreateLoadBalancerHTTPSListener', {
        LoadBalancerId: balancer,
        ListenerPort: 4430,
        BackendServerPort: 80,
        ServerCertificateId,
        StickySession: 'off',
        HealthCheck: 'off',
      })
      return [owner, { ServerCertificateId }]
    },
    'ServerCertificateId.NotFound': strange,
  },
}
