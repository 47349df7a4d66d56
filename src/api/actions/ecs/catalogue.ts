/** Ecs 2014-05-26: what is on offer: regions, zones, images, instance types. */
import { z } from 'zod'
import { diskCategories, findImage, images, instanceTypes, osName } from '../../../model/instance-types.ts'
import { quotas } from '../../../model/quotas.ts'
import { localName, zonesOf } from '../../../model/regions.ts'
import { defineAction, type Action } from '../../action.ts'
import { pageOf, pageParams, pageResult } from '../../paging.ts'
import { integer, text } from '../../params.ts'
import { demand } from '../../require.ts'
import { strings, tagKeyValue, wrapped } from '../../results.ts'
import { describeRegions } from '../../region-actions.ts'
import { tagActions } from '../../tags.ts'
import { ecsResourceTypes, ecsTagErrors } from './errors.ts'

const typeIds = instanceTypes.map(({ id }) => id)

const describeZones = defineAction({
  product: 'Ecs',
  name: 'DescribeZones',
  summary: { en: 'Lists the zones of a region.', zh: '查询指定地域的可用区。' },
  status: {
    partial: 'Every zone offers the same.',
  },
  params: z.object({ AcceptLanguage: text().optional() }),
  result: z.object({
    Zones: wrapped(
      'Zone',
      z.object({
        ZoneId: z.string(),
        LocalName: z.string(),
        ZoneType: z.string(),
        AvailableResourceCreation: strings('ResourceTypes'),
        AvailableInstanceTypes: strings('InstanceTypes'),
        AvailableDiskCategories: strings('DiskCategories'),
        AvailableVolumeCategories: strings('VolumeCategories'),
        AvailableDedicatedHostTypes: strings('DedicatedHostType'),
        DedicatedHostGenerations: strings('DedicatedHostGeneration'),
        AvailableResources: wrapped('ResourcesInfo', z.object({ IoOptimized: z.boolean() })),
      }),
    ),
  }),
  effect: 'read',
  handler: ({ region, regions }, { AcceptLanguage }) =>
    Promise.resolve({
      Zones: {
        Zone: zonesOf(regions, region).map((zone) => ({
          ZoneId: zone.id,
          LocalName: localName(zone.name, AcceptLanguage),
          ZoneType: 'AvailabilityZone',
          AvailableResourceCreation: { ResourceTypes: ['VSwitch', 'Instance', 'Disk', 'IoOptimized'] },
          AvailableInstanceTypes: { InstanceTypes: [...typeIds] },
          AvailableDiskCategories: { DiskCategories: [...diskCategories] },
          AvailableVolumeCategories: { VolumeCategories: [] },
          AvailableDedicatedHostTypes: { DedicatedHostType: [] },
          DedicatedHostGenerations: { DedicatedHostGeneration: [] },
          AvailableResources: { ResourcesInfo: [{ IoOptimized: true }] },
        })),
      },
    }),
})

const describeAvailableResource = defineAction({
  product: 'Ecs',
  name: 'DescribeAvailableResource',
  summary: { en: 'Lists what can be created in which zone.', zh: '查询可用区的资源库存状态。' },
  status: {
    partial: 'Everything is in stock in every zone.',
  },
  params: z.object({
    DestinationResource: text(),
    ZoneId: text().optional(),
    InstanceType: text().optional(),
    Cores: integer(1, 1024).optional(),
    Memory: text({ pattern: /^\d+(\.\d+)?$/ }).optional(),
  }),
  result: z.object({
    AvailableZones: wrapped(
      'AvailableZone',
      z.object({
        RegionId: z.string(),
        ZoneId: z.string(),
        Status: z.string(),
        StatusCategory: z.string(),
        AvailableResources: wrapped(
          'AvailableResource',
          z.object({
            Type: z.string(),
            SupportedResources: wrapped(
              'SupportedResource',
              z.object({ Value: z.string(), Status: z.string(), StatusCategory: z.string() }),
            ),
          }),
        ),
      }),
    ),
  }),
  effect: 'read',
  handler: ({ region, regions }, params) => {
    const status = { Status: 'Available', StatusCategory: 'WithStock' }
    const types = instanceTypes.filter(
      ({ id, cpus, memoryMib }) =>
        (params.InstanceType === undefined || params.InstanceType === id) &&
        (params.Cores === undefined || params.Cores === cpus) &&
        (params.Memory === undefined || Number(params.Memory) * 1024 === memoryMib),
    )
    const offered = /disk/i.test(params.DestinationResource) ? diskCategories : types.map(({ id }) => id)
    const zones = zonesOf(regions, region).filter(
      ({ id }) => params.ZoneId === undefined || params.ZoneId === id,
    )
    const resource = (values: readonly string[]) => ({
      Type: params.DestinationResource,
      SupportedResources: { SupportedResource: values.map((Value) => ({ Value, ...status })) },
    })
    return Promise.resolve({
      AvailableZones: {
        AvailableZone: zones.map(({ id }) => ({
          RegionId: region,
          ZoneId: id,
          ...status,
          AvailableResources: {
            AvailableResource: [resource(params.DestinationResource === 'Zone' ? [id] : offered)],
          },
        })),
      },
    })
  },
})

const describeInstanceTypes = defineAction({
  product: 'Ecs',
  name: 'DescribeInstanceTypes',
  summary: { en: 'Lists instance types.', zh: '查询实例规格。' },
  status: {
    partial: 'Lists the few types that are offered here; narrowed by family and name only.',
  },
  params: z.object({
    InstanceTypeFamily: text().optional(),
    InstanceTypes: z.array(text()).max(100).optional(),
  }),
  result: z.object({
    NextToken: z.string(),
    InstanceTypes: wrapped(
      'InstanceType',
      z.object({
        InstanceTypeId: z.string(),
        InstanceTypeFamily: z.string(),
        CpuCoreCount: z.number(),
        CpuArchitecture: z.string(),
        MemorySize: z.number(),
        EniQuantity: z.number(),
        EniPrivateIpAddressQuantity: z.number(),
        GPUAmount: z.number(),
        GPUSpec: z.string(),
        InitialCredit: z.number(),
        BaselineCredit: z.number(),
        LocalStorageAmount: z.number(),
        LocalStorageCategory: z.string(),
        LocalStorageCapacity: z.number(),
        NvmeSupport: z.string(),
      }),
    ),
  }),
  effect: 'read',
  handler: (_, params) =>
    Promise.resolve({
      NextToken: '',
      InstanceTypes: {
        InstanceType: instanceTypes
          .filter(
            ({ id, family }) =>
              (params.InstanceTypes?.includes(id) ?? true) &&
              (params.InstanceTypeFamily === undefined || params.InstanceTypeFamily === family),
          )
          .map((type) => ({
            InstanceTypeId: type.id,
            InstanceTypeFamily: type.family,
            CpuCoreCount: type.cpus,
            CpuArchitecture: 'X86',
            MemorySize: type.memoryMib / 1024,
            EniQuantity: type.enis,
            EniPrivateIpAddressQuantity: quotas.addressesPerEni,
            GPUAmount: 0,
            GPUSpec: '',
            InitialCredit: 0,
            BaselineCredit: 0,
            LocalStorageAmount: 0,
            LocalStorageCategory: '',
            LocalStorageCapacity: 0,
            NvmeSupport: 'unsupported',
          })),
      },
    }),
})

const describeImageSupportInstanceTypes = defineAction({
  product: 'Ecs',
  name: 'DescribeImageSupportInstanceTypes',
  summary: { en: 'Lists the instance types that an image runs on.', zh: '查询指定镜像支持的实例规格。' },
  status: { partial: 'Every image runs on every type; `ActionType` and `Filter` narrow nothing.' },
  params: z.object({ ImageId: text() }),
  result: z.object({
    RegionId: z.string(),
    ImageId: z.string(),
    InstanceTypes: wrapped(
      'InstanceType',
      z.object({
        InstanceTypeId: z.string(),
        InstanceTypeFamily: z.string(),
        CpuCoreCount: z.number(),
        MemorySize: z.number(),
      }),
    ),
  }),
  effect: 'read',
  errors: ['InvalidImageId.NotFound'],
  handler: ({ region }, { ImageId }) => {
    demand(findImage(ImageId) !== undefined, 'InvalidImageId.NotFound')
    return Promise.resolve({
      RegionId: region,
      ImageId,
      InstanceTypes: {
        InstanceType: instanceTypes.map(({ id, family, cpus, memoryMib }) => ({
          InstanceTypeId: id,
          InstanceTypeFamily: family,
          CpuCoreCount: cpus,
          MemorySize: memoryMib / 1024,
        })),
      },
    })
  },
})

const describeImages = defineAction({
  product: 'Ecs',
  name: 'DescribeImages',
  summary: { en: 'Lists images.', zh: '查询可以使用的镜像资源。' },
  status: {
    partial: 'Lists the images that are shipped; there are no custom, shared or market images.',
  },
  params: z.object({
    ImageId: text().optional(),
    ImageName: text().optional(),
    ImageOwnerAlias: text().optional(),
    OSType: text().optional(),
    Status: text().optional(),
    ...pageParams(10, 100),
  }),
  result: z.object({
    ...pageResult,
    RegionId: z.string(),
    Images: wrapped(
      'Image',
      z.object({
        ImageId: z.string(),
        ImageName: z.string(),
        ImageOwnerAlias: z.string(),
        ImageVersion: z.string(),
        Description: z.string(),
        OSName: z.string(),
        OSNameEn: z.string(),
        OSType: z.string(),
        Platform: z.string(),
        Architecture: z.string(),
        CreationTime: z.string(),
        Size: z.number(),
        Status: z.string(),
        Usage: z.string(),
        IsPublic: z.boolean(),
        DiskDeviceMappings: wrapped('DiskDeviceMapping', z.object({ Device: z.string(), Size: z.string() })),
        Tags: wrapped('Tag', tagKeyValue),
      }),
    ),
  }),
  effect: 'read',
  handler: ({ region }, params) => {
    const page = pageOf(params)
    const matching = images.filter(
      ({ id, name }) =>
        (params.ImageId?.split(',').includes(id) ?? true) &&
        (params.ImageName === undefined || params.ImageName === name) &&
        (params.ImageOwnerAlias === undefined || params.ImageOwnerAlias === 'system') &&
        (params.OSType === undefined || params.OSType === 'linux') &&
        (params.Status === undefined || params.Status.split(',').includes('Available')),
    )
    return Promise.resolve({
      TotalCount: matching.length,
      PageNumber: params.PageNumber,
      PageSize: params.PageSize,
      RegionId: region,
      Images: {
        Image: matching.slice(page.offset, page.offset + page.limit).map((image) => ({
          ImageId: image.id,
          ImageName: image.name,
          ImageOwnerAlias: 'system',
          ImageVersion: '1',
          Description: image.description,
          OSName: osName,
          OSNameEn: osName,
          OSType: 'linux',
          Platform: 'Linux',
          Architecture: 'x86_64',
          CreationTime: '2026-01-01T00:00:00Z',
          Size: 20,
          Status: 'Available',
          Usage: 'instance',
          IsPublic: true,
          DiskDeviceMappings: { DiskDeviceMapping: [] },
          Tags: { Tag: [] },
        })),
      },
    })
  },
})

export const ecsCatalogueActions: readonly Action[] = [
  describeRegions('Ecs'),
  describeZones,
  describeAvailableResource,
  describeInstanceTypes,
  describeImageSupportInstanceTypes,
  describeImages,
  ...tagActions({
    product: 'Ecs',
    errors: ecsTagErrors,
    types: { disk: 'disk', ...ecsResourceTypes },
    untag: 'UntagResources',
    listShape: 'wrapped',
  }),
]
