import { callOf, type ResultOf } from '../../api/call.ts'
import type { Messages } from '../../i18n/en.ts'
import { useText } from '../../i18n/language.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'

type Policy = Pick<ResultOf<'Ram', 'GetPolicy'>['Policy'], 'PolicyName' | 'PolicyType' | 'AttachmentCount'>

interface Props {
  readonly policy: Policy
  readonly type: 'link' | 'default'
  readonly onDone?: () => void
}

/** With its versions. */
export function DeletePolicy({ policy, type, onDone }: Props) {
  const t = useText()
  const { PolicyName } = policy
  return (
    <ConfirmButton
      label={t.common.delete}
      type={type}
      danger
      name={PolicyName}
      reason={barTo(policy, t)}
      call={callOf('Ram', 'DeletePolicy', { PolicyName, CascadingDelete: true })}
      {...(onDone ? { onDone } : {})}
    >
      {t.vpc.deleteHint(PolicyName)}
    </ConfirmButton>
  )
}

function barTo({ PolicyType, AttachmentCount }: Policy, { ram }: Messages): string | undefined {
  if (PolicyType === 'System') return ram.isSystem
  return AttachmentCount > 0 ? ram.stillAttached : undefined
}
