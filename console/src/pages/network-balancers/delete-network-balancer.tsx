import { callOf } from '../../api/call.ts'
import type { NetworkBalancer } from '../../api/lists.ts'
import { useText } from '../../i18n/language.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'

interface Props {
  readonly balancer: Pick<NetworkBalancer, 'LoadBalancerId' | 'LoadBalancerName' | 'DeletionProtectionConfig'>
  readonly type: 'link' | 'default'
  readonly onDone?: () => void
}

export function DeleteNetworkBalancer({ balancer, type, onDone }: Props) {
  const t = useText()
  const { LoadBalancerId, LoadBalancerName, DeletionProtectionConfig } = balancer
  const name = LoadBalancerName || LoadBalancerId
  return (
    <ConfirmButton
      label={t.common.delete}
      type={type}
      danger
      name={name}
      call={callOf('Nlb', 'DeleteLoadBalancer', { LoadBalancerId })}
      reason={DeletionProtectionConfig.Enabled ? t.balancer.protected : undefined}
      {...(onDone ? { onDone } : {})}
    >
      {t.nlb.deleteHint(name)}
    </ConfirmButton>
  )
}
