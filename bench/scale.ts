/** What 10, 100 and 1,000 endpoints on one service cost: to add one, to hold all, and to come back after a restart. */
import { readFile } from 'node:fs/promises'
import { startDeployment, until, type Deployment } from '../test/fixtures/deployment.ts'
import { median } from './statistics.ts'
import { makeConsumer, makeEndpoint, makeProvider, type Consumer } from '../test/fixtures/topology.ts'
import { restartAgent, ready } from '../test/fixtures/restart.ts'

export interface ScaleFigure {
  readonly endpoints: number
  readonly vpcs: number
  /** All of them, one after the other, without their VPCs. */
  readonly createMs: number
  /** From the call to the API saying Connected, for one more endpoint at this size; median. */
  readonly addOneMs: number
  /** From the agent's start to the report that everything is in the kernel. */
  readonly restoreMs: number
  /** Memory of the server, and of the agent with its resolver. What several of them share is counted once in their sum. */
  readonly serverMib: number
  readonly agentMib: number
}

const addSamples = 25
const maxVpcs = 100

/** A deployment of its own for each size, so that what one more endpoint costs is sampled in turn at all of them. */
export async function measureScale(
  state: string,
  sizes: readonly number[],
  progress: (text: string) => void,
): Promise<ScaleFigure[]> {
  await using scope = new AsyncDisposableStack()
  const built: Built[] = []
  for (const size of sizes) built.push(scope.use(await build(`${state}-${size}`, size, progress)))
  for (let sample = 1; sample <= addSamples; sample++) {
    progress(`one more endpoint, ${sample} of ${addSamples}`)
    for (const { add, samples } of built) samples.push(await timed(add))
  }
  const figures: ScaleFigure[] = []
  for (const { deployment, size, vpcs, createMs, samples } of built) {
    progress(`restart of the agent with ${size + addSamples} endpoints`)
    const restoreMs = await restartAgent(deployment)
    const memory = await residentMemory(deployment)
    figures.push({ endpoints: size, vpcs, createMs, addOneMs: median(samples), restoreMs, ...memory })
  }
  return figures
}

interface Built extends AsyncDisposable {
  readonly deployment: Deployment
  readonly size: number
  readonly vpcs: number
  readonly createMs: number
  readonly add: () => Promise<void>
  readonly samples: number[]
}

async function build(state: string, size: number, progress: (text: string) => void): Promise<Built> {
  await using scope = new AsyncDisposableStack()
  const deployment = scope.use(await startDeployment(state))
  const { service } = await makeProvider(deployment, '', true)
  const consumers: Consumer[] = []
  while (consumers.length < Math.min(size, maxVpcs)) consumers.push(await makeConsumer(deployment))
  let present = 0
  const add = async () => {
    const consumer = consumers[present++ % consumers.length]
    if (!consumer) throw new Error('there is no consumer VPC')
    await makeEndpoint(deployment, service, consumer, ['Connected'])
  }
  const createMs = await timed(async () => {
    while (present < size) {
      if (present % 50 === 0) progress(`${present} of ${size} endpoints`)
      await add()
    }
  })
  const ours = scope.move()
  return {
    deployment,
    size,
    vpcs: consumers.length,
    createMs,
    add,
    samples: [],
    [Symbol.asyncDispose]: () => ours.disposeAsync(),
  }
}

async function timed(action: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await action()
  return performance.now() - start
}

async function residentMemory(deployment: Deployment): Promise<Pick<ScaleFigure, 'serverMib' | 'agentMib'>> {
  await until('the deployment to be ready', () => ready(deployment))
  const sum = async (pids: readonly number[]) =>
    (await Promise.all(pids.map(nodeBytes))).reduce((total, size) => total + size, 0) / 2 ** 20
  return {
    serverMib: await sum([deployment.pid('server')]),
    agentMib: await sum(await withChildren(deployment.pid('agent'))),
  }
}

async function withChildren(pid: number): Promise<number[]> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim()
  const pids = children === '' ? [] : children.split(' ').map(Number)
  return [pid, ...(await Promise.all(pids.map(withChildren))).flat()]
}

/**
 * Instances are children of the agent too; only Postern's own processes count. The program text of Node, some 45 MB, is one
 * page cache for all processes that run it, so each is charged its share (Pss), as smaps_rollup gives it.
 */
async function nodeBytes(pid: number): Promise<number> {
  const name = (await readFile(`/proc/${pid}/comm`, 'utf8')).trim()
  if (!/^(node|MainThread|postern)/.test(name)) return 0
  const memory = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')
  return Number(/^Pss:\s+(\d+) kB$/m.exec(memory)?.[1] ?? 0) * 1024
}
