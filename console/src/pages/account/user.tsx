import { useNavigate, useParams } from 'react-router'
import { callOf } from '../../api/call.ts'
import { useOne } from '../../api/lists.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Page } from '../../ui/page.tsx'
import { UrlTabs } from '../../ui/url-tabs.tsx'
import { AccessKeys } from './access-keys.tsx'
import { Memberships } from './memberships.tsx'
import { Password } from './password.tsx'
import { Policies } from './policies.tsx'

export function Component() {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  const navigate = useNavigate()
  const { name = '' } = useParams()
  const query = useOne('Ram', 'GetUser', { UserName: name })
  const actions = query.data && (
    <ConfirmButton
      label={t.common.delete}
      type="default"
      danger
      name={name}
      call={callOf('Ram', 'DeleteUser', { UserName: name })}
      onDone={() => void navigate(paths.users)}
    >
      {t.vpc.deleteHint(name)}
    </ConfirmButton>
  )
  return (
    <Page title={name} above={[{ title: t.nav.users, to: paths.users }]} actions={actions}>
      <Loaded query={query}>
        {({ User }) => (
          <>
            <Facts
              facts={[
                [t.users.userName, User.UserName],
                ['UID', User.UserId],
                [t.users.displayName, User.DisplayName],
                [t.common.description, User.Comments],
                [t.common.created, formats.time(User.CreateDate)],
              ]}
            />
            <UrlTabs
              tabs={[
                {
                  key: 'policies',
                  label: t.users.policies,
                  children: <Policies holder={{ UserName: name }} />,
                },
                { key: 'groups', label: t.ram.memberOf, children: <Memberships user={name} /> },
                { key: 'keys', label: t.account.keys, children: <AccessKeys user={name} /> },
                { key: 'password', label: t.users.password, children: <Password user={name} /> },
              ]}
            />
          </>
        )}
      </Loaded>
    </Page>
  )
}
