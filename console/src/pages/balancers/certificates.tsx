import { useText } from '../../i18n/language.tsx'
import { Page } from '../../ui/page.tsx'
import { UrlTabs } from '../../ui/url-tabs.tsx'
import { Authorities } from './authorities.tsx'
import { ServerCertificates } from './server-certificates.tsx'

export function Component() {
  const t = useText()
  return (
    <Page title={t.nav.certificates}>
      <UrlTabs
        tabs={[
          { key: 'servers', label: t.http.servers, children: <ServerCertificates /> },
          { key: 'authorities', label: t.http.authorities, children: <Authorities /> },
        ]}
      />
    </Page>
  )
}
