/** What the rules of a VPC have noted of refused packets (`render/refusals.ts`), and of flows whose end is not told (`render/flow-ends.ts`). */
import { z } from 'zod'
import type { Exec } from './exec.ts'
import { inside, output } from './exec.ts'
import { tableName } from './nft/ops.ts'
import { untoldCounter } from './render/flow-ends.ts'
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
  nftables: z.array(
    z.object({
      set: z.object({ elem: z.array(z.unknown()).optional() }).optional(),
      counter: z.object({ packets: z.number() }).optional(),
    }),
  ),
})

const causes = new Map<number, RefusalCause>(
  Object.entries(refusalMarks).map(([why, mark]) => [mark, why as RefusalCause]),
)

export interface Noted {
  readonly refusals: readonly Refusal[]
  /** Flows since the table was made. */
  readonly untold: number
}

export async function readNoted(exec: Exec, netns: string): Promise<Noted> {
  const lists = [`list set ip ${tableName} ${refusedSet}`, `list counter ip ${tableName} ${untoldCounter}`]
  const listed = await output(exec, inside(netns, ['nft', '-j', lists.join('; ')]))
  // A document for each.
  const documents = listed.split('\n').filter((line) => line !== '')
  return parseNoted(documents.map((document): unknown => JSON.parse(document)))
}

export function parseNoted(documents: readonly unknown[]): Noted {
  const objects = documents.flatMap((document) => listSchema.parse(document).nftables)
  return {
    refusals: objects.flatMap(({ set }) => refusalsIn(set?.elem ?? [])),
    untold: objects.reduce((sum, { counter }) => sum + (counter?.packets ?? 0), 0),
  }
}

function refusalsIn(elements: readonly unknown[]): readonly Refusal[] {
  return elements.flatMap((one): Refusal[] => {
    // Another shape is another protocol's, which has no ports.
    const { success, data } = elementSchema.safeParse(one)
    if (!success) return []
    const { val, counter } = data.elem
    const [from, to, protocol, port, mark] = val.concat
    const why = causes.get(mark)
    if (!why || (protocol !== 'tcp' && protocol !== 'udp')) return []
    return [{ protocol, from, to, port, why, packets: counter.packets }]
  })
}
