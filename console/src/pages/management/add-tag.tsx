import { Form, Input, Select } from 'antd'
import { callOf, type ResultOf } from '../../api/call.ts'
import { useApi } from '../../api/context.ts'
import type { Messages } from '../../i18n/en.ts'
import { useText } from '../../i18n/language.tsx'
import { useRequired } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { useTaggable } from './taggable.ts'
import { arnOf, kindNames, readArn, type TaggedKind } from './tagged-kinds.ts'

interface Values {
  readonly kind: TaggedKind
  readonly ids: readonly string[]
  readonly key: string
  readonly value?: string
}

type Answer = ResultOf<'Tag', 'TagResources'>

/** Tag, TagResources: at most fifty resources in one call. */
const mostAtOnce = 50

/** No `aliyun` or `acs:` first, no link anywhere. */
const tagText = /^(?!aliyun|acs:)(?!.*https?:\/\/)/i

/** Sets one tag on one resource or several of a kind. */
export function AddTag() {
  const t = useText()
  const { region, session } = useApi()
  const required = useRequired()
  return (
    <FormButton<Values, Answer>
      label={t.tags.create}
      type="primary"
      initial={{}}
      call={({ kind, ids, key, value }) =>
        kind &&
        callOf('Tag', 'TagResources', {
          ResourceARN: (ids ?? []).map((id) => arnOf(kind, region, session.account, id)),
          Tags: JSON.stringify({ [key ?? '']: value ?? '' }),
        })
      }
      failed={(answer) => failuresOf(answer, t)}
    >
      <ResourceFields />
      <Form.Item
        name="key"
        label={t.tags.key}
        extra={t.tags.keyRule}
        rules={[required, { max: 64, pattern: tagText, message: t.tags.keyRule }]}
      >
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="value"
        label={t.tags.value}
        rules={[{ max: 128, pattern: tagText, message: t.tags.valueRule }]}
      >
        <Input autoComplete="off" />
      </Form.Item>
    </FormButton>
  )
}

export function failuresOf({ FailedResources }: Answer, t: Messages): string | undefined {
  const failed = FailedResources.FailedResource.map(
    ({ ResourceARN, Result }) => `${readArn(ResourceARN).id} (${Result.Code})`,
  )
  return failed.length > 0 ? t.tags.failed(failed.join(', ')) : undefined
}

function ResourceFields() {
  const t = useText()
  const required = useRequired()
  const form = Form.useFormInstance<Values>()
  const kind = Form.useWatch('kind', form)
  const { resources, isPending } = useTaggable(kind)
  return (
    <>
      <Form.Item name="kind" label={t.tags.kind} rules={[required]}>
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          options={kindNames.map((value) => ({ value, label: t.tags.kinds[value] }))}
          onChange={() => form.resetFields(['ids'])}
        />
      </Form.Item>
      <Form.Item
        name="ids"
        label={t.tags.resources}
        rules={[required, { type: 'array', max: mostAtOnce, message: t.tags.tooMany(mostAtOnce) }]}
      >
        <Select
          mode="multiple"
          showSearch={{ optionFilterProp: 'label' }}
          disabled={kind === undefined}
          loading={isPending}
          placeholder={kind === undefined ? t.tags.chooseKindFirst : undefined}
          notFoundContent={t.tags.noneOfKind}
          options={resources.map(({ id, name }) => ({
            value: id,
            label: [name, id].filter(Boolean).join(' · '),
          }))}
        />
      </Form.Item>
    </>
  )
}
