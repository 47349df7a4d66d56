import { callOf, type ResultOf } from '../../api/call.ts'
import { useOne, usePairGroups, useServerGroups } from '../../api/lists.ts'
import { useList } from '../../api/queries.ts'
import { useText } from '../../i18n/language.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { State } from '../../ui/state.tsx'

export type Balancer = ResultOf<'Slb', 'DescribeLoadBalancerAttribute'>
type Listener = Balancer['ListenerPortsAndProtocol']['ListenerPortAndProtocol'][number]

export function Listeners({ balancer }: { readonly balancer: Balancer }) {
  const t = useText()
  const { LoadBalancerId } = balancer
  const call = callOf('Slb', 'DescribeLoadBalancerAttribute', { LoadBalancerId })
  const query = useList(call, (answer) => answer.ListenerPortsAndProtocol.ListenerPortAndProtocol)
  return (
    <ResourceTable<Listener>
      query={query}
      label={t.balancer.listeners}
      empty={t.balancer.noListener}
      rowKey={({ ListenerPort, ListenerProtocol }) => `${ListenerProtocol} ${ListenerPort}`}
      columns={[
        {
          title: t.balancer.protocolPort,
          render: (_, one) => `${one.ListenerProtocol.toUpperCase()}: ${one.ListenerPort}`,
        },
        {
          title: t.common.status,
          render: (_, one) => <Detail id={LoadBalancerId} listener={one} show="state" />,
        },
        {
          title: t.balancer.forwarding,
          render: (_, one) => <Detail id={LoadBalancerId} listener={one} show="target" />,
        },
        {
          title: t.balancer.scheduler,
          render: (_, one) => <Detail id={LoadBalancerId} listener={one} show="scheduler" />,
        },
        {
          title: t.balancer.healthCheck,
          render: (_, one) => <Detail id={LoadBalancerId} listener={one} show="check" />,
        },
        { title: t.common.description, dataIndex: 'Description' },
        { title: t.common.actions, render: (_, one) => <Actions id={LoadBalancerId} listener={one} /> },
      ]}
    />
  )
}

interface ListenerProps {
  readonly id: string
  readonly listener: Listener
}

const protocols = ['tcp', 'udp', 'http', 'https'] as const

function protocolOf({ ListenerProtocol }: Listener) {
  return protocols.find((one) => one === ListenerProtocol.toLowerCase()) ?? 'tcp'
}

const describing = {
  tcp: 'DescribeLoadBalancerTCPListenerAttribute',
  udp: 'DescribeLoadBalancerUDPListenerAttribute',
  http: 'DescribeLoadBalancerHTTPListenerAttribute',
  https: 'DescribeLoadBalancerHTTPSListenerAttribute',
} as const

/** All protocols describe a listener nearly alike; the action is named after the protocol. */
function useListener({ id, listener }: ListenerProps) {
  const action = describing[protocolOf(listener)]
  return useOne('Slb', action, { LoadBalancerId: id, ListenerPort: listener.ListenerPort }).data
}

function Detail({
  show,
  ...props
}: ListenerProps & { readonly show: 'state' | 'target' | 'scheduler' | 'check' }) {
  const t = useText()
  const one = useListener(props)
  const vserver = useServerGroups(props.id).data ?? []
  const pairs = usePairGroups(props.id).data ?? []
  if (!one) return '…'
  const groupName = (id: string) =>
    vserver.find(({ VServerGroupId }) => VServerGroupId === id)?.VServerGroupName ??
    pairs.find(({ MasterSlaveServerGroupId }) => MasterSlaveServerGroupId === id)
      ?.MasterSlaveServerGroupName ??
    id
  switch (show) {
    case 'state':
      return <State value={one.Status} />
    case 'target':
      if ('ForwardPort' in one && one.ForwardPort) return t.http.redirectsTo(one.ForwardPort)
      if (one.VServerGroupId) return `${t.balancer.targets.vserver} ${groupName(one.VServerGroupId)}`
      if ('MasterSlaveServerGroupId' in one && one.MasterSlaveServerGroupId) {
        return `${t.balancer.targets.pair} ${groupName(one.MasterSlaveServerGroupId)}`
      }
      return t.balancer.toDefault(one.BackendServerPort)
    case 'scheduler':
      return t.balancer.schedulers[one.Scheduler as keyof typeof t.balancer.schedulers] ?? one.Scheduler
    case 'check':
      return one.HealthCheck === 'on'
        ? t.balancer.checkEvery(one.HealthCheckType ?? 'udp', one.HealthCheckInterval ?? 0)
        : t.states.off
  }
}

function Actions({ id, listener }: ListenerProps) {
  const t = useText()
  const one = useListener({ id, listener })
  const which = {
    LoadBalancerId: id,
    ListenerPort: listener.ListenerPort,
    ListenerProtocol: protocolOf(listener),
  }
  const name = `${listener.ListenerProtocol.toUpperCase()}:${listener.ListenerPort}`
  const runs = one?.Status === 'running'
  return (
    <>
      <ConfirmButton
        label={t.balancer.start}
        reason={runs ? t.balancer.alreadyRuns : undefined}
        call={callOf('Slb', 'StartLoadBalancerListener', which)}
      >
        {t.balancer.startHint(name)}
      </ConfirmButton>
      <ConfirmButton
        label={t.balancer.stop}
        reason={runs ? undefined : t.balancer.alreadyStopped}
        call={callOf('Slb', 'StopLoadBalancerListener', which)}
      >
        {t.balancer.stopHint(name)}
      </ConfirmButton>
      <ConfirmButton
        label={t.common.delete}
        danger
        name={name}
        call={callOf('Slb', 'DeleteLoadBalancerListener', which)}
      >
        {t.balancer.deleteListenerHint(name)}
      </ConfirmButton>
    </>
  )
}
