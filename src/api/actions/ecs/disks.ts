/** Ecs 2014-05-26: the system disk that each instance has. */
import { z } from 'zod'
import { listInstances } from '../../../store/instances.ts'
import { readTags } from '../../../store/tags.ts'
import { defineAction, type Action } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import { pageOf, pageParams, pageResult } from '../../paging.ts'
import { json, tags, text } from '../../params.ts'
import { asTagKeyValue, seconds, tagKeyValue, wrapped } from '../../results.ts'
import { asFilter } from '../../tags.ts'

const describeDisks = defineAction({
  product: 'Ecs',
  name: 'DescribeDisks',
  summary: { en: 'Lists disks.', zh: '查询云盘。' },
  status: {
    partial:
      'Each instance has one system disk, in name only: its size and category are kept, not carried out.',
  },
  params: z.object({
    InstanceId: text().optional(),
    DiskIds: json(z.array(z.string()).max(100)).optional(),
    DiskType: text().optional(),
    ZoneId: text().optional(),
    ResourceGroupId: text().optional(),
    Tag: tags(),
    ...pageParams(10, 100),
  }),
  result: z.object({
    ...pageResult,
    NextToken: z.string(),
    Disks: wrapped(
      'Disk',
      z.object({
        DiskId: z.string(),
        DiskName: z.string(),
        Description: z.string(),
        RegionId: z.string(),
        ZoneId: z.string(),
        InstanceId: z.string(),
        Type: z.string(),
        Category: z.string(),
        Size: z.number(),
        Status: z.string(),
        Device: z.string(),
        ImageId: z.string(),
        Encrypted: z.boolean(),
        KMSKeyId: z.string(),
        Portable: z.boolean(),
        DeleteWithInstance: z.boolean(),
        DiskChargeType: z.string(),
        PerformanceLevel: z.string(),
        AutoSnapshotPolicyId: z.string(),
        StorageClusterId: z.string(),
        CreationTime: z.string(),
        ResourceGroupId: z.string(),
        Tags: wrapped('Tag', tagKeyValue),
      }),
    ),
  }),
  effect: 'read',
  handler: async (context, params) => {
    const none = params.DiskType === 'data'
    const filter = {
      ids: none ? [''] : params.InstanceId === undefined ? undefined : [params.InstanceId],
      disks: params.DiskIds,
      zone: params.ZoneId,
      resourceGroup: params.ResourceGroupId,
      tags: [],
      diskTags: asFilter(params.Tag),
    }
    const { rows, total } = await listInstances(context.tx, ownerOf(context), filter, pageOf(params))
    const ids = rows.map((row) => row.disk_id)
    const tagLists = await readTags(context.tx, 'disk', ids)
    return {
      TotalCount: total,
      PageNumber: params.PageNumber,
      PageSize: params.PageSize,
      NextToken: '',
      Disks: {
        Disk: rows.map((row) => ({
          DiskId: row.disk_id,
          DiskName: row.disk_name,
          Description: row.disk_description,
          RegionId: row.region_id,
          ZoneId: row.zone_id,
          InstanceId: row.id,
          Type: 'system',
          Category: row.disk_category,
          Size: row.disk_size,
          Status: 'In_use',
          Device: '/dev/xvda',
          ImageId: row.image_id,
          Encrypted: false,
          KMSKeyId: '',
          Portable: false,
          DeleteWithInstance: true,
          DiskChargeType: 'PostPaid',
          PerformanceLevel: row.disk_performance_level,
          AutoSnapshotPolicyId: '',
          StorageClusterId: '',
          CreationTime: seconds(row.created_at),
          ResourceGroupId: row.resource_group_id,
          Tags: { Tag: (tagLists.get(row.disk_id) ?? []).map(asTagKeyValue) },
        })),
      },
    }
  },
})

export const diskActions: readonly Action[] = [describeDisks]
