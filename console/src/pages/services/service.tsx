import { Form, Radio } from 'antd'
import { useNavigate, useParams } from 'react-router'
import { callOf, type ResultOf } from '../../api/call.ts'
import { useOne, useZoneName } from '../../api/lists.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { Facts } from '../../ui/facts.tsx'
import { DescriptionField } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { MoveResource } from '../../ui/move-resources.tsx'
import { Page } from '../../ui/page.tsx'
import { State } from '../../ui/state.tsx'
import { UrlTabs } from '../../ui/url-tabs.tsx'
import { Monitoring } from '../monitoring/monitoring.tsx'
import { Connections } from './connections.tsx'
import { resourceTypeName } from './resource-type-name.ts'
import { Resources } from './resources.tsx'
import { Whitelist } from './whitelist.tsx'

type Service = ResultOf<'Privatelink', 'GetVpcEndpointServiceAttribute'>

export function Component() {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  const zoneName = useZoneName()
  const navigate = useNavigate()
  const { id = '' } = useParams()
  const query = useOne('Privatelink', 'GetVpcEndpointServiceAttribute', { ServiceId: id })
  const actions = query.data && (
    <>
      <EditService service={query.data} />
      <MoveResource service="privatelink" type="vpcendpointservice" id={id} />
      <ConfirmButton
        label={t.common.delete}
        type="default"
        danger
        name={id}
        call={callOf('Privatelink', 'DeleteVpcEndpointService', { ServiceId: id })}
        onDone={() => void navigate(paths.services)}
      >
        {t.service.deleteHint(id)}
      </ConfirmButton>
    </>
  )
  return (
    <Page title={id} above={[{ title: t.nav.services, to: paths.services }]} actions={actions}>
      <Loaded query={query}>
        {(one) => (
          <>
            <Facts
              facts={[
                [t.service.name, <Copyable key="name" text={one.ServiceName} />],
                [t.common.status, <State key="state" value={one.ServiceStatus} />],
                [t.common.description, one.ServiceDescription],
                [t.service.autoAccept, <State key="auto" value={one.AutoAcceptEnabled ? 'yes' : 'no'} />],
                [t.service.zoneAffinity, <State key="zone" value={one.ZoneAffinityEnabled ? 'yes' : 'no'} />],
                [t.service.bandwidth, `${one.ConnectBandwidth} Mbit/s`],
                [t.service.zones, one.Zones.map(zoneName).join(', ')],
                [t.service.resourceType, resourceTypeName(one.ServiceResourceType, t)],
                [t.common.created, formats.time(one.CreateTime)],
              ]}
            />
            <UrlTabs
              tabs={[
                {
                  key: 'resources',
                  label: t.service.resources,
                  children: (
                    <Resources service={id} type={one.ServiceResourceType === 'nlb' ? 'nlb' : 'slb'} />
                  ),
                },
                { key: 'connections', label: t.service.connections, children: <Connections service={one} /> },
                { key: 'whitelist', label: t.service.whitelist, children: <Whitelist service={id} /> },
                { key: 'monitoring', label: t.metrics.title, children: <Monitoring of="service" id={id} /> },
              ]}
            />
          </>
        )}
      </Loaded>
    </Page>
  )
}

interface EditValues {
  readonly ServiceDescription: string
  readonly AutoAcceptEnabled: boolean
  readonly ZoneAffinityEnabled: boolean
}

function EditService({ service }: { readonly service: Service }) {
  const t = useText()
  const yesNo = [
    { value: true, label: t.states.yes },
    { value: false, label: t.states.no },
  ]
  const { ServiceId, ServiceDescription, AutoAcceptEnabled, ZoneAffinityEnabled } = service
  return (
    <FormButton<EditValues, unknown>
      label={t.common.edit}
      initial={{ ServiceDescription, AutoAcceptEnabled, ZoneAffinityEnabled }}
      call={(values) => callOf('Privatelink', 'UpdateVpcEndpointServiceAttribute', { ServiceId, ...values })}
    >
      <DescriptionField name="ServiceDescription" label={t.common.description} />
      <Form.Item name="AutoAcceptEnabled" label={t.service.autoAccept} extra={t.service.autoAcceptHint}>
        <Radio.Group options={yesNo} />
      </Form.Item>
      <Form.Item name="ZoneAffinityEnabled" label={t.service.zoneAffinity} extra={t.service.zoneAffinityHint}>
        <Radio.Group options={yesNo} />
      </Form.Item>
    </FormButton>
  )
}
