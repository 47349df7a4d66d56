import type { Exec } from '../exec.ts'
import { CommandError, inside } from '../exec.ts'

/**
 * Forgets datagram flows that were translated to one of these addresses. A TCP client learns by a reset that its
 * wire is gone, so its flow must stay known until then. A datagram client may never stop sending, and each
 * packet keeps the old translation alive: without this it would not find the wire of a later accept.
 */
export async function forgetFlows(exec: Exec, netns: string, addresses: readonly string[]): Promise<void> {
  for (const address of addresses) {
    await deleteFlows(exec, netns, ['-p', 'udp', '--reply-src', address])
  }
}

export async function deleteFlows(exec: Exec, netns: string, which: readonly string[]): Promise<void> {
  const command = inside(netns, ['conntrack', '-D', ...which])
  const result = await exec(command)
  // Its exit code is 1 also when there was nothing to delete.
  if (result.code !== 0 && !result.stderr.includes('0 flow entries')) throw new CommandError(command, result)
}
