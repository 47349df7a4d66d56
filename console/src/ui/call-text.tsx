import { apiCall, commandLine, hasSecret, hiddenText } from '../api/command-line.ts'
import type { Call } from '../api/call.ts'
import { useApi } from '../api/context.ts'
import { useText } from '../i18n/language.tsx'
import { CopyButton } from './copyable.tsx'

/** The API call and the command line of a call, ready to copy. */
export function CallText({ call }: { readonly call: Call }) {
  const t = useText()
  const { session, region } = useApi()
  const api = apiCall(call, region)
  const line = commandLine(call, session.account, region)
  return (
    <div style={{ marginBottom: 16 }}>
      <strong>
        {call.product}.{call.action}
      </strong>
      {hasSecret(call) && <p className="hint">{t.page.secretsHidden(hiddenText)}</p>}
      <div>
        {t.page.apiCall} <CopyButton text={api} label={t.page.apiCall} />
      </div>
      <pre className="code mono" tabIndex={0}>
        {api}
      </pre>
      <div>
        {t.page.commandLine} <CopyButton text={line} label={t.page.commandLine} />
      </div>
      <pre className="code mono" tabIndex={0}>
        {line}
      </pre>
    </div>
  )
}
