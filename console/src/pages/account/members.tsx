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

type Member = ResultOf<'Ram', 'ListUsersForGroup'>['Users']['User'][number]

export function membersCall(group: string) {
  return callOf('Ram', 'ListUsersForGroup', { GroupName: group, MaxItems: 1000 })
}

/** The users in a group. */
export function Members({ group }: { readonly group: string }) {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  const required = useRequired()
  const members = useList(membersCall(group), ({ Users }) => Users.User)
  const users = useList(callOf('Ram', 'ListUsers', { MaxItems: 1000 }), ({ Users }) => Users.User)
  const present = members.data?.map(({ UserName }) => UserName) ?? []
  const options = (users.data ?? [])
    .filter(({ UserName }) => !present.includes(UserName))
    .map(({ UserName, DisplayName }) => ({
      value: UserName,
      label: [UserName, DisplayName].filter(Boolean).join(' · '),
    }))
  return (
    <>
      <Flex style={{ marginBottom: 12 }}>
        <FormButton<{ readonly UserName: string }, unknown>
          label={t.ram.addMember}
          type="primary"
          initial={{}}
          call={({ UserName }) => callOf('Ram', 'AddUserToGroup', { UserName, GroupName: group })}
        >
          <Form.Item name="UserName" label={t.users.userName} rules={[required]}>
            <Select
              showSearch={{ optionFilterProp: 'label' }}
              options={options}
              notFoundContent={t.ram.noUserLeft}
            />
          </Form.Item>
        </FormButton>
      </Flex>
      <ResourceTable<Member>
        query={members}
        label={t.ram.members}
        empty={t.ram.noMembers}
        rowKey={({ UserName }) => UserName}
        columns={[
          {
            title: t.users.userName,
            render: (_, { UserName, DisplayName }) => (
              <ResourceLink to={paths.user(UserName)} id={UserName} name={DisplayName} />
            ),
          },
          { title: t.ram.joined, render: (_, { JoinDate }) => formats.time(JoinDate) },
          {
            title: t.common.actions,
            render: (_, { UserName }) => (
              <ConfirmButton
                label={t.common.remove}
                danger
                call={callOf('Ram', 'RemoveUserFromGroup', { UserName, GroupName: group })}
              >
                {t.ram.removeMemberHint(UserName, group)}
              </ConfirmButton>
            ),
          },
        ]}
      />
    </>
  )
}
