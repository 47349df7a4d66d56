/** Beside a form: what it offers to choose from could not be read, which its fields alone would show as nothing to choose. */
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useSyncExternalStore } from 'react'
import { CallError, isNotFound } from '../api/send.ts'
import { ErrorNote } from './error-note.tsx'

export function UnreadNote() {
  const client = useQueryClient()
  const watch = useCallback((tell: () => void) => client.getQueryCache().subscribe(tell), [client])
  const failed = useSyncExternalStore(watch, () =>
    client
      .getQueryCache()
      .findAll({ queryKey: ['call'], type: 'active' })
      .find(({ state }) => state.data === undefined && state.error && !isAnswer(state.error)),
  )
  if (!failed?.state.error) return null
  return (
    <ErrorNote
      error={failed.state.error}
      onRetry={() => void client.refetchQueries({ queryKey: ['call'], type: 'active' })}
    />
  )
}

/** Refusals that say something of the account, which the page tells in its own way. */
function isAnswer(error: Error): boolean {
  return isNotFound(error) || (error instanceof CallError && error.code === 'NeedOpenProduct')
}
