/** What is told of a certificate, a server's or an authority's. */
import { z } from 'zod'
import type { CaCertificateTable, ServerCertificateTable } from '../../../store/tables.ts'
import type { Tag } from '../../../store/tags.ts'
import { asTagKeyValue, seconds, tagKeyValue, wrapped } from '../../results.ts'

export const certificateFacts = {
  Fingerprint: z.string(),
  CommonName: z.string(),
  ExpireTime: z.string(),
  ExpireTimeStamp: z.number(),
  CreateTime: z.string(),
  CreateTimeStamp: z.number(),
  RegionId: z.string(),
  ResourceGroupId: z.string(),
  Tags: wrapped('Tag', tagKeyValue),
}

export function factsOf(row: CaCertificateTable | ServerCertificateTable, tags: readonly Tag[]) {
  return {
    Fingerprint: row.fingerprint,
    CommonName: row.common_name,
    ExpireTime: seconds(row.expires_at),
    ExpireTimeStamp: Date.parse(row.expires_at),
    CreateTime: seconds(row.created_at),
    CreateTimeStamp: Date.parse(row.created_at),
    RegionId: row.region_id,
    ResourceGroupId: row.resource_group_id,
    Tags: { Tag: tags.map(asTagKeyValue) },
  }
}
