import { callOf } from '../../api/call.ts'
import type { RouteTable } from '../../api/lists.ts'
import type { Messages } from '../../i18n/en.ts'
import { useText } from '../../i18n/language.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'

interface Props {
  readonly table: RouteTable
  readonly type: 'link' | 'default'
  readonly onDone?: () => void
}

export function DeleteRouteTable({ table, type, onDone }: Props) {
  const t = useText()
  const { RouteTableId, RouteTableName } = table
  const name = RouteTableName || RouteTableId
  return (
    <ConfirmButton
      label={t.common.delete}
      type={type}
      danger
      name={name}
      reason={barTo(table, t)}
      call={callOf('Vpc', 'DeleteRouteTable', { RouteTableId })}
      {...(onDone ? { onDone } : {})}
    >
      {t.vpc.deleteHint(name)}
    </ConfirmButton>
  )
}

function barTo({ RouteTableType, VSwitchIds }: RouteTable, t: Messages): string | undefined {
  if (RouteTableType === 'System') return t.routing.systemTable
  return VSwitchIds.VSwitchId.length > 0 ? t.routing.stillBound : undefined
}
