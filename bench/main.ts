/**
 * `npm run bench`: its parts are in `README.md`. Root, because it makes network namespaces; the API alone needs none. Progress on stderr,
 * tables on stdout, the same as JSON with `--json FILE`.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { findTool } from '../src/cli/command.ts'
import { missingTools, packagesOf } from '../src/cli/requirements.ts'
import { measureAccept } from './accept.ts'
import { apiTables, measureApi } from './api.ts'
import { bandwidthTable, measureBandwidth } from './bandwidth.ts'
import { failoverTable, measureFailover } from './failover.ts'
import { flowLogTable, measureFlowLog } from './flow-log.ts'
import { listenersTable, measureListeners } from './listeners.ts'
import { measureScale } from './scale.ts'
import { count, median, table } from './statistics.ts'
import { measureThroughput, throughputTable } from './throughput.ts'
import { measureUdp, udpTable } from './udp.ts'

const parts = [
  'throughput',
  'udp',
  'bandwidth',
  'failover',
  'listeners',
  'flow-log',
  'accept',
  'scale',
  'api',
] as const

const usage = `usage: npm run bench -- [--only PART] [--rounds N] [--seconds N] [--sizes 10,100,1000] [--json FILE]

parts: ${parts.join(', ')}

Needs root, and Debian packages that it names when they are missing; not so the API alone.`

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string' },
    sizes: { type: 'string', default: '10,100,1000' },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
if (options.help) {
  console.log(usage)
  process.exit(0)
}
if (options.only !== undefined && !parts.some((part) => part === options.only)) {
  console.error(`bench: there is no part ${options.only}\n\n${usage}`)
  process.exit(2)
}

const missing = missingTools('bench', (name) => findTool(name, process.env) !== undefined)
if (options.only !== 'api' && (missing.length > 0 || process.getuid?.() !== 0)) {
  const install = `apt-get install -y --no-install-recommends ${packagesOf(missing).join(' ')}`
  console.error(
    missing.length > 0 ? `bench: the machine lacks tools, get them with: ${install}` : 'bench: needs root',
  )
  process.exit(3)
}

const secondsOr = (usual: number) => Number(options.seconds ?? usual)
const sizes = options.sizes.split(',').map(Number)
const progress = (text: string) => console.error(`bench: ${text}`)
const wants = (part: (typeof parts)[number]) => options.only === undefined || options.only === part
const result: Record<string, unknown> = { at: new Date().toISOString() }
const folder = await mkdtemp(join(tmpdir(), 'postern-bench-'))
/** Of a deployment. Below /var, because the server's and the instances' users have to pass through to what is theirs. */
const stateOf = (part: string) => join('/var/tmp', `${basename(folder)}-${part}`)

try {
  if (wants('throughput')) {
    const figures = await measureThroughput(folder, Number(options.rounds), secondsOr(3), progress)
    console.log(
      `${throughputTable(figures)}\n\nIn brackets: ratio to the direct veth pair, median of the rounds.\n`,
    )
    result['throughput'] = figures
  }
  if (wants('udp')) {
    const figures = await measureUdp(folder, Number(options.rounds), secondsOr(1), progress)
    console.log(`${udpTable(figures)}\n\nIn brackets: ratio to the direct veth pair, median of the rounds.\n`)
    result['udp'] = figures
  }
  if (wants('bandwidth')) {
    const figures = await measureBandwidth(secondsOr(10), progress)
    console.log(`${bandwidthTable(figures)}\n`)
    result['bandwidth'] = figures
  }
  if (wants('failover')) {
    const figures = await measureFailover(stateOf('failover'), Number(options.rounds), progress)
    console.log(`${failoverTable(figures)}\n`)
    result['failover'] = figures
  }
  if (wants('listeners')) {
    const [rounds, seconds] = [Number(options.rounds), secondsOr(1)]
    const figures = await measureListeners(folder, stateOf('listeners'), sizes, rounds, seconds, progress)
    console.log(`${listenersTable(figures)}\n\nIn brackets: ratio to the fewest, median of the rounds.\n`)
    result['listeners'] = figures
  }
  if (wants('flow-log')) {
    const cost = await measureFlowLog(folder, Number(options.rounds), secondsOr(3), progress)
    console.log(`${flowLogTable(cost)}\n`)
    result['flowLog'] = cost
  }
  if (wants('accept')) {
    const samples = await measureAccept(stateOf('accept'), 11, progress)
    console.log(`accept to first byte: median ${median(samples).toFixed(1)} ms of ${samples.length}\n`)
    result['acceptToFirstByteMs'] = { median: median(samples), samples }
  }
  if (wants('scale')) {
    const figures = await measureScale(stateOf('scale'), sizes, progress)
    const rows = figures.map((figure) => [
      count(figure.endpoints),
      count(figure.vpcs),
      (figure.createMs / 1000).toFixed(1),
      figure.addOneMs.toFixed(1),
      count(figure.restoreMs),
      count(figure.serverMib),
      count(figure.agentMib),
    ])
    console.log(
      table([
        [
          'endpoints',
          'VPCs',
          'create all, s',
          'add one, ms',
          'agent restart, ms',
          'server, MiB',
          'agent, MiB',
        ],
        ...rows,
      ]),
    )
    result['scale'] = figures
  }
  if (wants('api')) {
    const figures = await measureApi(secondsOr(3), progress)
    console.log(apiTables(figures))
    result['api'] = figures
  }
} finally {
  await rm(folder, { recursive: true })
}
if (options.json) await writeFile(options.json, `${JSON.stringify(result, undefined, 2)}\n`)
