import { Result } from 'antd'
import { Link, useRouteError } from 'react-router'
import { useText } from '../i18n/language.tsx'

/** An address that leads nowhere, or a page that failed. */
export function Broken() {
  const t = useText()
  const error = useRouteError()
  return (
    <Result
      status={error ? 'error' : '404'}
      title={error ? t.common.broken : t.common.noPage}
      subTitle={error instanceof Error ? error.message : undefined}
      extra={<Link to="/">{t.nav.overview}</Link>}
    />
  )
}
