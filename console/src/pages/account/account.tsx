import { callOf } from '../../api/call.ts'
import { useApi } from '../../api/context.ts'
import { useCall } from '../../api/queries.ts'
import type { Account } from '../../api/session.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Page } from '../../ui/page.tsx'
import { PlainTable } from '../../ui/plain-table.tsx'
import { AccessKeys } from './access-keys.tsx'

export function Component() {
  const t = useText()
  const formats = useFormats()
  const { session } = useApi()
  const query = useCall(callOf('Sts', 'GetCallerIdentity', {}))
  const ownKeys = session.principal.kind === 'user' ? session.principal.name : undefined
  return (
    <Page title={t.nav.account} about={t.account.about}>
      <Loaded query={query}>
        {(identity) => (
          <Facts
            facts={[
              [t.common.accountId, <Copyable key="id" text={session.account} />],
              [t.common.name, session.accounts.find(({ id }) => id === session.account)?.name ?? '-'],
              [t.account.kind, t.account.kinds[identity.IdentityType]],
              ['ARN', <Copyable key="arn" text={identity.Arn} />],
              [t.account.until, formats.time(session.expires)],
            ]}
          />
        )}
      </Loaded>
      <PlainTable<Account>
        title={t.account.mine}
        rows={session.accounts}
        rowKey={({ id }) => id}
        columns={[
          { title: t.common.accountId, render: (_, { id }) => <Copyable text={id} /> },
          { title: t.common.name, dataIndex: 'name' },
          {
            title: t.common.status,
            render: (_, { id }) => (id === session.account ? t.account.current : ''),
          },
        ]}
      />
      <AccessKeys user={ownKeys} />
    </Page>
  )
}
