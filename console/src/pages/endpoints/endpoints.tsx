import { Button } from 'antd'
import { useNavigate } from 'react-router'
import { useEndpoints, type Endpoint } from '../../api/lists.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { Copyable } from '../../ui/copyable.tsx'
import { Page } from '../../ui/page.tsx'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { State } from '../../ui/state.tsx'
import { Activation } from './activation.tsx'
import { DeleteEndpoint } from './delete-endpoint.tsx'

export function Component() {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  const navigate = useNavigate()
  const create = (
    <Button type="primary" onClick={() => void navigate(paths.createEndpoint)}>
      {t.endpoint.create}
    </Button>
  )
  return (
    <Page title={t.nav.endpoints} about={t.endpoint.about} actions={create}>
      <Activation />
      <ResourceTable<Endpoint>
        query={useEndpoints()}
        label={t.nav.endpoints}
        empty={t.endpoint.empty}
        rowKey={({ EndpointId }) => EndpointId}
        searchIn={(one) => [one.EndpointId, one.EndpointName, one.EndpointDomain, one.ServiceName, one.VpcId]}
        columns={[
          {
            title: t.common.idAndName,
            render: (_, one) => (
              <ResourceLink to={paths.endpoint(one.EndpointId)} id={one.EndpointId} name={one.EndpointName} />
            ),
          },
          { title: t.common.status, render: (_, one) => <State value={one.EndpointStatus} /> },
          { title: t.endpoint.connection, render: (_, one) => <State value={one.ConnectionStatus} /> },
          { title: t.endpoint.domain, render: (_, one) => <Copyable text={one.EndpointDomain} /> },
          {
            title: t.endpoint.service,
            render: (_, { ServiceName }) => <span className="mono long">{ServiceName}</span>,
          },
          { title: t.vpc.vpc, render: (_, { VpcId }) => <ResourceLink to={paths.vpc(VpcId)} id={VpcId} /> },
          { title: t.common.created, render: (_, { CreateTime }) => formats.time(CreateTime) },
          { title: t.common.actions, render: (_, one) => <DeleteEndpoint endpoint={one} type="link" /> },
        ]}
      />
    </Page>
  )
}
