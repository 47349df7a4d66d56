import { callOf, type ResultOf } from '../../api/call.ts'
import type { Messages } from '../../i18n/en.ts'
import { useText } from '../../i18n/language.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'

type Group = Pick<
  ResultOf<'ResourceManager', 'GetResourceGroup'>['ResourceGroup'],
  'Id' | 'Name' | 'DisplayName'
>

interface Props {
  readonly group: Group
  readonly size: number
  readonly type: 'link' | 'default'
  readonly onDone?: () => void
}

export function DeleteGroup({ group, size, type, onDone }: Props) {
  const t = useText()
  return (
    <ConfirmButton
      label={t.common.delete}
      type={type}
      danger
      name={group.Name}
      reason={barTo(group, size, t)}
      call={callOf('ResourceManager', 'DeleteResourceGroup', { ResourceGroupId: group.Id })}
      {...(onDone ? { onDone } : {})}
    >
      {t.vpc.deleteHint(group.DisplayName)}
    </ConfirmButton>
  )
}

function barTo({ Name }: Group, size: number, { groups }: Messages): string | undefined {
  if (Name === 'default') return groups.isDefault
  return size > 0 ? groups.notEmpty : undefined
}
