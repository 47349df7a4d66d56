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

/** What `regions.json` says; everything that names a region, a zone or a domain is derived from it. */
export interface RegionTable {
  /** The region of a request that names none. */
  readonly defaultRegion: RegionId
  /** What the names of endpoints and services end with. */
  readonly domainSuffix: string
  readonly regions: readonly Region[]
}

export function findRegion(table: RegionTable, id: RegionId): Region | undefined {
  return table.regions.find((candidate) => candidate.id === id)
}

export function zonesOf(table: RegionTable, id: RegionId): readonly Zone[] {
  return findRegion(table, id)?.zones ?? []
}

export function hasZone(table: RegionTable, region: RegionId, zone: ZoneId): boolean {
  return zonesOf(table, region).some(({ id }) => id === zone)
}

/** Chinese unless the language asked for is another one (`AcceptLanguage`, default zh-CN). */
export function localName(name: LocalName, language: string | undefined): string {
  return language === undefined || language.toLowerCase().startsWith('zh') ? name.zh : name.en
}
