/** `up`, `down` and `status`. */
import { existsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { callAdmin } from './admin.ts'
import { describe, isRunning, purge, start, stop } from './deployment.ts'
import { ensureRights } from './doctor.ts'
import { Failure } from './failure.ts'
import { ensureTools, type Machine } from './packages.ts'
import { chooseRegions } from './regions.ts'
import type { Screen } from './screen.ts'
import { signInLink } from './sign-in.ts'
import { requireConfig, type StatePaths } from './state.ts'

export interface UpOptions {
  readonly listen: string | undefined
  readonly regions: string | undefined
  readonly foreground: boolean
}

export async function up(
  paths: StatePaths,
  options: UpOptions,
  machine: Machine,
  screen: Screen,
): Promise<void> {
  // Before anything is installed for it.
  chooseRegions(paths, options.regions, screen.messages)
  await ensureTools('run', machine, screen)
  await ensureRights(machine, screen)
  // Asked to end while starting, we still finish the start, so that nothing is left half made.
  const ended = options.foreground ? endRequested() : undefined
  const startOptions = {
    listen: options.listen,
    regions: options.regions,
    purpose: 'service' as const,
    logToStderr: options.foreground,
  }
  const { running, alreadyRan } = await start(paths, startOptions, machine, screen)
  if (alreadyRan) screen.note(screen.messages.alreadyRuns)
  const shown = { ...running, signIn: (await signInLink(paths, undefined, screen)).signIn }
  screen.say(screen.messages.runs(shown, machine.root))
  screen.result(shown)
  if (!ended) return
  screen.note(screen.messages.stopHint)
  const reason = await Promise.race([ended, processEnded(paths)])
  await stop(paths, machine, screen)
  screen.note(screen.messages.stopped)
  if (reason === 'process') throw new Failure(1, screen.messages.notRunning(paths.state))
}

function endRequested(): Promise<'signal'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => resolve('signal'))
  })
}

async function processEnded(paths: StatePaths): Promise<'process'> {
  while (isRunning(paths)) await delay(500, undefined, { ref: true })
  return 'process'
}

export async function down(
  paths: StatePaths,
  remove: boolean,
  machine: Machine,
  screen: Screen,
): Promise<void> {
  const { messages } = screen
  if (!existsSync(paths.config)) {
    screen.say(messages.nothingThere)
    screen.result({ state: paths.state, stopped: false, purged: false })
    return
  }
  await stop(paths, machine, screen)
  if (remove) await purge(paths)
  screen.say(remove ? messages.purged : messages.stopped)
  screen.result({ state: paths.state, stopped: true, purged: remove })
}

export async function status(paths: StatePaths, machine: Machine, screen: Screen): Promise<void> {
  const config = requireConfig(paths, screen.messages)
  const running = isRunning(paths)
  const facts = describe(paths, config)
  const server = running ? ((await callAdmin(paths.adminSocket, 'GET', '/status')) as object) : {}
  screen.result({ running, ...facts, deployment: config.deployment, server })
  if (!running) throw new Failure(1, screen.messages.notRunning(paths.state))
  screen.say(screen.messages.runs(facts, machine.root))
}
