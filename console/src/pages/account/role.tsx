import { Form, Input } from 'antd'
import { useNavigate, useParams } from 'react-router'
import { callOf, type ResultOf } from '../../api/call.ts'
import { useOne } from '../../api/lists.ts'
import { useList } from '../../api/queries.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { Facts } from '../../ui/facts.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Page } from '../../ui/page.tsx'
import { UrlTabs } from '../../ui/url-tabs.tsx'
import { indented, JsonField } from './json-field.tsx'
import { Policies } from './policies.tsx'
import { SessionField } from './roles.tsx'

type Role = ResultOf<'Ram', 'GetRole'>['Role']

export function Component() {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  const navigate = useNavigate()
  const { name = '' } = useParams()
  const query = useOne('Ram', 'GetRole', { RoleName: name })
  const policies = useList(
    callOf('Ram', 'ListPoliciesForRole', { RoleName: name }),
    ({ Policies: list }) => list.Policy,
  )
  const actions = query.data && (
    <>
      <EditRole role={query.data.Role} />
      <ConfirmButton
        label={t.common.delete}
        type="default"
        danger
        name={name}
        reason={(policies.data?.length ?? 0) > 0 ? t.ram.hasPolicies : undefined}
        call={callOf('Ram', 'DeleteRole', { RoleName: name })}
        onDone={() => void navigate(paths.roles)}
      >
        {t.vpc.deleteHint(name)}
      </ConfirmButton>
    </>
  )
  return (
    <Page title={name} above={[{ title: t.nav.roles, to: paths.roles }]} actions={actions}>
      <Loaded query={query}>
        {({ Role }) => (
          <>
            <Facts
              facts={[
                [t.ram.roleName, Role.RoleName],
                ['ARN', <Copyable key="arn" text={Role.Arn} />],
                [t.ram.session, `${formats.number(Role.MaxSessionDuration)} ${t.balancer.seconds}`],
                [t.common.description, Role.Description],
                [t.common.created, formats.time(Role.CreateDate)],
              ]}
            />
            <UrlTabs
              tabs={[
                {
                  key: 'policies',
                  label: t.users.policies,
                  children: <Policies holder={{ RoleName: name }} />,
                },
                { key: 'trust', label: t.ram.trust, children: <Trust role={Role} /> },
              ]}
            />
          </>
        )}
      </Loaded>
    </Page>
  )
}

interface EditValues {
  readonly NewDescription?: string
  readonly NewMaxSessionDuration: number
}

function EditRole({ role }: { readonly role: Role }) {
  const t = useText()
  const { RoleName, Description, MaxSessionDuration } = role
  return (
    <FormButton<EditValues, unknown>
      label={t.common.edit}
      initial={{ NewDescription: Description, NewMaxSessionDuration: MaxSessionDuration }}
      call={(values) => callOf('Ram', 'UpdateRole', { RoleName, ...values })}
    >
      <SessionField name="NewMaxSessionDuration" />
      <Form.Item name="NewDescription" label={t.common.description}>
        <Input maxLength={1024} autoComplete="off" />
      </Form.Item>
    </FormButton>
  )
}

/** Who may assume the role. */
function Trust({ role }: { readonly role: Role }) {
  const t = useText()
  const { RoleName, AssumeRolePolicyDocument } = role
  const document = indented(AssumeRolePolicyDocument)
  return (
    <>
      <FormButton<{ readonly NewAssumeRolePolicyDocument: string }, unknown>
        label={t.ram.editTrust}
        type="primary"
        initial={{ NewAssumeRolePolicyDocument: document }}
        call={(values) => callOf('Ram', 'UpdateRole', { RoleName, ...values })}
      >
        <JsonField name="NewAssumeRolePolicyDocument" label={t.ram.trust} hint={t.ram.trustHint} />
      </FormButton>
      <pre className="code mono" tabIndex={0} style={{ marginTop: 12 }}>
        {document}
      </pre>
    </>
  )
}
