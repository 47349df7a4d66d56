/** `explain` and `proof` in the command tree. */
import type { Command } from 'commander'
import { Failure } from './failure.ts'
import type { Common } from './program.ts'
import type { PortsAsked } from './proof.ts'
import type { Screen } from './screen.ts'
import { statePaths } from './state.ts'

export interface Adding {
  readonly add: (parent: Command, name: string, about: string) => Command
  /** `--state` and `--output`. */
  readonly withBoth: (command: Command) => Command
  readonly screenOf: (given: Common) => Screen
  readonly exitWith: (code: number) => void
  readonly instanceId: (text: string) => string
}

interface ExplainGiven extends Common {
  readonly state: string
  readonly udp?: true
  readonly host?: string
  readonly path: string
}

interface ProofGiven extends Common {
  readonly state: string
  readonly account?: readonly string[]
  readonly ports?: string
  readonly save?: string
  readonly check?: string
  readonly limit: string
  readonly parallel: string
  readonly seconds: string
}

export function addExplainCommands(
  program: Command,
  { commands, options }: Screen['messages'],
  { add, withBoth, screenOf, exitWith, instanceId }: Adding,
): void {
  withBoth(add(program, 'explain', commands.explain))
    .argument('<instance>', options.instance, instanceId)
    .argument('<place>', options.place)
    .option('--udp', options.udp)
    .option('--host <domain>', options.host)
    .option('--path <path>', options.path, '/')
    .action(async (client: string, text: string, given: ExplainGiven) => {
      const { explain } = await import('./explain.ts')
      const screen = screenOf(given)
      const place = readPlace(text)
      if (!place) throw new Failure(2, screen.messages.explain.badPlace(text))
      const { host, path } = given
      if (!isRequest(host, path)) throw new Failure(2, screen.messages.usage(host ?? path))
      const question = given.udp
        ? { client, ...place, protocol: 'udp' as const }
        : { client, ...place, protocol: 'tcp' as const, request: { host, path } }
      exitWith(await explain(statePaths(given.state), question, screen))
    })

  withBoth(add(program, 'proof', commands.proof))
    .option('--account <digits...>', options.proofAccount)
    .option('--ports <list>', options.ports)
    .option('--save <file>', options.save)
    .option('--check <file>', options.checkProof)
    .option('--limit <count>', options.limit, '20000')
    .option('--parallel <count>', options.parallel, '4')
    .option('--seconds <count>', options.seconds, '300')
    .action(async (given: ProofGiven) => {
      const { checkProof, proof } = await import('./proof.ts')
      const screen = screenOf(given)
      if (given.check !== undefined) {
        exitWith(await checkProof(given.check, screen))
        return
      }
      const { account: accounts = [], save } = given
      const ports = given.ports === undefined ? undefined : readPorts(given.ports)
      if (given.ports !== undefined && !ports) {
        throw new Failure(2, screen.messages.explain.badPorts(given.ports))
      }
      const [limit, parallel, seconds] = [given.limit, given.parallel, given.seconds].map((text) => {
        if (!/^[1-9]\d{0,6}$/.test(text)) throw new Failure(2, screen.messages.usage(text))
        return Number(text)
      })
      const bounds = { limit: limit ?? 0, parallel: Math.min(parallel ?? 1, 64), seconds: seconds ?? 0 }
      exitWith(await proof(statePaths(given.state), { accounts, ports, save, ...bounds }, screen))
    })
}

function isRequest(host: string | undefined, path: string): boolean {
  return (host === undefined || /^[a-z0-9._-]{1,253}$/i.test(host)) && /^\/[!-~]{0,1023}$/.test(path)
}

/** `ep-…:80`, `10.0.0.1:80`, `name:80`. */
export function readPlace(text: string): { readonly target: string; readonly port: number } | undefined {
  const [, target, port = ''] = /^([a-z0-9._-]{1,253}):(\d{1,5})$/i.exec(text) ?? []
  return target !== undefined && isPort(Number(port)) ? { target, port: Number(port) } : undefined
}

/** `80,443,udp/53`. */
export function readPorts(text: string): PortsAsked | undefined {
  const parts = text.split(',').map((part) => /^(?:(tcp|udp)\/)?(\d{1,5})$/.exec(part))
  const portsOf = (datagrams: boolean) => {
    const ports = parts.flatMap((part) =>
      part && (part[1] === 'udp') === datagrams ? [Number(part[2])] : [],
    )
    return [...new Set(ports)].sort((a, b) => a - b)
  }
  const asked = { ports: portsOf(false), udpPorts: portsOf(true) }
  return parts.includes(null) || ![...asked.ports, ...asked.udpPorts].every(isPort) ? undefined : asked
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535
}
