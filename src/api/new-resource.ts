import type { RandomBytes } from '../model/ids.ts'
import { defaultResourceGroup, ownsResourceGroup } from '../store/resource-groups.ts'
import type { Owner } from '../store/page.ts'
import type { ActionContext } from './action.ts'
import { ApiError } from './errors.ts'

export function ownerOf({ caller, region }: Pick<ActionContext, 'caller' | 'region'>): Owner {
  return { account: caller.account, region }
}

export interface OwnedColumns {
  readonly account_id: string
  readonly region_id: string
  readonly resource_group_id: string
  readonly created_at: string
}

/** The columns every new resource has. Without a group of its own it belongs to the account's default one. */
export async function ownedColumns(
  context: ActionContext,
  resourceGroup: string | undefined,
  unknownGroup: string,
): Promise<OwnedColumns> {
  const { tx, caller, region, now, randomBytes } = context
  if (resourceGroup !== undefined && !(await ownsResourceGroup(tx, caller.account, resourceGroup))) {
    throw new ApiError(unknownGroup, { name: 'ResourceGroupId' })
  }
  return {
    account_id: caller.account,
    region_id: region,
    resource_group_id: resourceGroup ?? (await defaultResourceGroup(tx, caller.account, now, randomBytes)),
    created_at: now.toISOString(),
  }
}

/** `00:16:3e:…`, as the cloud's interfaces have, with three random bytes. */
export function newMac(randomBytes: RandomBytes): string {
  const tail = [...randomBytes(3)].map((byte) => byte.toString(16).padStart(2, '0'))
  return ['00', '16', '3e', ...tail].join(':')
}
