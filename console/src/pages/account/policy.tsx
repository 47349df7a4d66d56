import { useNavigate, useParams } from 'react-router'
import { Form, Input } from 'antd'
import { callOf, type ResultOf } from '../../api/call.ts'
import { useOne } from '../../api/lists.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { Facts } from '../../ui/facts.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Page } from '../../ui/page.tsx'
import { UrlTabs } from '../../ui/url-tabs.tsx'
import { DeletePolicy } from './delete-policy.tsx'
import { indented } from './json-field.tsx'
import { PolicyHolders } from './policy-holders.tsx'
import { PolicyVersions } from './policy-versions.tsx'

type Policy = ResultOf<'Ram', 'GetPolicy'>['Policy']

export function Component() {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  const navigate = useNavigate()
  const { name = '', type } = useParams()
  const PolicyType = type === 'System' ? 'System' : 'Custom'
  const query = useOne('Ram', 'GetPolicy', { PolicyType, PolicyName: name })
  const actions = query.data && (
    <>
      <EditPolicy policy={query.data.Policy} />
      <DeletePolicy policy={query.data.Policy} type="default" onDone={() => void navigate(paths.policies)} />
    </>
  )
  return (
    <Page title={name} above={[{ title: t.nav.policies, to: paths.policies }]} actions={actions}>
      <Loaded query={query}>
        {({ Policy, DefaultPolicyVersion }) => (
          <>
            <Facts
              facts={[
                [t.ram.policyName, Policy.PolicyName],
                [t.common.type, t.users.policyTypes[Policy.PolicyType]],
                [t.ram.isDefault, Policy.DefaultVersion],
                [t.ram.attachments, formats.number(Policy.AttachmentCount)],
                [t.common.description, Policy.Description],
                [t.common.created, formats.time(Policy.CreateDate)],
              ]}
            />
            <UrlTabs
              tabs={[
                {
                  key: 'document',
                  label: t.ram.document,
                  children: (
                    <pre className="code mono" tabIndex={0}>
                      {indented(DefaultPolicyVersion.PolicyDocument)}
                    </pre>
                  ),
                },
                { key: 'versions', label: t.ram.versions, children: <PolicyVersions policy={Policy} /> },
                { key: 'holders', label: t.ram.attachments, children: <PolicyHolders policy={Policy} /> },
              ]}
            />
          </>
        )}
      </Loaded>
    </Page>
  )
}

function EditPolicy({ policy }: { readonly policy: Policy }) {
  const t = useText()
  const { PolicyName, PolicyType, Description } = policy
  return (
    <FormButton<{ readonly NewDescription: string }, unknown>
      label={t.common.edit}
      reason={PolicyType === 'System' ? t.ram.isSystem : undefined}
      initial={{ NewDescription: Description }}
      call={({ NewDescription }) => callOf('Ram', 'UpdatePolicyDescription', { PolicyName, NewDescription })}
    >
      <Form.Item name="NewDescription" label={t.common.description}>
        <Input maxLength={1024} autoComplete="off" />
      </Form.Item>
    </FormButton>
  )
}
