import { AutoComplete, Form } from 'antd'
import { callOf } from '../../api/call.ts'
import { useText } from '../../i18n/language.tsx'
import { DescriptionField, NameField, useBlockRule, useRequired } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'

interface Values {
  readonly VpcName?: string
  readonly CidrBlock: string
  readonly Description?: string
}

/** The private blocks of RFC 1918 that the public console offers. */
const usualBlocks = ['10.0.0.0/16', '172.16.0.0/16', '192.168.0.0/16', '10.0.0.0/8', '172.16.0.0/12']

export function CreateVpc() {
  const t = useText()
  const required = useRequired()
  const isBlock = useBlockRule()
  return (
    <FormButton<Values, unknown>
      name="vpc"
      label={t.vpc.create}
      type="primary"
      initial={{ CidrBlock: '192.168.0.0/16' }}
      call={(values) => callOf('Vpc', 'CreateVpc', values)}
    >
      <NameField name="VpcName" label={t.common.name} />
      <Form.Item name="CidrBlock" label={t.vpc.block} extra={t.vpc.blockHint} rules={[required, isBlock]}>
        <AutoComplete options={usualBlocks.map((value) => ({ value }))} />
      </Form.Item>
      <DescriptionField name="Description" label={t.common.description} />
    </FormButton>
  )
}
