/** The products as commands: everything after a product's name is read by `product/words.ts`. */
import type { Command } from 'commander'
import { products } from '../api/products.ts'
import { messagesIn } from './messages.ts'
import type { Surroundings } from './program.ts'
import { screenOn } from './screen.ts'
import { defaultState } from './state.ts'

export function addProductCommands(program: Command, surroundings: Surroundings): void {
  const { language, machine } = surroundings
  const messages = messagesIn(language)

  async function run(product: string, words: readonly string[]): Promise<void> {
    const [{ runProduct }, { allActions }] = await Promise.all([
      import('./product/run.ts'),
      import('../api/actions/all.ts'),
    ])
    const screen = screenOn(surroundings, language, false)
    const state = defaultState(machine.root)
    await runProduct(product, words, { actions: allActions, env: machine.env, state, screen })
  }

  const addPlain = (name: string, about: string) =>
    program
      .command(name)
      .description(about)
      .helpOption(false)
      .allowUnknownOption()
      .allowExcessArguments()
      .passThroughOptions()

  for (const { name, version } of Object.values(products)) {
    addPlain(name.toLowerCase(), messages.product.about(name, version))
      .helpGroup(messages.product.heading)
      .action(async (_given: object, command: Command) => await run(name, command.args))
  }
  // The products under their names in the table, as the command line of the first releases had them.
  addPlain('call', messages.commands.call).action(async (_given: object, command: Command) => {
    const [product = '', ...words] = command.args
    await run(product, words)
  })

  program
    .command('complete-words', { hidden: true })
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .passThroughOptions()
    .action(async (_given: object, command: Command) => {
      const [{ completions }, { allActions }, { profilePath, readProfiles }] = await Promise.all([
        import('./product/complete.ts'),
        import('../api/actions/all.ts'),
        import('./profiles.ts'),
      ])
      const [product = '', ...words] = command.args.filter((word) => word !== '--')
      const profiles = readProfiles(profilePath(machine.env), messages).profiles.map(({ name }) => name)
      for (const word of completions({ product, words, profiles }, allActions)) {
        surroundings.stdout.write(`${word}\n`)
      }
    })
}
