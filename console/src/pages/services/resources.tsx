import { Flex, Form } from 'antd'
import { callOf } from '../../api/call.ts'
import { useZoneName, type ServiceResource } from '../../api/lists.ts'
import { useList } from '../../api/queries.ts'
import { useText } from '../../i18n/language.tsx'
import { usePaths } from '../../paths.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { ZoneField } from '../../ui/fields.tsx'
import { FormButton } from '../../ui/form-button.tsx'
import { ResourceLink } from '../../ui/resource-link.tsx'
import { ResourceTable } from '../../ui/resource-table.tsx'
import { resourceTypeName } from './resource-type-name.ts'
import { BalancerField, type ResourceType } from './balancer-field.tsx'

interface Values {
  readonly ZoneId: string
  readonly resource: string
}

interface Props {
  readonly service: string
  readonly type: ResourceType
}

export function Resources({ service, type }: Props) {
  const t = useText()
  const paths = usePaths()
  const zoneName = useZoneName()
  const call = callOf('Privatelink', 'ListVpcEndpointServiceResources', { ServiceId: service })
  const query = useList(call, (answer) => answer.Resources)
  return (
    <>
      <Flex style={{ marginBottom: 12 }}>
        <FormButton<Values, unknown>
          label={t.service.addResource}
          type="primary"
          initial={{}}
          call={({ ZoneId, resource }) =>
            callOf('Privatelink', 'AttachResourceToVpcEndpointService', {
              ServiceId: service,
              ResourceType: type,
              ResourceId: resource,
              ZoneId,
            })
          }
        >
          <ZoneField label={t.service.zone} />
          <ZonedBalancerField type={type} taken={query.data ?? []} />
        </FormButton>
      </Flex>
      <ResourceTable<ServiceResource>
        query={query}
        label={t.service.resources}
        empty={t.service.noResources}
        rowKey={(one) => `${one.ResourceId} ${one.ZoneId}`}
        columns={[
          {
            title: t.service.resource,
            render: (_, { ResourceId }) => (
              <ResourceLink
                to={type === 'nlb' ? paths.networkBalancer(ResourceId) : paths.loadBalancer(ResourceId)}
                id={ResourceId}
              />
            ),
          },
          { title: t.service.resourceType, render: (_, one) => resourceTypeName(one.ResourceType, t) },
          { title: t.common.zone, render: (_, { ZoneId }) => zoneName(ZoneId) },
          { title: t.common.address, dataIndex: 'Ip', className: 'mono' },
          { title: t.vpc.vpc, render: (_, { VpcId }) => <ResourceLink to={paths.vpc(VpcId)} id={VpcId} /> },
          { title: t.service.usedBy, dataIndex: 'RelatedEndpointCount' },
          {
            title: t.common.actions,
            render: (_, one) => (
              <ConfirmButton
                label={t.common.remove}
                danger
                name={one.ResourceId}
                reason={one.RelatedEndpointCount > 0 ? t.service.resourceInUse : undefined}
                call={callOf('Privatelink', 'DetachResourceFromVpcEndpointService', {
                  ServiceId: service,
                  ResourceId: one.ResourceId,
                  ResourceType: one.ResourceType,
                  ZoneId: one.ZoneId,
                })}
              >
                {t.service.removeResourceHint(one.ResourceId)}
              </ConfirmButton>
            ),
          },
        ]}
      />
    </>
  )
}

interface ZonedProps {
  readonly type: ResourceType
  readonly taken: readonly ServiceResource[]
}

/** The choice follows the zone chosen in the same form; an NLB may serve in several. */
function ZonedBalancerField({ type, taken }: ZonedProps) {
  const form = Form.useFormInstance<Values>()
  const zone = Form.useWatch('ZoneId', form)
  const without = taken.filter(({ ZoneId }) => type === 'slb' || ZoneId === zone)
  return <BalancerField type={type} zone={zone} without={without.map(({ ResourceId }) => ResourceId)} />
}
