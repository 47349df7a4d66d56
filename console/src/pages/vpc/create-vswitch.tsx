import { Form, Input } from 'antd'
import { callOf } from '../../api/call.ts'
import { useText } from '../../i18n/language.tsx'
import {
  DescriptionField,
  NameField,
  useBlockRule,
  useRequired,
  VpcField,
  ZoneField,
} from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'

interface Values {
  readonly VpcId: string
  readonly VSwitchName?: string
  readonly ZoneId: string
  readonly CidrBlock: string
  readonly Description?: string
}

export function CreateVSwitch({ vpc }: { readonly vpc?: string }) {
  const t = useText()
  const required = useRequired()
  const isBlock = useBlockRule()
  return (
    <FormButton<Values, unknown>
      name="vswitch"
      label={t.vpc.createVSwitch}
      type="primary"
      initial={vpc === undefined ? {} : { VpcId: vpc }}
      call={(values) => callOf('Vpc', 'CreateVSwitch', values)}
    >
      <VpcField disabled={vpc !== undefined} />
      <NameField name="VSwitchName" label={t.common.name} />
      <ZoneField />
      <Form.Item
        name="CidrBlock"
        label={t.vpc.block}
        extra={t.vpc.vswitchBlockHint}
        rules={[required, isBlock]}
      >
        <Input autoComplete="off" placeholder="10.0.0.0/24" />
      </Form.Item>
      <DescriptionField name="Description" label={t.common.description} />
    </FormButton>
  )
}
