/**
 * Commands that start a sandbox and enter one: pure. From the outside in: cgroups, network namespace, mount
 * namespace in which the instance's files are in reach, loss of identity and capabilities, bubblewrap, limits.
 */
import { fileURLToPath } from 'node:url'
import type { InstancePlan } from '../plan/host-plan.ts'
import { etcFiles, hostEtc, insideUser, keyName } from './etc.ts'

const mib = 1024 * 1024
const tmpBytes = 64 * mib
const runBytes = 16 * mib

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** What holds a sandbox's processes and memory besides the limits set inside. */
export interface OuterLimits {
  /** `cgroup.procs` files to join. */
  readonly procs: readonly string[]
  readonly boundsMemory: boolean
}

export interface SandboxSpec {
  readonly instance: InstancePlan
  /** The instance's directory: `home`, `etc`, `user-data`, `authorized-key`. */
  readonly directory: string
  readonly netnsFile: string
  readonly console: string
  readonly consoleBytes: number
  /** False when the agent's user namespace maps no other user: then all sandboxes run as the agent's own. */
  readonly ownUser: boolean
  readonly limits: OuterLimits
}

export function sandboxCommand(spec: SandboxSpec): readonly string[] {
  const { instance, directory, limits } = spec
  return [
    ['sh', script('shim.sh'), directory, String(instance.boot), spec.console, String(spec.consoleBytes)],
    joinCgroups(limits.procs),
    ['nsenter', `--net=${spec.netnsFile}`],
    ['unshare', '--mount', '--propagation', 'slave', 'sh', script('stage.sh')],
    [directory, String(spec.ownUser ? instance.uid : 0)],
    dropIdentity(spec),
    ['bwrap', ...namespaces(instance), ...files(instance), '--'],
    innerLimits(instance, limits),
    ['sh', '-c', firstProcess],
  ].flat()
}

export interface EnterSpec {
  readonly instance: InstancePlan
  /** Host pid of the sandbox's first process. */
  readonly pid: number
  readonly ownUser: boolean
  readonly limits: OuterLimits
}

/** A command run inside a running sandbox, as its user. */
export function enterCommand(spec: EnterSpec, command: readonly string[]): readonly string[] {
  const { pid, instance, ownUser, limits } = spec
  const { uid, gid, home } = insideUser
  return [
    joinCgroups(limits.procs),
    ['nsenter', `--target=${pid}`, '--user', '--mount', '--pid', '--ipc', '--uts', '--net'],
    // An ordinary user's root is the sandbox's user already, and may not change groups.
    ownUser ? [`--setuid=${uid}`, `--setgid=${gid}`] : ['--preserve-credentials'],
    [`--wdns=${home}`, '--'],
    innerLimits(instance, limits),
    // Not being root inside, it lost its capabilities with this program; this closes the way back.
    ['setpriv', '--no-new-privs', '--', ...command],
  ].flat()
}

/** All that is known inside of the outside. */
export const environment = {
  PATH: '/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin',
  HOME: insideUser.home,
  USER: insideUser.name,
  LOGNAME: insideUser.name,
  SHELL: '/bin/sh',
  LANG: 'C.UTF-8',
} as const

/**
 * The instance's key pair among the keys of its user: the line that ends with its name is ours, others are the
 * tenant's. It is done inside, as the tenant, whose home may hold links to anywhere.
 */
const takeKey = [
  'keys=.ssh/authorized_keys',
  '[ -s /run/authorized-key ] || [ -e $keys ] || exit 0',
  'umask 077 && mkdir -p .ssh',
  `{ grep -sv ' ${keyName}$' $keys; cat /run/authorized-key; } >$keys.new && mv $keys.new $keys`,
].join('; ')

/**
 * Says by file 7 that the sandbox is complete, takes the key, then runs the script. A machine stays up when its boot script is done: what the script left running goes on. A script that fails ends
 * the sandbox, and the agent starts it again.
 */
const firstProcess = `echo 1 >&7; exec 7>&-; (${takeKey}); [ ! -e /run/user-data ] || /run/user-data || exit; exec sleep infinity`

function joinCgroups(procs: readonly string[]): readonly string[] {
  if (procs.length === 0) return []
  return ['sh', '-c', 'for file in $0; do echo 0 >"$file"; done; exec "$@"', procs.join(' ')]
}

/**
 * As the root of an ordinary user's namespace there is no other identity to take; and to map that root to another
 * number inside, the kernel asks for the right to set file capabilities (since 5.12), which ends with the mapping.
 */
function dropIdentity({ instance, ownUser }: SandboxSpec): readonly string[] {
  const { uid } = instance
  return [
    ['setpriv', '--no-new-privs', '--inh-caps=-all'],
    ownUser
      ? ['--bounding-set=-all', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--']
      : ['--bounding-set=-all,+setfcap', '--'],
  ].flat()
}

function namespaces(instance: InstancePlan): readonly string[] {
  return [
    ['--unshare-user', '--uid', String(insideUser.uid), '--gid', String(insideUser.gid)],
    ['--disable-userns', '--cap-drop', 'ALL'],
    ['--unshare-pid', '--unshare-uts', '--unshare-ipc', '--unshare-cgroup-try'],
    ['--hostname', instance.hostName],
    // Its parent is the shim: the agent's death changes nothing, the shim's ends the sandbox.
    ['--new-session', '--die-with-parent', '--info-fd', '8'],
    ['--clearenv', ...Object.entries(environment).flatMap(([name, value]) => ['--setenv', name, value])],
  ].flat()
}

function files(instance: InstancePlan): readonly string[] {
  const ownEtc = [...etcFiles(instance).keys()]
  return [
    ['--ro-bind', '/usr', '/usr'],
    ['bin', 'sbin', 'lib', 'lib64'].flatMap((name) => ['--symlink', `usr/${name}`, `/${name}`]),
    ownEtc.flatMap((name) => ['--ro-bind', `/run/instance/etc/${name}`, `/etc/${name}`]),
    hostEtc.flatMap((path) => ['--ro-bind-try', path, path]),
    ['--proc', '/proc', '--dev', '/dev'],
    ['--size', String(tmpBytes), '--perms', '1777', '--tmpfs', '/dev/shm'],
    ['--size', String(tmpBytes), '--perms', '1777', '--tmpfs', '/tmp'],
    ['--size', String(runBytes), '--perms', '0755', '--tmpfs', '/run'],
    ['--ro-bind', '/run/instance/authorized-key', '/run/authorized-key'],
    instance.userData === '' ? [] : ['--ro-bind', '/run/instance/user-data', '/run/user-data'],
    ['--symlink', '../tmp', '/var/tmp', '--symlink', '../run', '/var/run'],
    ['--perms', '0755', '--dir', '/home', '--bind', '/run/instance/home', insideUser.home],
    ['--remount-ro', '/dev', '--remount-ro', '/', '--chdir', insideUser.home],
  ].flat()
}

/** Set inside the user namespace, where the kernel counts processes for this sandbox alone. */
function innerLimits(instance: InstancePlan, limits: OuterLimits): readonly string[] {
  const { processes, memoryMib } = instance
  const data = memoryMib * mib
  return [
    ['prlimit', `--nproc=${processes}:${processes}`, '--core=0:0'],
    limits.boundsMemory ? ['--'] : [`--data=${data}:${data}`, '--'],
  ].flat()
}
