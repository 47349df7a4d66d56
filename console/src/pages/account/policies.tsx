import { Flex, Form, Select } from 'antd'
import { callOf, type ResultOf } from '../../api/call.ts'
import { useList } from '../../api/queries.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { useRequired } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'

type Policy = ResultOf<'Ram', 'ListPoliciesForUser'>['Policies']['Policy'][number]

/** Who has policies: the product has an action of its own for each kind. */
export type Holder =
  { readonly UserName: string } | { readonly GroupName: string } | { readonly RoleName: string }

type Which = Pick<Policy, 'PolicyName' | 'PolicyType'>

function listCall(holder: Holder) {
  if ('UserName' in holder) return callOf('Ram', 'ListPoliciesForUser', holder)
  if ('GroupName' in holder) return callOf('Ram', 'ListPoliciesForGroup', holder)
  return callOf('Ram', 'ListPoliciesForRole', holder)
}

function attachCall(holder: Holder, which: Which) {
  if ('UserName' in holder) return callOf('Ram', 'AttachPolicyToUser', { ...holder, ...which })
  if ('GroupName' in holder) return callOf('Ram', 'AttachPolicyToGroup', { ...holder, ...which })
  return callOf('Ram', 'AttachPolicyToRole', { ...holder, ...which })
}

function detachCall(holder: Holder, which: Which) {
  if ('UserName' in holder) return callOf('Ram', 'DetachPolicyFromUser', { ...holder, ...which })
  if ('GroupName' in holder) return callOf('Ram', 'DetachPolicyFromGroup', { ...holder, ...which })
  return callOf('Ram', 'DetachPolicyFromRole', { ...holder, ...which })
}

/** What a user, the users of a group, or whoever assumes a role may do. */
export function Policies({ holder }: { readonly holder: Holder }) {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  const required = useRequired()
  const [name = ''] = Object.values(holder)
  const attached = useList(listCall(holder), ({ Policies: list }) => list.Policy)
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
            return attachCall(holder, { PolicyType, PolicyName })
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
        empty={t.ram.noPermissions}
        rowKey={({ PolicyName }) => PolicyName}
        columns={[
          {
            title: t.users.policy,
            render: (_, { PolicyType, PolicyName }) => (
              <ResourceLink to={paths.policy(PolicyType, PolicyName)} id={PolicyName} />
            ),
          },
          { title: t.common.type, render: (_, { PolicyType }) => t.users.policyTypes[PolicyType] },
          { title: t.common.description, dataIndex: 'Description' },
          { title: t.users.attached, render: (_, { AttachDate }) => formats.time(AttachDate) },
          {
            title: t.common.actions,
            render: (_, { PolicyName, PolicyType }) => (
              <ConfirmButton
                label={t.common.remove}
                danger
                call={detachCall(holder, { PolicyName, PolicyType })}
              >
                {t.users.detachHint(PolicyName, name)}
              </ConfirmButton>
            ),
          },
        ]}
      />
    </>
  )
}
