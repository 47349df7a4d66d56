/** Ecs 2014-05-26: how instances want to be treated when their host is worked on. Kept and told again: the operator maintains the host. */
import { z } from 'zod'
import { listInstances, updateInstance } from '../../../store/instances.ts'
import { defineAction, type Action } from '../../action.ts'
import { ownerOf } from '../../new-resource.ts'
import { pageOf, pageParams, pageResult } from '../../paging.ts'
import { choice, flag, text } from '../../params.ts'
import { demand } from '../../require.ts'
import { strings, wrapped } from '../../results.ts'
import { livingInstance } from './instance-power.ts'
import { readTerms, writeTerms } from './instance-terms.ts'

const partial = 'Kept and told again: the operator maintains the host.'
const actions = ['Stop', 'AutoRecover', 'AutoRedeploy'] as const

const describeInstanceMaintenanceAttributes = defineAction({
  product: 'Ecs',
  name: 'DescribeInstanceMaintenanceAttributes',
  summary: { en: 'Describes the maintenance attributes of instances.', zh: '查询实例的维护属性。' },
  status: { partial },
  params: z.object({ InstanceId: z.array(text()).max(100).optional(), ...pageParams(10, 100) }),
  result: z.object({
    ...pageResult,
    MaintenanceAttributes: wrapped(
      'MaintenanceAttribute',
      z.object({
        InstanceId: z.string(),
        MaintenanceWindows: wrapped(
          'MaintenanceWindow',
          z.object({ StartTime: z.string(), EndTime: z.string() }),
        ),
        ActionOnMaintenance: z.object({
          Value: z.string(),
          DefaultValue: z.string(),
          SupportedValues: strings('SupportedValue'),
        }),
        NotifyOnMaintenance: z.boolean(),
      }),
    ),
  }),
  effect: 'read',
  handler: async (context, params) => {
    const page = pageOf(params)
    const filter = { ids: params.InstanceId, tags: [] }
    const { rows, total } = await listInstances(context.tx, ownerOf(context), filter, page)
    return {
      TotalCount: total,
      PageNumber: params.PageNumber,
      PageSize: params.PageSize,
      MaintenanceAttributes: {
        MaintenanceAttribute: rows.map((row) => {
          const terms = readTerms(row.terms)
          return {
            InstanceId: row.id,
            MaintenanceWindows: { MaintenanceWindow: [...terms.MaintenanceWindow] },
            ActionOnMaintenance: {
              Value: terms.ActionOnMaintenance,
              DefaultValue: 'AutoRecover',
              SupportedValues: { SupportedValue: [...actions] },
            },
            NotifyOnMaintenance: terms.NotifyOnMaintenance,
          }
        }),
      },
    }
  },
})

const hour = () => text({ pattern: /^([01]\d|2[0-3]):00:00$/ })

const modifyInstanceMaintenanceAttributes = defineAction({
  product: 'Ecs',
  name: 'ModifyInstanceMaintenanceAttributes',
  summary: { en: 'Changes the maintenance attributes of instances.', zh: '修改实例的维护属性。' },
  status: { partial },
  params: z.object({
    InstanceId: z.array(text()).min(1).max(100),
    MaintenanceWindow: z
      .array(z.object({ StartTime: hour(), EndTime: hour() }))
      .max(1)
      .optional(),
    ActionOnMaintenance: choice(actions).optional(),
    NotifyOnMaintenance: flag().optional(),
  }),
  result: z.object({}),
  effect: 'write',
  errors: ['InvalidInstanceId.NotFound', 'InvalidParameter'],
  handler: async (context, { InstanceId, ...asked }) => {
    // Over midnight as well: of 1 to 23 hours, only a window without an end is none.
    for (const { StartTime, EndTime } of asked.MaintenanceWindow ?? []) {
      demand(StartTime !== EndTime, 'InvalidParameter', {
        name: 'MaintenanceWindow',
        reason: 'it has 1 to 23 hours',
      })
    }
    for (const id of new Set(InstanceId)) {
      const instance = await livingInstance(context, id)
      await updateInstance(context.tx, instance.id, { terms: writeTerms(asked, instance.terms) })
    }
    return {}
  },
})

export const maintenanceActions: readonly Action[] = [
  describeInstanceMaintenanceAttributes,
  modifyInstanceMaintenanceAttributes,
]
