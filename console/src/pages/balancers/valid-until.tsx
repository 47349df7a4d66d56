import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'

/** When a certificate ends, told apart when it has. */
export function ValidUntil({ atMs }: { readonly atMs: number }) {
  const t = useText()
  const formats = useFormats()
  const expired = atMs < Date.now()
  return (
    <span className={expired ? 'state-bad' : ''}>
      {formats.time(atMs)}
      {expired && ` (${t.http.expired})`}
    </span>
  )
}
