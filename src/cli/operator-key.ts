/**
 * The operator's way to act as an account of the own deployment: an access key made at the first use and kept in the
 * state directory, whose owner could make one at any time.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NewAccountKey } from './admin.ts'
import { askServer } from './ask-server.ts'
import { Failure } from './failure.ts'
import type { Screen } from './screen.ts'
import type { StatePaths } from './state.ts'

export interface Credentials {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken?: string
}

/** Undefined means the only account there is. @throws Failure 2 when there are several, or none. */
export async function operatorKey(
  paths: StatePaths,
  account: string | undefined,
  screen: Screen,
): Promise<Credentials> {
  const id = account ?? (await onlyAccount(paths, screen))
  if (!/^[1-9]\d{0,15}$/.test(id)) throw new Failure(2, screen.messages.badAccountId(id))
  const file = join(paths.keys, `${id}.json`)
  if (existsSync(file)) return readKey(file)
  const made = (await askServer(paths, 'POST', `/accounts/${id}/keys`, screen)) as NewAccountKey
  const key: Credentials = { accessKeyId: made.AccessKeyId, accessKeySecret: made.AccessKeySecret }
  mkdirSync(paths.keys, { recursive: true, mode: 0o700 })
  writeFileSync(file, `${JSON.stringify(key)}\n`, { mode: 0o600 })
  return key
}

/** After the server said that it does not know the key any more; a key that is not kept here is left alone. */
export function forgetOperatorKey(paths: StatePaths, accessKeyId: string): void {
  if (!existsSync(paths.keys)) return
  for (const name of readdirSync(paths.keys)) {
    const file = join(paths.keys, name)
    if (readKey(file).accessKeyId === accessKeyId) rmSync(file)
  }
}

function readKey(file: string): Credentials {
  return JSON.parse(readFileSync(file, 'utf8')) as Credentials
}

async function onlyAccount(paths: StatePaths, screen: Screen): Promise<string> {
  const { Accounts } = (await askServer(paths, 'GET', '/accounts', screen)) as {
    Accounts: readonly { readonly AccountId: string }[]
  }
  const [first, second] = Accounts
  if (first && !second) return first.AccountId
  throw new Failure(2, screen.messages.product.whichAccount(Accounts.map(({ AccountId }) => AccountId)))
}
