/** Servers as the Slb product's requests name them. */
import { z } from 'zod'
import { findEni } from '../../../store/enis.ts'
import { findInstance } from '../../../store/instances.ts'
import type { LoadBalancerTable } from '../../../store/tables.ts'
import type { ActionContext } from '../../action.ts'
import { ApiError } from '../../errors.ts'
import { ownerOf } from '../../new-resource.ts'

const wholeNumber = z.union([
  z.number(),
  z
    .string()
    .regex(/^\d{1,3}$/)
    .transform(Number),
])

export const serverItem = z.object({
  ServerId: z.string().min(1),
  Weight: wholeNumber.pipe(z.number().int().min(0).max(100)).optional(),
  Type: z.enum(['ecs', 'eni']).default('ecs'),
  ServerIp: z.string().default(''),
  Description: z.string().max(80).optional(),
})
export type Server = z.infer<typeof serverItem>

/**
 * A list of servers in what is nearly JSON: the Terraform provider writes single quotes and weights as text.
 * Its last call of a series may carry no list at all.
 */
export function serverList<Item extends z.ZodType>(item: Item) {
  return z
    .string()
    .transform((value, context) => {
      try {
        return JSON.parse(value.replaceAll("'", '"')) as unknown
      } catch {
        context.addIssue({ code: 'custom', message: 'not a list of servers' })
        return z.NEVER
      }
    })
    .pipe(z.array(item))
    .meta({ wire: 'json', invalid: 'InvalidParameter' })
}

/** A server of a VServer group: the same server may be in it under several ports. */
export const groupServerItem = serverItem.extend({
  Port: z
    .union([
      z.number(),
      z
        .string()
        .regex(/^\d{1,5}$/)
        .transform(Number),
    ])
    .pipe(z.number().int().min(1).max(65535)),
})
export type GroupServer = z.infer<typeof groupServerItem>

/** The server must be the caller's and in the load balancer's VPC. Only an `eni` server has an address of its own. */
export async function checkServer(
  context: ActionContext,
  balancer: LoadBalancerTable,
  server: Server,
): Promise<string> {
  const { tx } = context
  const refuse = (reason: string) => new ApiError('InvalidParameter', { name: 'BackendServers', reason })
  if (server.Type === 'ecs') {
    const instance = await findInstance(tx, ownerOf(context), server.ServerId)
    if (!instance || instance.status === 'Deleting') throw refuse(`${server.ServerId} does not exist`)
    if (instance.vpc_id !== balancer.vpc_id) throw new ApiError('NetworkConflict')
    return ''
  }
  const eni = await findEni(tx, ownerOf(context), server.ServerId)
  if (!eni || eni.instance_id === null) throw refuse(`${server.ServerId} does not exist`)
  if (eni.vpc_id !== balancer.vpc_id) throw new ApiError('NetworkConflict')
  if (server.ServerIp !== '' && server.ServerIp !== eni.address) {
    throw refuse(`${server.ServerIp} is not an address of ${server.ServerId}`)
  }
  return eni.address
}
