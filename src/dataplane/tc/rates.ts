/** Bandwidth: a token bucket at the egress of a device, so a wire with one at each end is limited in both directions. */
import { z } from 'zod'
import { output, type Exec } from '../exec.ts'

export interface RateOp {
  /** `change` keeps the qdisc and what is queued in it. */
  readonly op: 'add' | 'change' | 'del'
  readonly device: string
  readonly rateMbps: number
}

/** `gone` names devices that were deleted in this round, and their qdiscs with them. */
export function diffRates(
  want: ReadonlyMap<string, number>,
  have: ReadonlyMap<string, number>,
  gone: ReadonlySet<string>,
): RateOp[] {
  const ops: RateOp[] = []
  for (const [device, rateMbps] of want) {
    const old = gone.has(device) ? undefined : have.get(device)
    if (old === undefined) ops.push({ op: 'add', device, rateMbps })
    else if (old !== rateMbps) ops.push({ op: 'change', device, rateMbps })
  }
  for (const [device, rateMbps] of have) {
    if (!want.has(device) && !gone.has(device)) ops.push({ op: 'del', device, rateMbps })
  }
  return ops
}

export function printRateOp({ op, device, rateMbps }: RateOp): string {
  if (op === 'del') return `qdisc del dev ${device} root`
  return `qdisc ${op} dev ${device} root tbf rate ${rateMbps * kbitPerMbps}kbit burst ${burstBytes(rateMbps)} latency 50ms`
}

/**
 * The bucket counts frames. Of a full one 0.9 % are its own header, and 4.4 % are no payload of TCP. Nobody says which of them a
 * bandwidth is about: with 2.4 % more, frames, packets and payload are
 * all within 3 % of it.
 */
const kbitPerMbps = 1024

/**
 * Ten milliseconds of traffic. Below that the bucket runs dry between two wake-ups of a busy receiver, far above it
 * a short transfer is not limited at all. A packet larger than the bucket (segmentation offload) is cut by the qdisc
 * itself, so 16 KiB are enough for slow wires.
 */
function burstBytes(rateMbps: number): number {
  return Math.max(16 * 1024, Math.round((rateMbps * 1e6) / 8 / 100))
}

const qdiscSchema = z.object({
  kind: z.string(),
  dev: z.string().optional(),
  root: z.boolean().optional(),
  options: z.object({ rate: z.number().optional() }).optional(),
})

export async function observeRates(exec: Exec, netns: string): Promise<ReadonlyMap<string, number>> {
  const text = await output(exec, ['tc', '-j', '-n', netns, 'qdisc', 'show'])
  const rates = new Map<string, number>()
  for (const { kind, dev, root, options } of z.array(qdiscSchema).parse(JSON.parse(text))) {
    if (kind === 'tbf' && root && dev) rates.set(dev, ((options?.rate ?? 0) * 8) / 1000 / kbitPerMbps)
  }
  return rates
}
