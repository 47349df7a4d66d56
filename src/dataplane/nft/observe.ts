import { z } from 'zod'
import type { Exec } from '../exec.ts'
import { CommandError, inside } from '../exec.ts'
import type { NftChain, NftSet, NftTable } from '../state.ts'
import { baseChain, countingSpec, memorySpec, setSpec, timeoutSpec } from './spec.ts'
import { tableName } from './ops.ts'

const elementSchema = z.unknown()
const setSchema = z.object({
  name: z.string(),
  type: z.union([z.string(), z.array(z.string())]),
  map: z.string().optional(),
  flags: z.array(z.string()).optional(),
  timeout: z.number().optional(),
  size: z.number().optional(),
  elem: z.array(elementSchema).optional(),
})
const objectSchema = z.object({
  set: setSchema.optional(),
  map: setSchema.optional(),
  chain: z
    .object({
      name: z.string(),
      type: z.string().optional(),
      hook: z.string().optional(),
      prio: z.number().optional(),
      policy: z.string().optional(),
    })
    .optional(),
  counter: z.object({ name: z.string() }).optional(),
  rule: z.object({ chain: z.string(), comment: z.string().optional() }).optional(),
  'ct timeout': z
    .object({ name: z.string(), protocol: z.string(), policy: z.record(z.string(), z.number()) })
    .optional(),
})
const listSchema = z.object({ nftables: z.array(objectSchema) })

/** The table as it is, or undefined when there is none. */
export async function observeTable(exec: Exec, netns: string): Promise<NftTable | undefined> {
  const command = inside(netns, ['nft', '-j', 'list', 'table', 'ip', tableName])
  const result = await exec(command)
  if (result.code !== 0) {
    const error = new CommandError(command, result)
    if (error.kind === 'not-found') return undefined
    throw error
  }
  return parseTable(JSON.parse(result.stdout))
}

export function parseTable(json: unknown): NftTable {
  const timeouts = new Map<string, string>()
  const counters = new Set<string>()
  const sets = new Map<string, NftSet>()
  const chains = new Map<string, NftChain>()
  const marks = new Map<string, string[]>()
  for (const { counter, set, map, chain, rule, 'ct timeout': timeout } of listSchema.parse(json).nftables) {
    if (counter) counters.add(counter.name)
    if (timeout) timeouts.set(timeout.name, timeoutSpec(timeout.protocol, timeout.policy))
    if (set) sets.set(set.name, parseSet('set', set))
    if (map) sets.set(map.name, parseSet('map', map))
    if (chain) {
      const { name, type, hook, prio, policy } = chain
      const base = type && hook ? baseChain(type, hook, prio ?? 0, policy ?? 'accept') : undefined
      const own: string[] = []
      marks.set(name, own)
      chains.set(name, { base, marks: own })
    }
    if (rule) marks.get(rule.chain)?.push(rule.comment ?? '')
  }
  return { timeouts, counters, sets, chains }
}

function parseSet(kind: NftSet['kind'], set: z.infer<typeof setSchema>): NftSet {
  // What packets put into a set is theirs: it is neither compared nor taken out.
  const keys = [set.type].flat().join(' . ')
  if (set.timeout !== undefined)
    return { kind, spec: memorySpec(keys, set.timeout, set.size), elements: new Map() }
  // Of our sets only those have a size; that they are dynamic is not told.
  if (set.size !== undefined) return { kind, spec: countingSpec(keys, set.size), elements: new Map() }
  const spec = setSpec(keys, set.map, set.flags?.includes('interval') ?? false)
  const elements = (set.elem ?? []).map((element): [string, string] =>
    kind === 'map' && Array.isArray(element) ? [text(element[0]), text(element[1])] : [text(element), ''],
  )
  return { kind, spec, elements: new Map(elements) }
}

const prefixSchema = z.object({ prefix: z.object({ addr: z.string(), len: z.number() }) })
const concatSchema = z.object({ concat: z.array(z.union([z.string(), z.number()])) })
const jumpSchema = z.object({ goto: z.object({ target: z.string() }) })

/** Keys and values as they are written in a statement; anything else comes out as JSON and differs from what is wanted. */
function text(value: unknown): string {
  if (typeof value === 'string') return value
  const prefix = prefixSchema.safeParse(value)
  if (prefix.success) return `${prefix.data.prefix.addr}/${prefix.data.prefix.len}`
  const concat = concatSchema.safeParse(value)
  if (concat.success) return concat.data.concat.join(' . ')
  const jump = jumpSchema.safeParse(value)
  if (jump.success) return `goto ${jump.data.goto.target}`
  return JSON.stringify(value)
}
