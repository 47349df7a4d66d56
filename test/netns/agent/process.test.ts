/** The agent as a program, with the real data plane: what it makes outlives it, and goes when it is told so. */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { HostPlan } from '../../../src/plan/host-plan.ts'
import { encodeFrame, readFrames } from '../../../src/protocol/frames.ts'
import {
  isAgentMessage,
  type HealthReport,
  type Report,
  type ServerMessage,
} from '../../../src/protocol/messages.ts'
import { planOf } from '../../fixtures/plans.ts'
import { eventually, ip, openBench, type Bench } from './bench.ts'

const execute = promisify(execFile)
const source = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

let bench: Bench
let fakeServer: Server
let socket: Socket | undefined
let reports: Report[] = []
let agent: ChildProcess
let plan: HostPlan

beforeAll(async () => {
  bench = await openBench()
  plan = await makePlan()
  fakeServer = createServer((connection) => {
    socket = connection
    void listen(connection)
  })
  fakeServer.listen(join(bench.directory, 'agent.sock'))
  await once(fakeServer, 'listening')
  agent = startAgent()
})

afterAll(async () => {
  agent.kill('SIGKILL')
  await execute(process.execPath, agentArgs('--remove-all'))
  socket?.destroy()
  fakeServer.close()
  await bench.close()
})

async function listen(connection: Socket): Promise<void> {
  try {
    for await (const message of readFrames(connection, isAgentMessage)) {
      if (message.type === 'hello') send({ type: 'plan', plan })
      else if (message.type === 'report') reports.push(message.report)
    }
  } catch {
    // The agent was killed in the middle.
  }
}

function send(message: ServerMessage): void {
  socket?.write(encodeFrame(message))
}

function agentArgs(...more: readonly string[]): string[] {
  const { directory, deployment } = bench
  const where = ['--server', join(directory, 'agent.sock'), '--deployment', deployment]
  return [source('src/cmd/agent.ts'), '--state', join(directory, 'agent'), ...where, ...more]
}

function startAgent(): ChildProcess {
  const output = process.env['POSTERN_TEST_LOG'] ? 'inherit' : 'ignore'
  return spawn(process.execPath, agentArgs(), { stdio: ['ignore', output, 'inherit'] })
}

async function makePlan(): Promise<HostPlan> {
  const vswitches = [{ zone: 'eu-central-1b', cidr: '10.0.0.0/24' }]
  const anywhere = ['accept all * 0.0.0.0/0']
  const base = planOf({
    deployment: bench.deployment,
    vpcs: [{ id: 'vpc-1', cidr: '10.0.0.0/16', number: 1, vswitches }],
    groups: [{ id: 'sg-1', vpc: 'vpc-1', egress: anywhere }],
    instances: [
      { id: 'i-client', vpc: 'vpc-1', address: '10.0.0.182', groups: ['sg-1'] },
      { id: 'i-web', vpc: 'vpc-1', address: '10.0.0.200', groups: ['sg-1'] },
    ],
    balancers: [
      {
        id: 'lb-1',
        vpc: 'vpc-1',
        address: '10.0.0.100',
        listeners: [{ port: 80, backends: ['10.0.0.200:80*100', '10.0.0.201:80*100'] }],
      },
    ],
  })
  const userData = (await readFile(source('examples/http-server.pl'))).toString('base64')
  const healthCheck = {
    probe: { kind: 'tcp' as const },
    port: undefined,
    intervalMs: 200,
    timeoutMs: 200,
    healthyThreshold: 2,
    unhealthyThreshold: 2,
  }
  const name = {
    id: 'vpc-1/ep-1.epsrv-1.eu-central-1.privatelink.aliyuncs.com',
    vpc: 'vpc-1',
    name: 'ep-1.epsrv-1.eu-central-1.privatelink.aliyuncs.com',
    zoneAffinity: true,
    answers: [{ zone: 'eu-central-1b', address: '10.0.0.100' }],
  }
  return {
    ...base,
    fabric: {
      ...base.fabric,
      instances: base.fabric.instances.map((one) => (one.id === 'i-web' ? { ...one, userData } : one)),
    },
    links: {
      ...base.links,
      names: [name],
      balancers: base.links.balancers.map((balancer) => ({
        ...balancer,
        listeners: balancer.listeners.map((listener) => ({ ...listener, healthCheck })),
      })),
    },
  }
}

/** What a command prints inside the client's sandbox, as `postern exec` runs it. */
async function inClient(command: readonly string[]): Promise<string> {
  const script = `import { execInInstance } from ${JSON.stringify(source('src/cli/exec.ts'))}
    const { stdin, stdout, stderr } = process
    const [socket, ...command] = process.argv.slice(1)
    process.exit(await execInInstance({ socket, instance: 'i-client', command, stdin, stdout, stderr }))`
  const args = ['--input-type=module', '-e', script, join(bench.directory, 'agent/exec.sock'), ...command]
  const running = execute(process.execPath, args)
  running.child.stdin?.end()
  return (await running.catch((error: { stdout: string }) => error)).stdout
}

const sandboxPid = async (id: string) => {
  const text = await readFile(join(bench.directory, 'agent/instances', id, 'info'), 'utf8')
  return Number(/"child-pid": (\d+)/.exec(text)?.[1])
}

const latest = (key: (report: HealthReport) => boolean) =>
  reports.flatMap(({ health }) => health).findLast(key)?.status

test('a plan becomes machines that reach a service by its name; a dead backend is left out', async () => {
  const report = await eventually(() => reports.find(({ generation }) => generation === 1))
  expect(report.problems).toEqual([])
  await eventually(() => latest(({ server }) => server === 'i-at-10.0.0.201') === 'abnormal' || undefined)
  await eventually(() => latest(({ server }) => server === 'i-at-10.0.0.200') === 'normal' || undefined)
  expect(reports.flatMap(({ instances }) => instances).map(({ id, state }) => `${id} ${state}`)).toEqual(
    expect.arrayContaining(['i-client running', 'i-web running']),
  )
  const url = `http://${plan.links.names[0]?.name}/`
  const answers = []
  for (let turn = 0; turn < 6; turn++) answers.push(await inClient(['curl', '-sS', '-m', '2', url]))
  expect(answers).toEqual(Array.from({ length: 6 }, () => 'i-web\n'))
})

test('everything goes on while the agent is dead, and a new one takes over what runs', async () => {
  const before = await sandboxPid('i-web')
  agent.kill('SIGKILL')
  await once(agent, 'exit')
  const call = [
    'netns',
    'exec',
    `postern-${bench.deployment}-i-client`,
    'curl',
    '-sS',
    '-m',
    '2',
    'http://10.0.0.200/',
  ]
  expect(await ip(...call)).toBe('i-web\n')
  reports = []
  agent = startAgent()
  const report = await eventually(() => reports.find(({ generation }) => generation === 1))
  expect(report.problems).toEqual([])
  expect(report.instances).toContainEqual({ id: 'i-web', boot: 1, state: 'running', restarts: 0 })
  expect(await sandboxPid('i-web')).toBe(before)
  expect(report.health.map(({ server, status }) => `${server} ${status}`).sort()).toEqual([
    'i-at-10.0.0.200 normal',
    'i-at-10.0.0.201 abnormal',
  ])
})

test('asked to end, it leaves everything running; asked to remove all, it leaves nothing', async () => {
  const pid = await sandboxPid('i-web')
  agent.kill('SIGTERM')
  expect(await once(agent, 'exit')).toEqual([0, null])
  expect(existsSync(`/proc/${pid}`)).toBe(true)
  await execute(process.execPath, agentArgs('--remove-all'))
  expect(existsSync(`/proc/${pid}`)).toBe(false)
  expect(await ip('netns', 'list')).not.toContain(`postern-${bench.deployment}-`)
  expect(existsSync(`/sys/fs/cgroup/pids/postern-${bench.deployment}`)).toBe(false)
  expect(existsSync(join(bench.directory, 'agent/instances/i-web/home'))).toBe(true)
})
