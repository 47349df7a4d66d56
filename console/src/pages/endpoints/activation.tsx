import { Alert } from 'antd'
import { callOf } from '../../api/call.ts'
import { useCall } from '../../api/queries.ts'
import { CallError } from '../../api/send.ts'
import { useText } from '../../i18n/language.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'

/** PrivateLink is activated once per account, before the first endpoint or service. */
export function Activation() {
  const t = useText()
  const open = useCall(callOf('Privatelink', 'CheckProductOpen', {}))
  if (!(open.error instanceof CallError && open.error.code === 'NeedOpenProduct')) return null
  return (
    <Alert
      type="info"
      showIcon
      style={{ marginBottom: 12 }}
      title={t.endpoint.notActivated}
      action={
        <ConfirmButton
          label={t.endpoint.activate}
          type="primary"
          call={callOf('Privatelink', 'OpenPrivateLinkService', {})}
        >
          {t.endpoint.activateHint}
        </ConfirmButton>
      }
    />
  )
}
