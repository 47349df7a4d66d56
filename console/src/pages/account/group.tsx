import { Form, Input } from 'antd'
import { useNavigate, useParams } from 'react-router'
import { callOf } from '../../api/call.ts'
import { useOne } from '../../api/lists.ts'
import { useList } from '../../api/queries.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { Facts } from '../../ui/facts.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Page } from '../../ui/page.tsx'
import { UrlTabs } from '../../ui/url-tabs.tsx'
import { membersCall, Members } from './members.tsx'
import { Policies } from './policies.tsx'

export function Component() {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  const navigate = useNavigate()
  const { name = '' } = useParams()
  const query = useOne('Ram', 'GetGroup', { GroupName: name })
  const members = useList(membersCall(name), ({ Users }) => Users.User)
  const policies = useList(
    callOf('Ram', 'ListPoliciesForGroup', { GroupName: name }),
    ({ Policies: list }) => list.Policy,
  )
  const bar = () => {
    if ((members.data?.length ?? 0) > 0) return t.ram.hasMembers
    return (policies.data?.length ?? 0) > 0 ? t.ram.hasPolicies : undefined
  }
  const actions = query.data && (
    <>
      <FormButton<{ readonly NewComments?: string }, unknown>
        label={t.common.edit}
        initial={{ NewComments: query.data.Group.Comments }}
        call={(values) => callOf('Ram', 'UpdateGroup', { GroupName: name, ...values })}
      >
        <Form.Item name="NewComments" label={t.common.description}>
          <Input maxLength={128} autoComplete="off" />
        </Form.Item>
      </FormButton>
      <ConfirmButton
        label={t.common.delete}
        type="default"
        danger
        name={name}
        reason={bar()}
        call={callOf('Ram', 'DeleteGroup', { GroupName: name })}
        onDone={() => void navigate(paths.ramGroups)}
      >
        {t.vpc.deleteHint(name)}
      </ConfirmButton>
    </>
  )
  return (
    <Page title={name} above={[{ title: t.nav.ramGroups, to: paths.ramGroups }]} actions={actions}>
      <Loaded query={query}>
        {({ Group }) => (
          <>
            <Facts
              facts={[
                [t.ram.groupName, Group.GroupName],
                ['ID', Group.GroupId],
                [t.common.description, Group.Comments],
                [t.common.created, formats.time(Group.CreateDate)],
              ]}
            />
            <UrlTabs
              tabs={[
                { key: 'members', label: t.ram.members, children: <Members group={name} /> },
                {
                  key: 'policies',
                  label: t.users.policies,
                  children: <Policies holder={{ GroupName: name }} />,
                },
              ]}
            />
          </>
        )}
      </Loaded>
    </Page>
  )
}
