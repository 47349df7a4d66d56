import { Form, Input, InputNumber } from 'antd'
import { useNavigate } from 'react-router'
import { quotas } from '../../../../src/model/quotas.ts'
import { callOf } from '../../api/call.ts'
import { usePrefixLists, type PrefixList } from '../../api/lists.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { DescriptionField, NameField, useBlockRule, useRequired } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { Page } from '../../ui/page.tsx'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { DeletePrefixList } from './delete-prefix-list.tsx'

interface Values {
  readonly PrefixListName: string
  readonly MaxEntries: number
  readonly Cidr?: string
  readonly Description?: string
}

export function Component() {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  const navigate = useNavigate()
  const required = useRequired()
  const isBlock = useBlockRule()
  const query = usePrefixLists()
  const create = (
    <FormButton<Values, { readonly PrefixListId: string }>
      label={t.routing.createPrefix}
      type="primary"
      initial={{ MaxEntries: 10 }}
      call={({ Cidr, ...values }) =>
        callOf('Ecs', 'CreatePrefixList', {
          ...values,
          AddressFamily: 'IPv4',
          ...(Cidr ? { Entry: [{ Cidr }] } : {}),
        })
      }
      onDone={({ PrefixListId }) => void navigate(paths.prefixList(PrefixListId))}
    >
      <NameField name="PrefixListName" label={t.common.name} required />
      <Form.Item name="MaxEntries" label={t.routing.most} extra={t.routing.mostHint} rules={[required]}>
        <InputNumber min={1} max={quotas.entriesPerPrefixList} precision={0} />
      </Form.Item>
      <Form.Item name="Cidr" label={t.routing.block} rules={[isBlock]}>
        <Input autoComplete="off" placeholder="10.0.0.0/24" />
      </Form.Item>
      <DescriptionField name="Description" label={t.common.description} />
    </FormButton>
  )
  return (
    <Page title={t.nav.prefixLists} about={t.routing.prefixAbout} actions={create}>
      <ResourceTable<PrefixList>
        query={query}
        label={t.nav.prefixLists}
        empty={t.routing.noPrefixLists}
        rowKey={({ PrefixListId }) => PrefixListId}
        searchIn={(one) => [one.PrefixListId, one.PrefixListName]}
        columns={[
          {
            title: t.common.idAndName,
            render: (_, one) => (
              <ResourceLink
                to={paths.prefixList(one.PrefixListId)}
                id={one.PrefixListId}
                name={one.PrefixListName}
              />
            ),
          },
          { title: t.routing.most, dataIndex: 'MaxEntries' },
          { title: t.routing.uses, dataIndex: 'AssociationCount' },
          { title: t.common.description, dataIndex: 'Description' },
          { title: t.common.created, render: (_, { CreationTime }) => formats.time(CreationTime) },
          {
            title: t.common.actions,
            render: (_, one) => <DeletePrefixList list={one} uses={one.AssociationCount} type="link" />,
          },
        ]}
      />
    </Page>
  )
}
