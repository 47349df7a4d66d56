import { Flex } from 'antd'
import { callOf, type ResultOf } from '../../api/call.ts'
import { useNlbListeners, useNlbServerGroups, type NlbListener } from '../../api/lists.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { State } from '../../ui/state.tsx'
import { CreateListener, EditListener } from './listener-form.tsx'

type Balancer = Pick<ResultOf<'Nlb', 'GetLoadBalancerAttribute'>, 'LoadBalancerId' | 'VpcId'>

export function NlbListeners({ balancer }: { readonly balancer: Balancer }) {
  const t = useText()
  const paths = usePaths()
  const groups = useNlbServerGroups(balancer.VpcId).data ?? []
  const nameOf = (id: string) => groups.find(({ ServerGroupId }) => ServerGroupId === id)?.ServerGroupName
  return (
    <>
      <Flex style={{ marginBottom: 12 }}>
        <CreateListener balancer={balancer.LoadBalancerId} groups={groups} />
      </Flex>
      <ResourceTable<NlbListener>
        query={useNlbListeners(balancer.LoadBalancerId)}
        label={t.balancer.listeners}
        empty={t.nlb.noListener}
        rowKey={({ ListenerId }) => ListenerId}
        columns={[
          { title: t.common.id, dataIndex: 'ListenerId', className: 'mono' },
          { title: t.balancer.protocolPort, render: (_, one) => listenerName(one) },
          { title: t.common.status, render: (_, one) => <State value={one.ListenerStatus} /> },
          {
            title: t.nlb.group,
            render: (_, { ServerGroupId: id }) => (
              <ResourceLink to={paths.nlbServerGroup(id)} id={id} name={nameOf(id)} />
            ),
          },
          { title: t.nlb.idleTimeout, render: (_, one) => `${one.IdleTimeout} ${t.balancer.seconds}` },
          {
            title: t.nlb.proxy,
            render: (_, one) => <State value={one.ProxyProtocolEnabled ? 'on' : 'off'} />,
          },
          { title: t.common.description, dataIndex: 'ListenerDescription' },
          {
            title: t.common.actions,
            render: (_, one) => <Actions listener={one} balancer={balancer} />,
          },
        ]}
      />
    </>
  )
}

export function listenerName({ ListenerProtocol, ListenerPort }: NlbListener): string {
  return `${ListenerProtocol}: ${ListenerPort}`
}

interface ActionsProps {
  readonly listener: NlbListener
  readonly balancer: Balancer
}

function Actions({ listener, balancer }: ActionsProps) {
  const t = useText()
  const { ListenerId, ListenerStatus } = listener
  const groups = useNlbServerGroups(balancer.VpcId).data ?? []
  const name = listenerName(listener)
  const runs = ListenerStatus === 'Running'
  const stands = ListenerStatus === 'Stopped'
  return (
    <>
      <EditListener listener={listener} groups={groups} />
      <ConfirmButton
        label={t.balancer.start}
        reason={stands ? undefined : t.balancer.alreadyRuns}
        call={callOf('Nlb', 'StartListener', { ListenerId })}
      >
        {t.balancer.startHint(name)}
      </ConfirmButton>
      <ConfirmButton
        label={t.balancer.stop}
        reason={runs ? undefined : t.balancer.alreadyStopped}
        call={callOf('Nlb', 'StopListener', { ListenerId })}
      >
        {t.balancer.stopHint(name)}
      </ConfirmButton>
      <ConfirmButton
        label={t.common.delete}
        danger
        name={name}
        call={callOf('Nlb', 'DeleteListener', { ListenerId })}
      >
        {t.balancer.deleteListenerHint(name)}
      </ConfirmButton>
    </>
  )
}
