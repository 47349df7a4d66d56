/** The service process as the agent runs it, in a namespace with the addresses of two VPCs' legs; real dig, real probes. */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createServiceChild, serviceCommand, type ServiceChild } from '../../../src/agent/service-child.ts'
import type { BalancerPlan, HostPlan, NamePlan, VpcPlan } from '../../../src/plan/host-plan.ts'
import type { HealthReport } from '../../../src/protocol/messages.ts'
import { planOf } from '../../fixtures/plans.ts'
import { eventually, ip, openBench, silent, type Bench } from './bench.ts'

const execute = promisify(execFile)
const suffix = 'privatelink.aliyuncs.com'
const endpoint = `ep-1.epsrv-2.eu-central-1.${suffix}`
const webServer = fileURLToPath(new URL('../../../examples/http-server.pl', import.meta.url))

let bench: Bench
let netns: string
let child: ServiceChild
let plan: HostPlan
let health: HealthReport[]
let lastHealth: readonly HealthReport[] = []

beforeAll(async () => {
  bench = await openBench()
  netns = await bench.addNetns('service')
  plan = makePlan()
  for (const { serviceLeg, vswitches } of plan.fabric.vpcs) {
    await ip('-netns', netns, 'address', 'add', `${serviceLeg.serviceAddress}/32`, 'dev', 'lo')
    for (const { resolverSource } of vswitches) {
      await ip('-netns', netns, 'address', 'add', `${resolverSource}/32`, 'dev', 'lo')
    }
  }
  await ip('-netns', netns, 'address', 'add', '10.0.0.200/32', 'dev', 'lo')
  startChild()
  child.configure(plan)
})

afterAll(async () => {
  child.close()
  await eventually(async () => ((await serviceProcesses()).length === 0 ? true : undefined))
  await bench.close()
})

function startChild(): void {
  health = []
  child = createServiceChild({
    command: serviceCommand(suffix, () => true),
    lastHealth: () => lastHealth,
    onHealth: (reports) => health.push(...reports),
    onProblems: () => undefined,
    retry: { firstMs: 50, longestMs: 100 },
    random: Math.random,
    log: silent,
  })
}

function makePlan(): HostPlan {
  const vswitches = [
    { zone: 'eu-central-1a', cidr: '10.0.1.0/24' },
    { zone: 'eu-central-1b', cidr: '10.0.0.0/24' },
  ]
  const vpcs = [1, 2].map((number) => ({ id: `vpc-${number}`, cidr: '10.0.0.0/16', number, vswitches }))
  const base = planOf({ deployment: bench.deployment, vpcs })
  const name: NamePlan = {
    id: `vpc-1/${endpoint}`,
    vpc: 'vpc-1',
    name: endpoint,
    zoneAffinity: true,
    answers: [
      { zone: 'eu-central-1a', address: '10.0.1.9' },
      { zone: 'eu-central-1b', address: '10.0.0.9' },
    ],
  }
  const balancer: BalancerPlan = {
    id: 'lb-1',
    vpc: 'vpc-2',
    addresses: ['10.0.0.100'],
    limits: { connections: undefined, newConnectionsPerS: undefined },
    relays: [],
    listeners: [
      {
        protocol: 'tcp',
        port: 80,
        lastPort: undefined,
        scheduler: 'wrr',
        idleTimeoutS: 900,
        persistenceS: 0,
        drainS: undefined,
        newConnectionsPerS: undefined,
        bandwidthMbps: undefined,
        http: undefined,
        backends: [{ server: 'i-1', address: '10.0.0.200', port: 80, weight: 100, standby: false }],
        healthCheck: {
          probe: { kind: 'tcp' },
          port: undefined,
          intervalMs: 200,
          timeoutMs: 200,
          healthyThreshold: 2,
          unhealthyThreshold: 2,
        },
      },
    ],
  }
  return { ...base, links: { ...base.links, names: [name], balancers: [balancer] } }
}

function vpcOf(id: string): VpcPlan {
  const found = plan.fabric.vpcs.find((vpc) => vpc.id === id)
  if (!found) throw new Error(`no ${id}`)
  return found
}

/** What dig prints, asked from a vSwitch of that VPC and zone. */
async function dig(vpc: string, zone: string, ...args: readonly string[]): Promise<string> {
  const { serviceLeg, vswitches } = vpcOf(vpc)
  const source = vswitches.find((one) => one.zone === zone)?.resolverSource ?? ''
  const server = ['-b', source, `@${serviceLeg.serviceAddress}`, '+time=1', '+tries=1']
  const command = ['netns', 'exec', netns, 'dig', ...server, ...args]
  return (await execute('ip', command).catch((error: { stdout: string }) => error)).stdout
}

async function serviceProcesses(): Promise<number[]> {
  const inode = (await execute('ip', ['netns', 'pids', netns])).stdout
  const pids = inode.split('\n').filter(Boolean).map(Number)
  const found: number[] = []
  for (const pid of pids) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (line.includes('cmd/service.ts')) found.push(pid)
  }
  return found
}

async function startBackend(): Promise<ChildProcess> {
  const backend = spawn('ip', ['netns', 'exec', netns, 'perl', webServer], { stdio: 'ignore' })
  await once(backend, 'spawn')
  return backend
}

const status = () => health.at(-1)?.status

test('names resolve in their own VPC, the own zone first, and nowhere else', async () => {
  await eventually(async () =>
    (await dig('vpc-1', 'eu-central-1a', endpoint)).includes('NOERROR') ? true : undefined,
  )
  expect(await dig('vpc-1', 'eu-central-1a', '+short', endpoint)).toBe('10.0.1.9\n10.0.0.9\n')
  expect(await dig('vpc-1', 'eu-central-1b', '+short', endpoint)).toBe('10.0.0.9\n10.0.1.9\n')
  expect(await dig('vpc-1', 'eu-central-1b', '+short', '+tcp', endpoint)).toBe('10.0.0.9\n10.0.1.9\n')
  expect(await dig('vpc-2', 'eu-central-1a', endpoint)).toContain('status: NXDOMAIN')
  expect(await dig('vpc-1', 'eu-central-1a', 'AAAA', endpoint)).toMatch(
    /status: NOERROR[^]*ANSWER: 0, AUTHORITY: 1/,
  )
  expect(await dig('vpc-1', 'eu-central-1a', 'example.com')).toContain('status: REFUSED')
  const plain = await dig('vpc-1', 'eu-central-1a', endpoint)
  expect(plain).toMatch(/\s3\s+IN\s+A\s+10\.0\.1\.9/)
  expect(plain).not.toMatch(/WARNING: (?!recursion)/)
})

test('a query from the service namespace itself is refused', async () => {
  const { serviceLeg } = vpcOf('vpc-1')
  const command = [
    'netns',
    'exec',
    netns,
    'dig',
    '-b',
    '127.0.0.1',
    `@${serviceLeg.serviceAddress}`,
    endpoint,
  ]
  const { stdout } = await execute('ip', [...command, '+time=1', '+tries=1']).catch(
    (error: { stdout: string }) => error,
  )
  expect(stdout).toContain('REFUSED')
})

test('the process that reads tenants bytes has nothing to lose', async () => {
  const [pid] = await eventually(async () => {
    const pids = await serviceProcesses()
    return pids.length === 1 ? pids : undefined
  })
  for (const thread of await readdir(`/proc/${pid}/task`)) {
    const text = await readFile(`/proc/${pid}/task/${thread}/status`, 'utf8')
    expect(text).toMatch(/^Uid:\s65534\s65534\s65534\s65534$/m)
    expect(text).toMatch(/^Gid:\s65534\s65534\s65534\s65534$/m)
    expect(text).toMatch(/^Groups:\s*$/m)
    expect(text).toMatch(/^NoNewPrivs:\s1$/m)
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapAmb']) {
      expect(text).toMatch(new RegExp(`^${set}:\\s0{16}$`, 'm'))
    }
  }
})

test('a backend is marked dead and comes back', async () => {
  let backend = await startBackend()
  await eventually(() => status() === 'normal' || undefined, 'normal')
  backend.kill('SIGKILL')
  await once(backend, 'exit')
  await eventually(() => status() === 'abnormal' || undefined, 'abnormal')
  backend = await startBackend()
  await eventually(() => status() === 'normal' || undefined, 'normal again')
  backend.kill('SIGKILL')
  await once(backend, 'exit')
  await eventually(() => status() === 'abnormal' || undefined, 'abnormal')
  expect(health.at(-1)).toEqual({
    balancer: 'lb-1',
    protocol: 'tcp',
    port: 80,
    server: 'i-1',
    backendPort: 80,
    status: 'abnormal',
  })
})

test('a process that dies is started again, configured, and goes on from what was known', async () => {
  lastHealth = health.slice(-1)
  health = []
  const [pid = 0] = await serviceProcesses()
  process.kill(pid, 'SIGKILL')
  await eventually(async () => {
    const short = await dig('vpc-1', 'eu-central-1b', '+short', endpoint)
    return short.startsWith('10.0.0.9') || undefined
  })
  expect(await serviceProcesses()).not.toContain(pid)
  await eventually(() => health.length > 0 || undefined)
  expect(health[0]?.status).toBe('abnormal')
})

test('what changes in the plan changes in the answers', async () => {
  const gone = { ...plan, generation: 2, links: { ...plan.links, names: [] } }
  child.configure(gone)
  await eventually(async () => {
    const answer = await dig('vpc-1', 'eu-central-1a', endpoint)
    return answer.includes('NXDOMAIN') || undefined
  })
  child.configure(plan)
  await eventually(async () => {
    const answer = await dig('vpc-1', 'eu-central-1a', endpoint)
    return answer.includes('NOERROR') || undefined
  })
})
