/** What the rules of a VPC have noted of refused packets (`render/refusals.ts`). */
import { z } from 'zod'
import type { Exec } from './exec.ts'
import { inside, output } from './exec.ts'
import { tableName } from './nft/ops.ts'
import { refusalMarks, refusedSet, type RefusalCause } from './render/refusals.ts'

export interface Refusal {
  readonly protocol: 'tcp' | 'udp'
  readonly from: string
  /** As it was called. */
  readonly to: string
  readonly port: number
  readonly why: RefusalCause
  /** Since the kernel has known of it: it forgets what was not repeated for a minute. */
  readonly packets: number
}

const elementSchema = z.object({
  elem: z.object({
    val: z.object({ concat: z.tuple([z.string(), z.string(), z.string(), z.number(), z.number()]) }),
    counter: z.object({ packets: z.number() }),
  }),
})
const listSchema = z.object({
  nftables: z.array(z.object({ set: z.object({ elem: z.array(z.unknown()).optional() }).optional() })),
})

const causes = new Map<number, RefusalCause>(
  Object.entries(refusalMarks).map(([why, mark]) => [mark, why as RefusalCause]),
)

export async function readRefusals(exec: Exec, netns: string): Promise<readonly Refusal[]> {
  const listed = await output(exec, inside(netns, ['nft', '-j', 'list', 'set', 'ip', tableName, refusedSet]))
  return parseRefusals(JSON.parse(listed))
}

export function parseRefusals(json: unknown): readonly Refusal[] {
  return listSchema.parse(json).nftables.flatMap(({ set }) =>
    (set?.elem ?? []).flatMap((one): Refusal[] => {
      // Another shape is another protocol's, which has no ports.
      const { success, data } = elementSchema.safeParse(one)
      if (!success) return []
      const { val, counter } = data.elem
      const [from, to, protocol, port, mark] = val.concat
      const why = causes.get(mark)
      if (!why || (protocol !== 'tcp' && protocol !== 'udp')) return []
      return [{ protocol, from, to, port, why, packets: counter.packets }]
    }),
  )
}
