import { callOf } from '../../api/call.ts'
import type { ServerHealth } from '../../api/lists.ts'
import { useList } from '../../api/queries.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { State } from '../../ui/state.tsx'

export function Health({ balancer }: { readonly balancer: string }) {
  const t = useText()
  const paths = usePaths()
  const call = callOf('Slb', 'DescribeHealthStatus', { LoadBalancerId: balancer })
  return (
    <ResourceTable<ServerHealth>
      query={useList(call, ({ BackendServers }) => BackendServers.BackendServer)}
      label={t.balancer.health}
      empty={t.balancer.noHealth}
      rowKey={(one) => `${one.Protocol} ${one.ListenerPort} ${one.ServerId} ${one.Port}`}
      columns={[
        {
          title: t.balancer.listener,
          render: (_, one) => `${one.Protocol.toUpperCase()}: ${one.ListenerPort}`,
        },
        {
          title: t.balancer.server,
          render: (_, { ServerId }) => <ResourceLink to={paths.instance(ServerId)} id={ServerId} />,
        },
        { title: t.common.address, className: 'mono', render: (_, one) => `${one.ServerIp}:${one.Port}` },
        { title: t.balancer.health, render: (_, one) => <State value={one.ServerHealthStatus} /> },
      ]}
    />
  )
}
