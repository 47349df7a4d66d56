import { readdir, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Exec, Failure } from '../exec.ts'
import { inside, netnsFolder, output, runBatch } from '../exec.ts'

const nsfsMagic = 0x6e736673

/**
 * Names of the namespaces that carry the prefix. `ip netns add` makes a file and then mounts the namespace on it; a
 * crash in between leaves a file that is no namespace, which would be in the way of the next attempt.
 */
export async function listNamespaces(prefix: string): Promise<readonly string[]> {
  const names: string[] = []
  for (const name of await filesIn(netnsFolder)) {
    if (!name.startsWith(prefix)) continue
    const path = join(netnsFolder, name)
    if ((await statfs(path)).type === nsfsMagic) names.push(name)
    else await rm(path)
  }
  return names.sort()
}

async function filesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    // The folder appears with the first namespace of the machine.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

export function addNamespaces(exec: Exec, names: readonly string[]): Promise<readonly Failure[]> {
  return runBatch(
    exec,
    ['ip'],
    names.map((name) => `netns add ${name}`),
  )
}

export function deleteNamespaces(exec: Exec, names: readonly string[]): Promise<readonly Failure[]> {
  return runBatch(
    exec,
    ['ip'],
    names.map((name) => `netns del ${name}`),
  )
}

/** Values of the named sysctls, which live below the namespace of the process that reads them. */
export async function readSysctls(
  exec: Exec,
  netns: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const lines = (await output(exec, inside(netns, ['sysctl', '-n', ...names]))).split('\n')
  return new Map(names.map((name, i) => [name, (lines[i] ?? '').replaceAll(/\s+/g, ' ')]))
}

export async function writeSysctls(
  exec: Exec,
  netns: string,
  values: ReadonlyMap<string, string>,
): Promise<void> {
  const settings = [...values].map(([name, value]) => `${name}=${value}`)
  await output(exec, inside(netns, ['sysctl', '-qw', ...settings]))
}
