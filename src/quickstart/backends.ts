/** The two backends of the balancer and the proportion in which they answer. */
import { type Stage } from './stage.ts'
import { manyFetchesCommand } from './workload.ts'

/** The text that the parameter `BackendServers` carries. */
export function backendWeights(stage: Stage, ecs2: number, ecs3: number): string {
  return JSON.stringify([
    { ServerId: stage.get('ECS2'), Weight: String(ecs2), Type: 'ecs' },
    { ServerId: stage.get('ECS3'), Weight: String(ecs3), Type: 'ecs' },
  ])
}

export interface Share {
  readonly ECS2: number
  readonly ECS3: number
}

const requests = 60

/** Who answered how many of 60 requests, each on a new connection. */
export async function share(stage: Stage, host: string): Promise<Share> {
  const { stdout, stderr, code } = await stage.inside('ECS1', manyFetchesCommand(host, requests))
  if (code !== 0) throw new Error(`curl ended with ${code}: ${stderr.trim()}`)
  return countShare(stdout)
}

export function countShare(answers: string): Share {
  const names = answers.split('\n').map((line) => line.trim().toUpperCase())
  const count = (name: string) => names.filter((found) => found === name).length
  return { ECS2: count('ECS2'), ECS3: count('ECS3') }
}

/** Whether the answers divide as the weights do, to a tenth of all requests. */
export function isShare(found: Share, ecs2: number, ecs3: number): boolean {
  const expected = (requests * ecs2) / (ecs2 + ecs3)
  return found.ECS2 + found.ECS3 === requests && Math.abs(found.ECS2 - expected) <= requests / 10
}

export function shareText(found: Share): string {
  return `ECS2 ${found.ECS2}, ECS3 ${found.ECS3}`
}
