import { Alert, Button } from 'antd'
import { CallError } from '../api/send.ts'
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
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={call ? (t.errors[call.code as keyof typeof t.errors] ?? call.message) : error.message}
      description={
        call && (
          <span className="mono">
            {call.code}
            {call.requestId && ` · ${call.requestId}`}
          </span>
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
