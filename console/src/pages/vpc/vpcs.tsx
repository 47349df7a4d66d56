import { callOf } from '../../api/call.ts'
import { useVpcs, type Vpc } from '../../api/lists.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { Page } from '../../ui/page.tsx'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { State } from '../../ui/state.tsx'
import { CreateVpc } from './create-vpc.tsx'

export function Component() {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  return (
    <Page title={t.nav.vpcs} about={t.vpc.about} actions={<CreateVpc />}>
      <ResourceTable<Vpc>
        query={useVpcs()}
        label={t.nav.vpcs}
        empty={t.vpc.empty}
        rowKey={({ VpcId }) => VpcId}
        searchIn={(vpc) => [vpc.VpcId, vpc.VpcName, vpc.CidrBlock]}
        columns={[
          {
            title: t.common.idAndName,
            render: (_, vpc) => <ResourceLink to={paths.vpc(vpc.VpcId)} id={vpc.VpcId} name={vpc.VpcName} />,
          },
          { title: t.common.status, render: (_, { Status }) => <State value={Status} /> },
          { title: t.vpc.block, dataIndex: 'CidrBlock', className: 'mono' },
          { title: t.nav.vswitches, render: (_, { VSwitchIds }) => VSwitchIds.VSwitchId.length },
          { title: t.common.created, render: (_, { CreationTime }) => formats.time(CreationTime) },
          { title: t.common.actions, render: (_, vpc) => <DeleteVpc vpc={vpc} /> },
        ]}
      />
    </Page>
  )
}

interface DeleteProps {
  readonly vpc: Pick<Vpc, 'VpcId' | 'VpcName' | 'VSwitchIds'>
}

export function DeleteVpc({ vpc }: DeleteProps) {
  const t = useText()
  const name = vpc.VpcName || vpc.VpcId
  return (
    <ConfirmButton
      label={t.common.delete}
      danger
      name={name}
      call={callOf('Vpc', 'DeleteVpc', { VpcId: vpc.VpcId })}
      reason={vpc.VSwitchIds.VSwitchId.length > 0 ? t.vpc.hasVSwitches : undefined}
    >
      {t.vpc.deleteHint(name)}
    </ConfirmButton>
  )
}
