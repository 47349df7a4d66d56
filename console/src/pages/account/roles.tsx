import { Form, Input, InputNumber } from 'antd'
import { useNavigate } from 'react-router'
import { callOf, type ResultOf } from '../../api/call.ts'
import { useApi } from '../../api/context.ts'
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

type Role = ResultOf<'Ram', 'ListRoles'>['Roles']['Role'][number]

interface Values {
  readonly RoleName: string
  readonly account: string
  readonly MaxSessionDuration: number
  readonly Description?: string
}

/** Lets the principals of an account assume a role, as far as their own policies go. */
function trustOf(account: string): string {
  const principal = { RAM: [`acs:ram::${account}:root`] }
  const statement = { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: principal }
  return JSON.stringify({ Version: '1', Statement: [statement] })
}

export function Component() {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  const query = useList(callOf('Ram', 'ListRoles', { MaxItems: 1000 }), ({ Roles }) => Roles.Role)
  return (
    <Page title={t.nav.roles} about={t.ram.rolesAbout} actions={<CreateRole />}>
      <ResourceTable<Role>
        query={query}
        label={t.nav.roles}
        empty={t.ram.noRoles}
        rowKey={({ RoleId }) => RoleId}
        searchIn={({ RoleName, Description, Arn }) => [RoleName, Description, Arn]}
        columns={[
          {
            title: t.ram.roleName,
            render: (_, { RoleName }) => <ResourceLink to={paths.role(RoleName)} id={RoleName} />,
          },
          { title: 'ARN', dataIndex: 'Arn', className: 'mono' },
          {
            title: t.ram.session,
            render: (_, one) => `${formats.number(one.MaxSessionDuration)} ${t.balancer.seconds}`,
          },
          { title: t.common.description, dataIndex: 'Description' },
          { title: t.common.created, render: (_, { CreateDate }) => formats.time(CreateDate) },
          {
            title: t.common.actions,
            render: (_, { RoleName }) => (
              <ConfirmButton
                label={t.common.delete}
                danger
                name={RoleName}
                call={callOf('Ram', 'DeleteRole', { RoleName })}
              >
                {t.vpc.deleteHint(RoleName)}
              </ConfirmButton>
            ),
          },
        ]}
      />
    </Page>
  )
}

function CreateRole() {
  const t = useText()
  const paths = usePaths()
  const navigate = useNavigate()
  const required = useRequired()
  const { session } = useApi()
  return (
    <FormButton<Values, ResultOf<'Ram', 'CreateRole'>>
      label={t.ram.createRole}
      type="primary"
      initial={{ account: session.account, MaxSessionDuration: 3600 }}
      call={({ account, ...values }) =>
        callOf('Ram', 'CreateRole', { ...values, AssumeRolePolicyDocument: trustOf(account) })
      }
      onDone={({ Role: { RoleName } }) => void navigate(paths.role(RoleName))}
    >
      <Form.Item
        name="RoleName"
        label={t.ram.roleName}
        extra={t.ram.roleRule}
        rules={[required, { pattern: /^[a-zA-Z0-9.-]{1,64}$/, message: t.ram.roleRule }]}
      >
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="account"
        label={t.ram.trustedAccount}
        extra={t.ram.trustedAccountHint}
        rules={[required, { pattern: /^\d{8,16}$/, message: t.ram.accountRule }]}
      >
        <Input autoComplete="off" inputMode="numeric" />
      </Form.Item>
      <SessionField name="MaxSessionDuration" />
      <Form.Item name="Description" label={t.common.description}>
        <Input maxLength={1024} autoComplete="off" />
      </Form.Item>
    </FormButton>
  )
}

export function SessionField({ name }: { readonly name: string }) {
  const t = useText()
  const required = useRequired()
  return (
    <Form.Item name={name} label={t.ram.session} extra={t.ram.sessionHint} rules={[required]}>
      <InputNumber min={3600} max={43_200} precision={0} suffix={t.balancer.seconds} />
    </Form.Item>
  )
}
