import { Flex, Form, Input } from 'antd'
import { useNavigate, useParams } from 'react-router'
import { callOf, type ResultOf } from '../../api/call.ts'
import { useOne } from '../../api/lists.ts'
import { useList } from '../../api/queries.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { Facts } from '../../ui/facts.tsx'
import { DescriptionField, NameField, useBlockRule, useRequired } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { MoveResource } from '../../ui/move-resources.tsx'
import { Page } from '../../ui/page.tsx'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { UrlTabs } from '../../ui/url-tabs.tsx'
import { DeletePrefixList } from './delete-prefix-list.tsx'

type Attributes = ResultOf<'Ecs', 'DescribePrefixListAttributes'>
type Entry = Attributes['Entries']['Entry'][number]
type Association = ResultOf<
  'Ecs',
  'DescribePrefixListAssociations'
>['PrefixListAssociations']['PrefixListAssociation'][number]

export function Component() {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  const navigate = useNavigate()
  const { id = '' } = useParams()
  const query = useOne('Ecs', 'DescribePrefixListAttributes', { PrefixListId: id })
  const uses = useList(
    callOf('Ecs', 'DescribePrefixListAssociations', { PrefixListId: id, MaxResults: 100 }),
    ({ PrefixListAssociations }) => PrefixListAssociations.PrefixListAssociation,
  )
  const list = query.data
  const actions = list && (
    <>
      <FormButton
        label={t.common.edit}
        initial={{ PrefixListName: list.PrefixListName, Description: list.Description }}
        call={(values) => callOf('Ecs', 'ModifyPrefixList', { PrefixListId: id, ...values })}
      >
        <NameField name="PrefixListName" label={t.common.name} required />
        <DescriptionField name="Description" label={t.common.description} />
      </FormButton>
      <MoveResource service="ecs" type="prefixlist" id={id} />
      <DeletePrefixList
        list={list}
        uses={uses.data?.length ?? 0}
        type="default"
        onDone={() => void navigate(paths.prefixLists)}
      />
    </>
  )
  return (
    <Page
      title={list?.PrefixListName || id}
      above={[{ title: t.nav.prefixLists, to: paths.prefixLists }]}
      actions={actions}
    >
      <Loaded query={query}>
        {(one) => (
          <>
            <Facts
              facts={[
                [t.common.id, <Copyable key="id" text={one.PrefixListId} />],
                [t.routing.blocks, `${one.Entries.Entry.length} / ${one.MaxEntries}`],
                [t.common.description, one.Description],
                [t.common.created, formats.time(one.CreationTime)],
              ]}
            />
            <UrlTabs
              tabs={[
                { key: 'entries', label: t.routing.blocks, children: <Entries list={one} /> },
                {
                  key: 'uses',
                  label: t.routing.uses,
                  children: (
                    <ResourceTable<Association>
                      query={uses}
                      label={t.routing.uses}
                      empty={t.routing.noUses}
                      rowKey={({ ResourceId }) => ResourceId}
                      columns={[
                        {
                          title: t.security.group,
                          render: (_, { ResourceId }) => (
                            <ResourceLink to={paths.securityGroup(ResourceId)} id={ResourceId} />
                          ),
                        },
                      ]}
                    />
                  ),
                },
              ]}
            />
          </>
        )}
      </Loaded>
    </Page>
  )
}

interface EntryValues {
  readonly Cidr: string
  readonly Description?: string
}

function Entries({ list }: { readonly list: Attributes }) {
  const t = useText()
  const required = useRequired()
  const isBlock = useBlockRule()
  const { PrefixListId, MaxEntries } = list
  const call = callOf('Ecs', 'DescribePrefixListAttributes', { PrefixListId })
  const query = useList(call, ({ Entries: entries }) => entries.Entry)
  return (
    <>
      <Flex style={{ marginBottom: 12 }}>
        <FormButton<EntryValues, unknown>
          label={t.routing.addBlock}
          type="primary"
          reason={list.Entries.Entry.length >= MaxEntries ? t.routing.full : undefined}
          initial={{}}
          call={(entry) => callOf('Ecs', 'ModifyPrefixList', { PrefixListId, AddEntry: [entry] })}
        >
          <Form.Item name="Cidr" label={t.routing.block} rules={[required, isBlock]}>
            <Input autoComplete="off" placeholder="10.0.0.0/24" />
          </Form.Item>
          <DescriptionField name="Description" label={t.common.description} />
        </FormButton>
      </Flex>
      <ResourceTable<Entry>
        query={query}
        label={t.routing.blocks}
        empty={t.routing.noBlocks}
        rowKey={({ Cidr }) => Cidr}
        searchIn={({ Cidr, Description }) => [Cidr, Description]}
        columns={[
          { title: t.routing.block, dataIndex: 'Cidr', className: 'mono' },
          { title: t.common.description, dataIndex: 'Description' },
          {
            title: t.common.actions,
            render: (_, { Cidr }) => (
              <ConfirmButton
                label={t.common.remove}
                danger
                call={callOf('Ecs', 'ModifyPrefixList', { PrefixListId, RemoveEntry: [{ Cidr }] })}
              >
                {t.routing.removeBlockHint(Cidr)}
              </ConfirmButton>
            ),
          },
        ]}
      />
    </>
  )
}
