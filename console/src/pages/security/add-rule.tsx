import { Form, Input, InputNumber, Radio, Select } from 'antd'
import { callOf } from '../../api/call.ts'
import { useText } from '../../i18n/language.tsx'
import { useRequired } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'

export type Direction = 'ingress' | 'egress'

interface Values {
  readonly IpProtocol: string
  readonly PortRange: string
  readonly Policy: string
  readonly Priority: number
  readonly peer?: string
  readonly Description?: string
}

export function AddRule({ group, direction }: { readonly group: string; readonly direction: Direction }) {
  const t = useText()
  const required = useRequired()
  const call = ({ peer = '', Priority, ...rest }: Values) => {
    const rule = { ...rest, Priority: String(Priority) }
    return direction === 'ingress'
      ? callOf('Ecs', 'AuthorizeSecurityGroup', {
          SecurityGroupId: group,
          Permissions: [{ ...rule, ...sourceOf(peer) }],
        })
      : callOf('Ecs', 'AuthorizeSecurityGroupEgress', {
          SecurityGroupId: group,
          Permissions: [{ ...rule, ...destinationOf(peer) }],
        })
  }
  return (
    <FormButton<Values, unknown>
      name={`${direction}-rule`}
      label={t.security.addRule}
      title={`${t.security.addRule} · ${t.security[direction]}`}
      type="primary"
      initial={{ IpProtocol: 'TCP', PortRange: '80/80', Policy: 'accept', Priority: 1, peer: '0.0.0.0/0' }}
      call={call}
    >
      <Form.Item name="Policy" label={t.security.policy}>
        <Radio.Group
          options={[
            { value: 'accept', label: t.security.policies.accept },
            { value: 'drop', label: t.security.policies.drop },
          ]}
        />
      </Form.Item>
      <Form.Item
        name="Priority"
        label={t.security.priority}
        extra={t.security.priorityHint}
        rules={[required]}
      >
        <InputNumber min={1} max={100} precision={0} />
      </Form.Item>
      <Form.Item name="IpProtocol" label={t.security.protocol}>
        <Select options={['TCP', 'UDP', 'ICMP', 'ALL'].map((value) => ({ value, label: value }))} />
      </Form.Item>
      <Form.Item
        name="PortRange"
        label={t.security.ports}
        extra={t.security.portsHint}
        rules={[required, { pattern: /^(-1\/-1|\d{1,5}\/\d{1,5})$/, message: t.security.portsHint }]}
      >
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="peer"
        label={direction === 'ingress' ? t.security.source : t.security.destination}
        extra={t.security.peerHint}
        rules={[required, { pattern: peerPattern, message: t.security.peerHint }]}
      >
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name="Description" label={t.common.description}>
        <Input maxLength={512} />
      </Form.Item>
    </FormButton>
  )
}

/** An address, a block of them, a security group or a prefix list. */
const peerPattern = /^((\d{1,3}\.){3}\d{1,3}(\/\d{1,2})?|(sg|pl)-[a-z0-9]+)$/

function sourceOf(peer: string) {
  if (peer.startsWith('sg-')) return { SourceGroupId: peer }
  return peer.startsWith('pl-') ? { SourcePrefixListId: peer } : { SourceCidrIp: peer }
}

function destinationOf(peer: string) {
  if (peer.startsWith('sg-')) return { DestGroupId: peer }
  return peer.startsWith('pl-') ? { DestPrefixListId: peer } : { DestCidrIp: peer }
}
