/** Instances of the balancer's VPC to choose from, each with its weight. */
import { InputNumber, Table } from 'antd'
import { useInstances } from '../../api/lists.ts'
import { useText } from '../../i18n/language.tsx'
import { addressOf } from '../instances/address.ts'
import type { Balancer } from './listeners.tsx'

interface WeightProps {
  readonly balancer: Balancer
  readonly value?: Readonly<Record<string, number>>
  readonly onChange?: (weights: Readonly<Record<string, number>>) => void
}

export function WeightTable({ balancer, value = {}, onChange = () => {} }: WeightProps) {
  const t = useText()
  const instances = useInstances(balancer.VpcId)
  const present = new Map(
    balancer.BackendServers.BackendServer.map(({ ServerId, Weight }) => [ServerId, Weight]),
  )
  const set = (id: string, weight: number) => onChange({ ...value, [id]: weight })
  const choose = (ids: readonly string[]) => {
    onChange(Object.fromEntries(ids.map((id) => [id, value[id] ?? present.get(id) ?? 100])))
  }
  return (
    <Table
      size="small"
      pagination={false}
      scroll={{ x: 'max-content', y: 320 }}
      loading={instances.isPending}
      dataSource={instances.data ? [...instances.data] : []}
      rowKey={({ InstanceId }) => InstanceId}
      locale={{ emptyText: t.balancer.noInstances }}
      rowSelection={{
        selectedRowKeys: Object.keys(value),
        onChange: (keys) => choose(keys.map(String)),
        getCheckboxProps: ({ InstanceName, InstanceId }) => ({ 'aria-label': InstanceName || InstanceId }),
      }}
      columns={[
        { title: t.common.name, render: (_, one) => one.InstanceName || one.InstanceId },
        { title: t.common.id, dataIndex: 'InstanceId', className: 'mono' },
        { title: t.common.address, className: 'mono', render: (_, one) => addressOf(one) },
        {
          title: t.balancer.weight,
          render: (_, { InstanceId, InstanceName }) => (
            <InputNumber
              aria-label={`${t.balancer.weight} ${InstanceName || InstanceId}`}
              min={0}
              max={100}
              precision={0}
              disabled={!(InstanceId in value)}
              value={value[InstanceId] ?? present.get(InstanceId) ?? 100}
              onChange={(weight) => set(InstanceId, weight ?? 0)}
            />
          ),
        },
      ]}
    />
  )
}
