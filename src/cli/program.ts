/** The command tree. Each command's work is loaded when it is called, so that the others start at once. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { Failure } from './failure.ts'
import { type Language, languages } from './language.ts'
import { defaultListen, listenOption } from './listen.ts'
import { addConfigureCommands } from './configure-commands.ts'
import { addExplainCommands } from './explain-commands.ts'
import { messagesIn } from './messages.ts'
import type { Machine } from './packages.ts'
import { addProductCommands } from './product-commands.ts'
import { type Screen, screenOn } from './screen.ts'
import { defaultState, statePaths } from './state.ts'

/** Work that lies outside this folder, and the facts of the process. */
export interface Surroundings {
  readonly version: string
  readonly language: Language
  readonly machine: Machine
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
  readonly quickstart: (options: QuickstartOptions, machine: Machine, screen: Screen) => Promise<void>
}

export interface QuickstartOptions {
  readonly state: string
  readonly listen: string | undefined
}

export interface Common {
  readonly output?: 'text' | 'json'
  readonly lang?: Language
}

interface UpGiven {
  readonly state: string
  readonly listen?: string
  readonly regions?: string
  readonly foreground?: true
}

interface FlowsGiven {
  readonly state: string
  readonly since: string
  readonly account?: string
  readonly endpoint?: string
  readonly service?: string
  readonly side?: string
  readonly follow?: true
}

/** Runs the command line and returns its exit code. */
export async function run(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const messages = messagesIn(surroundings.language)
  let code = 0
  const program = buildProgram(surroundings, (result) => (code = result))
  try {
    await program.parseAsync(argv, { from: 'user' })
    return code
  } catch (error) {
    const say = (text: string) => surroundings.stderr.write(`postern: ${text}\n`)
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0
      if (error.code !== 'commander.help') say(messages.usage(error.message.replace(/^error: /, '')))
      return 2
    }
    if (error instanceof Failure) {
      say(error.message)
      return error.exitCode
    }
    throw error
  }
}

export function buildProgram(surroundings: Surroundings, exitWith: (code: number) => void): Command {
  const { language, machine } = surroundings
  const messages = messagesIn(language)
  const { commands, options } = messages
  const screenOf = (given: Common) => screenOn(surroundings, given.lang ?? language, given.output === 'json')

  const program = new Command('postern')
    .description(messages.about)
    .version(surroundings.version, '--version', messages.versionOption)
    .helpCommand(false)
    .enablePositionalOptions()
    .addHelpText('after', `\n${messages.helpEpilogue}`)
  prepare(program)

  function prepare(command: Command): Command {
    return command
      .helpOption('-h, --help', messages.helpOption)
      .configureHelp({
        styleTitle: (title) => messages.helpHeadings[title] ?? title,
        optionDescription: ({ description, argChoices, defaultValue }) => {
          const fallback = typeof defaultValue === 'string' ? defaultValue : undefined
          return description + messages.optionValues(argChoices ?? [], fallback)
        },
      })
      .configureOutput({
        writeOut: (text) => void surroundings.stdout.write(text),
        writeErr: (text) => void surroundings.stderr.write(text),
        outputError: () => {},
      })
      .exitOverride()
      .addOption(new Option('--lang <language>', options.lang).choices(languages))
  }
  const add = (parent: Command, name: string, about: string) =>
    prepare(parent.command(name).description(about))
  const withState = (command: Command, fallback = defaultState(machine.root)) =>
    command.option('--state <directory>', options.state, fallback)
  const withOutput = (command: Command) =>
    command.addOption(
      new Option('--output <format>', options.output).choices(['text', 'json']).default('text'),
    )

  withOutput(withState(add(program, 'up', commands.up)))
    .option('--listen <host:port>', `${options.listen} (${defaultListen})`, listenOption)
    .option('--regions <file>', options.regions)
    .option('--foreground', options.foreground)
    .action(async (given: Common & UpGiven) => {
      const { up } = await import('./up.ts')
      const { listen, regions, foreground = false } = given
      await up(statePaths(given.state), { listen, regions, foreground }, machine, screenOf(given))
    })

  withOutput(withState(add(program, 'down', commands.down)))
    .option('--purge', options.purge)
    .action(async (given: Common & { state: string; purge?: true }) => {
      const { down } = await import('./up.ts')
      await down(statePaths(given.state), given.purge ?? false, machine, screenOf(given))
    })

  withOutput(withState(add(program, 'status', commands.status))).action(
    async (given: Common & { state: string }) => {
      const { status } = await import('./up.ts')
      await status(statePaths(given.state), machine, screenOf(given))
    },
  )

  withOutput(withState(add(program, 'metrics', commands.metrics))).action(
    async (given: Common & { state: string }) => {
      const { metrics } = await import('./metrics.ts')
      await metrics(statePaths(given.state), screenOf(given))
    },
  )

  withOutput(withState(add(program, 'capacity', commands.capacity))).action(
    async (given: Common & { state: string }) => {
      const { capacity } = await import('./capacity.ts')
      await capacity(statePaths(given.state), screenOf(given))
    },
  )

  withOutput(withState(add(program, 'audit', commands.audit)))
    .option('--since <time>', options.since, '1h')
    .option('--account <digits>', options.auditAccount)
    .option('--action <name>', options.auditAction)
    .option('--user <name>', options.auditUser)
    .action(
      async (
        given: Common & { state: string; since: string; account?: string; action?: string; user?: string },
      ) => {
        const { audit } = await import('./audit.ts')
        const { since, account, action, user } = given
        await audit(statePaths(given.state), { since, account, action, user }, new Date(), screenOf(given))
      },
    )

  withOutput(withState(add(program, 'events', commands.events)))
    .option('--since <time>', options.since, '1h')
    .option('--endpoint <id>', options.eventEndpoint)
    .option('--follow', options.follow)
    .action(async (given: Common & { state: string; since: string; endpoint?: string; follow?: boolean }) => {
      const { events, followEvents } = await import('./events.ts')
      const { since, endpoint } = given
      const [paths, screen, now] = [statePaths(given.state), screenOf(given), new Date()]
      if (!given.follow) return await events(paths, { since, endpoint }, now, screen)
      const stop = new AbortController()
      process.once('SIGINT', () => stop.abort())
      await followEvents(paths, { since, endpoint }, now, screen, stop.signal)
    })

  withOutput(withState(add(program, 'flows', commands.flows)))
    .option('--since <time>', options.since, '1h')
    .option('--account <digits>', options.flowAccount)
    .option('--endpoint <id>', options.flowEndpoint)
    .option('--service <id>', options.flowService)
    .addOption(new Option('--side <side>', options.flowSide).choices(['consumer', 'provider']))
    .option('--follow', options.follow)
    .action(async (given: Common & FlowsGiven) => {
      const { flows } = await import('./flows.ts')
      const { since, account, endpoint, service, side, follow = false } = given
      const wanted = { since, account, endpoint, service, side, follow }
      await flows(statePaths(given.state), wanted, new Date(), screenOf(given))
    })

  withOutput(add(program, 'doctor', commands.doctor)).action(async (given: Common) => {
    const { doctor } = await import('./doctor.ts')
    await doctor(machine, screenOf(given))
  })

  const account = add(program, 'account', commands.account)
  withOutput(withState(add(account, 'create', commands.accountCreate)))
    .option('--id <digits>', options.accountId)
    .requiredOption('--name <name>', options.accountName)
    .action(async (given: Common & { state: string; id?: string; name: string }) => {
      const { createAccount } = await import('./accounts.ts')
      await createAccount(statePaths(given.state), { id: given.id, name: given.name }, screenOf(given))
    })
  withOutput(withState(add(account, 'list', commands.accountList))).action(
    async (given: Common & { state: string }) => {
      const { listAccounts } = await import('./accounts.ts')
      await listAccounts(statePaths(given.state), screenOf(given))
    },
  )
  withOutput(withState(add(account, 'password', commands.accountPassword)))
    .requiredOption('--id <digits>', options.account)
    .action(async (given: Common & { state: string; id: string }) => {
      const { setPassword } = await import('./accounts.ts')
      await setPassword(statePaths(given.state), given.id, surroundings, screenOf(given))
    })
  const key = add(account, 'key', commands.accountKey)
  withOutput(withState(add(key, 'create', commands.accountKeyCreate)))
    .requiredOption('--id <digits>', options.account)
    .action(async (given: Common & { state: string; id: string }) => {
      const { createKey } = await import('./accounts.ts')
      await createKey(statePaths(given.state), given.id, screenOf(given))
    })

  const limit = add(program, 'limit', commands.limit)
  withOutput(withState(add(limit, 'list', commands.limitList))).action(
    async (given: Common & { state: string }) => {
      const { listLimits } = await import('./limits.ts')
      await listLimits(statePaths(given.state), screenOf(given))
    },
  )
  withOutput(withState(add(limit, 'set', commands.limitSet)))
    .argument('<consumer>', options.limitConsumer)
    .argument('<connections>', options.limitConnections)
    .action(async (consumer: string, connections: string, given: Common & { state: string }) => {
      const { setLimit } = await import('./limits.ts')
      await setLimit(statePaths(given.state), consumer, connections, screenOf(given))
    })

  const zone = add(program, 'zone', commands.zone)
  withOutput(withState(add(zone, 'list', commands.zoneList))).action(
    async (given: Common & { state: string }) => {
      const { listZones } = await import('./zones.ts')
      await listZones(statePaths(given.state), screenOf(given))
    },
  )
  for (const status of ['down', 'up'] as const) {
    withOutput(withState(add(zone, status, status === 'down' ? commands.zoneDown : commands.zoneUp)))
      .argument('<zone>', options.zone)
      .action(async (id: string, given: Common & { state: string }) => {
        const { setZone } = await import('./zones.ts')
        await setZone(statePaths(given.state), id, status, screenOf(given))
      })
  }

  withState(add(program, 'exec', commands.exec))
    .argument('<instance>', options.instance, instanceId)
    .argument('<command...>', options.command)
    .passThroughOptions()
    .action(async (instance: string, command: string[], given: Common & { state: string }) => {
      const { exec } = await import('./instances.ts')
      const { stdin, stdout, stderr } = surroundings
      const { messages: text } = screenOf(given)
      // What stands after the instance is passed through as it is, the separator too.
      const words = command[0] === '--' ? command.slice(1) : command
      if (words.length === 0) throw new Failure(2, messages.usage(options.command))
      exitWith(await exec(statePaths(given.state), instance, words, { stdin, stdout, stderr }, text))
    })

  withOutput(withState(add(program, 'console', commands.console)))
    .argument('[instance]', options.instance, instanceId)
    .option('--account <digits>', options.linkAccount)
    .action(async (instance: string | undefined, given: Common & { state: string; account?: string }) => {
      const paths = statePaths(given.state)
      if (instance === undefined) {
        const { printSignIn } = await import('./sign-in.ts')
        await printSignIn(paths, given.account, screenOf(given))
      } else {
        const { printConsole } = await import('./instances.ts')
        await printConsole(paths, instance, surroundings.stdout, screenOf(given).messages)
      }
    })

  const withBoth = (command: Command) => withOutput(withState(command))
  addExplainCommands(program, messages, { add, withBoth, screenOf, exitWith, instanceId })
  addProductCommands(program, surroundings)
  addConfigureCommands(program, { add, withOutput, screenOf }, surroundings)

  const quickstartState = `${defaultState(machine.root)}-quickstart`
  withOutput(withState(add(program, 'quickstart', commands.quickstart), quickstartState))
    .option('--listen <host:port>', options.listen, listenOption)
    .action(async (given: Common & { state: string; listen?: string }) => {
      const { state, listen } = given
      await surroundings.quickstart({ state, listen }, machine, screenOf(given))
    })

  add(program, 'test', commands.test)
    .option('--no-netns', options.noNetns)
    .option('--no-quickstart', options.noQuickstart)
    .action(async (given: Common & { netns: boolean; quickstart: boolean }) => {
      const { runTests } = await import('./test-run.ts')
      await runTests({ netns: given.netns, quickstart: given.quickstart }, machine, screenOf(given))
    })

  add(program, 'completion', commands.completion)
    .argument('<shell>', options.shell)
    .action(async (shell: string) => {
      const { completionScript, shells } = await import('./completion.ts')
      const known = shells.find((name) => name === shell)
      if (!known) throw new Failure(2, messages.usage(options.shell))
      surroundings.stdout.write(completionScript(program, known))
    })

  return program
}

function instanceId(text: string): string {
  if (!/^i-[a-z0-9]+$/.test(text)) throw new InvalidArgumentError('i-…')
  return text
}
