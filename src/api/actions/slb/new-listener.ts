import { quotas } from '../../../model/quotas.ts'
import { listenersOf } from '../../../store/load-balancers.ts'
import type { ListenerTable, LoadBalancerTable } from '../../../store/tables.ts'
import type { ActionContext } from '../../action.ts'
import { demand } from '../../require.ts'
import { liveLoadBalancer } from './own-load-balancer.ts'

export const newListenerErrors = [
  'InvalidLoadBalancerId.NotFound',
  'InvalidParameter',
  'ListenerPortConflict',
  'MissingParam.BackendServerPort',
  'OverQuota',
]

/** The load balancer on which a listener can be made, and the listeners that it has. */
export async function placeForListener(
  context: ActionContext,
  params: { readonly LoadBalancerId: string; readonly ListenerPort: number },
): Promise<{ readonly balancer: LoadBalancerTable; readonly present: readonly ListenerTable[] }> {
  const balancer = await liveLoadBalancer(context, params.LoadBalancerId)
  demand(balancer.vpc_id !== null, 'InvalidParameter', {
    name: 'LoadBalancerId',
    reason: 'public addresses are not carried here: only intranet load balancers take listeners',
  })
  const present = await listenersOf(context.tx, balancer.id)
  demand(!present.some(({ port }) => port === params.ListenerPort), 'ListenerPortConflict')
  demand(present.length < quotas.listenersPerLoadBalancer, 'OverQuota')
  return { balancer, present }
}
