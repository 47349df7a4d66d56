import { Flex, Form, InputNumber } from 'antd'
import { callOf } from '../../api/call.ts'
import { useOne, usePairGroups, type PairGroup } from '../../api/lists.ts'
import { useText } from '../../i18n/language.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { useRequired } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { GroupServers } from './group-servers.tsx'
import { pairText } from './listener-values.ts'
import { listenersText } from './listeners-text.ts'
import type { Balancer } from './listeners.tsx'
import { PairFields, type PairValues } from './pair-fields.tsx'
import { GroupNameField } from './servers-step.tsx'

interface Values extends PairValues {
  readonly groupName: string
  readonly port: number
}

/** Groups of one server that serves, and one that does while the first cannot. They are made and deleted, not changed. */
export function PairGroups({ balancer }: { readonly balancer: Balancer }) {
  const t = useText()
  const required = useRequired()
  const { LoadBalancerId, VpcId } = balancer
  return (
    <>
      <Flex style={{ marginBottom: 12 }}>
        <FormButton<Values, unknown>
          label={t.balancer.createPair}
          type="primary"
          initial={{ port: 80 }}
          call={({ groupName, master, slave, port }) =>
            callOf('Slb', 'CreateMasterSlaveServerGroup', {
              LoadBalancerId,
              MasterSlaveServerGroupName: groupName,
              MasterSlaveBackendServers: pairText(master ?? '', slave ?? '', port),
            })
          }
        >
          <GroupNameField />
          <PairFields vpc={VpcId} />
          <Form.Item name="port" label={t.balancer.backendPort} rules={[required]}>
            <InputNumber min={1} max={65535} precision={0} />
          </Form.Item>
        </FormButton>
      </Flex>
      <ResourceTable<PairGroup>
        query={usePairGroups(LoadBalancerId)}
        label={t.balancer.pairGroups}
        empty={t.balancer.noPairs}
        rowKey={({ MasterSlaveServerGroupId }) => MasterSlaveServerGroupId}
        columns={[
          {
            title: t.common.idAndName,
            render: (_, one) => (
              <>
                <span className="mono">{one.MasterSlaveServerGroupId}</span>
                <div>{one.MasterSlaveServerGroupName}</div>
              </>
            ),
          },
          { title: t.balancer.servers, render: (_, one) => <Servers group={one.MasterSlaveServerGroupId} /> },
          {
            title: t.balancer.listeners,
            render: (_, { AssociatedObjects }) => listenersText(AssociatedObjects.Listeners.Listener),
          },
          { title: t.common.actions, render: (_, one) => <Delete group={one} /> },
        ]}
      />
    </>
  )
}

function Servers({ group }: { readonly group: string }) {
  const t = useText()
  const { data } = useOne('Slb', 'DescribeMasterSlaveServerGroupAttribute', {
    MasterSlaveServerGroupId: group,
  })
  const servers = data?.MasterSlaveBackendServers.MasterSlaveBackendServer
  return (
    <GroupServers
      servers={servers?.map((one) => ({
        ...one,
        note: one.ServerType === 'Master' ? t.balancer.master : t.balancer.slave,
      }))}
    />
  )
}

function Delete({ group }: { readonly group: PairGroup }) {
  const t = useText()
  const { MasterSlaveServerGroupId, MasterSlaveServerGroupName, AssociatedObjects } = group
  return (
    <ConfirmButton
      label={t.common.delete}
      danger
      name={MasterSlaveServerGroupName}
      reason={AssociatedObjects.Listeners.Listener.length > 0 ? t.balancer.groupInUse : undefined}
      call={callOf('Slb', 'DeleteMasterSlaveServerGroup', { MasterSlaveServerGroupId })}
    >
      {t.vpc.deleteHint(MasterSlaveServerGroupName)}
    </ConfirmButton>
  )
}
