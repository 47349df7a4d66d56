import { Form, Input, InputNumber, Radio, Select, Switch } from 'antd'
import { useText } from '../../i18n/language.tsx'
import { useRequired } from '../../ui/fields.tsx'
import { HttpFields, RedirectFields, TlsFields } from './http-fields.tsx'
import { isHttp } from './http-values.ts'
import type { ListenerValues, Protocol } from './listener-values.ts'

const protocols: readonly Protocol[] = ['TCP', 'UDP', 'HTTP', 'HTTPS']

/** An HTTP listener chooses per request, so it has no hash of the connection. */
const schedulers = {
  TCP: ['wrr', 'rr', 'wlc', 'sch'],
  UDP: ['wrr', 'rr', 'wlc', 'sch'],
  HTTP: ['wrr', 'rr', 'wlc'],
  HTTPS: ['wrr', 'rr', 'wlc'],
} as const

export function ProtocolStep() {
  const t = useText()
  const required = useRequired()
  const form = Form.useFormInstance<ListenerValues>()
  const protocol = Form.useWatch('protocol', form) ?? 'TCP'
  const redirect = Form.useWatch(['http', 'redirect'], form) ?? false
  const passes = !(protocol === 'HTTP' && redirect)
  const follow = (chosen: Protocol) => {
    form.setFieldsValue({
      ListenerPort: chosen === 'HTTPS' ? 443 : 80,
      Scheduler: 'wrr',
      HealthCheckType: isHttp(chosen) ? 'http' : 'tcp',
      // The groups of the one are not all for the other.
      target: 'default',
    })
  }
  return (
    <>
      <Form.Item name="protocol" label={t.balancer.protocol}>
        <Radio.Group
          optionType="button"
          options={[...protocols]}
          onChange={({ target }) => follow(protocols.find((one) => one === target.value) ?? 'TCP')}
        />
      </Form.Item>
      <Form.Item name="HealthCheckType" hidden>
        <Input />
      </Form.Item>
      <Form.Item name="target" hidden>
        <Input />
      </Form.Item>
      <Form.Item name="ListenerPort" label={t.balancer.listenerPort} rules={[required]}>
        <InputNumber min={1} max={65535} precision={0} />
      </Form.Item>
      <Form.Item name="Description" label={t.balancer.listenerName}>
        <Input maxLength={80} autoComplete="off" />
      </Form.Item>
      {protocol === 'HTTP' && <RedirectFields redirect={redirect} />}
      {passes && (
        <Form.Item name="Scheduler" label={t.balancer.scheduler}>
          <Select
            options={schedulers[protocol].map((value) => ({ value, label: t.balancer.schedulers[value] }))}
          />
        </Form.Item>
      )}
      {!isHttp(protocol) && (
        <>
          <Form.Item
            name="Bandwidth"
            label={t.balancer.bandwidth}
            extra={t.balancer.bandwidthHint}
            rules={[required]}
          >
            <InputNumber min={-1} max={5120} precision={0} addonAfter="Mbit/s" />
          </Form.Item>
          <Form.Item
            name="PersistenceTimeout"
            label={t.balancer.persistence}
            extra={t.balancer.persistenceHint}
            rules={[required]}
          >
            <InputNumber min={0} max={3600} precision={0} addonAfter={t.balancer.seconds} />
          </Form.Item>
        </>
      )}
      {protocol === 'HTTPS' && <TlsFields />}
      {isHttp(protocol) && passes && <HttpFields />}
    </>
  )
}

export function CheckStep({ protocol }: { readonly protocol: ListenerValues['protocol'] }) {
  const t = useText()
  const required = useRequired()
  const form = Form.useFormInstance<ListenerValues>()
  const checked = Form.useWatch('checked', form) ?? true
  const type = Form.useWatch('HealthCheckType', form)
  return (
    <>
      <Form.Item
        name="checked"
        label={t.balancer.healthCheck}
        valuePropName="checked"
        extra={t.balancer.checkHint}
      >
        <Switch />
      </Form.Item>
      {checked && (
        <>
          {protocol !== 'UDP' && (
            <Form.Item name="HealthCheckType" label={t.balancer.checkProtocol}>
              <Radio.Group
                optionType="button"
                options={[
                  { value: 'tcp', label: 'TCP' },
                  { value: 'http', label: 'HTTP' },
                ]}
              />
            </Form.Item>
          )}
          {protocol !== 'UDP' && type === 'http' && (
            <Form.Item
              name="HealthCheckURI"
              label={t.balancer.checkPath}
              rules={[required, { pattern: /^\//, message: t.balancer.checkPathRule }]}
            >
              <Input maxLength={80} />
            </Form.Item>
          )}
          {protocol !== 'UDP' && type === 'http' && (
            <Form.Item
              name="HealthCheckDomain"
              label={t.balancer.checkDomain}
              extra={t.balancer.checkDomainHint}
              rules={[{ pattern: /^[\w.-]{1,80}$/, message: t.balancer.checkDomainRule }]}
            >
              <Input maxLength={80} autoComplete="off" />
            </Form.Item>
          )}
          <Form.Item
            name="HealthCheckConnectPort"
            label={t.balancer.checkPort}
            extra={t.balancer.checkPortHint}
          >
            <InputNumber min={1} max={65535} precision={0} />
          </Form.Item>
          <NumberField
            name="HealthCheckConnectTimeout"
            label={t.balancer.checkTimeout}
            min={1}
            max={300}
            unit={t.balancer.seconds}
          />
          <NumberField
            name="HealthCheckInterval"
            label={t.balancer.checkInterval}
            min={1}
            max={50}
            unit={t.balancer.seconds}
          />
          <NumberField
            name="HealthyThreshold"
            label={t.balancer.healthyThreshold}
            min={2}
            max={10}
            unit={t.balancer.times}
          />
          <NumberField
            name="UnhealthyThreshold"
            label={t.balancer.unhealthyThreshold}
            min={2}
            max={10}
            unit={t.balancer.times}
          />
        </>
      )}
    </>
  )
}

interface NumberProps {
  readonly name: string
  readonly label: string
  readonly min: number
  readonly max: number
  readonly unit: string
}

function NumberField({ name, label, min, max, unit }: NumberProps) {
  const required = useRequired()
  return (
    <Form.Item name={name} label={label} extra={`${min} – ${max}`} rules={[required]}>
      <InputNumber min={min} max={max} precision={0} addonAfter={unit} />
    </Form.Item>
  )
}
