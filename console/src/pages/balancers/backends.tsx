import { Flex, Form, InputNumber } from 'antd'
import { callOf } from '../../api/call.ts'
import { useInstances } from '../../api/lists.ts'
import { useList } from '../../api/queries.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { addressOf } from '../instances/address.ts'
import type { Balancer } from './listeners.tsx'
import { ServerChoice, serversText, type ServerValues } from './server-choice.tsx'

type Server = Balancer['BackendServers']['BackendServer'][number]

/** The default server group. */
export function Backends({ balancer }: { readonly balancer: Balancer }) {
  const t = useText()
  const paths = usePaths()
  const { LoadBalancerId, VpcId } = balancer
  const call = callOf('Slb', 'DescribeLoadBalancerAttribute', { LoadBalancerId })
  const query = useList(call, ({ BackendServers }) => BackendServers.BackendServer)
  const instances = useInstances(VpcId).data ?? []
  const instanceOf = (id: string) => instances.find(({ InstanceId }) => InstanceId === id)
  const nameOf = (id: string) => instanceOf(id)?.InstanceName
  const addressIn = (id: string) => {
    const instance = instanceOf(id)
    return instance && addressOf(instance)
  }
  return (
    <>
      <Flex style={{ marginBottom: 12 }}>
        <FormButton<ServerValues, unknown>
          label={t.balancer.addServers}
          type="primary"
          initial={{ weight: 100 }}
          call={(values) =>
            callOf('Slb', 'AddBackendServers', { LoadBalancerId, BackendServers: serversText(values) })
          }
        >
          <ServerChoice vpc={VpcId} without={query.data?.map(({ ServerId }) => ServerId) ?? []} />
        </FormButton>
      </Flex>
      <ResourceTable<Server>
        query={query}
        label={t.balancer.servers}
        empty={t.balancer.noServers}
        rowKey={({ ServerId }) => ServerId}
        columns={[
          {
            title: t.balancer.server,
            render: (_, { ServerId }) => (
              <ResourceLink to={paths.instance(ServerId)} id={ServerId} name={nameOf(ServerId)} />
            ),
          },
          {
            title: t.common.address,
            className: 'mono',
            render: (_, one) => one.ServerIp || addressIn(one.ServerId),
          },
          { title: t.balancer.weight, dataIndex: 'Weight' },
          {
            title: t.common.actions,
            render: (_, server) => (
              <>
                <ChangeWeight balancer={LoadBalancerId} server={server} />
                <ConfirmButton
                  label={t.common.remove}
                  danger
                  call={callOf('Slb', 'RemoveBackendServers', {
                    LoadBalancerId,
                    BackendServers: JSON.stringify([{ ServerId: server.ServerId, Type: server.Type }]),
                  })}
                >
                  {t.balancer.removeHint(nameOf(server.ServerId) ?? server.ServerId)}
                </ConfirmButton>
              </>
            ),
          },
        ]}
      />
    </>
  )
}

function ChangeWeight({ balancer, server }: { readonly balancer: string; readonly server: Server }) {
  const t = useText()
  return (
    <FormButton<{ readonly weight: number }, unknown>
      label={t.balancer.changeWeight}
      type="link"
      initial={{ weight: server.Weight }}
      call={({ weight }) =>
        callOf('Slb', 'SetBackendServers', {
          LoadBalancerId: balancer,
          BackendServers: JSON.stringify([{ ServerId: server.ServerId, Weight: weight, Type: server.Type }]),
        })
      }
    >
      <Form.Item name="weight" label={t.balancer.weight} extra={t.balancer.weightHint}>
        <InputNumber min={0} max={100} precision={0} />
      </Form.Item>
    </FormButton>
  )
}
