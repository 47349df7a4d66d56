import { callOf } from '../../api/call.ts'
import { useEndpointZones, type Endpoint } from '../../api/lists.ts'
import { useText } from '../../i18n/language.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'

interface Props {
  readonly endpoint: Pick<Endpoint, 'EndpointId' | 'EndpointName' | 'ProtectedEnabled'>
  readonly type: 'link' | 'default'
  readonly onDone?: () => void
}

export function DeleteEndpoint({ endpoint, type, onDone }: Props) {
  const t = useText()
  const { EndpointId, EndpointName, ProtectedEnabled } = endpoint
  const zones = useEndpointZones(EndpointId).data ?? []
  const name = EndpointName || EndpointId
  const reason = ProtectedEnabled ? t.endpoint.protected : zones.length > 0 ? t.endpoint.hasZones : undefined
  return (
    <ConfirmButton
      label={t.common.delete}
      type={type}
      danger
      name={name}
      reason={reason}
      call={callOf('Privatelink', 'DeleteVpcEndpoint', { EndpointId })}
      {...(onDone ? { onDone } : {})}
    >
      {t.endpoint.deleteHint(name)}
    </ConfirmButton>
  )
}
