import { Button } from 'antd'
import { useNavigate } from 'react-router'
import { useNetworkBalancers, useZoneName, type NetworkBalancer } from '../../api/lists.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { Copyable } from '../../ui/copyable.tsx'
import { Page } from '../../ui/page.tsx'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { State } from '../../ui/state.tsx'
import { DeleteNetworkBalancer } from './delete-network-balancer.tsx'

export function Component() {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  const zoneName = useZoneName()
  const navigate = useNavigate()
  const create = (
    <Button type="primary" onClick={() => void navigate(paths.createNetworkBalancer)}>
      {t.nlb.create}
    </Button>
  )
  return (
    <Page title={t.nav.networkBalancers} about={t.nlb.about} actions={create}>
      <ResourceTable<NetworkBalancer>
        query={useNetworkBalancers()}
        label={t.nav.networkBalancers}
        empty={t.nlb.empty}
        rowKey={({ LoadBalancerId }) => LoadBalancerId}
        searchIn={(one) => [one.LoadBalancerId, one.LoadBalancerName, one.DNSName, one.VpcId]}
        columns={[
          {
            title: t.common.idAndName,
            render: (_, one) => (
              <ResourceLink
                to={paths.networkBalancer(one.LoadBalancerId)}
                id={one.LoadBalancerId}
                name={one.LoadBalancerName}
              />
            ),
          },
          { title: t.common.status, render: (_, one) => <State value={one.LoadBalancerStatus} /> },
          { title: t.nlb.dnsName, render: (_, { DNSName }) => <Copyable text={DNSName} /> },
          { title: t.vpc.vpc, render: (_, { VpcId }) => <ResourceLink to={paths.vpc(VpcId)} id={VpcId} /> },
          {
            title: t.service.zones,
            render: (_, one) => one.ZoneMappings.map(({ ZoneId }) => zoneName(ZoneId)).join(', '),
          },
          { title: t.common.created, render: (_, { CreateTime }) => formats.time(CreateTime) },
          {
            title: t.common.actions,
            render: (_, one) => <DeleteNetworkBalancer balancer={one} type="link" />,
          },
        ]}
      />
    </Page>
  )
}
