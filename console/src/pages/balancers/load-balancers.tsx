import { Button } from 'antd'
import { useNavigate } from 'react-router'
import { useLoadBalancers, useZoneName, type LoadBalancer } from '../../api/lists.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { Copyable } from '../../ui/copyable.tsx'
import { Page } from '../../ui/page.tsx'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { State } from '../../ui/state.tsx'
import { DeleteBalancer } from './delete-balancer.tsx'

export function Component() {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  const zoneName = useZoneName()
  const navigate = useNavigate()
  const create = (
    <Button type="primary" onClick={() => void navigate(paths.createLoadBalancer)}>
      {t.balancer.create}
    </Button>
  )
  return (
    <Page title={t.nav.loadBalancers} about={t.balancer.about} actions={create}>
      <ResourceTable<LoadBalancer>
        query={useLoadBalancers()}
        label={t.nav.loadBalancers}
        empty={t.balancer.empty}
        rowKey={({ LoadBalancerId }) => LoadBalancerId}
        searchIn={(one) => [one.LoadBalancerId, one.LoadBalancerName, one.Address, one.VpcId]}
        columns={[
          {
            title: t.common.idAndName,
            render: (_, one) => (
              <ResourceLink
                to={paths.loadBalancer(one.LoadBalancerId)}
                id={one.LoadBalancerId}
                name={one.LoadBalancerName}
              />
            ),
          },
          { title: t.common.status, render: (_, one) => <State value={one.LoadBalancerStatus} /> },
          { title: t.balancer.address, render: (_, { Address }) => <Copyable text={Address} /> },
          {
            title: t.vpc.vpc,
            render: (_, { VpcId }) => VpcId && <ResourceLink to={paths.vpc(VpcId)} id={VpcId} />,
          },
          { title: t.balancer.primaryZone, render: (_, one) => zoneName(one.MasterZoneId) },
          { title: t.balancer.backupZone, render: (_, one) => zoneName(one.SlaveZoneId) },
          { title: t.balancer.spec, dataIndex: 'LoadBalancerSpec', className: 'mono' },
          { title: t.common.created, render: (_, { CreateTime }) => formats.time(CreateTime) },
          { title: t.common.actions, render: (_, one) => <DeleteBalancer balancer={one} type="link" /> },
        ]}
      />
    </Page>
  )
}
