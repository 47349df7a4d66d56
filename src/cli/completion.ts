/** Completion scripts: of the command tree itself; what follows a product's name is asked for when it is typed. */
import type { Command } from 'commander'
import { productNames } from './product/catalogue.ts'

export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

interface Level {
  /** Words before the cursor, without the program's name: '' for the top, `account key` for a sub-command. */
  readonly path: string
  readonly commands: readonly { readonly name: string; readonly about: string }[]
  readonly options: readonly { readonly name: string; readonly about: string; readonly takesValue: boolean }[]
}

export function completionScript(program: Command, shell: Shell): string {
  const levels = levelsOf(program, [])
  switch (shell) {
    case 'bash':
      return bash(levels)
    case 'zsh':
      return `autoload -U +X bashcompinit && bashcompinit\n${bash(levels)}`
    case 'fish':
      return fish(levels)
  }
}

function levelsOf(command: Command, path: readonly string[]): Level[] {
  const help = command.createHelp()
  const commands = help.visibleCommands(command)
  return [
    {
      path: path.join(' '),
      commands: commands.map((child) => ({ name: child.name(), about: child.description() })),
      options: help.visibleOptions(command).flatMap((option) =>
        option.long === undefined || option.long === null
          ? []
          : [
              {
                name: option.long,
                about: option.description,
                takesValue: option.required || option.optional,
              },
            ],
      ),
    },
    ...commands
      .filter((child) => child.name() !== 'help')
      .flatMap((child) => levelsOf(child, [...path, child.name()])),
  ]
}

function bash(levels: readonly Level[]): string {
  const cases = levels.map(({ path, commands, options }) => {
    const words = [...commands, ...options].map(({ name }) => name)
    return `    '${path}') words='${words.join(' ')}' ;;`
  })
  const paths = levels.map(({ path }) => `'${path}'`).join('|')
  return `_postern() {
  local cur=\${COMP_WORDS[COMP_CWORD]} path='' next word words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    next=\${path:+$path }$word
    case $next in
      ${paths}) path=$next ;;
    esac
  done
  case " ${productNames.join(' ')} " in *" \${COMP_WORDS[1]} "*)
    if [ "$COMP_CWORD" -gt 1 ]; then
      COMPREPLY=($(compgen -W "$("\${COMP_WORDS[0]}" complete-words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" -- "$cur"))
      return
    fi
  esac
  case $path in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  [ \${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$cur"))
}
complete -F _postern postern ./postern
`
}

function fish(levels: readonly Level[]): string {
  const quote = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const lines = levels.flatMap(({ path, commands, options }) => {
    const words = path.split(' ').filter((word) => word !== '')
    const seen = words.map((word) => `__fish_seen_subcommand_from ${word}`)
    const unseen = commands.map(({ name }) => name).join(' ')
    const deeper = commands.length > 0 ? [`not __fish_seen_subcommand_from ${unseen}`] : []
    const condition = quote([...seen, ...deeper].join('; and ') || 'true')
    return [
      ...commands.map(
        ({ name, about }) => `complete -c postern -n ${condition} -f -a ${name} -d ${quote(about)}`,
      ),
      ...options.map(
        ({ name, about, takesValue }) =>
          `complete -c postern -n ${condition} -l ${name.slice(2)}${takesValue ? ' -r' : ''} -d ${quote(about)}`,
      ),
    ]
  })
  const offered = `(postern complete-words -- (commandline -opc)[2..] (commandline -ct))`
  const product = quote(`__fish_seen_subcommand_from ${productNames.join(' ')}`)
  return `${lines.join('\n')}\ncomplete -c postern -n ${product} -f -a ${quote(offered)}\n`
}
