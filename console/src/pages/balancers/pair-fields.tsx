import { Form, Select } from 'antd'
import { useInstances } from '../../api/lists.ts'
import { useText } from '../../i18n/language.tsx'
import { useRequired } from '../../ui/fields.tsx'
import { addressOf } from '../instances/address.ts'

export interface PairValues {
  readonly master: string
  readonly slave: string
}

/** The server that serves, and another that does while the first cannot. */
export function PairFields({ vpc }: { readonly vpc: string }) {
  const t = useText()
  const required = useRequired()
  const options = (useInstances(vpc).data ?? []).map((one) => ({
    value: one.InstanceId,
    label: [one.InstanceName, one.InstanceId, addressOf(one)].filter(Boolean).join(' · '),
  }))
  const choice = (
    <Select
      showSearch={{ optionFilterProp: 'label' }}
      options={options}
      notFoundContent={t.balancer.noInstances}
    />
  )
  return (
    <>
      <Form.Item name="master" label={t.balancer.master} rules={[required]}>
        {choice}
      </Form.Item>
      <Form.Item
        name="slave"
        label={t.balancer.slave}
        dependencies={['master']}
        rules={[
          required,
          ({ getFieldValue }) => ({
            validator: (_, slave: string | undefined) =>
              slave !== undefined && slave === getFieldValue('master')
                ? Promise.reject(new Error(t.balancer.sameServer))
                : Promise.resolve(),
          }),
        ]}
      >
        {choice}
      </Form.Item>
    </>
  )
}
