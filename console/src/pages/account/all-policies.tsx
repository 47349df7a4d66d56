import { Form, Input, Segmented } from 'antd'
import { useNavigate, useSearchParams } from 'react-router'
import { callOf, type ResultOf } from '../../api/call.ts'
import { useList } from '../../api/queries.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { useRequired } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { Page } from '../../ui/page.tsx'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { DeletePolicy } from './delete-policy.tsx'
import { indented, JsonField } from './json-field.tsx'

type Policy = ResultOf<'Ram', 'ListPolicies'>['Policies']['Policy'][number]

interface Values {
  readonly PolicyName: string
  readonly Description?: string
  readonly PolicyDocument: string
}

/** A start that shows the form: reads what PrivateLink tells, and nothing else. */
const example = indented(
  JSON.stringify({
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: ['privatelink:List*', 'privatelink:Get*'], Resource: '*' }],
  }),
)

export function Component() {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  const [params, setParams] = useSearchParams()
  const type = (['Custom', 'System'] as const).find((one) => one === params.get('type'))
  const call = callOf('Ram', 'ListPolicies', { PolicyType: type, MaxItems: 1000 })
  return (
    <Page title={t.nav.policies} about={t.ram.policiesAbout} actions={<CreatePolicy />}>
      <Segmented
        aria-label={t.ram.kind}
        value={type ?? 'all'}
        options={[
          { value: 'all', label: t.ram.all },
          { value: 'Custom', label: t.users.policyTypes.Custom },
          { value: 'System', label: t.users.policyTypes.System },
        ]}
        onChange={(chosen) => setParams(chosen === 'all' ? {} : { type: chosen }, { replace: true })}
        style={{ marginBottom: 12 }}
      />
      <ResourceTable<Policy>
        query={useList(call, ({ Policies }) => Policies.Policy)}
        label={t.nav.policies}
        empty={t.ram.noPolicies}
        rowKey={({ PolicyType, PolicyName }) => `${PolicyType} ${PolicyName}`}
        searchIn={({ PolicyName, Description }) => [PolicyName, Description]}
        columns={[
          {
            title: t.ram.policyName,
            render: (_, { PolicyType, PolicyName }) => (
              <ResourceLink to={paths.policy(PolicyType, PolicyName)} id={PolicyName} />
            ),
          },
          { title: t.common.type, render: (_, { PolicyType }) => t.users.policyTypes[PolicyType] },
          { title: t.common.description, dataIndex: 'Description' },
          { title: t.ram.attachments, dataIndex: 'AttachmentCount' },
          { title: t.common.created, render: (_, { CreateDate }) => formats.time(CreateDate) },
          { title: t.common.actions, render: (_, one) => <DeletePolicy policy={one} type="link" /> },
        ]}
      />
    </Page>
  )
}

function CreatePolicy() {
  const t = useText()
  const paths = usePaths()
  const navigate = useNavigate()
  const required = useRequired()
  return (
    <FormButton<Values, ResultOf<'Ram', 'CreatePolicy'>>
      label={t.ram.createPolicy}
      type="primary"
      initial={{ PolicyDocument: example }}
      call={(values) => callOf('Ram', 'CreatePolicy', values)}
      onDone={({ Policy: { PolicyName } }) => void navigate(paths.policy('Custom', PolicyName))}
    >
      <Form.Item
        name="PolicyName"
        label={t.ram.policyName}
        extra={t.ram.policyRule}
        rules={[required, { pattern: /^[a-zA-Z0-9-]{1,128}$/, message: t.ram.policyRule }]}
      >
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name="Description" label={t.common.description}>
        <Input maxLength={1024} autoComplete="off" />
      </Form.Item>
      <JsonField name="PolicyDocument" label={t.ram.document} hint={t.ram.documentHint} />
    </FormButton>
  )
}
