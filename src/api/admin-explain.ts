/** Why packets pass or not, asked through the administration's socket: the operator sees all accounts. */
import { Hono } from 'hono'
import type { Kysely } from 'kysely'
import { z } from 'zod'
import { calledAs, judge } from '../explain/judge.ts'
import { mendOf } from '../explain/mend.ts'
import { placesOf } from '../explain/places.ts'
import type { Scene } from '../explain/scene.ts'
import type { Drops } from '../model/drops.ts'
import type { HealthReport } from '../protocol/messages.ts'
import { listServiceUsers } from '../store/endpoint-services.ts'
import type { Tables } from '../store/tables.ts'
import { readWorld } from '../store/world/read-world.ts'
import { httpRequest, requestTo } from './http-request.ts'

export interface ExplainOptions {
  readonly db: Kysely<Tables>
  readonly health: () => readonly HealthReport[]
  readonly drops: () => readonly Drops[]
  /** What is judged must not be ahead of the kernel, or a probe would meet what was. */
  readonly inKernel: (generation: number) => Promise<void>
}

const mostQuestions = 5000

const questions = z.strictObject({
  /** Whether limits that drop are told of, too. */
  limits: z.boolean().default(false),
  questions: z
    .array(
      z.strictObject({
        client: z.string().max(64),
        target: z.string().min(1).max(253),
        port: z.int().min(1).max(65_535),
        protocol: z.enum(['tcp', 'udp']),
        request: httpRequest.optional(),
      }),
    )
    .max(mostQuestions),
})

export function createExplain({ db, health, drops, inKernel }: ExplainOptions): Hono {
  const app = new Hono()
  const readScene = (): Promise<Scene> =>
    db.transaction().execute(async (tx) => ({
      world: await readWorld(tx),
      health: health(),
      whitelist: await listServiceUsers(tx),
    }))

  app.post('/', async (context) => {
    const parsed = questions.safeParse(await context.req.json().catch(() => undefined))
    if (!parsed.success) {
      return context.json({ Code: 'InvalidParameter', Message: z.prettifyError(parsed.error) }, 400)
    }
    const scene = { ...(await readScene()), drops: parsed.data.limits ? drops() : [] }
    await inKernel(scene.world.generation)
    const answers = parsed.data.questions.map((question) => {
      const called = calledAs(scene.world, question.target)
      const asked = requestTo(called, question.request)
      const { passes, steps, destinations } = judge(scene, { ...question, request: asked })
      return {
        called,
        request: asked,
        passes,
        destinations,
        steps: steps.map((step) => ({ ...step, mend: mendOf(step.reason) })),
      }
    })
    return context.json({ Generation: scene.world.generation, Judgements: answers })
  })

  app.get('/places', async (context) =>
    context.json(placesOf(await readScene(), context.req.queries('account') ?? [])),
  )
  return app
}
