import { Flex, Form, Input, Radio, Select } from 'antd'
import { callOf, type ResultOf } from '../../api/call.ts'
import { useInstances, useNetworkInterfaces, type RouteTable } from '../../api/lists.ts'
import { useList } from '../../api/queries.ts'
import type { Messages } from '../../i18n/en.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { DescriptionField, NameField, useBlockRule, useRequired } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { State } from '../../ui/state.tsx'

type Entry = ResultOf<'Vpc', 'DescribeRouteEntryList'>['RouteEntrys']['RouteEntry'][number]
type HopType = 'Instance' | 'NetworkInterface'

interface Values {
  readonly RouteEntryName?: string
  readonly DestinationCidrBlock: string
  readonly NextHopType: HopType
  readonly NextHopId: string
  readonly Description?: string
}

export function RouteEntries({ table }: { readonly table: RouteTable }) {
  const t = useText()
  const required = useRequired()
  const isBlock = useBlockRule()
  const { RouteTableId, VpcId } = table
  const call = callOf('Vpc', 'DescribeRouteEntryList', { RouteTableId, MaxResult: 100 })
  return (
    <>
      <Flex style={{ marginBottom: 12 }}>
        <FormButton<Values, unknown>
          label={t.routing.addEntry}
          type="primary"
          initial={{ NextHopType: 'Instance' }}
          call={(values) => callOf('Vpc', 'CreateRouteEntry', { RouteTableId, ...values })}
        >
          <NameField name="RouteEntryName" label={t.common.name} />
          <Form.Item
            name="DestinationCidrBlock"
            label={t.routing.destination}
            extra={t.routing.destinationHint}
            rules={[required, isBlock]}
          >
            <Input autoComplete="off" />
          </Form.Item>
          <NextHopFields vpc={VpcId} />
          <DescriptionField name="Description" label={t.common.description} />
        </FormButton>
      </Flex>
      <ResourceTable<Entry>
        query={useList(call, ({ RouteEntrys }) => RouteEntrys.RouteEntry)}
        label={t.routing.entries}
        empty={t.routing.noEntries}
        rowKey={(one) => one.RouteEntryId || one.DestinationCidrBlock}
        searchIn={(one) => [one.DestinationCidrBlock, one.RouteEntryName, one.NextHops.NextHop[0]?.NextHopId]}
        columns={[
          { title: t.routing.destination, dataIndex: 'DestinationCidrBlock', className: 'mono' },
          { title: t.common.name, dataIndex: 'RouteEntryName' },
          { title: t.common.status, render: (_, { Status }) => <State value={Status} /> },
          {
            title: t.common.type,
            render: (_, { Type }) => (Type === 'Custom' ? t.routing.types.Custom : t.routing.types.System),
          },
          { title: t.routing.nextHopType, render: (_, one) => hopType(one, t) },
          { title: t.routing.nextHop, render: (_, one) => <NextHop entry={one} /> },
          { title: t.common.description, dataIndex: 'Description' },
          {
            title: t.common.actions,
            render: (_, one) => (
              <ConfirmButton
                label={t.common.delete}
                danger
                name={one.DestinationCidrBlock}
                reason={barTo(one, t)}
                call={callOf('Vpc', 'DeleteRouteEntry', { RouteEntryId: one.RouteEntryId })}
              >
                {t.routing.deleteEntryHint(one.DestinationCidrBlock)}
              </ConfirmButton>
            ),
          },
        ]}
      />
    </>
  )
}

function hopType({ NextHops }: Entry, { routing }: Messages): string {
  const type = NextHops.NextHop[0]?.NextHopType ?? ''
  return routing.hops[type as keyof typeof routing.hops] ?? type
}

function NextHop({ entry }: { readonly entry: Entry }) {
  const paths = usePaths()
  const hop = entry.NextHops.NextHop[0]
  if (!hop?.NextHopId) return '-'
  if (hop.NextHopType === 'Instance') {
    return <ResourceLink to={paths.instance(hop.NextHopId)} id={hop.NextHopId} />
  }
  return <span className="mono">{hop.NextHopId}</span>
}

function barTo({ Type, Status }: Entry, { routing }: Messages): string | undefined {
  if (Type !== 'Custom') return routing.systemEntry
  return Status === 'Available' ? undefined : routing.changing
}

/** An instance of the VPC, or one of its interfaces that belongs to no endpoint. */
function NextHopFields({ vpc }: { readonly vpc: string }) {
  const t = useText()
  const required = useRequired()
  const form = Form.useFormInstance<Values>()
  const type = Form.useWatch('NextHopType', form) ?? 'Instance'
  const instances = (useInstances(vpc).data ?? []).map((one) => ({
    value: one.InstanceId,
    label: [one.InstanceName, one.InstanceId].filter(Boolean).join(' · '),
  }))
  const interfaces = (useNetworkInterfaces({ VpcId: vpc }).data ?? []).map((one) => ({
    value: one.NetworkInterfaceId,
    label: [one.NetworkInterfaceName, one.NetworkInterfaceId, one.PrivateIpAddress]
      .filter(Boolean)
      .join(' · '),
  }))
  return (
    <>
      <Form.Item name="NextHopType" label={t.routing.nextHopType}>
        <Radio.Group
          optionType="button"
          options={(['Instance', 'NetworkInterface'] as const).map((value) => ({
            value,
            label: t.routing.hops[value],
          }))}
          onChange={() => form.resetFields(['NextHopId'])}
        />
      </Form.Item>
      <Form.Item name="NextHopId" label={t.routing.nextHop} rules={[required]}>
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          options={type === 'Instance' ? instances : interfaces}
        />
      </Form.Item>
    </>
  )
}
