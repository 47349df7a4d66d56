/** Where the listener passes to: servers of the default group, or a group that is there or made here. */
import { Alert, Form, Input, InputNumber, Radio, Select } from 'antd'
import { usePairGroups, useServerGroups } from '../../api/lists.ts'
import { useText } from '../../i18n/language.tsx'
import { useRequired } from '../../ui/fields.tsx'
import { newGroup, targetsOf, type ListenerValues, type Protocol, type Target } from './listener-values.ts'
import type { Balancer } from './listeners.tsx'
import { PairFields } from './pair-fields.tsx'
import { WeightTable } from './weight-table.tsx'

interface Props {
  readonly balancer: Balancer
  readonly protocol: Protocol
}

export function ServersStep({ balancer, protocol }: Props) {
  const t = useText()
  const form = Form.useFormInstance<ListenerValues>()
  const target = Form.useWatch('target', form) ?? 'default'
  const group = Form.useWatch('group', form) ?? newGroup
  const makes = target !== 'default' && group === newGroup
  return (
    <>
      <Form.Item name="target" label={t.balancer.target}>
        <Radio.Group
          optionType="button"
          options={targetsOf(protocol).map((value) => ({ value, label: t.balancer.targets[value] }))}
          onChange={() => form.setFieldValue('group', newGroup)}
        />
      </Form.Item>
      <Alert type="info" showIcon title={t.balancer.targetHints[target]} style={{ marginBottom: 16 }} />
      {target !== 'default' && <GroupField balancer={balancer.LoadBalancerId} target={target} />}
      {makes && <GroupNameField />}
      {(target === 'default' || makes) && <PortField />}
      {makes && target === 'pair' && <PairFields vpc={balancer.VpcId} />}
      {(target === 'default' || (makes && target === 'vserver')) && (
        <WeightsField balancer={balancer} needed={makes} />
      )}
    </>
  )
}

function GroupField({ balancer, target }: { readonly balancer: string; readonly target: Target }) {
  const t = useText()
  const required = useRequired()
  const servers = useServerGroups(balancer, target === 'vserver')
  const pairs = usePairGroups(balancer, target === 'pair')
  const present =
    target === 'vserver'
      ? servers.data?.map((one) => [one.VServerGroupId, one.VServerGroupName] as const)
      : pairs.data?.map((one) => [one.MasterSlaveServerGroupId, one.MasterSlaveServerGroupName] as const)
  return (
    <Form.Item name="group" label={t.balancer.serverGroup} rules={[required]}>
      <Select
        options={[
          { value: newGroup, label: t.balancer.makeGroup },
          ...(present ?? []).map(([value, name]) => ({ value, label: `${name} · ${value}` })),
        ]}
      />
    </Form.Item>
  )
}

export function GroupNameField() {
  const t = useText()
  const required = useRequired()
  return (
    <Form.Item name="groupName" label={t.balancer.groupName} rules={[required]}>
      <Input maxLength={80} autoComplete="off" />
    </Form.Item>
  )
}

function PortField() {
  const t = useText()
  const required = useRequired()
  return (
    <Form.Item name="BackendServerPort" label={t.balancer.backendPort} rules={[required]}>
      <InputNumber min={1} max={65535} precision={0} />
    </Form.Item>
  )
}

interface WeightsProps {
  readonly balancer: Balancer
  /** A group that is made here has a server at least. */
  readonly needed: boolean
}

function WeightsField({ balancer, needed }: WeightsProps) {
  const t = useText()
  const some = (weights: ListenerValues['weights'] = {}) => !needed || Object.keys(weights).length > 0
  return (
    <Form.Item
      name="weights"
      label={t.balancer.servers}
      required={needed}
      rules={[
        {
          validator: (_, weights: ListenerValues['weights']) =>
            some(weights) ? Promise.resolve() : Promise.reject(new Error(t.common.required)),
        },
      ]}
    >
      <WeightTable balancer={balancer} />
    </Form.Item>
  )
}
