/** The health check of a server group, as its forms have it. */
import { Form, Input, InputNumber, Radio, Switch } from 'antd'
import type { ParamsOf } from '../../api/call.ts'
import type { NlbServerGroup } from '../../api/lists.ts'
import { useText } from '../../i18n/language.tsx'
import { useRequired } from '../../ui/fields.tsx'

export type CheckValues = NonNullable<ParamsOf<'Nlb', 'CreateServerGroup'>['HealthCheckConfig']>

export const usualCheck: CheckValues = {
  HealthCheckEnabled: true,
  HealthCheckConnectTimeout: 5,
  HealthCheckInterval: 5,
  HealthyThreshold: 2,
  UnhealthyThreshold: 2,
  HealthCheckUrl: '/',
}

/** What the form starts with when the group is there. */
export function checkOf({ HealthCheck }: NlbServerGroup): CheckValues {
  const type = HealthCheck.HealthCheckType.toUpperCase()
  return {
    HealthCheckEnabled: HealthCheck.HealthCheckEnabled,
    HealthCheckType: type === 'HTTP' || type === 'UDP' ? type : 'TCP',
    HealthCheckConnectPort: HealthCheck.HealthCheckConnectPort || undefined,
    HealthCheckConnectTimeout: HealthCheck.HealthCheckConnectTimeout,
    HealthCheckInterval: HealthCheck.HealthCheckInterval,
    HealthyThreshold: HealthCheck.HealthyThreshold,
    UnhealthyThreshold: HealthCheck.UnhealthyThreshold,
    HealthCheckUrl: HealthCheck.HealthCheckUrl,
  }
}

/** What of it is sent: nothing but the switch when it is off, the path for HTTP only. */
export function checkParams(check: CheckValues = usualCheck): CheckValues {
  if (check.HealthCheckEnabled === false) return { HealthCheckEnabled: false }
  const { HealthCheckUrl, ...rest } = check
  return check.HealthCheckType === 'HTTP' ? { ...rest, HealthCheckUrl } : rest
}

export function CheckFields({ protocol }: { readonly protocol: string }) {
  const t = useText()
  const required = useRequired()
  const form = Form.useFormInstance<{ readonly check: CheckValues }>()
  const check = Form.useWatch('check', form)
  const types = protocol === 'TCP' ? ['TCP', 'HTTP'] : ['UDP', 'TCP', 'HTTP']
  return (
    <>
      <Form.Item
        name={['check', 'HealthCheckEnabled']}
        label={t.balancer.healthCheck}
        valuePropName="checked"
        extra={t.balancer.checkHint}
      >
        <Switch />
      </Form.Item>
      {check?.HealthCheckEnabled !== false && (
        <>
          <Form.Item name={['check', 'HealthCheckType']} label={t.balancer.checkProtocol}>
            <Radio.Group optionType="button" options={types} />
          </Form.Item>
          {check?.HealthCheckType === 'HTTP' && (
            <Form.Item name={['check', 'HealthCheckUrl']} label={t.balancer.checkPath} rules={[required]}>
              <Input maxLength={80} />
            </Form.Item>
          )}
          <Form.Item
            name={['check', 'HealthCheckConnectPort']}
            label={t.balancer.checkPort}
            extra={t.balancer.checkPortHint}
          >
            <InputNumber min={1} max={65535} precision={0} />
          </Form.Item>
          <CheckNumber
            name="HealthCheckConnectTimeout"
            label={t.balancer.checkTimeout}
            least={1}
            most={300}
          />
          <CheckNumber name="HealthCheckInterval" label={t.balancer.checkInterval} least={1} most={50} />
          <CheckNumber name="HealthyThreshold" label={t.balancer.healthyThreshold} least={2} most={10} />
          <CheckNumber name="UnhealthyThreshold" label={t.balancer.unhealthyThreshold} least={2} most={10} />
        </>
      )}
    </>
  )
}

interface NumberProps {
  readonly name: keyof CheckValues
  readonly label: string
  readonly least: number
  readonly most: number
}

function CheckNumber({ name, label, least, most }: NumberProps) {
  const required = useRequired()
  return (
    <Form.Item name={['check', name]} label={label} extra={`${least} – ${most}`} rules={[required]}>
      <InputNumber min={least} max={most} precision={0} />
    </Form.Item>
  )
}
