import { Form, Input } from 'antd'
import { callOf, type ResultOf } from '../../api/call.ts'
import { useResourceGroups } from '../../api/lists.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { useRequired } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { Page } from '../../ui/page.tsx'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { State } from '../../ui/state.tsx'
import { DeleteGroup } from './delete-group.tsx'
import { GroupMembers, useGroupMembers } from './group-members.tsx'

type Group = ResultOf<'ResourceManager', 'ListResourceGroups'>['ResourceGroups']['ResourceGroup'][number]

interface Values {
  readonly Name: string
  readonly DisplayName: string
}

export function Component() {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  const required = useRequired()
  const members = useGroupMembers()
  const sizeOf = (id: string) =>
    members.data?.filter(({ ResourceGroupId }) => ResourceGroupId === id).length ?? 0
  const create = (
    <FormButton<Values, unknown>
      label={t.groups.create}
      type="primary"
      initial={{}}
      call={(values) => callOf('ResourceManager', 'CreateResourceGroup', values)}
    >
      <Form.Item
        name="Name"
        label={t.groups.identifier}
        extra={t.groups.identifierRule}
        rules={[required, { pattern: /^[A-Za-z][\w-]{2,49}$/, message: t.groups.identifierRule }]}
      >
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name="DisplayName" label={t.users.displayName} rules={[required]}>
        <Input maxLength={50} autoComplete="off" />
      </Form.Item>
    </FormButton>
  )
  return (
    <Page title={t.nav.resourceGroups} about={t.groups.about} actions={create}>
      <ResourceTable<Group>
        query={useResourceGroups()}
        label={t.nav.resourceGroups}
        empty={t.groups.empty}
        rowKey={({ Id }) => Id}
        searchIn={(one) => [one.Id, one.Name, one.DisplayName]}
        columns={[
          {
            title: t.common.idAndName,
            render: (_, one) => (
              <ResourceLink to={paths.resourceGroup(one.Id)} id={one.Id} name={one.DisplayName} />
            ),
          },
          { title: t.groups.identifier, dataIndex: 'Name' },
          { title: t.common.status, render: (_, { Status }) => <State value={Status} /> },
          { title: t.groups.resources, render: (_, { Id }) => sizeOf(Id) },
          { title: t.common.created, render: (_, { CreateDate }) => formats.time(CreateDate) },
          {
            title: t.common.actions,
            render: (_, one) => <DeleteGroup group={one} size={sizeOf(one.Id)} type="link" />,
          },
        ]}
      />
      <h2 style={{ fontSize: 16 }}>{t.groups.members}</h2>
      <GroupMembers query={members} />
    </Page>
  )
}
