import { Form, Input } from 'antd'
import { callOf, type ResultOf } from '../../api/call.ts'
import { useList } from '../../api/queries.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { useRequired } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { Page } from '../../ui/page.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { State } from '../../ui/state.tsx'

type Group = ResultOf<'ResourceManager', 'ListResourceGroups'>['ResourceGroups']['ResourceGroup'][number]
type Member = ResultOf<'ResourceManager', 'ListResources'>['Resources']['Resource'][number]

interface Values {
  readonly Name: string
  readonly DisplayName: string
}

export function Component() {
  const t = useText()
  const formats = useFormats()
  const required = useRequired()
  const call = callOf('ResourceManager', 'ListResourceGroups', { PageSize: 100 })
  const members = useList(
    callOf('ResourceManager', 'ListResources', { PageSize: 100 }),
    ({ Resources }) => Resources.Resource,
  )
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
        query={useList(call, ({ ResourceGroups }) => ResourceGroups.ResourceGroup)}
        label={t.nav.resourceGroups}
        empty={t.groups.empty}
        rowKey={({ Id }) => Id}
        searchIn={(one) => [one.Id, one.Name, one.DisplayName]}
        columns={[
          {
            title: t.common.idAndName,
            render: (_, one) => (
              <>
                <span className="mono">{one.Id}</span>
                <div>{one.DisplayName}</div>
              </>
            ),
          },
          { title: t.groups.identifier, dataIndex: 'Name' },
          { title: t.common.status, render: (_, { Status }) => <State value={Status} /> },
          { title: t.groups.resources, render: (_, { Id }) => sizeOf(Id) },
          { title: t.common.created, render: (_, { CreateDate }) => formats.time(CreateDate) },
          {
            title: t.common.actions,
            render: (_, one) => (
              <ConfirmButton
                label={t.common.delete}
                danger
                name={one.Name}
                reason={barTo(one, sizeOf(one.Id), t.groups)}
                call={callOf('ResourceManager', 'DeleteResourceGroup', { ResourceGroupId: one.Id })}
              >
                {t.vpc.deleteHint(one.DisplayName)}
              </ConfirmButton>
            ),
          },
        ]}
      />
      <h2 style={{ fontSize: 16 }}>{t.groups.members}</h2>
      <ResourceTable<Member>
        query={members}
        name="members"
        label={t.groups.members}
        empty={t.groups.noMembers}
        rowKey={(one) => `${one.Service} ${one.ResourceId}`}
        searchIn={(one) => [one.ResourceId, one.ResourceType, one.ResourceGroupId]}
        columns={[
          { title: t.common.id, dataIndex: 'ResourceId', className: 'mono' },
          { title: t.common.type, render: (_, one) => `${one.Service} · ${one.ResourceType}` },
          { title: t.common.resourceGroup, dataIndex: 'ResourceGroupId', className: 'mono' },
          { title: t.frame.region, dataIndex: 'RegionId' },
          { title: t.common.created, render: (_, { CreateDate }) => formats.time(CreateDate) },
        ]}
      />
    </Page>
  )
}

function barTo(
  { Name }: Group,
  size: number,
  texts: { readonly isDefault: string; readonly notEmpty: string },
): string | undefined {
  if (Name === 'default') return texts.isDefault
  return size > 0 ? texts.notEmpty : undefined
}
