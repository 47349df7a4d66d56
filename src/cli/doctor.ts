/** Everything Postern needs of the machine, looked at one by one, each with a way to get it. */
import { existsSync, readFileSync } from 'node:fs'
import { accessSync, constants } from 'node:fs'
import { findTool, runCommand } from './command.ts'
import { Failure } from './failure.ts'
import { loadBalancerSpecs } from '../model/load-balancer-specs.ts'
import { features, tryFeature } from './kernel-features.ts'
import type { Machine } from './packages.ts'
import { tools, type Tool } from './requirements.ts'
import { type Screen, table } from './screen.ts'

export interface Finding {
  readonly id: string
  readonly name: string
  /** `limited`: works without it, with less. */
  readonly state: 'ok' | 'missing' | 'limited'
  /** Why it is needed; with what was seen when it is not there. */
  readonly why: string
  readonly how?: string
}

export async function examine(machine: Machine, screen: Screen): Promise<Finding[]> {
  const rights = await examineRights(machine, screen)
  // Without rights every trial would fail for the same reason, which is said once.
  const kernel = rights.state === 'missing' ? [] : await examineKernel(machine, screen)
  return [
    examineNode(screen),
    rights,
    ...tools.map((tool) => examineTool(tool, machine, screen)),
    ...kernel,
    examineCgroup(machine, screen),
    ...examineConnections(machine, screen),
  ]
}

export async function doctor(machine: Machine, screen: Screen): Promise<void> {
  const findings = await examine(machine, screen)
  const { messages } = screen
  screen.say(
    table(
      findings.map(({ name, state, why, how }) => [
        messages.findingState(state),
        name,
        state === 'ok' ? why : `${why}${how ? ` → ${how}` : ''}`,
      ]),
    ).join('\n'),
  )
  const missing = findings.filter((finding) => finding.state === 'missing')
  screen.result({ ok: missing.length === 0, checks: findings })
  if (missing.length > 0) throw new Failure(3, messages.machineLacks(missing.map(({ name }) => name)))
  screen.say(messages.machineReady)
}

/** @throws Failure 3 when an ordinary user may not make namespaces. */
export async function ensureRights(machine: Machine, screen: Screen): Promise<void> {
  const finding = await examineRights(machine, screen)
  if (finding.state === 'missing') {
    throw new Failure(3, [`${finding.name}: ${finding.why}`, finding.how].filter(Boolean).join('. '))
  }
}

function examineNode(screen: Screen): Finding {
  const ok = Number(process.versions.node.split('.')[0]) >= 24
  const how = screen.messages.howNode
  const why = process.version
  return { id: 'node', name: 'Node.js ≥ 24', state: ok ? 'ok' : 'missing', why, ...(ok ? {} : { how }) }
}

function examineTool(tool: Tool, machine: Machine, screen: Screen): Finding {
  const why = screen.text(tool.why)
  const base = { id: `tool-${tool.command}`, name: tool.command, why }
  if (findTool(tool.command, machine.env)) return { ...base, state: 'ok' }
  const how = `${machine.root ? '' : 'sudo '}apt-get install ${tool.debianPackage}`
  return { ...base, state: tool.use === 'run' ? 'missing' : 'limited', how }
}

async function examineRights(machine: Machine, screen: Screen): Promise<Finding> {
  const { messages } = screen
  const name = machine.root ? messages.rightsRoot : messages.rightsUser
  const argv = machine.root ? (['unshare', '-nm', 'true'] as const) : (['unshare', '-Urnm', 'true'] as const)
  const { code, stderr } = await runCommand(argv, { env: machine.env, timeoutMs: 10_000 })
  const id = 'rights'
  if (code === 0) return { id, name, state: 'ok', why: machine.root ? 'root' : messages.rightsUserWhy }
  const how = machine.root ? messages.howPrivileged : howUserNamespaces(screen)
  return { id, name, state: 'missing', why: stderr.trim().split('\n')[0] ?? '', how }
}

/** The switches that distributions have put before user namespaces, the one that is off first. */
function howUserNamespaces(screen: Screen): string {
  const off: [string, (value: string) => boolean, string][] = [
    [
      '/proc/sys/kernel/unprivileged_userns_clone',
      (value) => value === '0',
      'kernel.unprivileged_userns_clone=1',
    ],
    [
      '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
      (value) => value === '1',
      'kernel.apparmor_restrict_unprivileged_userns=0',
    ],
    ['/proc/sys/user/max_user_namespaces', (value) => value === '0', 'user.max_user_namespaces=15000'],
  ]
  const found = off.filter(([file, isOff]) => existsSync(file) && isOff(readFileSync(file, 'utf8').trim()))
  if (found.length === 0) return screen.messages.howUserNamespacesElse
  return `sudo sysctl -w ${found.map(([, , setting]) => setting).join(' ')}`
}

function examineKernel(machine: Machine, screen: Screen): Promise<Finding[]> {
  return Promise.all(
    features.map(async (feature): Promise<Finding> => {
      const trouble = await tryFeature(feature, machine.root)
      const base = { id: feature.id, name: screen.text(feature.name) }
      const why = screen.text(feature.why)
      if (trouble === undefined) return { ...base, state: 'ok', why }
      return { ...base, state: 'missing', why: `${why}; ${trouble}`, how: screen.text(feature.how) }
    }),
  )
}

/** Memory and process limits of instances use control groups where we may make them. */
function examineCgroup(machine: Machine, screen: Screen): Finding {
  const { messages } = screen
  const candidates = ['/sys/fs/cgroup/cgroup.procs', '/sys/fs/cgroup/memory/cgroup.procs']
  const writable = candidates.some((file) => {
    try {
      accessSync(file, constants.W_OK)
      return true
    } catch {
      return false
    }
  })
  const base = { id: 'cgroup', name: messages.cgroup }
  if (writable) return { ...base, state: 'ok', why: messages.cgroupWhy }
  const how = machine.root ? messages.howPrivileged : messages.howCgroupUser
  return { ...base, state: 'limited', why: messages.cgroupLimited, how }
}

/** What a VPC may hold of open connections is the host's to say; the largest specifications allow more than hosts usually do. */
function examineConnections(machine: Machine, screen: Screen): Finding[] {
  const file = '/proc/sys/net/netfilter/nf_conntrack_max'
  // It is not there before anything is tracked.
  if (!existsSync(file)) return []
  const most = Number(readFileSync(file, 'utf8'))
  const beyond = Object.entries(loadBalancerSpecs).find(([, { connections = 0 }]) => connections > most)
  const base = { id: 'connections', name: screen.messages.connectionTable }
  const why = screen.messages.connectionTableWhy(most, beyond?.[0])
  if (!beyond) return [{ ...base, state: 'ok', why }]
  const [, { connections }] = beyond
  const how = `${machine.root ? '' : 'sudo '}sysctl -w net.netfilter.nf_conntrack_max=${connections}`
  return [{ ...base, state: 'limited', why, how }]
}
