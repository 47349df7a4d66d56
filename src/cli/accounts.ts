import type { NewAccountKey } from './admin.ts'
import { openTerminal } from './ask-terminal.ts'
import { askServer } from './ask-server.ts'
import { describe } from './deployment.ts'
import { Failure } from './failure.ts'
import { type Screen, table } from './screen.ts'
import { requireConfig, type StatePaths } from './state.ts'

export async function createAccount(
  paths: StatePaths,
  wanted: { readonly id: string | undefined; readonly name: string },
  screen: Screen,
): Promise<void> {
  if (wanted.id !== undefined && !/^[1-9]\d{0,15}$/.test(wanted.id)) {
    throw new Failure(2, screen.messages.badAccountId(wanted.id))
  }
  const body = { ...(wanted.id === undefined ? {} : { id: wanted.id }), name: wanted.name }
  showKey((await askServer(paths, 'POST', '/accounts', screen, body)) as NewAccountKey, paths, screen)
}

export async function createKey(paths: StatePaths, account: string, screen: Screen): Promise<void> {
  const path = `/accounts/${encodeURIComponent(account)}/keys`
  showKey((await askServer(paths, 'POST', path, screen)) as NewAccountKey, paths, screen)
}

export async function listAccounts(paths: StatePaths, screen: Screen): Promise<void> {
  const { Accounts } = (await askServer(paths, 'GET', '/accounts', screen)) as {
    Accounts: readonly { readonly AccountId: string; readonly AccountName: string }[]
  }
  const rows = Accounts.map(({ AccountId, AccountName }) => [AccountId, AccountName])
  for (const line of table([screen.messages.accountColumns, ...rows])) screen.say(line)
  screen.result({ Accounts })
}

/** From the terminal, where it is asked for twice, or as a line of what is piped in. */
export async function setPassword(
  paths: StatePaths,
  account: string,
  streams: { readonly stdin: NodeJS.ReadStream; readonly stderr: NodeJS.WriteStream },
  screen: Screen,
): Promise<void> {
  const { messages } = screen
  if (!/^[1-9]\d{0,15}$/.test(account)) throw new Failure(2, messages.badAccountId(account))
  using terminal = openTerminal(streams)
  const password = await terminal.ask(messages.newPassword, true)
  if (streams.stdin.isTTY && (await terminal.ask(messages.newPasswordAgain, true)) !== password) {
    throw new Failure(2, messages.passwordsDiffer)
  }
  await askServer(paths, 'POST', `/accounts/${account}/password`, screen, { password })
  screen.say(messages.passwordSet(account))
  screen.result({ AccountId: account })
}

function showKey(key: NewAccountKey, paths: StatePaths, screen: Screen): void {
  const { endpoint, ca } = describe(paths, requireConfig(paths, screen.messages))
  const shown = {
    id: key.AccountId,
    name: key.AccountName,
    keyId: key.AccessKeyId,
    secret: key.AccessKeySecret,
  }
  screen.say(screen.messages.created(shown, endpoint, ca))
  screen.result(key)
}
