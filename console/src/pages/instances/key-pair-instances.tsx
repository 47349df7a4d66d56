import { Form, Select } from 'antd'
import { callOf } from '../../api/call.ts'
import type { Instance } from '../../api/lists.ts'
import { useText } from '../../i18n/language.tsx'
import { useRequired } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { addressOf } from './address.ts'

interface Props {
  readonly pair: string
  readonly instances: readonly Instance[]
}

interface Values {
  readonly instances: readonly string[]
}

/** Gives instances the key of a pair, and takes it from them. */
export function KeyPairInstances({ pair, instances }: Props) {
  const t = useText()
  const having = instances.filter(({ KeyPairName }) => KeyPairName === pair)
  const lacking = instances.filter(({ KeyPairName }) => KeyPairName !== pair)
  const params = ({ instances: chosen }: Values) => ({
    KeyPairName: pair,
    InstanceIds: JSON.stringify(chosen ?? []),
  })
  return (
    <>
      <FormButton<Values, unknown>
        label={t.keys.attach}
        type="link"
        reason={lacking.length === 0 ? t.keys.noneLeft : undefined}
        initial={{ instances: [] }}
        call={(values) => callOf('Ecs', 'AttachKeyPair', params(values))}
      >
        <InstancesField instances={lacking} hint={t.keys.attachHint} />
      </FormButton>
      <FormButton<Values, unknown>
        label={t.keys.detach}
        type="link"
        danger
        reason={having.length === 0 ? t.keys.noneAttached : undefined}
        initial={{ instances: having.map(({ InstanceId }) => InstanceId) }}
        call={(values) => callOf('Ecs', 'DetachKeyPair', params(values))}
      >
        <InstancesField instances={having} />
      </FormButton>
    </>
  )
}

function InstancesField({
  instances,
  hint,
}: {
  readonly instances: readonly Instance[]
  readonly hint?: string
}) {
  const t = useText()
  const required = useRequired()
  const options = instances.map((one) => ({
    value: one.InstanceId,
    label: [one.InstanceName, one.InstanceId, addressOf(one)].filter(Boolean).join(' · '),
  }))
  return (
    <Form.Item name="instances" label={t.keys.instances} extra={hint} rules={[required]}>
      <Select mode="multiple" showSearch={{ optionFilterProp: 'label' }} options={options} />
    </Form.Item>
  )
}
