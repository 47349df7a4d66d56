import { App, Card, Form, Radio, Select } from 'antd'
import { useNavigate } from 'react-router'
import { callOf } from '../../api/call.ts'
import { useZoneOptions } from '../../api/lists.ts'
import { useList } from '../../api/queries.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { ActionForm } from '../../ui/action-form.tsx'
import { NameField, useRequired, VpcField, VSwitchField } from '../../ui/fields.tsx'
import { Page } from '../../ui/page.tsx'

interface Values {
  readonly LoadBalancerName?: string
  readonly AddressType: 'internet' | 'intranet'
  readonly PayType: 'PayOnDemand' | 'PrePay'
  readonly LoadBalancerSpec: string
  readonly MasterZoneId: string
  readonly SlaveZoneId?: string
  readonly VpcId: string
  readonly VSwitchId: string
}

const specs = [
  'slb.s1.small',
  'slb.s2.small',
  'slb.s2.medium',
  'slb.s3.small',
  'slb.s3.medium',
  'slb.s3.large',
]

export function Component() {
  const t = useText()
  const paths = usePaths()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
  const required = useRequired()
  const vpc = Form.useWatch('VpcId', form)
  const primary = Form.useWatch('MasterZoneId', form)
  const zones = useList(callOf('Slb', 'DescribeZones', {}), ({ Zones }) => Zones.Zone)
  const backups = zones.data?.find(({ ZoneId }) => ZoneId === primary)?.SlaveZones.SlaveZone ?? []
  const zoneOptions = useZoneOptions(zones.data?.map(({ ZoneId }) => ZoneId) ?? [])
  const backupOptions = useZoneOptions(backups.map(({ ZoneId }) => ZoneId))
  const call = (values: Values) =>
    callOf('Slb', 'CreateLoadBalancer', { ...values, AddressIPVersion: 'ipv4' })
  return (
    <Page title={t.balancer.create} above={[{ title: t.nav.loadBalancers, to: paths.loadBalancers }]}>
      <Card size="small">
        <ActionForm<Values, { readonly LoadBalancerId: string }>
          form={form}
          initial={{ AddressType: 'intranet', PayType: 'PayOnDemand', LoadBalancerSpec: 'slb.s1.small' }}
          call={call}
          submit={t.balancer.create}
          onCancel={() => void navigate(paths.loadBalancers)}
          onDone={({ LoadBalancerId }) => {
            void message.success(t.common.done(t.balancer.create))
            void navigate(paths.loadBalancer(LoadBalancerId))
          }}
        >
          <NameField name="LoadBalancerName" label={t.common.name} />
          <Form.Item name="PayType" label={t.balancer.payType}>
            <Radio.Group options={[{ value: 'PayOnDemand', label: t.balancer.payOnDemand }]} />
          </Form.Item>
          <Form.Item name="AddressType" label={t.balancer.networkType} extra={t.balancer.networkTypeHint}>
            <Radio.Group options={[{ value: 'intranet', label: t.balancer.intranet }]} />
          </Form.Item>
          <Form.Item
            name="MasterZoneId"
            label={t.balancer.primaryZone}
            extra={t.balancer.primaryZoneHint}
            rules={[required]}
          >
            <Select options={zoneOptions} onChange={() => form.resetFields(['SlaveZoneId', 'VSwitchId'])} />
          </Form.Item>
          <Form.Item name="SlaveZoneId" label={t.balancer.backupZone} extra={t.balancer.backupZoneHint}>
            <Select
              allowClear
              disabled={backups.length === 0}
              placeholder={primary === undefined ? t.service.chooseZoneFirst : undefined}
              options={backupOptions}
            />
          </Form.Item>
          <VpcField />
          <VSwitchField vpc={vpc} zone={primary} />
          <Form.Item name="LoadBalancerSpec" label={t.balancer.spec} rules={[required]}>
            <Select options={specs.map((value) => ({ value, label: value }))} />
          </Form.Item>
        </ActionForm>
      </Card>
    </Page>
  )
}
