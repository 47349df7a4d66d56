import { callOf } from '../../api/call.ts'
import type { LoadBalancer } from '../../api/lists.ts'
import { useText } from '../../i18n/language.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'

interface Props {
  readonly balancer: Pick<LoadBalancer, 'LoadBalancerId' | 'LoadBalancerName' | 'DeleteProtection'>
  readonly type: 'link' | 'default'
  readonly onDone?: () => void
}

export function DeleteBalancer({ balancer, type, onDone }: Props) {
  const t = useText()
  const { LoadBalancerId, LoadBalancerName, DeleteProtection } = balancer
  const name = LoadBalancerName || LoadBalancerId
  return (
    <ConfirmButton
      label={t.instance.release}
      type={type}
      danger
      name={name}
      call={callOf('Slb', 'DeleteLoadBalancer', { LoadBalancerId })}
      reason={DeleteProtection === 'on' ? t.balancer.protected : undefined}
      {...(onDone ? { onDone } : {})}
    >
      {t.balancer.deleteHint(name)}
    </ConfirmButton>
  )
}
