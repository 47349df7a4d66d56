/** What is asked of an HTTP or HTTPS listener, as questions for an explanation carry it. */
import { z } from 'zod'
import type { HttpRequest } from '../explain/judgement.ts'

export const httpRequest = z.strictObject({
  /** What is called unless given. */
  host: z
    .string()
    .regex(/^[a-z0-9._-]{1,253}$/i)
    .optional(),
  path: z.string().regex(/^\/[!-~]{0,1023}$/),
})

export function requestTo(
  called: string,
  request: z.infer<typeof httpRequest> | undefined,
): HttpRequest | undefined {
  return request && { host: request.host ?? called, path: request.path }
}
