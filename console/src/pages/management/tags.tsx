import { Form, Input, Select } from 'antd'
import { callOf } from '../../api/call.ts'
import { useApi } from '../../api/context.ts'
import { useList } from '../../api/queries.ts'
import { useText } from '../../i18n/language.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { useRequired } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { Page } from '../../ui/page.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { useTaggable } from './taggable.ts'

interface Row {
  readonly arn: string
  readonly key: string
  readonly value: string
}

interface Values {
  readonly arn: string
  readonly key: string
  readonly value?: string
}

export function Component() {
  const t = useText()
  const required = useRequired()
  const { region, session } = useApi()
  const taggable = useTaggable(region, session.account)
  const query = useList(callOf('Tag', 'ListTagResources', { PageSize: 50 }), ({ TagResources }) =>
    TagResources.flatMap(({ ResourceARN, Tags }) =>
      Tags.map(({ Key, Value }): Row => ({ arn: ResourceARN, key: Key, value: Value })),
    ),
  )
  const create = (
    <FormButton<Values, unknown>
      label={t.tags.create}
      type="primary"
      initial={{}}
      call={({ arn, key, value }) =>
        callOf('Tag', 'TagResources', {
          ResourceARN: [arn ?? ''],
          Tags: JSON.stringify({ [key ?? '']: value ?? '' }),
        })
      }
    >
      <Form.Item name="arn" label={t.tags.resource} rules={[required]}>
        <Select showSearch={{ optionFilterProp: 'label' }} options={taggable} />
      </Form.Item>
      <Form.Item name="key" label={t.tags.key} extra={t.tags.keyRule} rules={[required, { max: 128 }]}>
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name="value" label={t.tags.value} rules={[{ max: 128 }]}>
        <Input autoComplete="off" />
      </Form.Item>
    </FormButton>
  )
  return (
    <Page title={t.nav.tags} about={t.tags.about} actions={create}>
      <ResourceTable<Row>
        query={query}
        label={t.nav.tags}
        empty={t.tags.empty}
        rowKey={({ arn, key }) => `${arn} ${key}`}
        searchIn={({ arn, key, value }) => [arn, key, value]}
        columns={[
          { title: t.tags.key, dataIndex: 'key' },
          { title: t.tags.value, dataIndex: 'value' },
          { title: t.tags.resource, dataIndex: 'arn', className: 'mono' },
          {
            title: t.common.actions,
            render: (_, { arn, key }) => (
              <ConfirmButton
                label={t.common.remove}
                danger
                call={callOf('Tag', 'UntagResources', { ResourceARN: [arn], TagKey: [key] })}
              >
                {t.tags.removeHint(key, arn)}
              </ConfirmButton>
            ),
          },
        ]}
      />
    </Page>
  )
}
