import { UserOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Dropdown } from 'antd'
import { useNavigate } from 'react-router'
import { useApi } from '../api/context.ts'
import { signOut, switchAccount } from '../api/session.ts'
import { useText } from '../i18n/language.tsx'
import { signInPath, usePaths } from '../paths.ts'
import { sessionKey } from '../session-key.ts'

/** Who is signed in; other accounts of the same sign-in; the way out. */
export function AccountMenu() {
  const t = useText()
  const { session } = useApi()
  const { message } = App.useApp()
  const client = useQueryClient()
  const navigate = useNavigate()
  const paths = usePaths()
  const own = session.accounts.find(({ id }) => id === session.account)
  const name = session.principal.kind === 'account' ? own?.name : session.principal.name
  const run = (work: () => Promise<void>) => {
    work().catch((error: unknown) => void message.error(String(error)))
  }
  const leave = async () => {
    await signOut(session)
    client.clear()
    client.setQueryData(sessionKey, null)
    await navigate(signInPath)
  }
  const change = async (account: string) => {
    const changed = await switchAccount(session, account)
    client.removeQueries({ queryKey: ['call'] })
    client.setQueryData(sessionKey, changed)
    await navigate(paths.overview)
  }
  const others = session.accounts.filter(({ id }) => id !== session.account)
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'account', label: t.nav.account, onClick: () => void navigate(paths.account) },
          ...(others.length === 0
            ? []
            : [
                {
                  type: 'group' as const,
                  label: t.frame.switchAccount,
                  children: others.map(({ id, name: other }) => ({
                    key: id,
                    label: `${other} (${id})`,
                    onClick: () => run(() => change(id)),
                  })),
                },
              ]),
          { type: 'divider' },
          { key: 'leave', label: t.frame.signOut, onClick: () => run(leave) },
        ],
      }}
    >
      <Button icon={<UserOutlined />} aria-haspopup="menu" aria-label={`${name ?? ''} ${session.account}`}>
        <span className="wide-only">{name ? `${name} · ${session.account}` : session.account}</span>
      </Button>
    </Dropdown>
  )
}
