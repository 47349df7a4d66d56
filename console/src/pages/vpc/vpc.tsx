import { useNavigate, useParams } from 'react-router'
import { callOf } from '../../api/call.ts'
import { useOne } from '../../api/lists.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { Facts } from '../../ui/facts.tsx'
import { DescriptionField, NameField } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { MoveResource } from '../../ui/move-resources.tsx'
import { Page } from '../../ui/page.tsx'
import { State } from '../../ui/state.tsx'
import { UrlTabs } from '../../ui/url-tabs.tsx'
import { InstanceTable } from '../instances/instance-table.tsx'
import { SecurityGroupTable } from '../security/security-group-table.tsx'
import { CreateVSwitch } from './create-vswitch.tsx'
import { VSwitchTable } from './vswitch-table.tsx'

export function Component() {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  const navigate = useNavigate()
  const { id = '' } = useParams()
  const query = useOne('Vpc', 'DescribeVpcAttribute', { VpcId: id })
  const vpc = query.data
  const name = vpc?.VpcName || id
  const actions = vpc && (
    <>
      <CreateVSwitch vpc={id} />
      <FormButton
        label={t.common.edit}
        initial={{ VpcName: vpc.VpcName, Description: vpc.Description }}
        call={(values) => callOf('Vpc', 'ModifyVpcAttribute', { VpcId: id, ...values })}
      >
        <NameField name="VpcName" label={t.common.name} />
        <DescriptionField name="Description" label={t.common.description} />
      </FormButton>
      <MoveResource service="vpc" type="vpc" id={id} />
      <ConfirmButton
        label={t.common.delete}
        type="default"
        danger
        name={name}
        call={callOf('Vpc', 'DeleteVpc', { VpcId: id })}
        reason={vpc.VSwitchIds.VSwitchId.length > 0 ? t.vpc.hasVSwitches : undefined}
        onDone={() => void navigate(paths.vpcs)}
      >
        {t.vpc.deleteHint(name)}
      </ConfirmButton>
    </>
  )
  return (
    <Page title={name} above={[{ title: t.nav.vpcs, to: paths.vpcs }]} actions={actions}>
      <Loaded query={query}>
        {(one) => (
          <>
            <Facts
              facts={[
                [t.common.id, <Copyable key="id" text={one.VpcId} />],
                [t.common.status, <State key="state" value={one.Status} />],
                [t.vpc.block, <Copyable key="block" text={one.CidrBlock} />],
                [t.common.description, one.Description],
                [t.common.resourceGroup, one.ResourceGroupId],
                [t.common.created, formats.time(one.CreationTime)],
              ]}
            />
            <UrlTabs
              tabs={[
                { key: 'vswitches', label: t.nav.vswitches, children: <VSwitchTable vpc={id} /> },
                { key: 'instances', label: t.nav.instances, children: <InstanceTable vpc={id} /> },
                { key: 'groups', label: t.nav.securityGroups, children: <SecurityGroupTable vpc={id} /> },
              ]}
            />
          </>
        )}
      </Loaded>
    </Page>
  )
}
