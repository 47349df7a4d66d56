/** The caller's own resources of the Nlb product, or the code that says there is no such thing. */
import { findListener } from '../../../store/nlb/listeners.ts'
import { findBalancer } from '../../../store/nlb/load-balancers.ts'
import { findGroup } from '../../../store/nlb/server-groups.ts'
import type {
  NetworkLoadBalancerTable,
  NlbListenerTable,
  NlbServerGroupTable,
} from '../../../store/tables.ts'
import type { ActionContext } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import { demand, found } from '../../require.ts'

export async function ownBalancer(context: ActionContext, id: string): Promise<NetworkLoadBalancerTable> {
  return found(await findBalancer(context.tx, ownerOf(context), id), 'ResourceNotFound.loadBalancer')
}

/** One that can be changed: not while it is being made, changed or deleted. */
export async function steadyBalancer(context: ActionContext, id: string): Promise<NetworkLoadBalancerTable> {
  const balancer = await ownBalancer(context, id)
  demand(balancer.status !== 'Deleting', 'ResourceNotFound.loadBalancer')
  demand(balancer.status === 'Active', 'IncorrectStatus.loadbalancer')
  return balancer
}

export async function ownListener(context: ActionContext, id: string): Promise<NlbListenerTable> {
  return found(await findListener(context.tx, ownerOf(context), id), 'ResourceNotFound.listener')
}

/** A listener in one of these statuses. */
export async function listenerIn(
  context: ActionContext,
  id: string,
  statuses: readonly NlbListenerTable['status'][],
): Promise<NlbListenerTable> {
  const listener = await ownListener(context, id)
  demand(listener.status !== 'Deleting', 'ResourceNotFound.listener')
  demand(statuses.includes(listener.status), 'IncorrectStatus.listener')
  return listener
}

export async function ownGroup(context: ActionContext, id: string): Promise<NlbServerGroupTable> {
  const group = await findGroup(context.tx, ownerOf(context), id)
  return found(group?.status === 'Deleting' ? undefined : group, 'ResourceNotFound.serverGroup')
}
