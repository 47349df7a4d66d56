import { Button } from 'antd'
import { useNavigate, useParams } from 'react-router'
import { callOf, type ResultOf } from '../../api/call.ts'
import { useOne } from '../../api/lists.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { Copyable } from '../../ui/copyable.tsx'
import { Facts } from '../../ui/facts.tsx'
import { DescriptionField, NameField } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { MoveResource } from '../../ui/move-resources.tsx'
import { Page } from '../../ui/page.tsx'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { State } from '../../ui/state.tsx'
import { UrlTabs } from '../../ui/url-tabs.tsx'
import { Monitoring } from '../monitoring/monitoring.tsx'
import { DeleteEndpoint } from './delete-endpoint.tsx'
import { EndpointGroups } from './endpoint-groups.tsx'
import { EndpointZones } from './endpoint-zones.tsx'

type Endpoint = ResultOf<'Privatelink', 'GetVpcEndpointAttribute'>

export function Component() {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  const navigate = useNavigate()
  const { id = '' } = useParams()
  const query = useOne('Privatelink', 'GetVpcEndpointAttribute', { EndpointId: id })
  const actions = query.data && (
    <>
      <EditEndpoint endpoint={query.data} />
      <MoveResource service="privatelink" type="vpcendpoint" id={id} />
      <Button onClick={() => void navigate(`${paths.explain}?target=${id}`)}>{t.nav.explain}</Button>
      <DeleteEndpoint endpoint={query.data} type="default" onDone={() => void navigate(paths.endpoints)} />
    </>
  )
  return (
    <Page
      title={query.data?.EndpointName || id}
      above={[{ title: t.nav.endpoints, to: paths.endpoints }]}
      actions={actions}
    >
      <Loaded query={query}>
        {(one) => (
          <>
            <Facts
              title={t.endpoint.basics}
              facts={[
                [t.common.id, <Copyable key="id" text={one.EndpointId} />],
                [t.common.status, <State key="state" value={one.EndpointStatus} />],
                [t.endpoint.connection, <State key="connection" value={one.ConnectionStatus} />],
                [t.endpoint.domain, <Copyable key="domain" text={one.EndpointDomain} />],
                [t.endpoint.service, <Copyable key="service" text={one.ServiceName} />],
                [t.vpc.vpc, <ResourceLink key="vpc" to={paths.vpc(one.VpcId)} id={one.VpcId} />],
                [t.connection.bandwidth, `${one.Bandwidth} Mbit/s`],
                [t.service.zoneAffinity, <State key="zone" value={one.ZoneAffinityEnabled ? 'yes' : 'no'} />],
                [t.common.description, one.EndpointDescription],
                [t.common.created, formats.time(one.CreateTime)],
              ]}
            />
            <UrlTabs
              tabs={[
                { key: 'zones', label: t.endpoint.zonesAndEnis, children: <EndpointZones endpoint={one} /> },
                { key: 'groups', label: t.nav.securityGroups, children: <EndpointGroups endpoint={one} /> },
                { key: 'monitoring', label: t.metrics.title, children: <Monitoring of="endpoint" id={id} /> },
              ]}
            />
          </>
        )}
      </Loaded>
    </Page>
  )
}

interface EditValues {
  readonly EndpointName: string
  readonly EndpointDescription: string
}

function EditEndpoint({ endpoint }: { readonly endpoint: Endpoint }) {
  const t = useText()
  const { EndpointId, EndpointName, EndpointDescription } = endpoint
  return (
    <FormButton<EditValues, unknown>
      label={t.common.edit}
      initial={{ EndpointName, EndpointDescription }}
      call={(values) => callOf('Privatelink', 'UpdateVpcEndpointAttribute', { EndpointId, ...values })}
    >
      <NameField name="EndpointName" label={t.common.name} />
      <DescriptionField name="EndpointDescription" label={t.common.description} />
    </FormButton>
  )
}
