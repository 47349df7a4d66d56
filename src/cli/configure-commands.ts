/** `postern configure …` as commands. */
import type { Command } from 'commander'
import { messagesIn } from './messages.ts'
import type { Common, Surroundings } from './program.ts'
import type { ProfileFlags } from './configure.ts'
import type { Screen } from './screen.ts'

interface Building {
  readonly add: (parent: Command, name: string, about: string) => Command
  readonly withOutput: (command: Command) => Command
  readonly screenOf: (given: Common) => Screen
}

type Given = Common & ProfileFlags

export function addConfigureCommands(
  program: Command,
  { add, withOutput, screenOf }: Building,
  surroundings: Surroundings,
): void {
  const { machine, stdin, stderr } = surroundings
  const { configure: texts } = messagesIn(surroundings.language).product
  const withProfile = (command: Command) => command.option('--profile <name>', texts.profile)
  const withFields = (command: Command) =>
    withProfile(command)
      .option('--mode <mode>', texts.field)
      .option('--access-key-id <id>', texts.field)
      .option('--access-key-secret <secret>', texts.field)
      .option('--sts-token <token>', texts.field)
      .option('--ram-role-arn <arn>', texts.field)
      .option('--role-session-name <name>', texts.field)
      .option('--expired-seconds <seconds>', texts.field)
      .option('--region <id>', texts.field)
      .option('--endpoint <address>', texts.field)
      .option('--ca <file>', texts.field)

  const configure = withFields(add(program, 'configure', texts.about)).action(async (given: Given) => {
    const { askProfile } = await import('./configure.ts')
    await askProfile(given, machine.env, { stdin, stderr }, screenOf(given))
  })
  withOutput(add(configure, 'list', texts.list)).action(async (given: Given) => {
    const { listProfiles } = await import('./configure.ts')
    listProfiles(machine.env, screenOf(given))
  })
  withProfile(add(configure, 'get', texts.get))
    .argument('[fields...]', texts.fields)
    .action(async (fields: string[], given: Given) => {
      const { getProfile } = await import('./configure.ts')
      getProfile(given, fields, machine.env, screenOf(given))
    })
  withFields(add(configure, 'set', texts.set)).action(async (given: Given) => {
    const { setProfile } = await import('./configure.ts')
    setProfile(given, machine.env, screenOf(given))
  })
  add(configure, 'delete', texts.delete)
    .requiredOption('--profile <name>', texts.profile)
    .action(async (given: Given & { profile: string }) => {
      const { deleteProfile } = await import('./configure.ts')
      deleteProfile(given.profile, machine.env, screenOf(given))
    })
  add(configure, 'switch', texts.switch)
    .requiredOption('--profile <name>', texts.profile)
    .action(async (given: Given & { profile: string }) => {
      const { switchProfile } = await import('./configure.ts')
      switchProfile(given.profile, machine.env, screenOf(given))
    })
}
