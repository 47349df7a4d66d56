/** `console` without an instance: a link that signs in to the console. */
import { askServer } from './ask-server.ts'
import { describe } from './deployment.ts'
import { Failure } from './failure.ts'
import type { Screen } from './screen.ts'
import { requireConfig, type StatePaths } from './state.ts'

export interface SignIn {
  /** Only the page itself gets what stands after the `#`: it is in no log and in no referrer. */
  readonly signIn: string
  readonly expiresAt: string
}

/** Undefined stands for every account: the operator's view. */
export async function signInLink(
  paths: StatePaths,
  account: string | undefined,
  screen: Screen,
): Promise<SignIn> {
  if (account !== undefined && !/^[1-9]\d{0,15}$/.test(account)) {
    throw new Failure(2, screen.messages.badAccountId(account))
  }
  const made = await askServer(
    paths,
    'POST',
    '/console/links',
    screen,
    account === undefined ? {} : { account },
  )
  const { Token, ExpiresAt } = made as { Token: string; ExpiresAt: string }
  const config = requireConfig(paths, screen.messages)
  return { signIn: `${describe(paths, config).console}sign-in#${Token}`, expiresAt: ExpiresAt }
}

export async function printSignIn(
  paths: StatePaths,
  account: string | undefined,
  screen: Screen,
): Promise<void> {
  const link = await signInLink(paths, account, screen)
  screen.say(screen.messages.signInLink(link.signIn))
  screen.result(link)
}
