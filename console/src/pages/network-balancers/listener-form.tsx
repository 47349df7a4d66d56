/** Making and changing a listener of an NLB: one form, but protocol and port stay what they are. */
import { Checkbox, Form, Input, InputNumber, Radio, Select, Switch } from 'antd'
import { callOf } from '../../api/call.ts'
import type { NlbListener, NlbServerGroup } from '../../api/lists.ts'
import { useText } from '../../i18n/language.tsx'
import { useRequired } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'

type Part = 'vpc' | 'endpoint' | 'service'

interface Settings {
  readonly ServerGroupId: string
  readonly ListenerDescription?: string
  readonly IdleTimeout: number
  readonly Cps: number
  readonly ProxyProtocolEnabled?: boolean
  readonly proxyParts?: readonly Part[]
}

interface Values extends Settings {
  readonly ListenerProtocol: 'TCP' | 'UDP'
  readonly ListenerPort: number
}

/** Idle datagrams are kept for 20 seconds at most (Nlb, CreateListener). */
const longestIdle = { TCP: 900, UDP: 20 } as const

function settingsOf({ proxyParts = [], ...values }: Settings) {
  return {
    ...values,
    ...(values.ProxyProtocolEnabled === undefined
      ? {}
      : {
          ProxyProtocolV2Config: {
            Ppv2VpcIdEnabled: proxyParts.includes('vpc'),
            Ppv2PrivateLinkEpIdEnabled: proxyParts.includes('endpoint'),
            Ppv2PrivateLinkEpsIdEnabled: proxyParts.includes('service'),
          },
        }),
  }
}

interface CreateProps {
  readonly balancer: string
  readonly groups: readonly NlbServerGroup[]
}

export function CreateListener({ balancer, groups }: CreateProps) {
  const t = useText()
  const required = useRequired()
  return (
    <FormButton<Values, unknown>
      label={t.balancer.addListener}
      type="primary"
      initial={{ ListenerProtocol: 'TCP', ListenerPort: 80, IdleTimeout: 900, Cps: 0 }}
      call={(values) =>
        callOf('Nlb', 'CreateListener', {
          LoadBalancerId: balancer,
          ListenerProtocol: values.ListenerProtocol,
          ListenerPort: values.ListenerPort,
          ...settingsOf(values),
        })
      }
    >
      <ProtocolField />
      <Form.Item name="ListenerPort" label={t.balancer.listenerPort} rules={[required]}>
        <InputNumber min={1} max={65535} precision={0} />
      </Form.Item>
      <SettingFields groups={groups} />
    </FormButton>
  )
}

function ProtocolField() {
  const t = useText()
  const form = Form.useFormInstance<Values>()
  const follow = (protocol: 'TCP' | 'UDP') => {
    form.setFieldValue('IdleTimeout', longestIdle[protocol])
    form.resetFields(['ServerGroupId', 'ProxyProtocolEnabled', 'proxyParts'])
  }
  return (
    <Form.Item name="ListenerProtocol" label={t.balancer.protocol}>
      <Radio.Group
        optionType="button"
        options={['TCP', 'UDP']}
        onChange={({ target }) => follow(target.value === 'UDP' ? 'UDP' : 'TCP')}
      />
    </Form.Item>
  )
}

interface EditProps {
  readonly listener: NlbListener
  readonly groups: readonly NlbServerGroup[]
}

export function EditListener({ listener, groups }: EditProps) {
  const t = useText()
  const { ListenerId, ProxyProtocolV2Config: config } = listener
  const proxyParts: Part[] = []
  if (config.Ppv2VpcIdEnabled) proxyParts.push('vpc')
  if (config.Ppv2PrivateLinkEpIdEnabled) proxyParts.push('endpoint')
  if (config.Ppv2PrivateLinkEpsIdEnabled) proxyParts.push('service')
  const protocol = listener.ListenerProtocol === 'UDP' ? 'UDP' : 'TCP'
  const { ServerGroupId, ListenerDescription, IdleTimeout, Cps, ProxyProtocolEnabled } = listener
  const initial = { ServerGroupId, ListenerDescription, IdleTimeout, Cps }
  return (
    <FormButton<Settings, unknown>
      label={t.common.edit}
      title={`${t.common.edit} ${protocol}: ${listener.ListenerPort}`}
      type="link"
      initial={protocol === 'TCP' ? { ...initial, ProxyProtocolEnabled, proxyParts } : initial}
      call={(values) => callOf('Nlb', 'UpdateListenerAttribute', { ListenerId, ...settingsOf(values) })}
    >
      <SettingFields groups={groups} protocol={protocol} />
    </FormButton>
  )
}

interface FieldsProps {
  readonly groups: readonly NlbServerGroup[]
  /** Left out, the form's own field says it. */
  readonly protocol?: 'TCP' | 'UDP'
}

function SettingFields({ groups, protocol: fixed }: FieldsProps) {
  const t = useText()
  const required = useRequired()
  const form = Form.useFormInstance<Values>()
  const chosen = Form.useWatch('ListenerProtocol', form) ?? 'TCP'
  const hasProxy = Form.useWatch('ProxyProtocolEnabled', form) === true
  const protocol = fixed ?? chosen
  const options = groups
    .filter(({ Protocol }) => Protocol === protocol || Protocol === 'TCP_UDP')
    .map(({ ServerGroupId, ServerGroupName }) => ({
      value: ServerGroupId,
      label: `${ServerGroupName} · ${ServerGroupId}`,
    }))
  return (
    <>
      <Form.Item name="ServerGroupId" label={t.nlb.group} rules={[required]}>
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          options={options}
          notFoundContent={t.nlb.noGroupFits}
        />
      </Form.Item>
      <Form.Item name="ListenerDescription" label={t.balancer.listenerName}>
        <Input maxLength={256} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="IdleTimeout"
        label={t.nlb.idleTimeout}
        extra={t.nlb.idleHint(longestIdle[protocol])}
        rules={[required]}
      >
        <InputNumber min={1} max={longestIdle[protocol]} precision={0} suffix={t.balancer.seconds} />
      </Form.Item>
      <Form.Item name="Cps" label={t.nlb.cps} extra={t.nlb.cpsHint} rules={[required]}>
        <InputNumber min={0} max={1_000_000} precision={0} />
      </Form.Item>
      {protocol === 'TCP' && (
        <Form.Item
          name="ProxyProtocolEnabled"
          label={t.nlb.proxy}
          extra={t.nlb.proxyHint}
          valuePropName="checked"
        >
          <Switch />
        </Form.Item>
      )}
      {protocol === 'TCP' && hasProxy && (
        <Form.Item name="proxyParts" label={`${t.nlb.proxy}: TLV`}>
          <Checkbox.Group
            options={(['vpc', 'endpoint', 'service'] as const).map((value) => ({
              value,
              label: t.nlb.proxyParts[value],
            }))}
          />
        </Form.Item>
      )}
    </>
  )
}
