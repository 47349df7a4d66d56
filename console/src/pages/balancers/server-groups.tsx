import { Flex, Form, Input, InputNumber } from 'antd'
import { callOf, type ResultOf } from '../../api/call.ts'
import { useOne } from '../../api/lists.ts'
import { useList } from '../../api/queries.ts'
import { useText } from '../../i18n/language.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { useRequired } from '../../ui/fields.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import type { Balancer } from './listeners.tsx'
import { ServerChoice, serversText, type ServerValues } from './server-choice.tsx'

type Group = ResultOf<'Slb', 'DescribeVServerGroups'>['VServerGroups']['VServerGroup'][number]

interface Values extends ServerValues {
  readonly VServerGroupName: string
  readonly port: number
}

/** vServer groups: each server with a port of its own. */
export function ServerGroups({ balancer }: { readonly balancer: Balancer }) {
  const t = useText()
  const required = useRequired()
  const { LoadBalancerId, VpcId } = balancer
  const call = callOf('Slb', 'DescribeVServerGroups', { LoadBalancerId })
  return (
    <>
      <Flex style={{ marginBottom: 12 }}>
        <FormButton<Values, unknown>
          label={t.balancer.createGroup}
          type="primary"
          initial={{ weight: 100, port: 80 }}
          call={({ VServerGroupName, port, ...servers }) =>
            callOf('Slb', 'CreateVServerGroup', {
              LoadBalancerId,
              VServerGroupName,
              BackendServers: serversText(servers, port),
            })
          }
        >
          <Form.Item name="VServerGroupName" label={t.common.name} rules={[required]}>
            <Input maxLength={80} autoComplete="off" />
          </Form.Item>
          <ServerChoice vpc={VpcId} />
          <Form.Item name="port" label={t.balancer.backendPort} rules={[required]}>
            <InputNumber min={1} max={65535} precision={0} />
          </Form.Item>
        </FormButton>
      </Flex>
      <ResourceTable<Group>
        query={useList(call, ({ VServerGroups }) => VServerGroups.VServerGroup)}
        label={t.balancer.serverGroups}
        empty={t.balancer.noGroups}
        rowKey={({ VServerGroupId }) => VServerGroupId}
        columns={[
          {
            title: t.common.idAndName,
            render: (_, one) => (
              <>
                <span className="mono">{one.VServerGroupId}</span>
                <div>{one.VServerGroupName}</div>
              </>
            ),
          },
          { title: t.balancer.servers, render: (_, one) => <Servers group={one.VServerGroupId} /> },
          {
            title: t.balancer.listeners,
            render: (_, { AssociatedObjects }) =>
              AssociatedObjects.Listeners.Listener.map(
                ({ Port, Protocol }) => `${Protocol.toUpperCase()}: ${Port}`,
              ).join(', ') || '-',
          },
          {
            title: t.common.actions,
            render: (_, one) => (
              <ConfirmButton
                label={t.common.delete}
                danger
                name={one.VServerGroupName}
                reason={
                  one.AssociatedObjects.Listeners.Listener.length > 0 ? t.balancer.groupInUse : undefined
                }
                call={callOf('Slb', 'DeleteVServerGroup', { VServerGroupId: one.VServerGroupId })}
              >
                {t.vpc.deleteHint(one.VServerGroupName)}
              </ConfirmButton>
            ),
          },
        ]}
      />
    </>
  )
}

function Servers({ group }: { readonly group: string }) {
  const { data } = useOne('Slb', 'DescribeVServerGroupAttribute', { VServerGroupId: group })
  return data?.BackendServers.BackendServer.map((one) => (
    <div key={`${one.ServerId} ${one.Port}`} className="mono">
      {one.ServerId}:{one.Port} · {one.Weight}
    </div>
  ))
}
