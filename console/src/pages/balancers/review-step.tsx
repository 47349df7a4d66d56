import { Descriptions } from 'antd'
import { useInstances, usePairGroups, useServerGroups } from '../../api/lists.ts'
import type { Messages } from '../../i18n/en.ts'
import { useText } from '../../i18n/language.tsx'
import { isHttp, isRedirect } from './http-values.ts'
import { newGroup, type ListenerValues } from './listener-values.ts'
import type { Balancer } from './listeners.tsx'

type Fact = readonly [label: string, value: string | number]

interface Props {
  readonly balancer: Balancer
  readonly values: ListenerValues
}

/** All that will be sent, in the words of the steps before. */
export function ReviewStep({ balancer, values }: Props) {
  const t = useText()
  const target = useTargetFacts(balancer, values)
  const facts = isRedirect(values)
    ? [
        ...headFacts(values, t),
        [t.balancer.forwarding, t.http.redirectsTo(values.http.redirectPort)] as const,
      ]
    : [...headFacts(values, t), ...protocolFacts(values, t), ...target, checkFact(values, t)]
  return (
    <Descriptions
      bordered
      size="small"
      column={1}
      style={{ marginBottom: 16 }}
      items={facts.map(([label, children]) => ({ key: label, label, children }))}
    />
  )
}

function headFacts({ protocol, ListenerPort, Description }: ListenerValues, t: Messages): readonly Fact[] {
  return [
    [t.balancer.protocolPort, `${protocol}: ${ListenerPort}`],
    [t.balancer.listenerName, Description || '-'],
  ]
}

function protocolFacts(values: ListenerValues, t: Messages): readonly Fact[] {
  const scheduler: Fact = [t.balancer.scheduler, t.balancer.schedulers[values.Scheduler]]
  if (!isHttp(values.protocol)) {
    const { Bandwidth, PersistenceTimeout } = values
    return [
      scheduler,
      [t.balancer.bandwidth, Bandwidth === -1 ? t.balancer.unlimited : `${Bandwidth} Mbit/s`],
      [t.balancer.persistence, PersistenceTimeout === 0 ? t.states.off : seconds(PersistenceTimeout, t)],
    ]
  }
  const { http } = values
  return [
    scheduler,
    ...(values.protocol === 'HTTPS' ? tlsFacts(values, t) : []),
    [t.http.sticky, t.http.stickyKinds[http.sticky]],
    [
      t.http.forwarded,
      ['X-Forwarded-For', ...http.forwarded.map((one) => t.http.forwardedHeaders[one])].join('; '),
    ],
    [t.http.idleTimeout, seconds(http.idleTimeout, t)],
    [t.http.requestTimeout, seconds(http.requestTimeout, t)],
    [t.http.gzip, http.gzip ? t.states.on : t.states.off],
  ]
}

function tlsFacts({ http }: ListenerValues, t: Messages): readonly Fact[] {
  return [
    [t.http.certificate, http.certificate ?? '-'],
    [t.http.authority, http.authority ?? t.http.everyClient],
    [t.http.tls, t.http.tlsPolicies[http.tls]],
    [t.http.http2, http.http2 ? t.states.on : t.states.off],
  ]
}

function useTargetFacts(balancer: Balancer, values: ListenerValues): readonly Fact[] {
  const t = useText()
  const instances = useInstances(balancer.VpcId).data ?? []
  const vserver = useServerGroups(balancer.LoadBalancerId).data ?? []
  const pairs = usePairGroups(balancer.LoadBalancerId).data ?? []
  const nameOf = (id = '') => instances.find(({ InstanceId }) => InstanceId === id)?.InstanceName || id
  const { target, group, groupName, BackendServerPort, weights, master, slave } = values
  const kind: Fact = [t.balancer.target, t.balancer.targets[target]]
  if (target !== 'default' && group !== newGroup) {
    const name =
      vserver.find(({ VServerGroupId }) => VServerGroupId === group)?.VServerGroupName ??
      pairs.find(({ MasterSlaveServerGroupId }) => MasterSlaveServerGroupId === group)
        ?.MasterSlaveServerGroupName
    return [kind, [t.balancer.serverGroup, [name, group].filter(Boolean).join(' · ')]]
  }
  const servers =
    target === 'pair'
      ? [`${nameOf(master)} (${t.balancer.master})`, `${nameOf(slave)} (${t.balancer.slave})`]
      : Object.entries(weights).map(([id, weight]) => `${nameOf(id)} (${t.balancer.weight} ${weight})`)
  return [
    kind,
    ...(target === 'default'
      ? []
      : [[t.balancer.serverGroup, `${groupName} (${t.balancer.newGroup})`] as const]),
    [t.balancer.backendPort, BackendServerPort],
    [t.balancer.servers, servers.length > 0 ? servers.join(', ') : t.balancer.serversKept],
  ]
}

function checkFact(values: ListenerValues, t: Messages): Fact {
  const protocol = values.protocol === 'UDP' ? 'udp' : values.HealthCheckType
  const text = values.checked ? t.balancer.checkEvery(protocol, values.HealthCheckInterval) : t.states.off
  return [t.balancer.healthCheck, text]
}

function seconds(count: number, t: Messages): string {
  return `${count} ${t.balancer.seconds}`
}
