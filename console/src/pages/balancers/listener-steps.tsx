import { Descriptions, Form, Input, InputNumber, Radio, Select, Switch } from 'antd'
import { useText } from '../../i18n/language.tsx'
import { useRequired } from '../../ui/fields.tsx'
import { HttpFields, RedirectFields, TlsFields } from './http-fields.tsx'
import { isRedirect } from './http-values.ts'
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
  const isHttp = protocol === 'HTTP' || protocol === 'HTTPS'
  const passes = !(protocol === 'HTTP' && redirect)
  const follow = (chosen: Protocol) => {
    const hasHttp = chosen === 'HTTP' || chosen === 'HTTPS'
    form.setFieldsValue({
      ListenerPort: chosen === 'HTTPS' ? 443 : 80,
      Scheduler: 'wrr',
      HealthCheckType: hasHttp ? 'http' : 'tcp',
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
      {!isHttp && (
        <Form.Item
          name="Bandwidth"
          label={t.balancer.bandwidth}
          extra={t.balancer.bandwidthHint}
          rules={[required]}
        >
          <InputNumber min={-1} max={5120} precision={0} addonAfter="Mbit/s" />
        </Form.Item>
      )}
      {protocol === 'HTTPS' && <TlsFields />}
      {isHttp && passes && <HttpFields />}
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
            <Form.Item name="HealthCheckURI" label={t.balancer.checkPath} rules={[required]}>
              <Input maxLength={80} />
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

export function ReviewStep({ values }: { readonly values: ListenerValues }) {
  const t = useText()
  const servers = Object.entries(values.weights).map(
    ([id, weight]) => `${id} (${t.balancer.weight} ${weight})`,
  )
  const head = [
    [t.balancer.protocolPort, `${values.protocol}: ${values.ListenerPort}`],
    [t.balancer.listenerName, values.Description ?? '-'],
  ] as const
  const body = [
    [t.balancer.scheduler, t.balancer.schedulers[values.Scheduler]],
    ...(values.protocol === 'HTTPS'
      ? ([
          [t.http.certificate, values.http.certificate],
          [t.http.tls, t.http.tlsPolicies[values.http.tls]],
        ] as const)
      : []),
    ...(values.protocol === 'HTTP' || values.protocol === 'HTTPS'
      ? ([
          [t.http.sticky, t.http.stickyKinds[values.http.sticky]],
          [t.http.forwarded, ['For', ...values.http.forwarded].join(', ')],
        ] as const)
      : ([
          [
            t.balancer.bandwidth,
            values.Bandwidth === -1 ? t.balancer.unlimited : `${values.Bandwidth} Mbit/s`,
          ],
        ] as const)),
    [t.balancer.backendPort, values.BackendServerPort],
    [t.balancer.servers, servers.length > 0 ? servers.join(', ') : t.balancer.serversKept],
    [
      t.balancer.healthCheck,
      values.checked
        ? t.balancer.checkEvery(values.HealthCheckType, values.HealthCheckInterval)
        : t.states.off,
    ],
  ] as const
  const facts = isRedirect(values)
    ? [...head, [t.balancer.forwarding, t.http.redirectsTo(values.http.redirectPort)] as const]
    : [...head, ...body]
  return (
    <Descriptions
      bordered
      size="small"
      column={1}
      style={{ marginBottom: 16 }}
      items={facts.map(([label, children]) => ({ key: label, label, children }))}
    />
  )
}
