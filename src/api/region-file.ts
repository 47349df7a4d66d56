/** `regions.json`: which regions and zones there are, under which names. Read once, at the start. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { RegionTable } from '../model/regions.ts'

/** What is offered when nobody says otherwise. */
export const shippedRegions = fileURLToPath(new URL('../../regions.json', import.meta.url))

const name = z.strictObject({ zh: z.string().min(1).max(64), en: z.string().min(1).max(64) })
// An id is a label of domain names, beside the id of an endpoint.
const id = z
  .string()
  .max(32)
  .regex(/^[a-z]+(-[a-z0-9]+)+$/, 'must be words of a-z and 0-9 with dashes between')
const zone = z.strictObject({ id, name })
const region = z
  .strictObject({
    id,
    name,
    zones: z.array(zone).min(2, 'a load balancer needs a primary zone and a backup zone').max(26),
  })
  .superRefine(({ id: own, zones }, { addIssue }) => {
    for (const [index, { id: zoneId }] of zones.entries()) {
      const path = ['zones', index, 'id']
      if (!zoneId.startsWith(own)) addIssue({ code: 'custom', path, message: `must start with ${own}` })
    }
  })
const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?'
const regionTable = z
  .strictObject({
    defaultRegion: z.string(),
    domainSuffix: z
      .string()
      .max(120)
      .regex(new RegExp(`^${label}(\\.${label})+$`), 'must be a domain name in lower case'),
    regions: z.array(region).min(1).max(50),
  })
  .superRefine(({ defaultRegion, regions }, { addIssue }) => {
    const regionIds = regions.map((one) => one.id)
    if (!regionIds.includes(defaultRegion)) {
      addIssue({ code: 'custom', path: ['defaultRegion'], message: `${defaultRegion} is not in regions` })
    }
    for (const ids of [regionIds, regions.flatMap(({ zones }) => zones.map((one) => one.id))]) {
      const twice = ids.find((one, index) => ids.indexOf(one) !== index)
      if (twice !== undefined) {
        addIssue({ code: 'custom', path: ['regions'], message: `${twice} is there twice` })
      }
    }
  })

/** A file that cannot be used; the message says where in it and why. */
export class RegionFileError extends Error {
  constructor(file: string, reason: string, options?: ErrorOptions) {
    super(`${file}: ${reason}`, options)
    this.name = 'RegionFileError'
  }
}

/** @throws RegionFileError */
export function readRegionFile(file: string): RegionTable {
  const parsed = regionTable.safeParse(readJson(file))
  if (parsed.success) return parsed.data
  const reasons = parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`)
  throw new RegionFileError(file, reasons.join('; '))
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown
  } catch (cause) {
    throw new RegionFileError(file, (cause as Error).message, { cause })
  }
}
