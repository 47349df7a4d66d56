import type { Exec } from '../exec.ts'
import { CommandError, inside } from '../exec.ts'
import { parseFlow, type Direction, type Flow } from './flow-list.ts'

/** Which flows are meant: all that are answered from an address, all that were sent to one, or a single one. */
export type FlowMatch =
  | { readonly answeredFrom: string }
  | { readonly sentTo: string }
  | { readonly protocol: 'tcp' | 'udp'; readonly original: Direction }

/** The kernel forgets these flows; gives those of TCP and UDP that it knew. */
export async function forgetFlows(exec: Exec, netns: string, match: FlowMatch): Promise<readonly Flow[]> {
  const command = inside(netns, ['conntrack', '-D', '-f', 'ipv4', ...optionsOf(match)])
  const result = await exec(command)
  // Its exit code is 1 also when there was nothing to delete.
  if (result.code !== 0 && !result.stderr.includes('0 flow entries')) throw new CommandError(command, result)
  return result.stdout.split('\n').flatMap((row) => parseFlow(row) ?? [])
}

export function optionsOf(match: FlowMatch): readonly string[] {
  if ('answeredFrom' in match) return ['--reply-src', match.answeredFrom]
  if ('sentTo' in match) return ['-d', match.sentTo]
  const { from, fromPort, to, toPort } = match.original
  return ['-p', match.protocol, '-s', from, '-d', to, '--sport', `${fromPort}`, '--dport', `${toPort}`]
}
