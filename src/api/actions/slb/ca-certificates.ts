/** Slb 2014-05-15: certificates of the authorities whose clients an HTTPS listener lets in (two-way authentication). */
import { z } from 'zod'
import { resourceName } from '../../../model/rules.ts'
import {
  deleteCaCertificate,
  findCaCertificate,
  insertCaCertificate,
  isAuthorityInUse,
  listCaCertificates,
  renameCaCertificate,
} from '../../../store/ca-certificates.ts'
import type { CaCertificateTable } from '../../../store/tables.ts'
import { putTags, readTags, type Tag } from '../../../store/tags.ts'
import { defineAction, type Action, type ActionContext } from '../../action.ts'
import { readCertificate } from '../../certificates.ts'
import { ownedColumns, ownerOf } from '../../new-resource.ts'
import { tags, text } from '../../params.ts'
import { demand, found } from '../../require.ts'
import { wrapped } from '../../results.ts'
import { asFilter, readTagParams } from '../../tags.ts'
import { certificateFacts, factsOf } from './certificate-results.ts'
import { slbTagErrors } from './errors.ts'

const certificateResult = {
  CACertificateId: z.string(),
  CACertificateName: z.string(),
  ...certificateFacts,
}

function describe(row: CaCertificateTable, tagList: readonly Tag[]) {
  return {
    CACertificateId: row.id,
    CACertificateName: row.name,
    ...factsOf(row, tagList),
  }
}

const uploadCaCertificate = defineAction({
  product: 'Slb',
  name: 'UploadCACertificate',
  summary: {
    en: 'Takes the certificate of an authority. An HTTPS listener that names it asks its clients for certificates that the authority has signed.',
    zh: '上传 CA 证书；引用它的 HTTPS 监听要求客户端提供由该 CA 签发的证书。',
  },
  status: 'full',
  params: z.object({
    CACertificate: text({ max: 65_536 }),
    CACertificateName: text({ pattern: resourceName }).optional(),
    ResourceGroupId: text().optional(),
    Tag: tags(),
  }),
  result: z.object(certificateResult),
  effect: 'write',
  errors: [
    'InvalidParam.TagKey',
    'InvalidParam.TagValue',
    'InvalidParameter',
    'InvalidParameter.ResourceGroupId',
  ],
  handler: async (context, params) => {
    const tagList = readTagParams(params.Tag, slbTagErrors)
    const wrong = (reason: string) => ['InvalidParameter', { name: 'CACertificate', reason }] as const
    const certificate = found(
      readCertificate(params.CACertificate),
      ...wrong('a chain of certificates in PEM, each signed by the next'),
    )
    demand(certificate.isAuthority, ...wrong('each certificate may sign others, and the last one is a root'))
    demand(certificate.validTo > context.now, ...wrong('the certificate has expired'))
    const owned = await ownedColumns(context, params.ResourceGroupId, 'InvalidParameter.ResourceGroupId')
    const id = `${owned.account_id}_${Buffer.from(context.randomBytes(16)).toString('hex')}`
    const row: CaCertificateTable = {
      ...owned,
      id,
      name: params.CACertificateName ?? id,
      chain: certificate.chain,
      fingerprint: certificate.fingerprint,
      common_name: certificate.commonName,
      expires_at: certificate.validTo.toISOString(),
    }
    await insertCaCertificate(context.tx, row)
    await putTags(context.tx, 'certificate', [id], tagList)
    return describe(row, tagList)
  },
})

const describeCaCertificates = defineAction({
  product: 'Slb',
  name: 'DescribeCACertificates',
  summary: { en: 'Lists certificates of authorities.', zh: '查询 CA 证书。' },
  status: 'full',
  params: z.object({
    CACertificateId: text().optional(),
    ResourceGroupId: text().optional(),
    Tag: tags(),
  }),
  result: z.object({ CACertificates: wrapped('CACertificate', z.object(certificateResult)) }),
  effect: 'read',
  errors: [],
  handler: async (context, { CACertificateId: id, ResourceGroupId: resourceGroup, Tag: tagged }) => {
    const filter = { id, resourceGroup, tags: asFilter(tagged) }
    const rows = await listCaCertificates(context.tx, ownerOf(context), filter)
    const ids = rows.map((row) => row.id)
    const tagLists = await readTags(context.tx, 'certificate', ids)
    const certificates = rows.map((row) => describe(row, tagLists.get(row.id) ?? []))
    return { CACertificates: { CACertificate: certificates } }
  },
})

const setCaCertificateName = defineAction({
  product: 'Slb',
  name: 'SetCACertificateName',
  summary: { en: 'Renames the certificate of an authority.', zh: '修改 CA 证书的名称。' },
  status: 'full',
  params: z.object({ CACertificateId: text(), CACertificateName: text({ pattern: resourceName }) }),
  result: z.object({}),
  effect: 'write',
  errors: ['CACertificateId.NotFound'],
  handler: async (context, params) => {
    const { id } = await ownCaCertificate(context, params.CACertificateId)
    await renameCaCertificate(context.tx, id, params.CACertificateName)
    return {}
  },
})

const deleteCertificate = defineAction({
  product: 'Slb',
  name: 'DeleteCACertificate',
  summary: {
    en: 'Deletes the certificate of an authority that no listener asks for.',
    zh: '删除未被监听使用的 CA 证书。',
  },
  status: 'full',
  params: z.object({ CACertificateId: text() }),
  result: z.object({}),
  effect: 'write',
  errors: ['CACertificateId.NotFound', 'CertificateAndPrivateKeyIsRefered'],
  handler: async (context, { CACertificateId }) => {
    const { id } = await ownCaCertificate(context, CACertificateId)
    const inUse = await isAuthorityInUse(context.tx, ownerOf(context), id)
    demand(!inUse, 'CertificateAndPrivateKeyIsRefered')
    await deleteCaCertificate(context.tx, id)
    return {}
  },
})

export async function ownCaCertificate(context: ActionContext, id: string): Promise<CaCertificateTable> {
  return found(await findCaCertificate(context.tx, ownerOf(context), id), 'CACertificateId.NotFound')
}

export const caCertificateActions: readonly Action[] = [
  uploadCaCertificate,
  describeCaCertificates,
  setCaCertificateName,
  deleteCertificate,
]
