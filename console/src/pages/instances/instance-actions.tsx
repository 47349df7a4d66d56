import { callOf } from '../../api/call.ts'
import { useText } from '../../i18n/language.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { instanceBar } from './instance-can.ts'

interface Props {
  readonly instance: { readonly InstanceId: string; readonly InstanceName: string; readonly Status: string }
  readonly type?: 'link' | 'default'
  readonly onDeleted?: () => void
}

export function InstanceActions({ instance, type = 'link', onDeleted }: Props) {
  const t = useText()
  const { InstanceId, InstanceName, Status } = instance
  const name = InstanceName || InstanceId
  return (
    <>
      <ConfirmButton
        label={t.instance.start}
        type={type}
        reason={instanceBar('start', Status, t)}
        call={callOf('Ecs', 'StartInstance', { InstanceId })}
      >
        {t.instance.startHint(name)}
      </ConfirmButton>
      <ConfirmButton
        label={t.instance.stop}
        type={type}
        reason={instanceBar('stop', Status, t)}
        call={callOf('Ecs', 'StopInstance', { InstanceId })}
      >
        {t.instance.stopHint(name)}
      </ConfirmButton>
      <ConfirmButton
        label={t.instance.reboot}
        type={type}
        reason={instanceBar('reboot', Status, t)}
        call={callOf('Ecs', 'RebootInstance', { InstanceId })}
      >
        {t.instance.rebootHint(name)}
      </ConfirmButton>
      <ConfirmButton
        label={t.instance.release}
        type={type}
        danger
        name={name}
        reason={instanceBar('delete', Status, t)}
        call={callOf('Ecs', 'DeleteInstance', { InstanceId, Force: true })}
        {...(onDeleted ? { onDone: onDeleted } : {})}
      >
        {t.instance.releaseHint(name)}
      </ConfirmButton>
    </>
  )
}
