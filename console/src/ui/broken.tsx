import { Link, useRouteError } from 'react-router'
import { useText } from '../i18n/language.tsx'

/** An address that leads nowhere, or a page that failed. */
export function Broken() {
  const t = useText()
  const error = useRouteError()
  return (
    <div className="page">
      <h1 className="title">{error ? t.common.broken : t.common.noPage}</h1>
      {error instanceof Error && <p>{error.message}</p>}
      <Link to="/">{t.nav.overview}</Link>
    </div>
  )
}
