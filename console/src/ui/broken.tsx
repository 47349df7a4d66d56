import { Typography } from 'antd'
import { Link, useRouteError } from 'react-router'
import { useText } from '../i18n/language.tsx'

/** An address that leads nowhere, or a page that failed. */
export function Broken() {
  const t = useText()
  const error = useRouteError()
  return (
    <div className="page">
      <Typography.Title level={1} style={{ fontSize: 22 }}>
        {error ? t.common.broken : t.common.noPage}
      </Typography.Title>
      {error instanceof Error && <Typography.Paragraph>{error.message}</Typography.Paragraph>}
      <Link to="/">{t.nav.overview}</Link>
    </div>
  )
}
