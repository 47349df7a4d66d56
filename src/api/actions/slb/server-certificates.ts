/** Slb 2014-05-15: certificates of HTTPS listeners. No answer holds a private key. */
import { z } from 'zod'
import { resourceName } from '../../../model/rules.ts'
import { seal } from '../../../store/seal.ts'
import {
  deleteServerCertificate,
  findServerCertificate,
  insertServerCertificate,
  isCertificateInUse,
  listServerCertificates,
  renameServerCertificate,
} from '../../../store/server-certificates.ts'
import type { ServerCertificateTable } from '../../../store/tables.ts'
import { putTags, readTags, type Tag } from '../../../store/tags.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { isEncrypted, readCertificate, readPrivateKey } from '../../certificates.ts'
import { ownedColumns, ownerOf } from '../../new-resource.ts'
import { tags, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { wrapped } from '../../results.ts'
import { asFilter, readTagParams } from '../../tags.ts'
import { certificateFacts, factsOf } from './certificate-results.ts'
import { slbTagErrors } from './errors.ts'

const certificateResult = {
  ServerCertificateId: z.string(),
  ServerCertificateName: z.string(),
  ...certificateFacts,
  SubjectAlternativeNames: wrapped('SubjectAlternativeName', z.string()),
  IsAliCloudCertificate: z.number(),
}

function describe(row: ServerCertificateTable, tagList: readonly Tag[]) {
  return {
    ServerCertificateId: row.id,
    ServerCertificateName: row.name,
    ...factsOf(row, tagList),
    SubjectAlternativeNames: { SubjectAlternativeName: JSON.parse(row.alternative_names) as string[] },
    IsAliCloudCertificate: 0,
  }
}

const pem = () => text({ max: 65_536 })

const uploadServerCertificate = defineAction({
  product: 'Slb',
  name: 'UploadServerCertificate',
  summary: {
    en: 'Takes a certificate with its private key. The key is kept sealed and is never shown again.',
    zh: '上传服务器证书及其私钥；私钥加密保存，不再显示。',
  },
  status: { partial: 'Certificates of the certificate service (`AliCloudCertificateId`) are refused.' },
  params: z.object({
    ServerCertificate: pem(),
    PrivateKey: pem(),
    ServerCertificateName: text({ pattern: resourceName }).optional(),
    ResourceGroupId: text().optional(),
    Tag: tags(),
    AliCloudCertificateId: text().optional(),
  }),
  result: z.object(certificateResult),
  effect: 'write',
  errors: [
    'CertificateNotMatchPrivateKey',
    'InvalidParam.TagKey',
    'InvalidParam.TagValue',
    'InvalidParameter',
    'InvalidParameter.AliCloudCertificateId',
    'InvalidParameter.ResourceGroupId',
    'PrivateKeyEncryption',
  ],
  handler: async (context, params) => {
    const tagList = readTagParams(params.Tag, slbTagErrors)
    demand(params.AliCloudCertificateId === undefined, 'InvalidParameter.AliCloudCertificateId', {
      name: 'AliCloudCertificateId',
      reason: 'there is no certificate service here',
    })
    demand(!isEncrypted(params.PrivateKey), 'PrivateKeyEncryption')
    const wrong = (name: string, reason: string) => ['InvalidParameter', { name, reason }] as const
    const certificate = found(
      readCertificate(params.ServerCertificate),
      ...wrong('ServerCertificate', 'a chain of certificates in PEM, each signed by the next'),
    )
    const key = found(readPrivateKey(params.PrivateKey), ...wrong('PrivateKey', 'a private key in PEM'))
    demand(certificate.publicKeyFits(key), 'CertificateNotMatchPrivateKey')
    demand(certificate.validTo > context.now, ...wrong('ServerCertificate', 'the certificate has expired'))
    const owned = await ownedColumns(context, params.ResourceGroupId, 'InvalidParameter.ResourceGroupId')
    const { randomBytes, sealKey } = context
    const id = `${owned.account_id}_${Buffer.from(randomBytes(16)).toString('hex')}`
    const row: ServerCertificateTable = {
      ...owned,
      id,
      name: params.ServerCertificateName ?? id,
      chain: certificate.chain,
      sealed_key: seal(sealKey, key.export({ type: 'pkcs8', format: 'pem' }).toString(), id, randomBytes),
      fingerprint: certificate.fingerprint,
      common_name: certificate.commonName,
      alternative_names: JSON.stringify(certificate.alternativeNames),
      expires_at: certificate.validTo.toISOString(),
    }
    await insertServerCertificate(context.tx, row)
    await putTags(context.tx, 'certificate', [id], tagList)
    return describe(row, tagList)
  },
})

const describeServerCertificates = defineAction({
  product: 'Slb',
  name: 'DescribeServerCertificates',
  summary: { en: 'Lists certificates.', zh: '查询服务器证书。' },
  status: 'full',
  params: z.object({
    ServerCertificateId: text().optional(),
    ResourceGroupId: text().optional(),
    Tag: tags(),
  }),
  result: z.object({ ServerCertificates: wrapped('ServerCertificate', z.object(certificateResult)) }),
  effect: 'read',
  errors: [],
  handler: async (context, { ServerCertificateId: id, ResourceGroupId: resourceGroup, Tag: tagged }) => {
    const filter = { id, resourceGroup, tags: asFilter(tagged) }
    const rows = await listServerCertificates(context.tx, ownerOf(context), filter)
    const ids = rows.map((row) => row.id)
    const tagLists = await readTags(context.tx, 'certificate', ids)
    const certificates = rows.map((row) => describe(row, tagLists.get(row.id) ?? []))
    return { ServerCertificates: { ServerCertificate: certificates } }
  },
})

const setServerCertificateName = defineAction({
  product: 'Slb',
  name: 'SetServerCertificateName',
  summary: { en: 'Renames a certificate.', zh: '修改服务器证书的名称。' },
  status: 'full',
  params: z.object({
    ServerCertificateId: text(),
    ServerCertificateName: text({ pattern: resourceName }),
  }),
  result: z.object({}),
  effect: 'write',
  errors: ['ServerCertificateId.NotFound'],
  handler: async (context, params) => {
    const { id } = await ownServerCertificate(context, params.ServerCertificateId)
    await renameServerCertificate(context.tx, id, params.ServerCertificateName)
    return {}
  },
})

const deleteCertificate = defineAction({
  product: 'Slb',
  name: 'DeleteServerCertificate',
  summary: { en: 'Deletes a certificate that no listener serves.', zh: '删除未被监听使用的服务器证书。' },
  status: 'full',
  params: z.object({ ServerCertificateId: text() }),
  result: z.object({}),
  effect: 'write',
  errors: ['CertificateAndPrivateKeyIsRefered', 'ServerCertificateId.NotFound'],
  handler: async (context, { ServerCertificateId }) => {
    const { id } = await ownServerCertificate(context, ServerCertificateId)
    const inUse = await isCertificateInUse(context.tx, ownerOf(context), id)
    demand(!inUse, 'CertificateAndPrivateKeyIsRefered')
    await deleteServerCertificate(context.tx, id)
    return {}
  },
})

export async function ownServerCertificate(
  context: ActionContext,
  id: string,
): Promise<ServerCertificateTable> {
  return found(await findServerCertificate(context.tx, ownerOf(context), id), 'ServerCertificateId.NotFound')
}

export const serverCertificateActions: readonly Action[] = [
  uploadServerCertificate,
  describeServerCertificates,
  setServerCertificateName,
  deleteCertificate,
]
