import { Flex, Form, Select } from 'antd'
import { useNavigate, useParams } from 'react-router'
import { callOf } from '../../api/call.ts'
import { useVSwitches, useZoneName, type RouteTable, type VSwitch } from '../../api/lists.ts'
import { useList, usePicked } from '../../api/queries.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { Facts } from '../../ui/facts.tsx'
import { DescriptionField, NameField, useRequired } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Page } from '../../ui/page.tsx'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { State } from '../../ui/state.tsx'
import { UrlTabs } from '../../ui/url-tabs.tsx'
import { DeleteRouteTable } from './delete-route-table.tsx'
import { RouteEntries } from './route-entries.tsx'
import { tableType } from './route-tables.tsx'

export function Component() {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  const navigate = useNavigate()
  const { id = '' } = useParams()
  const query = usePicked(
    callOf('Vpc', 'DescribeRouteTableList', { RouteTableId: id }),
    ({ RouterTableList }) => RouterTableList.RouterTableListType[0],
  )
  const table = query.data
  const actions = table && (
    <>
      <FormButton
        label={t.common.edit}
        initial={{ RouteTableName: table.RouteTableName, Description: table.Description }}
        call={(values) => callOf('Vpc', 'ModifyRouteTableAttributes', { RouteTableId: id, ...values })}
      >
        <NameField name="RouteTableName" label={t.common.name} />
        <DescriptionField name="Description" label={t.common.description} />
      </FormButton>
      <DeleteRouteTable table={table} type="default" onDone={() => void navigate(paths.routeTables)} />
    </>
  )
  return (
    <Page
      title={table?.RouteTableName || id}
      above={[{ title: t.nav.routeTables, to: paths.routeTables }]}
      actions={actions}
    >
      <Loaded query={query}>
        {(one) => (
          <>
            <Facts
              facts={[
                [t.common.id, <Copyable key="id" text={one.RouteTableId} />],
                [t.common.status, <State key="state" value={one.Status} />],
                [t.common.type, tableType(one.RouteTableType, t.routing.types)],
                [t.vpc.vpc, <ResourceLink key="vpc" to={paths.vpc(one.VpcId)} id={one.VpcId} />],
                [t.common.description, one.Description],
                [t.common.created, formats.time(one.CreationTime)],
              ]}
            />
            <UrlTabs
              tabs={[
                { key: 'entries', label: t.routing.entries, children: <RouteEntries table={one} /> },
                { key: 'vswitches', label: t.routing.vswitches, children: <Bound table={one} /> },
              ]}
            />
          </>
        )}
      </Loaded>
    </Page>
  )
}

/** The vSwitches that follow this table. */
function Bound({ table }: { readonly table: RouteTable }) {
  const t = useText()
  const zoneName = useZoneName()
  const required = useRequired()
  const { RouteTableId, VpcId, RouteTableType } = table
  const isSystem = RouteTableType === 'System'
  const call = callOf('Vpc', 'DescribeVSwitches', { RouteTableId, PageSize: 50 })
  const bound = useList(call, ({ VSwitches }) => VSwitches.VSwitch)
  const options = (useVSwitches(VpcId).data ?? [])
    .filter(({ RouteTable: { RouteTableType: type } }) => type === 'System')
    .map((one) => ({
      value: one.VSwitchId,
      label: [one.VSwitchName, one.VSwitchId, one.CidrBlock].filter(Boolean).join(' · '),
    }))
  return (
    <>
      <Flex style={{ marginBottom: 12 }}>
        <FormButton<{ readonly VSwitchId: string }, unknown>
          label={t.routing.bind}
          type="primary"
          reason={isSystem ? t.routing.systemTable : undefined}
          initial={{}}
          call={({ VSwitchId }) => callOf('Vpc', 'AssociateRouteTable', { RouteTableId, VSwitchId })}
        >
          <Form.Item name="VSwitchId" label={t.vpc.vswitch} rules={[required]}>
            <Select
              showSearch={{ optionFilterProp: 'label' }}
              options={options}
              notFoundContent={t.routing.noVSwitchLeft}
            />
          </Form.Item>
        </FormButton>
      </Flex>
      <ResourceTable<VSwitch>
        query={bound}
        label={t.routing.vswitches}
        empty={t.routing.noVSwitches}
        rowKey={({ VSwitchId }) => VSwitchId}
        columns={[
          {
            title: t.common.idAndName,
            render: (_, one) => (
              <>
                <span className="mono">{one.VSwitchId}</span>
                <div>{one.VSwitchName}</div>
              </>
            ),
          },
          { title: t.common.status, render: (_, { Status }) => <State value={Status} /> },
          { title: t.common.zone, render: (_, { ZoneId }) => zoneName(ZoneId) },
          { title: t.vpc.block, dataIndex: 'CidrBlock', className: 'mono' },
          {
            title: t.common.actions,
            render: (_, { VSwitchId, VSwitchName }) => (
              <ConfirmButton
                label={t.routing.unbind}
                danger
                reason={isSystem ? t.routing.systemTable : undefined}
                call={callOf('Vpc', 'UnassociateRouteTable', { RouteTableId, VSwitchId })}
              >
                {t.routing.unbindHint(VSwitchName || VSwitchId)}
              </ConfirmButton>
            ),
          },
        ]}
      />
    </>
  )
}
