import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Alert, Button, Card, Flex, Form, Input, Spin, Tabs } from 'antd'
import { useEffect, useState } from 'react'
import { Navigate, useLocation, useSearchParams } from 'react-router'
import { CallError } from '../../api/send.ts'
import { signIn, type Credentials } from '../../api/session.ts'
import type { Messages } from '../../i18n/en.ts'
import { useText } from '../../i18n/language.tsx'
import { rememberedRegion } from '../../region.ts'
import { sessionKey } from '../../session-key.ts'
import { useSessionQuery } from '../../session-gate.tsx'
import { LanguageSwitch, LookSwitch } from '../../ui/preferences.tsx'

export function Component() {
  const t = useText()
  const client = useQueryClient()
  const [params] = useSearchParams()
  const session = useSessionQuery()
  const [mustChange, setMustChange] = useState(false)
  const enter = useMutation({
    mutationFn: (credentials: Credentials) => signIn(credentials),
    onSuccess: (made) => client.setQueryData(sessionKey, made),
    onError: (error) => setMustChange((before) => before || codeOf(error) === 'ConsoleNewPasswordNeeded'),
  })
  useLink(enter.mutate)
  useEffect(() => {
    document.title = `${t.signIn.title} · Postern`
  }, [t])
  if (session.data) return <Navigate to={returnPath(params.get('from'))} replace />
  const submit = (credentials: Credentials) => enter.mutate(credentials)
  return (
    <main style={{ display: 'grid', placeItems: 'center', minHeight: '100vh', padding: 16 }}>
      <Card style={{ width: '100%', maxWidth: 420 }}>
        <Flex justify="space-between" align="center">
          <h1 className="title">Postern</h1>
          <div>
            <LanguageSwitch />
            <LookSwitch />
          </div>
        </Flex>
        <p className="hint">{t.signIn.about}</p>
        {enter.isError && (
          <Alert type="error" showIcon role="alert" title={reasonOf(enter.error, t.signIn)} />
        )}
        <Spin spinning={enter.isPending}>
          <Tabs
            items={[
              { key: 'key', label: t.signIn.byKey, children: <KeyForm onSubmit={submit} /> },
              {
                key: 'password',
                label: t.signIn.byPassword,
                children: <PasswordForm onSubmit={submit} mustChange={mustChange} />,
              },
            ]}
          />
        </Spin>
        <p className="hint" style={{ margin: 0 }}>
          {t.signIn.hint}
        </p>
      </Card>
    </main>
  )
}

interface FormProps {
  readonly onSubmit: (credentials: Credentials) => void
}

function KeyForm({ onSubmit }: FormProps) {
  const { signIn: t, common } = useText()
  return (
    <Form layout="vertical" name="key" onFinish={onSubmit}>
      <Form.Item
        name="accessKeyId"
        label={t.accessKeyId}
        rules={[{ required: true, message: common.required }]}
      >
        <Input autoComplete="username" autoFocus />
      </Form.Item>
      <Form.Item
        name="accessKeySecret"
        label={t.accessKeySecret}
        rules={[{ required: true, message: common.required }]}
      >
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      <Button type="primary" htmlType="submit" block>
        {t.title}
      </Button>
    </Form>
  )
}

function PasswordForm({ onSubmit, mustChange }: FormProps & { readonly mustChange: boolean }) {
  const { signIn: t, common } = useText()
  return (
    <Form layout="vertical" name="password" onFinish={onSubmit}>
      <Form.Item name="account" label={t.account} rules={[{ required: true, message: common.required }]}>
        <Input autoComplete="organization" />
      </Form.Item>
      <Form.Item name="user" label={t.user} extra={t.userHint}>
        <Input autoComplete="username" />
      </Form.Item>
      <Form.Item name="password" label={t.password} rules={[{ required: true, message: common.required }]}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      {mustChange && (
        <Form.Item
          name="newPassword"
          label={t.newPassword}
          rules={[{ required: true, message: common.required }]}
        >
          <Input.Password autoComplete="new-password" autoFocus />
        </Form.Item>
      )}
      <Button type="primary" htmlType="submit" block>
        {t.title}
      </Button>
    </Form>
  )
}

/** The token of a one-time link is in the fragment, which is never sent to a server; it leaves the address at once. */
function useLink(enter: (credentials: Credentials) => void): void {
  const { hash } = useLocation()
  const [used, setUsed] = useState(false)
  useEffect(() => {
    if (used || hash.length < 2) return
    setUsed(true)
    history.replaceState(history.state, '', location.pathname + location.search)
    enter({ link: decodeURIComponent(hash.slice(1)) })
  }, [used, hash, enter])
}

/** Only a path of the console itself: an address from outside must not lead elsewhere. */
function returnPath(from: string | null): string {
  return from?.startsWith('/') && !from.startsWith('//') ? from : `/${rememberedRegion()}`
}

type SignInTexts = Messages['signIn']

function reasonOf(error: Error, texts: SignInTexts): string {
  const reasons: Readonly<Record<string, string>> = {
    ConsoleLinkExpired: texts.linkUsed,
    ConsoleNewPasswordNeeded: texts.newPasswordNeeded,
    ConsoleSignInFailed: texts.refused,
  }
  return reasons[codeOf(error) ?? ''] ?? error.message
}

function codeOf(error: Error): string | undefined {
  return error instanceof CallError ? error.code : undefined
}
