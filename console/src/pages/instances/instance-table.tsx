import { useInstances, useZoneName, type Instance } from '../../api/lists.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { Copyable } from '../../ui/copyable.tsx'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { State } from '../../ui/state.tsx'
import { addressOf } from './address.ts'
import { InstanceActions } from './instance-actions.tsx'

export function InstanceTable({ vpc }: { readonly vpc?: string }) {
  const t = useText()
  const paths = usePaths()
  const zoneName = useZoneName()
  return (
    <ResourceTable<Instance>
      query={useInstances(vpc)}
      label={t.nav.instances}
      empty={t.instance.empty}
      rowKey={({ InstanceId }) => InstanceId}
      searchIn={(one) => [one.InstanceId, one.InstanceName, addressOf(one), one.VpcAttributes.VpcId]}
      columns={[
        {
          title: t.common.idAndName,
          render: (_, one) => (
            <ResourceLink to={paths.instance(one.InstanceId)} id={one.InstanceId} name={one.InstanceName} />
          ),
        },
        { title: t.common.status, render: (_, { Status }) => <State value={Status} /> },
        { title: t.common.zone, render: (_, { ZoneId }) => zoneName(ZoneId) },
        { title: t.instance.address, render: (_, one) => <Copyable text={addressOf(one)} /> },
        { title: t.instance.type, dataIndex: 'InstanceType', className: 'mono' },
        {
          title: t.vpc.vpc,
          render: (_, { VpcAttributes }) => (
            <ResourceLink to={paths.vpc(VpcAttributes.VpcId)} id={VpcAttributes.VpcId} />
          ),
        },
        { title: t.common.actions, render: (_, one) => <InstanceActions instance={one} /> },
      ]}
    />
  )
}
