import { Flex, Form, Select } from 'antd'
import { callOf, type ResultOf } from '../../api/call.ts'
import { useList } from '../../api/queries.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { useRequired } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'

type Policy = ResultOf<'Ram', 'ListPoliciesForUser'>['Policies']['Policy'][number]

/** What a user may do. */
export function Policies({ user }: { readonly user: string }) {
  const t = useText()
  const formats = useFormats()
  const required = useRequired()
  const attached = useList(
    callOf('Ram', 'ListPoliciesForUser', { UserName: user }),
    ({ Policies: list }) => list.Policy,
  )
  const all = useList(callOf('Ram', 'ListPolicies', { MaxItems: 1000 }), ({ Policies: list }) => list.Policy)
  const taken = attached.data?.map(({ PolicyName }) => PolicyName) ?? []
  const options = (all.data ?? [])
    .filter(({ PolicyName }) => !taken.includes(PolicyName))
    .map(({ PolicyName, PolicyType }) => ({ value: `${PolicyType} ${PolicyName}`, label: PolicyName }))
  return (
    <>
      <Flex style={{ marginBottom: 12 }}>
        <FormButton<{ readonly policy: string }, unknown>
          label={t.users.attach}
          type="primary"
          initial={{}}
          call={({ policy }) => {
            const [type, PolicyName = ''] = (policy ?? '').split(' ')
            const PolicyType = type === 'System' ? 'System' : 'Custom'
            return callOf('Ram', 'AttachPolicyToUser', { UserName: user, PolicyType, PolicyName })
          }}
        >
          <Form.Item name="policy" label={t.users.policy} rules={[required]}>
            <Select showSearch={{ optionFilterProp: 'label' }} options={options} />
          </Form.Item>
        </FormButton>
      </Flex>
      <ResourceTable<Policy>
        query={attached}
        label={t.users.policies}
        empty={t.users.noPolicies}
        rowKey={({ PolicyName }) => PolicyName}
        columns={[
          { title: t.users.policy, dataIndex: 'PolicyName', className: 'mono' },
          { title: t.common.type, render: (_, { PolicyType }) => t.users.policyTypes[PolicyType] },
          { title: t.common.description, dataIndex: 'Description' },
          { title: t.users.attached, render: (_, { AttachDate }) => formats.time(AttachDate) },
          {
            title: t.common.actions,
            render: (_, { PolicyName, PolicyType }) => (
              <ConfirmButton
                label={t.common.remove}
                danger
                call={callOf('Ram', 'DetachPolicyFromUser', { UserName: user, PolicyName, PolicyType })}
              >
                {t.users.detachHint(PolicyName, user)}
              </ConfirmButton>
            ),
          },
        ]}
      />
    </>
  )
}
