/** What the flow log costs: the link without and with it, in turn. Flows are forgotten at once, so that their ends are told meanwhile. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { createFlowRecorder } from '../src/agent/flow-recorder.ts'
import { stopAllFlowListeners } from '../src/agent/flow-listeners.ts'
import { execProgram, inside, output } from '../src/dataplane/exec.ts'
import { loads, type Load } from './load.ts'
import { buildLink, type PlannedPath } from './paths.ts'
import { count, median, table } from './statistics.ts'

export interface FlowLogFigure {
  readonly load: Load['id']
  readonly without: readonly number[]
  readonly with: readonly number[]
  /** Median of the rounds. */
  readonly ratio: number
}

export interface FlowLogCost {
  readonly figures: readonly FlowLogFigure[]
  /** Lines that were written, and ends that nobody heard. */
  readonly told: number
  readonly lost: number
  /** Processor time of this process and the listeners while the log was on, as a share of one core. */
  readonly share: number
}

export async function measureFlowLog(
  folder: string,
  rounds: number,
  seconds: number,
  progress: (text: string) => void,
): Promise<FlowLogCost> {
  const samples = new Map(loads.map(({ id }) => [id, { without: [] as number[], with: [] as number[] }]))
  let [told, lost, busyMs, lastedMs] = [0, 0, 0, 0]
  for (let round = 1; round <= rounds; round++) {
    for (const how of ['without', 'with'] as const) {
      await using link = await buildLink(folder, undefined, null)
      using _ = await forgetSoon(link)
      const directory = join(folder, `log-${round}`)
      const recorder = how === 'with' ? recorderIn(directory) : undefined
      recorder?.expect(link.plan)
      await recorder?.listen(link.plan)
      const [startMs, usage] = [performance.now(), process.cpuUsage()]
      for (const load of loads) {
        progress(`round ${round}/${rounds}: ${how} the flow log, ${load.title}`)
        samples.get(load.id)?.[how].push(await load.run(link.client, link.host, seconds))
      }
      if (!recorder) continue
      const { user, system } = process.cpuUsage(usage)
      busyMs += (user + system) / 1000 + (await listenersMs(directory, link))
      lastedMs += performance.now() - startMs
      await recorder.look()
      recorder.close()
      const lines = await linesOf(directory)
      told += lines.filter((line) => !line.includes('"lost"')).length
      for (const line of lines) lost += Number(/"Lost":(\d+)/.exec(line)?.[1] ?? 0)
      stopAllFlowListeners(directory)
    }
  }
  const figures = loads.map(({ id }) => {
    const own = samples.get(id) ?? { without: [], with: [] }
    const ratio = median(own.with.map((value, round) => value / (own.without[round] ?? Number.NaN)))
    return { load: id, ...own, ratio }
  })
  return { figures, told, lost, share: busyMs / lastedMs }
}

export function flowLogTable({ figures, told, lost, share }: FlowLogCost): string {
  const rows = loads.map(({ id, title, unit }) => {
    const figure = figures.find(({ load }) => load === id)
    const value = (of: readonly number[] = []) => (id === 'bulk' ? median(of).toFixed(1) : count(median(of)))
    return [`${title}, ${unit}`, value(figure?.without), value(figure?.with), (figure?.ratio ?? 0).toFixed(3)]
  })
  const cost = `${count(told)} lines, ${count(lost)} ends lost, ${(share * 100).toFixed(1)} % of a core`
  return `${table([['load', 'without flow log', 'with', 'ratio'], ...rows])}\n\n${cost}`
}

function recorderIn(directory: string) {
  const log = pino({ level: 'silent' })
  return createFlowRecorder({ directory, exec: execProgram, health: () => new Map(), now: Date.now, log })
}

const vpcsOf = ({ plan }: PlannedPath) => plan.fabric.vpcs

/** As in a load that lasts: as many flows are forgotten in a second as begin. The kernel looks when it lists them. */
async function forgetSoon(link: PlannedPath): Promise<Disposable> {
  const soon = 'net.netfilter.nf_conntrack_tcp_timeout_time_wait=1'
  for (const { netns } of vpcsOf(link)) await output(execProgram, inside(netns, ['sysctl', '-qw', soon]))
  const timer = setInterval(() => {
    for (const { netns } of vpcsOf(link)) {
      const listing = inside(netns, ['conntrack', '-L', '-s', '192.0.2.1'])
      execProgram(listing).catch((error: unknown) => console.error(error))
    }
  }, 1000)
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

async function listenersMs(directory: string, link: PlannedPath): Promise<number> {
  let ticks = 0
  for (const { id } of vpcsOf(link)) {
    const text = await readFile(join(directory, 'flow-listeners', id, 'pid'), 'utf8').catch(() => undefined)
    if (text === undefined) continue
    const { pid } = JSON.parse(text) as { pid: number }
    const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ').at(-1)?.split(' ') ?? []
    ticks += Number(fields[11]) + Number(fields[12])
  }
  return ticks * 10
}

async function linesOf(directory: string): Promise<readonly string[]> {
  const { stdout } = await execProgram(['sh', '-c', 'cat "$0"/flow-log/*/*', directory])
  return stdout.split('\n').slice(0, -1)
}
