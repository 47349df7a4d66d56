/** A place for real sandboxes: namespaces and a state directory of a test's own, all removed at its end. */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { pino, type Logger } from 'pino'
import { openCgroups } from '../../../src/sandbox/cgroup.ts'
import { instanceFiles } from '../../../src/sandbox/directory.ts'
import { createSandboxes, type Sandboxes } from '../../../src/sandbox/sandboxes.ts'
import type { InstancePlan } from '../../../src/plan/host-plan.ts'

const run = promisify(execFile)

export const silent: Logger = pino({ level: process.env['POSTERN_TEST_LOG'] ?? 'silent' })

export interface Bench {
  readonly deployment: string
  readonly directory: string
  /** A new namespace with loopback up and low ports open to everybody, as the dataplane makes them. */
  addNetns(resource: string): Promise<string>
  close(): Promise<void>
}

export async function openBench(): Promise<Bench> {
  const deployment = `t${randomBytes(2).toString('hex').slice(0, 3)}`
  const directory = await mkdtemp(join(tmpdir(), 'postern-test-'))
  await chmod(directory, 0o700)
  const names: string[] = []
  return {
    deployment,
    directory,
    async addNetns(resource) {
      const name = `postern-${deployment}-${resource}`
      await ip('netns', 'add', name)
      names.push(name)
      await ip('-netns', name, 'link', 'set', 'lo', 'up')
      await ip('netns', 'exec', name, 'sysctl', '-qw', 'net.ipv4.ip_unprivileged_port_start=0')
      return name
    },
    async close() {
      for (const name of names) await ip('netns', 'del', name)
      await rm(directory, { recursive: true, force: true })
    },
  }
}

export async function ip(...args: readonly string[]): Promise<string> {
  return (await run('ip', [...args])).stdout
}

/** Waits until `probe` gives a value. */
export async function eventually<Value>(
  probe: () => Value | undefined | Promise<Value | undefined>,
  what = 'the condition',
  patienceMs = 15_000,
): Promise<Value> {
  const endMs = Date.now() + patienceMs
  for (;;) {
    const value = await probe()
    if (value !== undefined && value !== false) return value
    if (Date.now() > endMs) throw new Error(`${what} did not come true`)
    await delay(20)
  }
}

export async function openSandboxes(
  bench: Bench,
  onChange: () => void = () => undefined,
): Promise<Sandboxes> {
  return createSandboxes({
    files: instanceFiles(bench.directory),
    cgroups: await openCgroups(bench.deployment),
    log: silent,
    onChange,
    ownUser: () => true,
    consoleBytes: 64 * 1024,
  })
}

export function instancePlan(
  netns: string,
  script: string,
  change: Partial<InstancePlan> = {},
): InstancePlan {
  return {
    id: netns.slice(netns.lastIndexOf('-i-') + 1),
    vpc: 'vpc-test',
    publicKey: '',
    disk: 'd-first',
    netns,
    hostName: 'ecs1',
    running: true,
    boot: 1,
    userData: script === '' ? '' : Buffer.from(script).toString('base64'),
    uid: 230_000 + (process.pid % 10_000),
    memoryMib: 64,
    processes: 40,
    ...change,
  }
}
