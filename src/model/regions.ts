/** Regions and zones a deployment offers. All of them are on this host: they order names and resources, not sites. */
import type { RegionId, ZoneId } from './ids.ts'

export interface LocalName {
  readonly zh: string
  readonly en: string
}
export interface Region {
  readonly id: RegionId
  readonly name: LocalName
  readonly zones: readonly Zone[]
}
export interface Zone {
  readonly id: ZoneId
  readonly name: LocalName
}

export const defaultRegion: RegionId = 'eu-central-1'

export const regions: readonly Region[] = [
  region('eu-central-1', { zh: '德国（法兰克福）', en: 'Germany (Frankfurt)' }, '', ['a', 'b', 'c'], {
    zh: '法兰克福',
    en: 'Frankfurt',
  }),
  region(
    'cn-hangzhou',
    { zh: '华东1（杭州）', en: 'China (Hangzhou)' },
    '-',
    ['b', 'f', 'g', 'h', 'i', 'j', 'k'],
    {
      zh: '杭州',
      en: 'Hangzhou',
    },
  ),
  region(
    'cn-beijing',
    { zh: '华北2（北京）', en: 'China (Beijing)' },
    '-',
    ['a', 'c', 'f', 'g', 'h', 'i', 'j', 'k'],
    {
      zh: '北京',
      en: 'Beijing',
    },
  ),
  region('ap-southeast-1', { zh: '新加坡', en: 'Singapore' }, '', ['a', 'b', 'c'], {
    zh: '新加坡',
    en: 'Singapore',
  }),
]

export function findRegion(id: RegionId): Region | undefined {
  return regions.find((candidate) => candidate.id === id)
}

export function zonesOf(id: RegionId): readonly Zone[] {
  return findRegion(id)?.zones ?? []
}

export function hasZone(regionId: RegionId, zone: ZoneId): boolean {
  return zonesOf(regionId).some(({ id }) => id === zone)
}

/** Chinese unless the language asked for is another one (`AcceptLanguage`, default zh-CN). */
export function localName(name: LocalName, language: string | undefined): string {
  return language === undefined || language.toLowerCase().startsWith('zh') ? name.zh : name.en
}

/** Zone ids are the region's with a letter, after a dash where the region's own id ends in a word. */
function region(
  id: RegionId,
  name: LocalName,
  separator: '' | '-',
  letters: readonly string[],
  city: LocalName,
): Region {
  const zones = letters.map((letter) => ({
    id: `${id}${separator}${letter}`,
    name: {
      zh: `${city.zh} 可用区${letter.toUpperCase()}`,
      en: `${city.en} Zone ${letter.toUpperCase()}`,
    },
  }))
  return { id, name, zones }
}
