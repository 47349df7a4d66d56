import { callOf } from '../../api/call.ts'
import { useVSwitches, useZoneName, type VSwitch } from '../../api/lists.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { State } from '../../ui/state.tsx'

export function VSwitchTable({ vpc }: { readonly vpc?: string }) {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  const zoneName = useZoneName()
  return (
    <ResourceTable<VSwitch>
      query={useVSwitches(vpc)}
      label={t.nav.vswitches}
      empty={t.vpc.vswitchEmpty}
      rowKey={({ VSwitchId }) => VSwitchId}
      searchIn={(one) => [one.VSwitchId, one.VSwitchName, one.CidrBlock, one.ZoneId, one.VpcId]}
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
        ...(vpc === undefined
          ? [
              {
                title: t.vpc.vpc,
                render: (_: unknown, { VpcId }: VSwitch) => <ResourceLink to={paths.vpc(VpcId)} id={VpcId} />,
              },
            ]
          : []),
        { title: t.common.zone, render: (_, { ZoneId }) => zoneName(ZoneId) },
        { title: t.vpc.block, dataIndex: 'CidrBlock', className: 'mono' },
        { title: t.vpc.free, render: (_, one) => formats.number(one.AvailableIpAddressCount) },
        { title: t.common.created, render: (_, { CreationTime }) => formats.time(CreationTime) },
        {
          title: t.common.actions,
          render: (_, one) => (
            <ConfirmButton
              label={t.common.delete}
              danger
              name={one.VSwitchName || one.VSwitchId}
              call={callOf('Vpc', 'DeleteVSwitch', { VSwitchId: one.VSwitchId })}
            >
              {t.vpc.deleteHint(one.VSwitchName || one.VSwitchId)}
            </ConfirmButton>
          ),
        },
      ]}
    />
  )
}
