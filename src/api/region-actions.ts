/** DescribeRegions and DescribeZones as the older products have them. */
import { z } from 'zod'
import { localName, zonesOf } from '../model/regions.ts'
import { defineAction, type ProductName } from './action.ts'
import { text } from './params.ts'
import { wrapped } from './results.ts'

export function describeRegions(product: ProductName) {
  return defineAction({
    product,
    name: 'DescribeRegions',
    summary: { en: 'Lists regions.', zh: '查询可用的地域。' },
    status: 'full',
    params: z.object({ AcceptLanguage: text().optional() }),
    result: z.object({
      Regions: wrapped(
        'Region',
        z.object({
          RegionId: z.string(),
          LocalName: z.string(),
          RegionEndpoint: z.string(),
          Status: z.string(),
        }),
      ),
    }),
    effect: 'read',
    handler: ({ apiHost, regions: { regions } }, { AcceptLanguage }) =>
      Promise.resolve({
        Regions: {
          Region: regions.map((region) => ({
            RegionId: region.id,
            LocalName: localName(region.name, AcceptLanguage),
            RegionEndpoint: apiHost,
            Status: 'available',
          })),
        },
      }),
  })
}

export function describeZones(product: ProductName) {
  return defineAction({
    product,
    name: 'DescribeZones',
    summary: { en: 'Lists the zones of a region.', zh: '查询指定地域的可用区。' },
    status: 'full',
    params: z.object({ AcceptLanguage: text().optional() }),
    result: z.object({
      Zones: wrapped('Zone', z.object({ ZoneId: z.string(), LocalName: z.string() })),
    }),
    effect: 'read',
    handler: ({ region, regions }, { AcceptLanguage }) =>
      Promise.resolve({
        Zones: {
          Zone: zonesOf(regions, region).map((zone) => ({
            ZoneId: zone.id,
            LocalName: localName(zone.name, AcceptLanguage),
          })),
        },
      }),
  })
}
