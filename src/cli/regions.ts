/** The deployment's own copy of its regions and zones. */
import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { readRegionFile, RegionFileError, shippedRegions } from '../api/region-file.ts'
import type { RegionTable } from '../model/regions.ts'
import { Failure } from './failure.ts'
import type { Messages } from './messages.ts'
import type { StatePaths } from './state.ts'

/** From the file asked for, else the deployment's copy, else what is shipped. @throws Failure 2 */
export function chooseRegions(
  paths: Pick<StatePaths, 'regions'>,
  wanted: string | undefined,
  messages: Messages,
): RegionTable {
  const file = wanted ?? (existsSync(paths.regions) ? paths.regions : shippedRegions)
  try {
    return readRegionFile(file)
  } catch (error) {
    if (!(error instanceof RegionFileError)) throw error
    throw new Failure(2, messages.badRegions(error.message), { cause: error })
  }
}

/** The server reads it as an ordinary user. */
export function storeRegions(paths: Pick<StatePaths, 'regions'>, table: RegionTable): void {
  writeFileSync(`${paths.regions}.new`, `${JSON.stringify(table, undefined, 2)}\n`, { mode: 0o644 })
  renameSync(`${paths.regions}.new`, paths.regions)
}
