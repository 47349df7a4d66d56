import { Flex } from 'antd'
import { useParams } from 'react-router'
import { callOf } from '../../api/call.ts'
import { useNetworkInterfaces, useOne, type NetworkInterface, type Rule } from '../../api/lists.ts'
import { useList } from '../../api/queries.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { MoveResource } from '../../ui/move-resources.tsx'
import { Page } from '../../ui/page.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { State } from '../../ui/state.tsx'
import { UrlTabs } from '../../ui/url-tabs.tsx'
import { AddRule, type Direction } from './add-rule.tsx'

export function Component() {
  const t = useText()
  const paths = usePaths()
  const { id = '' } = useParams()
  const query = useOne('Ecs', 'DescribeSecurityGroupAttribute', { SecurityGroupId: id })
  return (
    <Page
      title={query.data?.SecurityGroupName || id}
      above={[{ title: t.nav.securityGroups, to: paths.securityGroups }]}
      actions={query.data && <MoveResource service="ecs" type="securitygroup" id={id} />}
    >
      <Loaded query={query}>
        {(group) => (
          <>
            <Facts
              facts={[
                [t.common.id, <Copyable key="id" text={group.SecurityGroupId} />],
                [t.vpc.vpc, <ResourceLink key="vpc" to={paths.vpc(group.VpcId)} id={group.VpcId} />],
                [t.common.description, group.Description],
              ]}
            />
            <UrlTabs
              tabs={[
                {
                  key: 'ingress',
                  label: t.security.ingress,
                  children: <Rules group={id} direction="ingress" />,
                },
                {
                  key: 'egress',
                  label: t.security.egress,
                  children: <Rules group={id} direction="egress" />,
                },
                { key: 'members', label: t.security.members, children: <Members group={id} /> },
              ]}
            />
          </>
        )}
      </Loaded>
    </Page>
  )
}

function Rules({ group, direction }: { readonly group: string; readonly direction: Direction }) {
  const t = useText()
  const formats = useFormats()
  const call = callOf('Ecs', 'DescribeSecurityGroupAttribute', {
    SecurityGroupId: group,
    Direction: direction,
  })
  const query = useList(call, ({ Permissions }) => Permissions.Permission)
  return (
    <>
      <Flex style={{ marginBottom: 12 }}>
        <AddRule group={group} direction={direction} />
      </Flex>
      <ResourceTable<Rule>
        query={query}
        label={t.security.rules}
        empty={direction === 'ingress' ? t.security.noIngress : t.security.noEgress}
        rowKey={({ SecurityGroupRuleId }) => SecurityGroupRuleId}
        columns={[
          {
            title: t.security.policy,
            render: (_, rule) =>
              rule.Policy.toLowerCase() === 'accept' ? t.security.policies.accept : t.security.policies.drop,
          },
          { title: t.security.priority, dataIndex: 'Priority' },
          { title: t.security.protocol, render: (_, { IpProtocol }) => IpProtocol.toUpperCase() },
          { title: t.security.ports, dataIndex: 'PortRange', className: 'mono' },
          {
            title: direction === 'ingress' ? t.security.source : t.security.destination,
            className: 'mono',
            render: (_, rule) => peerOf(rule),
          },
          { title: t.common.description, dataIndex: 'Description' },
          { title: t.common.created, render: (_, { CreateTime }) => formats.time(CreateTime) },
          {
            title: t.common.actions,
            render: (_, rule) => (
              <ConfirmButton
                label={t.common.delete}
                danger
                call={callOf(
                  'Ecs',
                  direction === 'ingress' ? 'RevokeSecurityGroup' : 'RevokeSecurityGroupEgress',
                  {
                    SecurityGroupId: group,
                    SecurityGroupRuleId: [rule.SecurityGroupRuleId],
                  },
                )}
              >
                {t.security.deleteRule(rule.PortRange, peerOf(rule))}
              </ConfirmButton>
            ),
          },
        ]}
      />
    </>
  )
}

function peerOf(rule: Rule): string {
  const peers = [
    rule.SourceCidrIp,
    rule.SourceGroupId,
    rule.SourcePrefixListId,
    rule.DestCidrIp,
    rule.DestGroupId,
    rule.DestPrefixListId,
  ]
  return peers.find((peer) => peer !== '') ?? '-'
}

function Members({ group }: { readonly group: string }) {
  const t = useText()
  const paths = usePaths()
  return (
    <ResourceTable<NetworkInterface>
      query={useNetworkInterfaces({ SecurityGroupId: group })}
      label={t.security.members}
      empty={t.security.noMembers}
      rowKey={({ NetworkInterfaceId }) => NetworkInterfaceId}
      columns={[
        { title: t.common.eni, dataIndex: 'NetworkInterfaceId', className: 'mono' },
        { title: t.common.address, dataIndex: 'PrivateIpAddress', className: 'mono' },
        { title: t.common.status, render: (_, { Status }) => <State value={Status} /> },
        {
          title: t.nav.instances,
          render: (_, { InstanceId, Description }) =>
            InstanceId ? <ResourceLink to={paths.instance(InstanceId)} id={InstanceId} /> : Description,
        },
      ]}
    />
  )
}
