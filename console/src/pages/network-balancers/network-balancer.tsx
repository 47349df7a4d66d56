import { useNavigate, useParams } from 'react-router'
import { callOf, type ResultOf } from '../../api/call.ts'
import { useOne } from '../../api/lists.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { Facts } from '../../ui/facts.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { MoveResource } from '../../ui/move-resources.tsx'
import { Page } from '../../ui/page.tsx'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { State } from '../../ui/state.tsx'
import { UrlTabs } from '../../ui/url-tabs.tsx'
import { Monitoring } from '../monitoring/monitoring.tsx'
import { DeleteNetworkBalancer } from './delete-network-balancer.tsx'
import { ListenerHealth } from './listener-health.tsx'
import { NlbListeners } from './listeners.tsx'
import { NlbNameField } from './name-field.tsx'
import { BalancerZones } from './zones.tsx'

type Balancer = ResultOf<'Nlb', 'GetLoadBalancerAttribute'>

export function Component() {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  const navigate = useNavigate()
  const { id = '' } = useParams()
  const query = useOne('Nlb', 'GetLoadBalancerAttribute', { LoadBalancerId: id })
  const actions = query.data && (
    <>
      <FormButton<{ readonly LoadBalancerName: string }, unknown>
        label={t.common.rename}
        initial={{ LoadBalancerName: query.data.LoadBalancerName }}
        call={(values) => callOf('Nlb', 'UpdateLoadBalancerAttribute', { LoadBalancerId: id, ...values })}
      >
        <NlbNameField name="LoadBalancerName" required />
      </FormButton>
      <Protection balancer={query.data} />
      <MoveResource service="nlb" type="loadbalancer" id={id} />
      <DeleteNetworkBalancer
        balancer={query.data}
        type="default"
        onDone={() => void navigate(paths.networkBalancers)}
      />
    </>
  )
  return (
    <Page
      title={query.data?.LoadBalancerName || id}
      above={[{ title: t.nav.networkBalancers, to: paths.networkBalancers }]}
      actions={actions}
    >
      <Loaded query={query}>
        {(one) => (
          <>
            <Facts
              facts={[
                [t.common.id, <Copyable key="id" text={one.LoadBalancerId} />],
                [t.common.status, <State key="state" value={one.LoadBalancerStatus} />],
                [t.nlb.dnsName, <Copyable key="dns" text={one.DNSName} />],
                [t.vpc.vpc, <ResourceLink key="vpc" to={paths.vpc(one.VpcId)} id={one.VpcId} />],
                [
                  t.nlb.protection,
                  <State key="guard" value={one.DeletionProtectionConfig.Enabled ? 'on' : 'off'} />,
                ],
                [t.common.resourceGroup, one.ResourceGroupId],
                [t.common.created, formats.time(one.CreateTime)],
              ]}
            />
            <UrlTabs
              tabs={[
                { key: 'listeners', label: t.balancer.listeners, children: <NlbListeners balancer={one} /> },
                { key: 'zones', label: t.service.zones, children: <BalancerZones balancer={one} /> },
                { key: 'health', label: t.balancer.health, children: <ListenerHealth balancer={id} /> },
                {
                  key: 'monitoring',
                  label: t.metrics.title,
                  children: <Monitoring of="networkBalancer" id={id} />,
                },
              ]}
            />
          </>
        )}
      </Loaded>
    </Page>
  )
}

function Protection({ balancer }: { readonly balancer: Balancer }) {
  const t = useText()
  const { LoadBalancerId, LoadBalancerName, DeletionProtectionConfig } = balancer
  const name = LoadBalancerName || LoadBalancerId
  const isOn = DeletionProtectionConfig.Enabled
  return (
    <ConfirmButton
      label={isOn ? t.nlb.protectOff : t.nlb.protectOn}
      type="default"
      call={callOf('Nlb', 'UpdateLoadBalancerProtection', {
        LoadBalancerId,
        DeletionProtectionEnabled: !isOn,
      })}
    >
      {isOn ? t.nlb.protectOffHint(name) : t.nlb.protectOnHint(name)}
    </ConfirmButton>
  )
}
