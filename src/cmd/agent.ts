/** The agent: the one program with privileges. Asked to end it leaves everything running. */
import { readFileSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { hostname } from 'node:os'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { startAgent, usualTiming } from '../agent/agent.ts'
import { flowLogIsOn } from '../agent/flow-log-file.ts'
import { stopAllFlowListeners } from '../agent/flow-listeners.ts'
import { createFlowRecorder, silentFlowRecorder } from '../agent/flow-recorder.ts'
import { createProxies, stopAllProxies } from '../agent/proxies.ts'
import { serviceCommand } from '../agent/service-child.ts'
import { mapsUser } from '../agent/user-map.ts'
import { createFlowTable } from '../dataplane/end-flows.ts'
import { execProgram } from '../dataplane/exec.ts'
import { createLinuxDataplane } from '../dataplane/linux.ts'
import { defaultDomainSuffix } from '../model/names.ts'
import { openCgroups } from '../sandbox/cgroup.ts'
import { instanceFiles } from '../sandbox/directory.ts'
import { createSandboxes } from '../sandbox/sandboxes.ts'
import { readOrEnd } from './read-or-end.ts'
import { untilAskedToEnd } from './signals.ts'

const { values: options } = parseArgs({
  options: {
    state: { type: 'string' },
    server: { type: 'string' },
    deployment: { type: 'string' },
    'domain-suffix': { type: 'string', default: defaultDomainSuffix },
    'remove-all': { type: 'boolean', default: false },
  },
})
const { state: directory, server: serverSocket, deployment } = options
if (!directory || !serverSocket || !deployment)
  throw new Error('--state, --server and --deployment are required')

const log = pino({ name: 'agent', timestamp: pino.stdTimeFunctions.isoTime })
const userMap = readFileSync('/proc/self/uid_map', 'utf8')
const ownUser = (uid: number) => mapsUser(userMap, uid)
const dataplane = createLinuxDataplane({ deployment })
const files = instanceFiles(directory)
const cgroups = await openCgroups(deployment)
const sandboxesReporting = (onChange: () => void) =>
  createSandboxes({ files, cgroups, log, onChange, ownUser })

if (options['remove-all']) {
  const sandboxes = sandboxesReporting(() => undefined)
  await sandboxes.stopAll()
  sandboxes.close()
  await stopAllProxies(directory)
  stopAllFlowListeners(directory)
  await dataplane.removeAll()
} else {
  const logsFlows = readOrEnd(() => flowLogIsOn(directory))
  if (!logsFlows) stopAllFlowListeners(directory)
  const agent = await startAgent({
    host: hostname(),
    deployment,
    directory,
    serverSocket,
    dataplane,
    flows: createFlowTable(execProgram),
    files,
    createSandboxes: sandboxesReporting,
    createProxies: (onEnded) => createProxies({ directory, mapsUser: ownUser, onEnded, log }),
    createFlowRecorder: (health) =>
      logsFlows
        ? createFlowRecorder({ directory, exec: execProgram, health, now: Date.now, log })
        : silentFlowRecorder,
    serviceCommand: serviceCommand(options['domain-suffix'], ownUser),
    timing: usualTiming,
    random: Math.random,
    log,
  })
  // Now, for a process that is killed later leaves no cache behind.
  flushCompileCache()
  log.info({ deployment }, 'ready')
  const signal = await untilAskedToEnd()
  log.info({ signal }, 'ending')
  await agent.close()
}
