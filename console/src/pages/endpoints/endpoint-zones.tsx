import { Flex, Form, Input, Select } from 'antd'
import { callOf, type ResultOf } from '../../api/call.ts'
import {
  useEndpointZones,
  useOfferedServices,
  useVSwitches,
  useZoneName,
  useZoneOptions,
  type EndpointZone,
} from '../../api/lists.ts'
import { useText } from '../../i18n/language.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { useAddressRule, useRequired } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { State } from '../../ui/state.tsx'

interface Props {
  readonly endpoint: ResultOf<'Privatelink', 'GetVpcEndpointAttribute'>
}

/** The endpoint's addresses: one interface a zone, each with a name of its own. */
export function EndpointZones({ endpoint }: Props) {
  const t = useText()
  const zoneName = useZoneName()
  const { EndpointId } = endpoint
  const query = useEndpointZones(EndpointId)
  return (
    <>
      <Flex style={{ marginBottom: 12 }}>
        <AddZone endpoint={endpoint} taken={query.data?.map(({ ZoneId }) => ZoneId) ?? []} />
      </Flex>
      <ResourceTable<EndpointZone>
        query={query}
        label={t.endpoint.zonesAndEnis}
        empty={t.endpoint.noZones}
        rowKey={({ ZoneId }) => ZoneId}
        columns={[
          { title: t.common.zone, render: (_, { ZoneId }) => zoneName(ZoneId) },
          { title: t.endpoint.serviceState, render: (_, { ZoneStatus }) => <State value={ZoneStatus} /> },
          { title: t.endpoint.eniAddress, render: (_, { EniIp }) => <Copyable text={EniIp} /> },
          { title: t.endpoint.zoneDomain, render: (_, { ZoneDomain }) => <Copyable text={ZoneDomain} /> },
          { title: t.common.eni, render: (_, { EniId }) => <Copyable text={EniId} /> },
          { title: t.vpc.vswitch, dataIndex: 'VSwitchId', className: 'mono' },
          {
            title: t.common.actions,
            render: (_, zone) => (
              <ConfirmButton
                label={t.common.delete}
                danger
                name={zone.ZoneId}
                call={callOf('Privatelink', 'RemoveZoneFromVpcEndpoint', { EndpointId, ZoneId: zone.ZoneId })}
              >
                {t.endpoint.removeZoneHint(zoneName(zone.ZoneId))}
              </ConfirmButton>
            ),
          },
        ]}
      />
    </>
  )
}

interface AddZoneValues {
  readonly ZoneId: string
  readonly VSwitchId: string
  readonly ip?: string
}

function AddZone({ endpoint, taken }: Props & { readonly taken: readonly string[] }) {
  const t = useText()
  const { EndpointId, ServiceName, VpcId } = endpoint
  const offered = useOfferedServices(ServiceName).data?.find((one) => one.ServiceName === ServiceName)
  const left = offered?.Zones.filter((zone) => !taken.includes(zone))
  return (
    <FormButton<AddZoneValues, unknown>
      label={t.endpoint.addZone}
      type="primary"
      reason={left?.length === 0 ? t.endpoint.noZoneLeft : undefined}
      initial={{}}
      call={(values) => callOf('Privatelink', 'AddZoneToVpcEndpoint', { EndpointId, ...values })}
    >
      <AddZoneFields vpc={VpcId} zones={left ?? []} />
    </FormButton>
  )
}

function AddZoneFields({ vpc, zones }: { readonly vpc: string; readonly zones: readonly string[] }) {
  const t = useText()
  const required = useRequired()
  const isAddress = useAddressRule()
  const zoneOptions = useZoneOptions(zones)
  const form = Form.useFormInstance<AddZoneValues>()
  const zone = Form.useWatch('ZoneId', form)
  const vswitches = useVSwitches(vpc)
  return (
    <>
      <Form.Item name="ZoneId" label={t.common.zone} rules={[required]}>
        <Select options={zoneOptions} onChange={() => form.resetFields(['VSwitchId'])} />
      </Form.Item>
      <Form.Item name="VSwitchId" label={t.vpc.vswitch} rules={[required]}>
        <Select
          disabled={zone === undefined}
          notFoundContent={t.vpc.noVSwitch}
          options={(vswitches.data ?? [])
            .filter(({ ZoneId }) => ZoneId === zone)
            .map((one) => ({
              value: one.VSwitchId,
              label: `${one.VSwitchName} ${one.VSwitchId} · ${one.CidrBlock}`,
            }))}
        />
      </Form.Item>
      <Form.Item
        name="ip"
        label={t.endpoint.chosenAddress}
        extra={t.instance.addressHint}
        rules={[isAddress]}
      >
        <Input autoComplete="off" />
      </Form.Item>
    </>
  )
}
