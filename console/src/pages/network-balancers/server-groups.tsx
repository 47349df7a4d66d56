import { useNlbServerGroups, type NlbServerGroup } from '../../api/lists.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { Page } from '../../ui/page.tsx'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { State } from '../../ui/state.tsx'
import { CreateServerGroup } from './create-server-group.tsx'
import { DeleteServerGroup } from './delete-server-group.tsx'
import { schedulerName } from './scheduler-name.ts'

export function Component() {
  const t = useText()
  const paths = usePaths()
  return (
    <Page title={t.nav.nlbServerGroups} about={t.nlb.groupsAbout} actions={<CreateServerGroup />}>
      <ResourceTable<NlbServerGroup>
        query={useNlbServerGroups()}
        label={t.nav.nlbServerGroups}
        empty={t.nlb.noGroups}
        rowKey={({ ServerGroupId }) => ServerGroupId}
        searchIn={(one) => [one.ServerGroupId, one.ServerGroupName, one.VpcId]}
        columns={[
          {
            title: t.common.idAndName,
            render: (_, one) => (
              <ResourceLink
                to={paths.nlbServerGroup(one.ServerGroupId)}
                id={one.ServerGroupId}
                name={one.ServerGroupName}
              />
            ),
          },
          { title: t.common.status, render: (_, one) => <State value={one.ServerGroupStatus} /> },
          {
            title: t.nlb.groupType,
            render: (_, one) =>
              one.ServerGroupType === 'Ip' ? t.nlb.groupTypes.Ip : t.nlb.groupTypes.Instance,
          },
          { title: t.balancer.protocol, dataIndex: 'Protocol' },
          { title: t.balancer.scheduler, render: (_, one) => schedulerName(one.Scheduler, t) },
          { title: t.vpc.vpc, render: (_, { VpcId }) => <ResourceLink to={paths.vpc(VpcId)} id={VpcId} /> },
          { title: t.balancer.servers, dataIndex: 'ServerCount' },
          {
            title: t.nlb.usedBy,
            render: (_, one) =>
              one.RelatedLoadBalancerIds.map((id) => (
                <ResourceLink key={id} to={paths.networkBalancer(id)} id={id} />
              )),
          },
          { title: t.common.actions, render: (_, one) => <DeleteServerGroup group={one} type="link" /> },
        ]}
      />
    </Page>
  )
}
