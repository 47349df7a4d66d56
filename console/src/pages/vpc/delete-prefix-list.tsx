import { callOf } from '../../api/call.ts'
import type { PrefixList } from '../../api/lists.ts'
import { useText } from '../../i18n/language.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'

interface Props {
  readonly list: Pick<PrefixList, 'PrefixListId' | 'PrefixListName'>
  /** How many security groups name it in their rules. */
  readonly uses: number
  readonly type: 'link' | 'default'
  readonly onDone?: () => void
}

export function DeletePrefixList({ list, uses, type, onDone }: Props) {
  const t = useText()
  const name = list.PrefixListName || list.PrefixListId
  return (
    <ConfirmButton
      label={t.common.delete}
      type={type}
      danger
      name={name}
      reason={uses > 0 ? t.routing.inUse : undefined}
      call={callOf('Ecs', 'DeletePrefixList', { PrefixListId: list.PrefixListId })}
      {...(onDone ? { onDone } : {})}
    >
      {t.vpc.deleteHint(name)}
    </ConfirmButton>
  )
}
