import { App, Button, Card, Flex, Form, Input, Select } from 'antd'
import { useNavigate } from 'react-router'
import { callOf } from '../../api/call.ts'
import { useVSwitches, useZoneOptions, type OfferedService } from '../../api/lists.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { ActionForm } from '../../ui/action-form.tsx'
import {
  DescriptionField,
  NameField,
  SecurityGroupsField,
  useAddressRule,
  useRequired,
  VpcField,
} from '../../ui/fields.tsx'
import { Page } from '../../ui/page.tsx'
import { Activation } from './activation.tsx'
import { ServiceChoice } from './service-choice.tsx'

interface ZoneValues {
  readonly ZoneId: string
  readonly VSwitchId: string
  readonly ip?: string
}

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
      Zone: (zones ?? []).filter((zone): zone is ZoneValues => zone?.VSwitchId !== undefined),
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
          <ZoneRows vpc={vpc} zones={service?.Zones} />
          <DescriptionField name="EndpointDescription" label={t.common.description} />
        </ActionForm>
      </Card>
    </Page>
  )
}

interface ZoneRowsProps {
  readonly vpc: string | undefined
  readonly zones: readonly string[] | undefined
}

/** The zones and vSwitches in which the endpoint has an address each. */
function ZoneRows({ vpc, zones = [] }: ZoneRowsProps) {
  const t = useText()
  return (
    <Form.Item label={t.endpoint.zones} extra={t.endpoint.zonesHint} required>
      <Form.List name="zones">
        {(rows, { add, remove }) => (
          <>
            {rows.map(({ key, name }) => (
              <Flex key={key} gap={8} wrap>
                <ZoneRow index={name} vpc={vpc} zones={zones} />
                {rows.length > 1 && <Button onClick={() => remove(name)}>{t.common.remove}</Button>}
              </Flex>
            ))}
            {rows.length < zones.length && <Button onClick={() => add()}>{t.endpoint.addZone}</Button>}
          </>
        )}
      </Form.List>
    </Form.Item>
  )
}

interface ZoneRowProps {
  readonly index: number
  readonly vpc: string | undefined
  readonly zones: readonly string[]
}

function ZoneRow({ index, vpc, zones }: ZoneRowProps) {
  const t = useText()
  const form = Form.useFormInstance<Values>()
  const required = useRequired()
  const isAddress = useAddressRule()
  const zoneOptions = useZoneOptions(zones)
  const zone = Form.useWatch(['zones', index, 'ZoneId'], form) as string | undefined
  const vswitches = useVSwitches(vpc, vpc !== undefined)
  const options = (vswitches.data ?? [])
    .filter(({ ZoneId }) => ZoneId === zone)
    .map((one) => ({
      value: one.VSwitchId,
      label: [one.VSwitchName, one.VSwitchId, one.CidrBlock].filter(Boolean).join(' · '),
    }))
  return (
    <>
      <Form.Item name={[index, 'ZoneId']} rules={[required]} style={{ width: 260, marginBottom: 12 }}>
        <Select
          aria-label={t.common.zone}
          placeholder={t.common.zone}
          disabled={zones.length === 0}
          options={zoneOptions}
          onChange={() => form.resetFields([['zones', index, 'VSwitchId']])}
        />
      </Form.Item>
      <Form.Item name={[index, 'VSwitchId']} rules={[required]} style={{ width: 380, marginBottom: 12 }}>
        <Select
          aria-label={t.vpc.vswitch}
          placeholder={vpc === undefined ? t.vpc.chooseVpcFirst : t.vpc.vswitch}
          disabled={vpc === undefined || zone === undefined}
          options={options}
          notFoundContent={t.vpc.noVSwitch}
        />
      </Form.Item>
      <Form.Item name={[index, 'ip']} rules={[isAddress]} style={{ width: 160, marginBottom: 12 }}>
        <Input aria-label={t.endpoint.chosenAddress} placeholder={t.endpoint.automatic} />
      </Form.Item>
    </>
  )
}
