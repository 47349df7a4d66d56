import { Button } from 'antd'
import { useNavigate, useParams } from 'react-router'
import { callOf } from '../../api/call.ts'
import { useOne, useZoneName } from '../../api/lists.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { Copyable } from '../../ui/copyable.tsx'
import { Facts } from '../../ui/facts.tsx'
import { NameField } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { MoveResource } from '../../ui/move-resources.tsx'
import { Page } from '../../ui/page.tsx'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { State } from '../../ui/state.tsx'
import { UrlTabs } from '../../ui/url-tabs.tsx'
import { Monitoring } from '../monitoring/monitoring.tsx'
import { Backends } from './backends.tsx'
import { DeleteBalancer } from './delete-balancer.tsx'
import { Health } from './health.tsx'
import { Listeners } from './listeners.tsx'
import { PairGroups } from './pair-groups.tsx'
import { ServerGroups } from './server-groups.tsx'

export function Component() {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  const zoneName = useZoneName()
  const navigate = useNavigate()
  const { id = '' } = useParams()
  const query = useOne('Slb', 'DescribeLoadBalancerAttribute', { LoadBalancerId: id })
  const actions = query.data && (
    <>
      <Button type="primary" onClick={() => void navigate(paths.createListener(id))}>
        {t.balancer.addListener}
      </Button>
      <FormButton<{ readonly LoadBalancerName: string }, unknown>
        label={t.common.rename}
        initial={{ LoadBalancerName: query.data.LoadBalancerName }}
        call={(values) => callOf('Slb', 'SetLoadBalancerName', { LoadBalancerId: id, ...values })}
      >
        <NameField name="LoadBalancerName" label={t.common.name} required />
      </FormButton>
      <MoveResource service="slb" type="instance" id={id} />
      <DeleteBalancer
        balancer={query.data}
        type="default"
        onDone={() => void navigate(paths.loadBalancers)}
      />
    </>
  )
  return (
    <Page
      title={query.data?.LoadBalancerName || id}
      above={[{ title: t.nav.loadBalancers, to: paths.loadBalancers }]}
      actions={actions}
    >
      <Loaded query={query}>
        {(one) => (
          <>
            <Facts
              facts={[
                [t.common.id, <Copyable key="id" text={one.LoadBalancerId} />],
                [t.common.status, <State key="state" value={one.LoadBalancerStatus} />],
                [t.balancer.address, <Copyable key="ip" text={one.Address} />],
                [t.vpc.vpc, <ResourceLink key="vpc" to={paths.vpc(one.VpcId)} id={one.VpcId} />],
                [
                  t.vpc.vswitch,
                  <span key="vsw" className="mono">
                    {one.VSwitchId}
                  </span>,
                ],
                [t.balancer.primaryZone, zoneName(one.MasterZoneId)],
                [t.balancer.backupZone, zoneName(one.SlaveZoneId)],
                [t.balancer.spec, one.LoadBalancerSpec],
                [t.balancer.privateLink, <State key="pl" value={one.SupportPrivateLink ? 'yes' : 'no'} />],
                [t.common.created, formats.time(one.CreateTime)],
              ]}
            />
            <UrlTabs
              tabs={[
                { key: 'listeners', label: t.balancer.listeners, children: <Listeners balancer={one} /> },
                { key: 'backends', label: t.balancer.defaultGroup, children: <Backends balancer={one} /> },
                { key: 'groups', label: t.balancer.serverGroups, children: <ServerGroups balancer={one} /> },
                { key: 'pairs', label: t.balancer.pairGroups, children: <PairGroups balancer={one} /> },
                { key: 'health', label: t.balancer.health, children: <Health balancer={id} /> },
                { key: 'monitoring', label: t.metrics.title, children: <Monitoring of="balancer" id={id} /> },
              ]}
            />
          </>
        )}
      </Loaded>
    </Page>
  )
}
