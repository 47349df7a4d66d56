import { callOf } from '../../api/call.ts'
import { useRouteTables, type RouteTable } from '../../api/lists.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { DescriptionField, NameField, VpcField } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { Page } from '../../ui/page.tsx'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { State } from '../../ui/state.tsx'
import { DeleteRouteTable } from './delete-route-table.tsx'

interface Values {
  readonly VpcId: string
  readonly RouteTableName?: string
  readonly Description?: string
}

export function Component() {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  const query = useRouteTables()
  const create = (
    <FormButton<Values, unknown>
      label={t.routing.createTable}
      type="primary"
      initial={{}}
      call={(values) => callOf('Vpc', 'CreateRouteTable', values)}
    >
      <VpcField />
      <NameField name="RouteTableName" label={t.common.name} />
      <DescriptionField name="Description" label={t.common.description} />
    </FormButton>
  )
  return (
    <Page title={t.nav.routeTables} about={t.routing.tablesAbout} actions={create}>
      <ResourceTable<RouteTable>
        query={query}
        label={t.nav.routeTables}
        empty={t.routing.noTables}
        rowKey={({ RouteTableId }) => RouteTableId}
        searchIn={(one) => [one.RouteTableId, one.RouteTableName, one.VpcId]}
        columns={[
          {
            title: t.common.idAndName,
            render: (_, one) => (
              <ResourceLink
                to={paths.routeTable(one.RouteTableId)}
                id={one.RouteTableId}
                name={one.RouteTableName}
              />
            ),
          },
          { title: t.common.status, render: (_, { Status }) => <State value={Status} /> },
          { title: t.common.type, render: (_, one) => tableType(one.RouteTableType, t.routing.types) },
          { title: t.vpc.vpc, render: (_, { VpcId }) => <ResourceLink to={paths.vpc(VpcId)} id={VpcId} /> },
          { title: t.routing.vswitches, render: (_, { VSwitchIds }) => VSwitchIds.VSwitchId.length },
          { title: t.common.created, render: (_, { CreationTime }) => formats.time(CreationTime) },
          { title: t.common.actions, render: (_, one) => <DeleteRouteTable table={one} type="link" /> },
        ]}
      />
    </Page>
  )
}

export function tableType(type: string, words: Readonly<Record<'System' | 'Custom', string>>): string {
  return type === 'System' ? words.System : words.Custom
}
