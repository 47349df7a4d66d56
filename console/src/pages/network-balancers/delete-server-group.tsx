import { callOf } from '../../api/call.ts'
import type { NlbServerGroup } from '../../api/lists.ts'
import { useText } from '../../i18n/language.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'

interface Props {
  readonly group: NlbServerGroup
  readonly type: 'link' | 'default'
  readonly onDone?: () => void
}

export function DeleteServerGroup({ group, type, onDone }: Props) {
  const t = useText()
  const { ServerGroupId, ServerGroupName, RelatedLoadBalancerIds } = group
  return (
    <ConfirmButton
      label={t.common.delete}
      type={type}
      danger
      name={ServerGroupName}
      reason={RelatedLoadBalancerIds.length > 0 ? t.nlb.inUse : undefined}
      call={callOf('Nlb', 'DeleteServerGroup', { ServerGroupId })}
      {...(onDone ? { onDone } : {})}
    >
      {t.nlb.groupDeleteHint(ServerGroupName)}
    </ConfirmButton>
  )
}
