import { findLoadBalancer } from '../../../store/load-balancers.ts'
import type { LoadBalancerTable } from '../../../store/tables.ts'
import type { ActionContext } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import { found } from '../../require.ts'

export async function ownLoadBalancer(context: ActionContext, id: string): Promise<LoadBalancerTable> {
  return found(await findLoadBalancer(context.tx, ownerOf(context), id), 'InvalidLoadBalancerId.NotFound')
}

/** One that can still be changed: what is being deleted counts as gone. */
export async function liveLoadBalancer(context: ActionContext, id: string): Promise<LoadBalancerTable> {
  const balancer = await ownLoadBalancer(context, id)
  return found(balancer.status === 'deleting' ? undefined : balancer, 'InvalidLoadBalancerId.NotFound')
}
