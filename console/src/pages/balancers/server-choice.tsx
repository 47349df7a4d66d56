/** Instances as backend servers: which of them, with what weight and, in a group, on which port. */
import { Form, InputNumber, Select } from 'antd'
import { useInstances } from '../../api/lists.ts'
import { useText } from '../../i18n/language.tsx'
import { useRequired } from '../../ui/fields.tsx'
import { addressOf } from '../instances/address.ts'

export interface ServerValues {
  readonly servers: readonly string[]
  readonly weight: number
}

/** The JSON text in which the API takes backend servers. */
export function serversText(
  { servers, weight }: Pick<ServerValues, 'servers' | 'weight'>,
  port?: number,
): string {
  return JSON.stringify(
    (servers ?? []).map((ServerId) => ({
      ServerId,
      Weight: weight,
      Type: 'ecs',
      ...(port === undefined ? {} : { Port: port }),
    })),
  )
}

interface Props {
  readonly vpc: string
  readonly without?: readonly string[]
}

export function ServerChoice({ vpc, without = [] }: Props) {
  const t = useText()
  const required = useRequired()
  const instances = useInstances(vpc)
  const options = (instances.data ?? [])
    .filter(({ InstanceId }) => !without.includes(InstanceId))
    .map((one) => ({
      value: one.InstanceId,
      label: [one.InstanceName, one.InstanceId, addressOf(one)].filter(Boolean).join(' · '),
    }))
  return (
    <>
      <Form.Item name="servers" label={t.balancer.servers} rules={[required]}>
        <Select
          mode="multiple"
          showSearch={{ optionFilterProp: 'label' }}
          options={options}
          notFoundContent={t.balancer.noServerLeft}
        />
      </Form.Item>
      <Form.Item name="weight" label={t.balancer.weight} extra={t.balancer.weightHint} rules={[required]}>
        <InputNumber min={0} max={100} precision={0} />
      </Form.Item>
    </>
  )
}
