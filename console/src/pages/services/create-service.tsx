import { App, Card, Form, Radio } from 'antd'
import { useNavigate } from 'react-router'
import { callOf } from '../../api/call.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { ActionForm } from '../../ui/action-form.tsx'
import { DescriptionField, ZoneField } from '../../ui/fields.tsx'
import { Page } from '../../ui/page.tsx'
import { Activation } from '../endpoints/activation.tsx'
import { BalancerField, type ResourceType } from './balancer-field.tsx'

interface Values {
  readonly ServiceResourceType: ResourceType
  readonly ZoneId: string
  readonly resource: string
  readonly AutoAcceptEnabled: boolean
  readonly ZoneAffinityEnabled: boolean
  readonly ServiceDescription?: string
}

export function Component() {
  const t = useText()
  const paths = usePaths()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
  const zone = Form.useWatch('ZoneId', form)
  const type = Form.useWatch('ServiceResourceType', form) ?? 'slb'
  const call = ({ resource, ZoneId, ...values }: Values) =>
    callOf('Privatelink', 'CreateVpcEndpointService', {
      ...values,
      Resource: [{ ResourceType: values.ServiceResourceType, ResourceId: resource, ZoneId }],
    })
  return (
    <Page title={t.service.create} above={[{ title: t.nav.services, to: paths.services }]}>
      <Activation />
      <Card size="small">
        <ActionForm<Values, { readonly ServiceId: string }>
          form={form}
          initial={{ ServiceResourceType: 'slb', AutoAcceptEnabled: false, ZoneAffinityEnabled: true }}
          call={call}
          submit={t.service.create}
          onCancel={() => void navigate(paths.services)}
          onDone={({ ServiceId }) => {
            void message.success(t.common.done(t.service.create))
            void navigate(paths.service(ServiceId))
          }}
        >
          <Form.Item
            name="ServiceResourceType"
            label={t.service.resourceType}
            extra={t.service.resourceTypeHint}
          >
            <Radio.Group
              options={[
                { value: 'slb', label: t.service.clb },
                { value: 'nlb', label: t.service.nlb },
              ]}
              onChange={() => form.resetFields(['resource'])}
            />
          </Form.Item>
          <ZoneField label={t.service.zone} />
          <BalancerField type={type} zone={zone} />
          <Form.Item name="AutoAcceptEnabled" label={t.service.autoAccept} extra={t.service.autoAcceptHint}>
            <Radio.Group
              options={[
                { value: false, label: t.states.no },
                { value: true, label: t.states.yes },
              ]}
            />
          </Form.Item>
          <Form.Item
            name="ZoneAffinityEnabled"
            label={t.service.zoneAffinity}
            extra={t.service.zoneAffinityHint}
          >
            <Radio.Group
              options={[
                { value: true, label: t.states.yes },
                { value: false, label: t.states.no },
              ]}
            />
          </Form.Item>
          <DescriptionField name="ServiceDescription" label={t.common.description} />
        </ActionForm>
      </Card>
    </Page>
  )
}
