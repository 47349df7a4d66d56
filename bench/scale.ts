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
  /** Resident memory of the server, and of the agent with its resolver. */
  readonly serverMib: number
  readonly agentMib: number
}

const addSamples = 15
const maxVpcs = 100

export async function measureScale(
  state: string,
  sizes: readonly number[],
  progress: (text: string) => void,
): Promise<ScaleFigure[]> {
  await using deployment = await startDeployment(state)
  const { service } = await makeProvider(deployment, '', true)
  const consumers: Consumer[] = []
  const figures: ScaleFigure[] = []
  let present = 0
  let createMs = 0
  const addOne = async () => {
    const consumer = consumers[present % consumers.length]
    if (!consumer) throw new Error('there is no consumer VPC')
    const start = performance.now()
    await makeEndpoint(deployment, service, consumer, ['Connected'])
    createMs += performance.now() - start
    present += 1
  }
  for (const size of sizes) {
    while (consumers.length < Math.min(size, maxVpcs)) consumers.push(await makeConsumer(deployment))
    while (present < size) {
      if (present % 50 === 0) progress(`${present} of ${size} endpoints`)
      await addOne()
    }
    const allMs = createMs
    const samples: number[] = []
    for (let sample = 0; sample < addSamples; sample++) {
      const start = performance.now()
      await addOne()
      samples.push(performance.now() - start)
    }
    progress(`restart of the agent with ${present} endpoints`)
    const restoreMs = await restartAgent(deployment)
    figures.push({
      endpoints: size,
      vpcs: consumers.length,
      createMs: allMs,
      addOneMs: median(samples),
      restoreMs,
      ...(await residentMemory(deployment)),
    })
  }
  return figures
}

async function residentMemory(deployment: Deployment): Promise<Pick<ScaleFigure, 'serverMib' | 'agentMib'>> {
  await until('the deployment to be ready', () => ready(deployment))
  const sum = async (pids: readonly number[]) =>
    (await Promise.all(pids.map(nodeResidentBytes))).reduce((total, size) => total + size, 0) / 2 ** 20
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

/** Instances are children of the agent too; only Postern's own processes count. */
async function nodeResidentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const name = /^Name:\s+(.+)$/m.exec(status)?.[1] ?? ''
  const kib = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0)
  return /^(node|MainThread|postern)/.test(name) ? kib * 1024 : 0
}
