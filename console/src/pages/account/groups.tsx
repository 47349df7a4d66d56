import { Form, Input } from 'antd'
import { useNavigate } from 'react-router'
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

type Group = ResultOf<'Ram', 'ListGroups'>['Groups']['Group'][number]

interface Values {
  readonly GroupName: string
  readonly Comments?: string
}

export function Component() {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  const navigate = useNavigate()
  const required = useRequired()
  const query = useList(callOf('Ram', 'ListGroups', { MaxItems: 1000 }), ({ Groups }) => Groups.Group)
  const create = (
    <FormButton<Values, ResultOf<'Ram', 'CreateGroup'>>
      label={t.ram.createGroup}
      type="primary"
      initial={{}}
      call={(values) => callOf('Ram', 'CreateGroup', values)}
      onDone={({ Group: { GroupName } }) => void navigate(paths.ramGroup(GroupName))}
    >
      <Form.Item
        name="GroupName"
        label={t.ram.groupName}
        extra={t.ram.groupRule}
        rules={[required, { pattern: /^[\w.-]{1,64}$/, message: t.ram.groupRule }]}
      >
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name="Comments" label={t.common.description}>
        <Input maxLength={128} autoComplete="off" />
      </Form.Item>
    </FormButton>
  )
  return (
    <Page title={t.nav.ramGroups} about={t.ram.groupsAbout} actions={create}>
      <ResourceTable<Group>
        query={query}
        label={t.nav.ramGroups}
        empty={t.ram.noGroups}
        rowKey={({ GroupId }) => GroupId}
        searchIn={({ GroupName, Comments }) => [GroupName, Comments]}
        columns={[
          {
            title: t.ram.groupName,
            render: (_, { GroupName }) => <ResourceLink to={paths.ramGroup(GroupName)} id={GroupName} />,
          },
          { title: t.common.description, dataIndex: 'Comments' },
          { title: t.common.created, render: (_, { CreateDate }) => formats.time(CreateDate) },
          {
            title: t.common.actions,
            render: (_, { GroupName }) => (
              <ConfirmButton
                label={t.common.delete}
                danger
                name={GroupName}
                call={callOf('Ram', 'DeleteGroup', { GroupName })}
              >
                {t.vpc.deleteHint(GroupName)}
              </ConfirmButton>
            ),
          },
        ]}
      />
    </Page>
  )
}
