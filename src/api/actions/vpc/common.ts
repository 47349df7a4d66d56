/** Vpc 2016-04-28: what belongs to no resource alone. */
import type { Action } from '../../action.ts'
import { describeRegions, describeZones } from '../../region-actions.ts'
import { tagActions } from '../../tags.ts'
import { vpcTagErrors } from './errors.ts'

export const vpcCommonActions: readonly Action[] = [
  describeRegions('Vpc'),
  describeZones('Vpc'),
  ...tagActions({
    product: 'Vpc',
    errors: vpcTagErrors,
    types: { VPC: 'vpc', VSWITCH: 'vswitch', ROUTETABLE: 'routetable' },
    untag: 'UnTagResources',
    listShape: 'wrapped',
  }),
]
