import { Progress } from 'antd'
import { quotas } from '../../../../src/model/quotas.ts'
import {
  useEndpoints,
  useInstances,
  useLoadBalancers,
  useNetworkInterfaces,
  useSecurityGroups,
  useServices,
  useVpcs,
} from '../../api/lists.ts'
import { useText } from '../../i18n/language.tsx'
import { Page } from '../../ui/page.tsx'
import { PlainTable } from '../../ui/plain-table.tsx'

type QuotaName = keyof typeof quotas

interface Row {
  readonly name: QuotaName
  readonly limit: number
  readonly used: number | undefined
}

/** What a region holds now, and the most it may. */
export function Component() {
  const t = useText()
  const counts: Partial<Record<QuotaName, number | undefined>> = {
    vpcsPerRegion: useVpcs().data?.length,
    securityGroupsPerRegion: useSecurityGroups().data?.length,
    instancesPerRegion: useInstances().data?.length,
    enisPerRegion: useNetworkInterfaces({}).data?.length,
    loadBalancersPerRegion: useLoadBalancers().data?.length,
    servicesPerRegion: useServices().data?.length,
  }
  const perVpc = Map.groupBy(useEndpoints().data ?? [], ({ VpcId }) => VpcId)
  const most = Math.max(0, ...[...perVpc.values()].map(({ length }) => length))
  const rows = (Object.keys(quotas) as QuotaName[]).map((name): Row => {
    const used = name === 'endpointsPerVpc' ? most : counts[name]
    return { name, limit: quotas[name], used }
  })
  return (
    <Page title={t.nav.quotas} about={t.quotas.about}>
      <PlainTable<Row>
        title={t.nav.quotas}
        rows={rows}
        rowKey={({ name }) => name}
        columns={[
          { title: t.quotas.quota, render: (_, { name }) => t.quotas.names[name] },
          { title: t.quotas.limit, dataIndex: 'limit' },
          { title: t.quotas.used, render: (_, { used }) => used ?? '-' },
          {
            title: t.quotas.share,
            render: (_, { name, used, limit }) =>
              used !== undefined && (
                <Progress
                  aria-label={t.quotas.names[name]}
                  percent={Math.round((used / limit) * 100)}
                  size="small"
                  style={{ width: 160 }}
                />
              ),
          },
        ]}
      />
    </Page>
  )
}
