import { Form, Input } from 'antd'
import { useNavigate, useParams } from 'react-router'
import { callOf } from '../../api/call.ts'
import { useOne } from '../../api/lists.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { Copyable } from '../../ui/copyable.tsx'
import { Facts } from '../../ui/facts.tsx'
import { useRequired } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Page } from '../../ui/page.tsx'
import { State } from '../../ui/state.tsx'
import { DeleteGroup } from './delete-group.tsx'
import { GroupMembers, useGroupMembers } from './group-members.tsx'

export function Component() {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  const navigate = useNavigate()
  const required = useRequired()
  const { id = '' } = useParams()
  const query = useOne('ResourceManager', 'GetResourceGroup', { ResourceGroupId: id })
  const members = useGroupMembers(id)
  const group = query.data?.ResourceGroup
  const actions = group && (
    <>
      <FormButton<{ readonly NewDisplayName: string }, unknown>
        label={t.common.rename}
        initial={{ NewDisplayName: group.DisplayName }}
        call={(values) =>
          callOf('ResourceManager', 'UpdateResourceGroup', { ResourceGroupId: id, ...values })
        }
      >
        <Form.Item name="NewDisplayName" label={t.users.displayName} rules={[required]}>
          <Input maxLength={50} autoComplete="off" />
        </Form.Item>
      </FormButton>
      <DeleteGroup
        group={group}
        size={members.data?.length ?? 0}
        type="default"
        onDone={() => void navigate(paths.resourceGroups)}
      />
    </>
  )
  return (
    <Page
      title={group?.DisplayName ?? id}
      above={[{ title: t.nav.resourceGroups, to: paths.resourceGroups }]}
      actions={actions}
    >
      <Loaded query={query}>
        {({ ResourceGroup: one }) => (
          <>
            <Facts
              facts={[
                [t.common.id, <Copyable key="id" text={one.Id} />],
                [t.groups.identifier, one.Name],
                [t.common.status, <State key="state" value={one.Status} />],
                [t.common.created, formats.time(one.CreateDate)],
              ]}
            />
            <GroupMembers query={members} />
          </>
        )}
      </Loaded>
    </Page>
  )
}
