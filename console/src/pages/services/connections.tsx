import { callOf } from '../../api/call.ts'
import { useConnections, useZoneName, type Connection } from '../../api/lists.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { State } from '../../ui/state.tsx'
import { connectionBar } from './connection-can.ts'
import { LimitFields, limitOf, type LimitValues, type Service } from './limit-fields.tsx'

export function Connections({ service }: { readonly service: Service }) {
  const t = useText()
  const formats = useFormats()
  const zoneName = useZoneName()
  return (
    <ResourceTable<Connection>
      query={useConnections(service.ServiceId)}
      label={t.service.connections}
      empty={t.connection.empty}
      rowKey={({ EndpointId }) => EndpointId}
      searchIn={(one) => [one.EndpointId, String(one.EndpointOwnerId), one.EndpointVpcId]}
      columns={[
        { title: t.connection.endpoint, dataIndex: 'EndpointId', className: 'mono' },
        { title: t.common.status, render: (_, one) => <State value={one.ConnectionStatus} /> },
        {
          title: t.connection.owner,
          render: (_, one) => (
            <>
              <div>{String(one.EndpointOwnerId)}</div>
              <div className="mono">{one.EndpointVpcId}</div>
            </>
          ),
        },
        {
          title: t.connection.bandwidth,
          render: (_, one) =>
            one.TrafficControlMode === 'Scalability' ? t.connection.notLimited : `${one.Bandwidth} Mbit/s`,
        },
        {
          title: t.connection.zones,
          render: (_, { Zones }) =>
            Zones.map((zone) => (
              <div key={zone.ZoneId}>
                {zoneName(zone.ZoneId)} <State value={zone.ZoneStatus} />
              </div>
            )),
        },
        { title: t.connection.modified, render: (_, one) => formats.time(one.ModifiedTime) },
        { title: t.common.actions, render: (_, one) => <Actions service={service} connection={one} /> },
      ]}
    />
  )
}

interface ActionsProps {
  readonly service: Service
  readonly connection: Connection
}

function Actions({ service, connection }: ActionsProps) {
  const t = useText()
  const { ServiceId, EndpointId, ConnectionStatus: status } = connection
  const which = { ServiceId, EndpointId }
  return (
    <>
      <FormButton<LimitValues, unknown>
        label={t.connection.allow}
        title={t.connection.allowTitle(EndpointId)}
        type="link"
        reason={connectionBar('allow', status, t)}
        initial={limitOf(service, connection)}
        call={(values) => callOf('Privatelink', 'EnableVpcEndpointConnection', { ...which, ...values })}
      >
        <LimitFields service={service} />
      </FormButton>
      <ConfirmButton
        label={t.connection.deny}
        danger
        reason={connectionBar('deny', status, t)}
        call={callOf('Privatelink', 'DisableVpcEndpointConnection', which)}
      >
        {t.connection.denyHint(EndpointId)}
      </ConfirmButton>
      <FormButton<LimitValues, unknown>
        label={t.connection.changeBandwidth}
        type="link"
        reason={connectionBar('bandwidth', status, t)}
        initial={limitOf(service, connection)}
        call={(values) =>
          callOf('Privatelink', 'UpdateVpcEndpointConnectionAttribute', { ...which, ...values })
        }
      >
        <LimitFields service={service} />
      </FormButton>
    </>
  )
}
