import { Button } from 'antd'
import { useNavigate } from 'react-router'
import { callOf } from '../../api/call.ts'
import { useServices, type Service } from '../../api/lists.ts'
import { useFormats } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { Page } from '../../ui/page.tsx'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { State } from '../../ui/state.tsx'
import { resourceTypeName } from './resource-type-name.ts'
import { Activation } from '../endpoints/activation.tsx'

export function Component() {
  const t = useText()
  const paths = usePaths()
  const formats = useFormats()
  const navigate = useNavigate()
  const create = (
    <Button type="primary" onClick={() => void navigate(paths.createService)}>
      {t.service.create}
    </Button>
  )
  return (
    <Page title={t.nav.services} about={t.service.about} actions={create}>
      <Activation />
      <ResourceTable<Service>
        query={useServices()}
        label={t.nav.services}
        empty={t.service.empty}
        rowKey={({ ServiceId }) => ServiceId}
        searchIn={(one) => [one.ServiceId, one.ServiceName, one.ServiceDescription]}
        columns={[
          {
            title: t.service.idAndDescription,
            render: (_, one) => (
              <ResourceLink
                to={paths.service(one.ServiceId)}
                id={one.ServiceId}
                name={one.ServiceDescription}
              />
            ),
          },
          { title: t.service.name, render: (_, { ServiceName }) => <Copyable text={ServiceName} /> },
          { title: t.common.status, render: (_, { ServiceStatus }) => <State value={ServiceStatus} /> },
          {
            title: t.service.autoAccept,
            render: (_, one) => <State value={one.AutoAcceptEnabled ? 'yes' : 'no'} />,
          },
          { title: t.service.resourceType, render: (_, one) => resourceTypeName(one.ServiceResourceType, t) },
          { title: t.common.created, render: (_, { CreateTime }) => formats.time(CreateTime) },
          {
            title: t.common.actions,
            render: (_, one) => (
              <ConfirmButton
                label={t.common.delete}
                danger
                name={one.ServiceId}
                call={callOf('Privatelink', 'DeleteVpcEndpointService', { ServiceId: one.ServiceId })}
              >
                {t.service.deleteHint(one.ServiceId)}
              </ConfirmButton>
            ),
          },
        ]}
      />
    </Page>
  )
}
