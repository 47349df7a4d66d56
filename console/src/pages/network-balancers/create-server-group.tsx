import { Form, Radio, Select } from 'antd'
import { useNavigate } from 'react-router'
import { callOf } from '../../api/call.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { VpcField } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { CheckFields, checkParams, usualCheck, type CheckValues } from './check-fields.tsx'
import { NlbNameField } from './name-field.tsx'

interface Values {
  readonly ServerGroupName: string
  readonly ServerGroupType: 'Instance' | 'Ip'
  readonly VpcId: string
  readonly Protocol: 'TCP' | 'UDP' | 'TCP_UDP'
  readonly Scheduler: string
  readonly check: CheckValues
}

export function CreateServerGroup() {
  const t = useText()
  const paths = usePaths()
  const navigate = useNavigate()
  return (
    <FormButton<Values, { readonly ServerGroupId: string }>
      label={t.nlb.createGroup}
      type="primary"
      initial={{
        ServerGroupType: 'Instance',
        Protocol: 'TCP',
        Scheduler: 'wrr',
        check: { ...usualCheck, HealthCheckType: 'TCP' },
      }}
      call={({ check, ...values }) =>
        callOf('Nlb', 'CreateServerGroup', { ...values, HealthCheckConfig: checkParams(check) })
      }
      onDone={({ ServerGroupId }) => void navigate(paths.nlbServerGroup(ServerGroupId))}
    >
      <NlbNameField name="ServerGroupName" required />
      <Form.Item name="ServerGroupType" label={t.nlb.groupType}>
        <Radio.Group
          options={(['Instance', 'Ip'] as const).map((value) => ({
            value,
            label: t.nlb.groupTypes[value],
          }))}
        />
      </Form.Item>
      <VpcField />
      <ProtocolFields />
    </FormButton>
  )
}

/** The protocol decides which schedulers and checks there are. */
function ProtocolFields() {
  const t = useText()
  const form = Form.useFormInstance<Values>()
  const protocol = Form.useWatch('Protocol', form) ?? 'TCP'
  return (
    <>
      <Form.Item name="Protocol" label={t.balancer.protocol}>
        <Radio.Group
          optionType="button"
          options={['TCP', 'UDP', 'TCP_UDP']}
          onChange={({ target }) => {
            form.setFieldValue('Scheduler', 'wrr')
            form.setFieldValue(['check', 'HealthCheckType'], target.value === 'UDP' ? 'UDP' : 'TCP')
          }}
        />
      </Form.Item>
      <SchedulerField protocol={protocol} />
      <CheckFields protocol={protocol} />
    </>
  )
}

export function SchedulerField({ protocol }: { readonly protocol: string }) {
  const t = useText()
  const offered = [
    'wrr',
    'rr',
    'wlc',
    'sch',
    'tch',
    ...(protocol === 'UDP' ? (['qch'] as const) : []),
  ] as const
  return (
    <Form.Item name="Scheduler" label={t.balancer.scheduler}>
      <Select options={offered.map((value) => ({ value, label: t.nlb.schedulers[value] }))} />
    </Form.Item>
  )
}
