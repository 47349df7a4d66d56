/** Slb 2014-05-15: regions, zones, and what belongs to no resource alone. */
import { z } from 'zod'
import { localName, zonesOf } from '../../../model/regions.ts'
import { defineAction, type Action } from '../../action.ts'
import { text } from '../../params.ts'
import { describeRegions } from '../../region-actions.ts'
import { wrapped } from '../../results.ts'
import { tagActions } from '../../tags.ts'
import { slbTagErrors } from './errors.ts'

const zone = { ZoneId: z.string(), LocalName: z.string() }

const describeZones = defineAction({
  product: 'Slb',
  name: 'DescribeZones',
  summary: { en: 'Lists primary zones with their backup zones.', zh: '查询可用的主备可用区。' },
  status: {
    partial: 'Every zone can back up every other.',
  },
  params: z.object({ AcceptLanguage: text().optional() }),
  result: z.object({
    Zones: wrapped('Zone', z.object({ ...zone, SlaveZones: wrapped('SlaveZone', z.object(zone)) })),
  }),
  effect: 'read',
  handler: ({ region, regions }, { AcceptLanguage }) => {
    const zones = zonesOf(regions, region).map(({ id, name }) => ({
      ZoneId: id,
      LocalName: localName(name, AcceptLanguage),
    }))
    return Promise.resolve({
      Zones: {
        Zone: zones.map((master) => ({
          ...master,
          SlaveZones: { SlaveZone: zones.filter(({ ZoneId }) => ZoneId !== master.ZoneId) },
        })),
      },
    })
  },
})

const describeAvailableResource = defineAction({
  product: 'Slb',
  name: 'DescribeAvailableResource',
  summary: { en: 'Lists pairs of primary and backup zone.', zh: '查询可用的主备可用区及地址类型。' },
  status: {
    partial: 'Offers private IPv4 load balancers, in every pair of zones.',
  },
  params: z.object({ AddressType: text().optional(), AddressIPVersion: text().optional() }),
  result: z.object({
    AvailableResources: wrapped(
      'AvailableResource',
      z.object({
        MasterZoneId: z.string(),
        SlaveZoneId: z.string(),
        SupportResources: wrapped(
          'SupportResource',
          z.object({ AddressType: z.string(), AddressIPVersion: z.string() }),
        ),
      }),
    ),
  }),
  effect: 'read',
  handler: ({ region, regions }) => {
    const zones = zonesOf(regions, region).map(({ id }) => id)
    return Promise.resolve({
      AvailableResources: {
        AvailableResource: zones.flatMap((master) =>
          zones
            .filter((slave) => slave !== master)
            .map((slave) => ({
              MasterZoneId: master,
              SlaveZoneId: slave,
              SupportResources: {
                SupportResource: [{ AddressType: 'vpc', AddressIPVersion: 'ipv4' }],
              },
            })),
        ),
      },
    })
  },
})

export const slbCatalogueActions: readonly Action[] = [
  describeRegions('Slb'),
  describeZones,
  describeAvailableResource,
  ...tagActions({
    product: 'Slb',
    errors: slbTagErrors,
    types: {
      instance: 'loadbalancer',
      certificate: 'certificate',
      vservergroup: 'vservergroup',
      masterslaveservergroup: 'vservergroup',
    },
    untag: 'UntagResources',
    listShape: 'wrapped',
  }),
]
