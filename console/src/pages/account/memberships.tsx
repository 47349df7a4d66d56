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

type Membership = ResultOf<'Ram', 'ListGroupsForUser'>['Groups']['Group'][number]

/** The groups that a user is in. */
export function Memberships({ user }: { readonly user: string }) {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  const required = useRequired()
  const joined = useList(callOf('Ram', 'ListGroupsForUser', { UserName: user }), ({ Groups }) => Groups.Group)
  const groups = useList(callOf('Ram', 'ListGroups', { MaxItems: 1000 }), ({ Groups }) => Groups.Group)
  const present = joined.data?.map(({ GroupName }) => GroupName) ?? []
  const options = (groups.data ?? [])
    .filter(({ GroupName }) => !present.includes(GroupName))
    .map(({ GroupName }) => ({ value: GroupName, label: GroupName }))
  return (
    <>
      <Flex style={{ marginBottom: 12 }}>
        <FormButton<{ readonly GroupName: string }, unknown>
          label={t.ram.addToGroup}
          type="primary"
          initial={{}}
          call={({ GroupName }) => callOf('Ram', 'AddUserToGroup', { UserName: user, GroupName })}
        >
          <Form.Item name="GroupName" label={t.ram.groupName} rules={[required]}>
            <Select
              showSearch={{ optionFilterProp: 'label' }}
              options={options}
              notFoundContent={t.ram.noGroupLeft}
            />
          </Form.Item>
        </FormButton>
      </Flex>
      <ResourceTable<Membership>
        query={joined}
        label={t.ram.memberOf}
        empty={t.ram.notMember}
        rowKey={({ GroupName }) => GroupName}
        columns={[
          {
            title: t.ram.groupName,
            render: (_, { GroupName, Comments }) => (
              <ResourceLink to={paths.ramGroup(GroupName)} id={GroupName} name={Comments} />
            ),
          },
          { title: t.ram.joined, render: (_, { JoinDate }) => formats.time(JoinDate) },
          {
            title: t.common.actions,
            render: (_, { GroupName }) => (
              <ConfirmButton
                label={t.common.remove}
                danger
                call={callOf('Ram', 'RemoveUserFromGroup', { UserName: user, GroupName })}
              >
                {t.ram.removeMemberHint(user, GroupName)}
              </ConfirmButton>
            ),
          },
        ]}
      />
    </>
  )
}
