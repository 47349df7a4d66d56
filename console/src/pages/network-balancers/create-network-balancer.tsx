import { App, Card, Form, Radio } from 'antd'
import { useNavigate } from 'react-router'
import { callOf } from '../../api/call.ts'
import { useZones } from '../../api/lists.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { ActionForm } from '../../ui/action-form.tsx'
import { VpcField } from '../../ui/fields.tsx'
import { Page } from '../../ui/page.tsx'
import { chosenZones, ZoneRows, type ZoneValues } from '../../ui/zone-rows.tsx'
import { NlbNameField } from './name-field.tsx'

interface Values {
  readonly LoadBalancerName?: string
  readonly AddressType: 'Intranet'
  readonly VpcId: string
  readonly zones: readonly (ZoneValues | undefined)[]
}

export function Component() {
  const t = useText()
  const paths = usePaths()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
  const vpc = Form.useWatch('VpcId', form)
  const zones = useZones().data?.map(({ ZoneId }) => ZoneId)
  const call = ({ zones: rows, ...values }: Values) =>
    callOf('Nlb', 'CreateLoadBalancer', {
      ...values,
      ZoneMappings: chosenZones(rows).map(({ ip, ...zone }) => ({ ...zone, PrivateIPv4Address: ip })),
    })
  return (
    <Page title={t.nlb.create} above={[{ title: t.nav.networkBalancers, to: paths.networkBalancers }]}>
      <Card size="small">
        <ActionForm<Values, { readonly LoadbalancerId: string }>
          form={form}
          initial={{ AddressType: 'Intranet', zones: [undefined, undefined] }}
          call={call}
          submit={t.nlb.create}
          onCancel={() => void navigate(paths.networkBalancers)}
          onDone={({ LoadbalancerId }) => {
            void message.success(t.common.done(t.nlb.create))
            void navigate(paths.networkBalancer(LoadbalancerId))
          }}
        >
          <NlbNameField name="LoadBalancerName" />
          <Form.Item name="AddressType" label={t.balancer.networkType}>
            <Radio.Group options={[{ value: 'Intranet', label: t.nlb.privateType }]} />
          </Form.Item>
          <VpcField />
          <ZoneRows label={t.nlb.zones} hint={t.nlb.zonesHint} vpc={vpc} zones={zones} least={2} />
        </ActionForm>
      </Card>
    </Page>
  )
}
