import { Flex, Form, InputNumber, Select } from 'antd'
import { callOf, type ResultOf } from '../../api/call.ts'
import { useInstances, useOne, useServerGroups, type ServerGroup } from '../../api/lists.ts'
import { useText } from '../../i18n/language.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { useRequired } from '../../ui/fields.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { GroupServers } from './group-servers.tsx'
import { listenersText } from './listeners-text.ts'
import type { Balancer } from './listeners.tsx'
import { ServerChoice, serversText, type ServerValues } from './server-choice.tsx'
import { GroupNameField } from './servers-step.tsx'

interface PortValues extends ServerValues {
  readonly port: number
}

interface Values extends PortValues {
  readonly groupName: string
}

/** vServer groups: each server with a port of its own. */
export function ServerGroups({ balancer }: { readonly balancer: Balancer }) {
  const t = useText()
  const { LoadBalancerId, VpcId } = balancer
  return (
    <>
      <Flex style={{ marginBottom: 12 }}>
        <FormButton<Values, unknown>
          label={t.balancer.createGroup}
          type="primary"
          initial={{ weight: 100, port: 80 }}
          call={({ groupName, port, ...servers }) =>
            callOf('Slb', 'CreateVServerGroup', {
              LoadBalancerId,
              VServerGroupName: groupName,
              BackendServers: serversText(servers, port),
            })
          }
        >
          <GroupNameField />
          <ServerChoice vpc={VpcId} />
          <PortField />
        </FormButton>
      </Flex>
      <ResourceTable<ServerGroup>
        query={useServerGroups(LoadBalancerId)}
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
            render: (_, { AssociatedObjects }) => listenersText(AssociatedObjects.Listeners.Listener),
          },
          { title: t.common.actions, render: (_, one) => <Actions group={one} vpc={VpcId} /> },
        ]}
      />
    </>
  )
}

function PortField() {
  const t = useText()
  const required = useRequired()
  return (
    <Form.Item name="port" label={t.balancer.backendPort} rules={[required]}>
      <InputNumber min={1} max={65535} precision={0} />
    </Form.Item>
  )
}

type Server = ResultOf<'Slb', 'DescribeVServerGroupAttribute'>['BackendServers']['BackendServer'][number]

function useServersOf(group: string): readonly Server[] | undefined {
  return useOne('Slb', 'DescribeVServerGroupAttribute', { VServerGroupId: group }).data?.BackendServers
    .BackendServer
}

function Servers({ group }: { readonly group: string }) {
  const servers = useServersOf(group)
  return <GroupServers servers={servers?.map((one) => ({ ...one, note: undefined }))} />
}

interface ActionsProps {
  readonly group: ServerGroup
  readonly vpc: string
}

function Actions({ group, vpc }: ActionsProps) {
  const t = useText()
  const { VServerGroupId, VServerGroupName, AssociatedObjects } = group
  const inUse = AssociatedObjects.Listeners.Listener.length > 0 || AssociatedObjects.Rules.Rule.length > 0
  return (
    <>
      <FormButton<PortValues, unknown>
        label={t.balancer.addServers}
        type="link"
        initial={{ weight: 100, port: 80 }}
        call={({ port, ...servers }) =>
          callOf('Slb', 'AddVServerGroupBackendServers', {
            VServerGroupId,
            BackendServers: serversText(servers, port),
          })
        }
      >
        <ServerChoice vpc={vpc} />
        <PortField />
      </FormButton>
      <RemoveServers group={VServerGroupId} vpc={vpc} />
      <ConfirmButton
        label={t.common.delete}
        danger
        name={VServerGroupName}
        reason={inUse ? t.balancer.groupInUse : undefined}
        call={callOf('Slb', 'DeleteVServerGroup', { VServerGroupId })}
      >
        {t.vpc.deleteHint(VServerGroupName)}
      </ConfirmButton>
    </>
  )
}

function RemoveServers({ group, vpc }: { readonly group: string; readonly vpc: string }) {
  const t = useText()
  const required = useRequired()
  const servers = useServersOf(group) ?? []
  const instances = useInstances(vpc).data ?? []
  const nameOf = (id: string) => instances.find(({ InstanceId }) => InstanceId === id)?.InstanceName
  const keyOf = ({ ServerId, Port }: Server) => `${ServerId} ${Port}`
  return (
    <FormButton<{ readonly chosen: readonly string[] }, unknown>
      label={t.balancer.removeServers}
      type="link"
      danger
      reason={servers.length === 0 ? t.balancer.noGroupServers : undefined}
      initial={{ chosen: [] }}
      call={({ chosen }) =>
        callOf('Slb', 'RemoveVServerGroupBackendServers', {
          VServerGroupId: group,
          BackendServers: JSON.stringify(
            servers
              .filter((one) => chosen.includes(keyOf(one)))
              .map(({ ServerId, Port, Type }) => ({ ServerId, Port, Type })),
          ),
        })
      }
    >
      <Form.Item name="chosen" label={t.balancer.servers} rules={[required]}>
        <Select
          mode="multiple"
          options={servers.map((one) => ({
            value: keyOf(one),
            label: [nameOf(one.ServerId), `${one.ServerId}:${one.Port}`].filter(Boolean).join(' · '),
          }))}
        />
      </Form.Item>
    </FormButton>
  )
}
