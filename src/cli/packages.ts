/** Debian packages that are missing: installed by root after saying so, named in one command to anyone else. */
import { readdirSync } from 'node:fs'
import { findTool, runCommand } from './command.ts'
import { Failure } from './failure.ts'
import { missingTools, packagesOf, type Use } from './requirements.ts'
import type { Screen } from './screen.ts'

export interface Machine {
  readonly root: boolean
  readonly env: NodeJS.ProcessEnv
}

export function thisMachine(): Machine {
  return { root: process.getuid?.() === 0, env: process.env }
}

/** @throws Failure 3 when something is missing and could not be installed. */
export async function ensureTools(use: Use, machine: Machine, screen: Screen): Promise<void> {
  const missing = missingTools(use, (command) => findTool(command, machine.env) !== undefined)
  if (missing.length === 0) return
  const packages = packagesOf(missing)
  const list = missing.map((tool) => `  ${tool.command} (${tool.debianPackage}): ${screen.text(tool.why)}`)
  const install = `apt-get install -y --no-install-recommends ${packages.join(' ')}`
  if (!findTool('apt-get', machine.env)) {
    throw new Failure(3, screen.messages.toolsMissingElsewhere(list.join('\n'), packages.join(' ')))
  }
  if (!machine.root) throw new Failure(3, screen.messages.toolsMissing(list.join('\n'), `sudo ${install}`))
  screen.note(screen.messages.installing(list.join('\n'), packages.join(' ')))
  if (!(await installPackages(packages, machine.env)))
    throw new Failure(3, screen.messages.installFailed(install))
}

async function installPackages(packages: readonly string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  const apt = (...args: string[]) =>
    runCommand(['apt-get', '-q', ...args], {
      env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
      show: 'all',
    })
  const install = () => apt('install', '-y', '--no-install-recommends', ...packages)
  if (hasPackageLists() && (await install()).code === 0) return true
  // A fresh image has no package lists, and old ones name versions the mirror no longer has.
  await apt('update')
  return (await install()).code === 0
}

function hasPackageLists(): boolean {
  try {
    return readdirSync('/var/lib/apt/lists').some(
      (name) => name.endsWith('_Packages') || name.includes('_Packages.'),
    )
  } catch {
    return false
  }
}
