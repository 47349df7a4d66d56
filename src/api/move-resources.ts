import type { RegionId } from '../model/ids.ts'
import { moveToResourceGroup, type GroupedType } from '../store/resource-group-members.ts'
import { ownsResourceGroup } from '../store/resource-groups.ts'
import type { ActionContext } from './action.ts'
import { demand, found } from './require.ts'

interface Move {
  /** The product's names of resource types; matched without regard to case. */
  readonly types: Readonly<Record<string, GroupedType>>
  readonly type: string
  readonly ids: readonly string[]
  readonly group: string
  /** Where the resources are, unless in the region of the request. */
  readonly region?: RegionId | undefined
  /** How the product calls what it does not know. */
  readonly unknown: { readonly type: string; readonly group: string; readonly resource: string }
}

/** What each product does under a name of its own: puts resources of the caller into another resource group. */
export async function moveResources({ tx, caller, region }: ActionContext, move: Move): Promise<void> {
  const { ids, group, unknown } = move
  const match = Object.entries(move.types).find(([name]) => name.toLowerCase() === move.type.toLowerCase())
  const [, type] = found(match, unknown.type, { name: 'ResourceType', reason: move.type })
  const known = await ownsResourceGroup(tx, caller.account, group)
  demand(known, unknown.group, { name: 'ResourceGroupId', reason: group })
  const owner = { account: caller.account, region: move.region ?? region }
  const strange = await moveToResourceGroup(tx, type, owner, ids, group)
  demand(strange === undefined, unknown.resource, { name: 'ResourceId', reason: strange ?? '' })
}
