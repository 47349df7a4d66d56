import type { RegionId } from '../model/ids.ts'
import { moveToResourceGroup, type GroupedType } from '../store/resource-group-members.ts'
import { ownsResourceGroup } from '../store/resource-groups.ts'
import type { ActionContext } from './action.ts'
import { demand } from './require.ts'

interface Move {
  readonly type: GroupedType
  readonly ids: readonly string[]
  readonly group: string
  /** Where the resources are, unless in the region of the request. */
  readonly region?: RegionId | undefined
  /** How the product calls a group, or a resource, that the caller does not have. */
  readonly unknownGroup: string
  readonly unknownResource: string
}

/** What each product does under a name of its own: puts resources of the caller into another resource group. */
export async function moveResources({ tx, caller, region }: ActionContext, move: Move): Promise<void> {
  const { type, ids, group } = move
  demand(await ownsResourceGroup(tx, caller.account, group), move.unknownGroup, { name: 'ResourceGroupId' })
  const owner = { account: caller.account, region: move.region ?? region }
  const strange = await moveToResourceGroup(tx, type, owner, ids, group)
  demand(strange === undefined, move.unknownResource, { name: 'ResourceId', reason: strange ?? '' })
}
