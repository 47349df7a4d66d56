import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findRegion, localName, zonesOf } from '../model/regions.ts'
import { readRegionFile, RegionFileError, shippedRegions } from './region-file.ts'

const shipped = readRegionFile(shippedRegions)

test('shipped are Frankfurt, the default, and three more, with the public names', () => {
  expect(shipped.regions.map(({ id }) => id)).toEqual([
    'eu-central-1',
    'cn-hangzhou',
    'cn-beijing',
    'ap-southeast-1',
  ])
  expect(shipped).toMatchObject({
    defaultRegion: 'eu-central-1',
    domainSuffix: 'privatelink.aliyuncs.com',
  })
  expect(findRegion(shipped, 'eu-central-1')?.name).toEqual({
    zh: '德国（法兰克福）',
    en: 'Germany (Frankfurt)',
  })
  const [, zoneB] = zonesOf(shipped, 'eu-central-1')
  expect(zoneB).toEqual({
    id: 'eu-central-1b',
    name: { zh: '法兰克福 可用区B', en: 'Frankfurt Zone B' },
  })
})

test.each([
  [undefined, '法兰克福 可用区B'],
  ['zh-CN', '法兰克福 可用区B'],
  ['en-US', 'Frankfurt Zone B'],
])('AcceptLanguage %s gives %s', (language, name) => {
  const [, zoneB] = zonesOf(shipped, 'eu-central-1')
  expect(zoneB && localName(zoneB.name, language)).toBe(name)
})

describe('a file that cannot be used', () => {
  let directory: string
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'postern-regions-'))))
  afterEach(() => rmSync(directory, { recursive: true }))

  const text = readFileSync(shippedRegions, 'utf8')
  const reading = (content: string) => () => {
    const file = join(directory, 'regions.json')
    writeFileSync(file, content)
    return readRegionFile(file)
  }

  test.each([
    ['is no JSON', text.slice(0, 100), /JSON/],
    ['has a word nobody knows', text.replace('"defaultRegion"', '"default"'), /default/],
    ['has a default that is none of its regions', text.replace('"eu-central-1"', '"eu-west-1"'), /eu-west-1/],
    ['has a region twice', text.replaceAll('cn-beijing', 'cn-hangzhou'), /cn-hangzhou is there twice/],
    ['has a zone of another region', text.replace('"cn-beijing-a"', '"cn-hangzhou-a"'), /zones\.0\.id: must/],
    ['has a suffix that is no domain', text.replace('privatelink.aliyuncs.com', 'A b'), /domainSuffix/],
    ['lacks a name', text.replace('"en": "Singapore"', '"fr": "Singapour"'), /regions\.3\.name/],
  ])('%s', (_, content, reason) => {
    expect(reading(content)).toThrow(RegionFileError)
    expect(reading(content)).toThrow(reason)
  })

  test('is not there', () => {
    expect(() => readRegionFile(join(directory, 'none.json'))).toThrow(/none\.json/)
  })
})
