import { Empty } from 'antd'
import { callOf } from '../../api/call.ts'
import { useNlbListeners, useOne, type NlbListener, type NlbServer } from '../../api/lists.ts'
import { useList } from '../../api/queries.ts'
import { useText } from '../../i18n/language.tsx'
import { PlainTable } from '../../ui/plain-table.tsx'
import { State } from '../../ui/state.tsx'
import { listenerName } from './listeners.tsx'
import { ServerLink } from './server-link.tsx'

/** The servers behind each listener, as its checks see them. */
export function ListenerHealth({ balancer }: { readonly balancer: string }) {
  const t = useText()
  const listeners = useNlbListeners(balancer)
  if (listeners.data?.length === 0) {
    return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t.nlb.noHealth} />
  }
  return listeners.data?.map((one) => <OneListener key={one.ListenerId} listener={one} />)
}

function OneListener({ listener }: { readonly listener: NlbListener }) {
  const t = useText()
  const { ListenerId, ServerGroupId } = listener
  const call = callOf('Nlb', 'ListServerGroupServers', { ServerGroupId, MaxResults: 100 })
  const servers = useList(call, ({ Servers }) => Servers)
  const health = useOne('Nlb', 'GetListenerHealthStatus', { ListenerId })
  const told = health.data?.ListenerHealthStatus.flatMap(({ ServerGroupInfos }) => ServerGroupInfos)
  // The API names the servers that are not well, and no others.
  const statusOf = ({ ServerId, Port }: NlbServer) =>
    told
      ?.flatMap(({ NonNormalServers }) => NonNormalServers)
      .find((one) => one.ServerId === ServerId && one.Port === Port)?.Status ?? 'normal'
  return (
    <PlainTable<NlbServer>
      title={listenerName(listener)}
      rows={servers.data ?? []}
      rowKey={({ ServerId, Port }) => `${ServerId} ${Port}`}
      columns={[
        { title: t.balancer.server, render: (_, one) => <ServerLink server={one} /> },
        { title: t.common.address, className: 'mono', render: (_, one) => `${one.ServerIp}:${one.Port}` },
        { title: t.balancer.weight, dataIndex: 'Weight' },
        { title: t.balancer.health, render: (_, one) => told && <State value={statusOf(one)} /> },
      ]}
    />
  )
}
