import { App, Card, Form } from 'antd'
import { useNavigate } from 'react-router'
import { callOf } from '../../api/call.ts'
import type { OfferedService } from '../../api/lists.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { ActionForm } from '../../ui/action-form.tsx'
import { DescriptionField, NameField, SecurityGroupsField, useRequired, VpcField } from '../../ui/fields.tsx'
import { Page } from '../../ui/page.tsx'
import { chosenZones, ZoneRows, type ZoneValues } from '../../ui/zone-rows.tsx'
import { Activation } from './activation.tsx'
import { ServiceChoice } from './service-choice.tsx'

interface Values {
  readonly EndpointName?: string
  readonly service: OfferedService
  readonly VpcId: string
  readonly SecurityGroupId: readonly string[]
  readonly zones: readonly (ZoneValues | undefined)[]
  readonly EndpointDescription?: string
}

export function Component() {
  const t = useText()
  const paths = usePaths()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
  const required = useRequired()
  const service = Form.useWatch('service', form)
  const vpc = Form.useWatch('VpcId', form)
  const call = ({ service: chosen, zones, ...values }: Values) =>
    chosen &&
    callOf('Privatelink', 'CreateVpcEndpoint', {
      ...values,
      ServiceId: chosen.ServiceId,
      ServiceName: chosen.ServiceName,
      Zone: chosenZones(zones),
    })
  return (
    <Page title={t.endpoint.create} above={[{ title: t.nav.endpoints, to: paths.endpoints }]}>
      <Activation />
      <Card size="small">
        <ActionForm<Values, { readonly EndpointId: string }>
          form={form}
          initial={{ zones: [undefined] }}
          call={call}
          submit={t.endpoint.create}
          onCancel={() => void navigate(paths.endpoints)}
          onDone={({ EndpointId }) => {
            void message.success(t.common.done(t.endpoint.create))
            void navigate(paths.endpoint(EndpointId))
          }}
        >
          <NameField name="EndpointName" label={t.common.name} />
          <Form.Item name="service" label={t.endpoint.service} rules={[required]}>
            <ServiceChoice />
          </Form.Item>
          <VpcField />
          <SecurityGroupsField name="SecurityGroupId" vpc={vpc} />
          <ZoneRows label={t.endpoint.zones} hint={t.endpoint.zonesHint} vpc={vpc} zones={service?.Zones} />
          <DescriptionField name="EndpointDescription" label={t.common.description} />
        </ActionForm>
      </Card>
    </Page>
  )
}
