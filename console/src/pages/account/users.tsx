import { Form, Input } from 'antd'
import { callOf, type ResultOf } from '../../api/call.ts'
import { useList } from '../../api/queries.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { useRequired } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { Page } from '../../ui/page.tsx'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'

type User = ResultOf<'Ram', 'ListUsers'>['Users']['User'][number]

interface Values {
  readonly UserName: string
  readonly DisplayName?: string
  readonly Comments?: string
}

export function Component() {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  const required = useRequired()
  const query = useList(callOf('Ram', 'ListUsers', { MaxItems: 1000 }), ({ Users }) => Users.User)
  const create = (
    <FormButton<Values, unknown>
      label={t.users.create}
      type="primary"
      initial={{}}
      call={(values) => callOf('Ram', 'CreateUser', values)}
    >
      <Form.Item
        name="UserName"
        label={t.users.userName}
        extra={t.users.nameRule}
        rules={[required, { pattern: /^[\w.@-]{1,64}$/, message: t.users.nameRule }]}
      >
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name="DisplayName" label={t.users.displayName}>
        <Input maxLength={128} autoComplete="off" />
      </Form.Item>
      <Form.Item name="Comments" label={t.common.description}>
        <Input maxLength={128} autoComplete="off" />
      </Form.Item>
    </FormButton>
  )
  return (
    <Page title={t.nav.users} about={t.users.about} actions={create}>
      <ResourceTable<User>
        query={query}
        label={t.nav.users}
        empty={t.users.empty}
        rowKey={({ UserId }) => UserId}
        searchIn={(user) => [user.UserName, user.DisplayName, user.Comments]}
        columns={[
          {
            title: t.users.userName,
            render: (_, one) => (
              <ResourceLink to={paths.user(one.UserName)} id={one.UserName} name={one.DisplayName} />
            ),
          },
          { title: 'UID', dataIndex: 'UserId', className: 'mono' },
          { title: t.common.description, dataIndex: 'Comments' },
          { title: t.common.created, render: (_, { CreateDate }) => formats.time(CreateDate) },
          {
            title: t.common.actions,
            render: (_, { UserName }) => (
              <ConfirmButton
                label={t.common.delete}
                danger
                name={UserName}
                call={callOf('Ram', 'DeleteUser', { UserName })}
              >
                {t.vpc.deleteHint(UserName)}
              </ConfirmButton>
            ),
          },
        ]}
      />
    </Page>
  )
}
