import { Form, Radio } from 'antd'
import { callOf } from '../../api/call.ts'
import { useText } from '../../i18n/language.tsx'
import { DescriptionField, NameField, VpcField } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { Page } from '../../ui/page.tsx'
import { SecurityGroupTable } from './security-group-table.tsx'

interface Values {
  readonly VpcId: string
  readonly SecurityGroupName?: string
  readonly SecurityGroupType: 'normal' | 'enterprise'
  readonly Description?: string
}

export function Component() {
  const t = useText()
  const create = (
    <FormButton<Values, unknown>
      name="group"
      label={t.security.create}
      type="primary"
      initial={{ SecurityGroupType: 'normal' }}
      call={(values) => callOf('Ecs', 'CreateSecurityGroup', values)}
    >
      <NameField name="SecurityGroupName" label={t.common.name} />
      <VpcField />
      <Form.Item name="SecurityGroupType" label={t.security.type}>
        <Radio.Group
          options={[
            { value: 'normal', label: t.security.types.normal },
            { value: 'enterprise', label: t.security.types.enterprise },
          ]}
        />
      </Form.Item>
      <DescriptionField name="Description" label={t.common.description} />
    </FormButton>
  )
  return (
    <Page title={t.nav.securityGroups} about={t.security.about} actions={create}>
      <SecurityGroupTable />
    </Page>
  )
}
