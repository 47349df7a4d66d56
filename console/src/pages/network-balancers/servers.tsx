import { Flex, Form, Input, InputNumber, Select } from 'antd'
import { callOf } from '../../api/call.ts'
import type { NlbServer, NlbServerGroup } from '../../api/lists.ts'
import { useList } from '../../api/queries.ts'
import { useText } from '../../i18n/language.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { useRequired } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { State } from '../../ui/state.tsx'
import { ServerChoice } from '../balancers/server-choice.tsx'
import { ServerLink } from './server-link.tsx'

interface AddValues {
  readonly servers: readonly string[]
  readonly weight: number
  readonly port: number
}

/** The servers of a group; what is chosen by id or by address is up to the group's type. */
export function Servers({ group }: { readonly group: NlbServerGroup }) {
  const t = useText()
  const required = useRequired()
  const { ServerGroupId, ServerGroupType, VpcId } = group
  const isIp = ServerGroupType === 'Ip'
  const added: 'Ip' | 'Ecs' = isIp ? 'Ip' : 'Ecs'
  const call = callOf('Nlb', 'ListServerGroupServers', { ServerGroupId, MaxResults: 100 })
  return (
    <>
      <Flex style={{ marginBottom: 12 }}>
        <FormButton<AddValues, unknown>
          label={t.balancer.addServers}
          type="primary"
          initial={{ weight: 100, port: 80 }}
          call={({ servers, weight, port }) =>
            callOf('Nlb', 'AddServersToServerGroup', {
              ServerGroupId,
              Servers: (servers ?? []).map((ServerId) => ({
                ServerId,
                ServerType: added,
                ServerIp: isIp ? ServerId : undefined,
                Port: port,
                Weight: weight,
              })),
            })
          }
        >
          {isIp ? <AddressChoice /> : <ServerChoice vpc={VpcId} />}
          <Form.Item name="port" label={t.balancer.backendPort} rules={[required]}>
            <InputNumber min={1} max={65535} precision={0} />
          </Form.Item>
        </FormButton>
      </Flex>
      <ResourceTable<NlbServer>
        query={useList(call, ({ Servers: servers }) => servers)}
        label={t.balancer.servers}
        empty={t.nlb.noServers}
        rowKey={(one) => `${one.ServerId} ${one.ServerIp} ${one.Port}`}
        searchIn={(one) => [one.ServerId, one.ServerIp, one.Description]}
        columns={[
          { title: t.balancer.server, render: (_, one) => <ServerLink server={one} /> },
          { title: t.common.address, dataIndex: 'ServerIp', className: 'mono' },
          { title: t.balancer.backendPort, dataIndex: 'Port' },
          { title: t.balancer.weight, dataIndex: 'Weight' },
          { title: t.common.status, render: (_, { Status }) => <State value={Status} /> },
          { title: t.common.description, dataIndex: 'Description' },
          {
            title: t.common.actions,
            render: (_, one) => <Actions group={ServerGroupId} server={one} />,
          },
        ]}
      />
    </>
  )
}

function AddressChoice() {
  const t = useText()
  const required = useRequired()
  return (
    <>
      <Form.Item
        name="servers"
        label={t.common.address}
        extra={t.nlb.addressesHint}
        rules={[
          required,
          {
            type: 'array',
            defaultField: { type: 'string', pattern: /^(\d{1,3}\.){3}\d{1,3}$/ },
            message: t.common.addressRule,
          },
        ]}
      >
        <Select mode="tags" tokenSeparators={[',', ' ']} options={[]} />
      </Form.Item>
      <Form.Item name="weight" label={t.balancer.weight} extra={t.balancer.weightHint} rules={[required]}>
        <InputNumber min={0} max={100} precision={0} />
      </Form.Item>
    </>
  )
}

interface ActionsProps {
  readonly group: string
  readonly server: NlbServer
}

interface EditValues {
  readonly Weight: number
  readonly Description?: string
}

function Actions({ group, server }: ActionsProps) {
  const t = useText()
  const { ServerId, ServerIp, Port, Weight, Description } = server
  const type = (['Ecs', 'Eni', 'Ip'] as const).find((one) => one === server.ServerType) ?? 'Ecs'
  const which = { ServerId, ServerType: type, ServerIp: type === 'Ecs' ? undefined : ServerIp, Port }
  return (
    <>
      <FormButton<EditValues, unknown>
        label={t.common.edit}
        type="link"
        initial={{ Weight, Description }}
        call={(values) =>
          callOf('Nlb', 'UpdateServerGroupServersAttribute', {
            ServerGroupId: group,
            Servers: [{ ...which, ...values }],
          })
        }
      >
        <Form.Item name="Weight" label={t.balancer.weight} extra={t.balancer.weightHint}>
          <InputNumber min={0} max={100} precision={0} />
        </Form.Item>
        <Form.Item name="Description" label={t.common.description}>
          <Input maxLength={256} autoComplete="off" />
        </Form.Item>
      </FormButton>
      <ConfirmButton
        label={t.common.remove}
        danger
        call={callOf('Nlb', 'RemoveServersFromServerGroup', { ServerGroupId: group, Servers: [which] })}
      >
        {t.balancer.removeHint(ServerId)}
      </ConfirmButton>
    </>
  )
}
