import { callOf } from '../../api/call.ts'
import { useSecurityGroups, type SecurityGroup } from '../../api/lists.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'

export function SecurityGroupTable({ vpc }: { readonly vpc?: string }) {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  return (
    <ResourceTable<SecurityGroup>
      query={useSecurityGroups(vpc)}
      label={t.nav.securityGroups}
      empty={t.security.empty}
      rowKey={({ SecurityGroupId }) => SecurityGroupId}
      searchIn={(one) => [one.SecurityGroupId, one.SecurityGroupName, one.VpcId]}
      columns={[
        {
          title: t.common.idAndName,
          render: (_, one) => (
            <ResourceLink
              to={paths.securityGroup(one.SecurityGroupId)}
              id={one.SecurityGroupId}
              name={one.SecurityGroupName}
            />
          ),
        },
        { title: t.vpc.vpc, render: (_, { VpcId }) => <ResourceLink to={paths.vpc(VpcId)} id={VpcId} /> },
        { title: t.security.type, render: (_, one) => t.security.types[typeOf(one.SecurityGroupType)] },
        { title: t.security.rules, dataIndex: 'RuleCount' },
        { title: t.nav.instances, dataIndex: 'EcsCount' },
        { title: t.common.description, dataIndex: 'Description' },
        { title: t.common.created, render: (_, { CreationTime }) => formats.time(CreationTime) },
        {
          title: t.common.actions,
          render: (_, one) => (
            <ConfirmButton
              label={t.common.delete}
              danger
              name={one.SecurityGroupName || one.SecurityGroupId}
              call={callOf('Ecs', 'DeleteSecurityGroup', { SecurityGroupId: one.SecurityGroupId })}
              reason={one.EcsCount > 0 ? t.security.hasInstances : undefined}
            >
              {t.security.deleteHint(one.SecurityGroupName || one.SecurityGroupId)}
            </ConfirmButton>
          ),
        },
      ]}
    />
  )
}

function typeOf(type: string): 'normal' | 'enterprise' {
  return type === 'enterprise' ? 'enterprise' : 'normal'
}
