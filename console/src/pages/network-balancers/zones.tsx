import type { ResultOf } from '../../api/call.ts'
import { useZoneName } from '../../api/lists.ts'
import { useText } from '../../i18n/language.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { PlainTable } from '../../ui/plain-table.tsx'
import { State } from '../../ui/state.tsx'

type Balancer = ResultOf<'Nlb', 'GetLoadBalancerAttribute'>

/** Where the NLB is, with its address in each zone. */
export function BalancerZones({ balancer }: { readonly balancer: Balancer }) {
  const t = useText()
  const zoneName = useZoneName()
  return (
    <PlainTable<Balancer['ZoneMappings'][number]>
      title={t.nlb.zones}
      rows={balancer.ZoneMappings}
      rowKey={({ ZoneId }) => ZoneId}
      columns={[
        { title: t.common.zone, render: (_, { ZoneId }) => zoneName(ZoneId) },
        { title: t.common.status, render: (_, { Status }) => <State value={Status} /> },
        { title: t.vpc.vswitch, dataIndex: 'VSwitchId', className: 'mono' },
        {
          title: t.common.address,
          render: (_, one) => <Copyable text={one.LoadBalancerAddresses[0]?.PrivateIPv4Address} />,
        },
        {
          title: t.common.eni,
          className: 'mono',
          render: (_, one) => one.LoadBalancerAddresses[0]?.EniId || '-',
        },
      ]}
    />
  )
}
