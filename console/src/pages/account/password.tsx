import { Alert, Flex, Form, Input, Skeleton } from 'antd'
import { callOf } from '../../api/call.ts'
import { useOne } from '../../api/lists.ts'
import { isNotFound } from '../../api/send.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { useRequired } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'

/** The password with which a user signs in to the console. */
export function Password({ user }: { readonly user: string }) {
  const t = useText()
  const formats = useFormats()
  const required = useRequired()
  const profile = useOne('Ram', 'GetLoginProfile', { UserName: user })
  const has = profile.data !== undefined
  if (profile.isPending) return <Skeleton active paragraph={{ rows: 2 }} />
  if (profile.isError && !isNotFound(profile.error)) {
    return <ErrorNote error={profile.error} onRetry={() => void profile.refetch()} />
  }
  return (
    <>
      <Alert
        type={has ? 'success' : 'info'}
        showIcon
        style={{ marginBottom: 12 }}
        title={
          has ? t.users.hasPassword(formats.time(profile.data.LoginProfile.CreateDate)) : t.users.noPassword
        }
      />
      <Flex gap={8}>
        <FormButton<{ readonly Password: string }, unknown>
          label={has ? t.users.changePassword : t.users.setPassword}
          type="primary"
          initial={{}}
          call={({ Password: given }) =>
            callOf('Ram', has ? 'UpdateLoginProfile' : 'CreateLoginProfile', {
              UserName: user,
              Password: given ?? '',
            })
          }
        >
          <Form.Item name="Password" label={t.users.password} extra={t.users.passwordHint} rules={[required]}>
            <Input.Password autoComplete="new-password" />
          </Form.Item>
        </FormButton>
        {has && (
          <ConfirmButton
            label={t.users.removePassword}
            type="default"
            danger
            name={user}
            call={callOf('Ram', 'DeleteLoginProfile', { UserName: user })}
          >
            {t.users.removePasswordHint(user)}
          </ConfirmButton>
        )}
      </Flex>
    </>
  )
}
