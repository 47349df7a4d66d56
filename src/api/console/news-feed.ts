/**
 * Tells pages that something changed. The feed looks at the store while somebody listens, instead of being told by all who
 * write: so it misses nothing, whoever wrote, and a burst of changes is one piece of news.
 */
import type { AccountId } from '../../model/ids.ts'
import type { GroupCommit } from '../../store/group-commit.ts'
import { newsPosition, readNews, type News, type NewsKind, type NewsPosition } from '../../store/news.ts'
import type { Tx } from '../../store/page.ts'
import { findSession } from '../../store/sessions.ts'
import type { Observed } from '../action.ts'
import { observedNews } from './observed-news.ts'

export interface NewsFeedOptions {
  readonly commits: GroupCommit
  readonly observed: () => Observed
  readonly clock: () => Date
  readonly onError: (error: unknown) => void
}

export interface Listener {
  readonly session: string
  /** The kinds of what changed; `*` stands for all of them. */
  readonly onNews: (kinds: readonly NewsKind[]) => void
  /** The session is over, or the server ends. */
  readonly onEnd: () => void
}

export interface NewsFeed {
  /** The result stops listening; undefined when too many listen already. What happens from now on is told. */
  readonly listen: (listener: Listener) => Promise<(() => void) | undefined>
  readonly close: () => void
}

const lookEveryMs = 400
/** A session that has ended elsewhere is noticed this late at most. */
const lookAtSessionsEvery = 3
const mostOfSession = 8
const mostOfAll = 1000

export function createNewsFeed(options: NewsFeedOptions): NewsFeed {
  const listeners = new Set<Listener>()
  let timer: NodeJS.Timeout | undefined
  /** Stays when nobody listens: who comes next learns of what happened since, which is too much rather than too little. */
  let position: NewsPosition | undefined
  let observed = options.observed()
  let looks = 0
  /** By session. */
  let accounts = new Map<string, AccountId>()

  async function look(since: NewsPosition): Promise<void> {
    const now = options.observed()
    const found = await options.commits.run((tx) => lookAt(tx, since, observed, now))
    observed = now
    position = found.position
    for (const listener of listeners) {
      const account = accounts.get(listener.session)
      if (account === undefined) end(listener)
      else if (found.byAccount === undefined) listener.onNews(['*'])
      else {
        const kinds = found.byAccount.get(account)
        if (kinds) listener.onNews([...kinds].toSorted())
      }
    }
  }

  async function lookAt(tx: Tx, since: NewsPosition, before: Observed, now: Observed): Promise<News> {
    if (looks++ % lookAtSessionsEvery === 0 || hasStranger()) accounts = await readAccounts(tx)
    return await readNews(tx, since, observedNews(before, now))
  }

  function hasStranger(): boolean {
    return [...listeners].some(({ session }) => !accounts.has(session))
  }

  async function readAccounts(tx: Tx): Promise<Map<string, AccountId>> {
    const current = new Map<string, AccountId>()
    for (const id of new Set([...listeners].map(({ session }) => session))) {
      const session = await findSession(tx, id, options.clock())
      if (session) current.set(id, session.account)
    }
    return current
  }

  function end(listener: Listener): void {
    listeners.delete(listener)
    listener.onEnd()
  }

  function lookAgain(since: NewsPosition): void {
    timer = setTimeout(() => {
      look(since)
        .catch(options.onError)
        .finally(() => {
          timer = undefined
          if (listeners.size > 0) lookAgain(position ?? since)
        })
    }, lookEveryMs)
  }

  return {
    async listen(listener) {
      const own = [...listeners].filter(({ session }) => session === listener.session)
      if (listeners.size >= mostOfAll || own.length >= mostOfSession) return undefined
      listeners.add(listener)
      position ??= await options.commits.run(newsPosition)
      if (timer === undefined) lookAgain(position)
      return () => void listeners.delete(listener)
    },
    close() {
      for (const listener of listeners) end(listener)
      clearTimeout(timer)
    },
  }
}
