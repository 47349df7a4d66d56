import { Alert, Button } from 'antd'
import { CallError } from '../api/send.ts'
import type { Messages } from '../i18n/en.ts'
import { useText } from '../i18n/language.tsx'

/** What went wrong, with the code to look up and the request id to find it in the audit events. */
export function ErrorNote({
  error,
  onRetry,
}: {
  readonly error: Error
  readonly onRetry?: (() => void) | undefined
}) {
  const t = useText()
  const call = error instanceof CallError ? error : undefined
  const known = call && (t.errors[call.code as keyof typeof t.errors] ?? kindOf(call.code, t))
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={known ?? error.message}
      description={
        call && (
          <>
            {known !== undefined && call.requestId && <div lang="en">{call.message}</div>}
            <span className="mono">
              {call.code}
              {call.requestId && ` · ${call.requestId}`}
            </span>
          </>
        )
      }
      action={
        onRetry && (
          <Button size="small" onClick={onRetry}>
            {t.common.retry}
          </Button>
        )
      }
    />
  )
}

function kindOf(code: string, { refusals }: Messages): string | undefined {
  return refusals.find(([pattern]) => pattern.test(code))?.[1]
}
