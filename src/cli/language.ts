export const languages = ['en', 'zh'] as const
export type Language = (typeof languages)[number]

/** A text in both languages, for data that is shown to people. */
export type Text = Readonly<Record<Language, string>>

/** The language of the locale, by the precedence that POSIX gives its variables; English unless it is Chinese. */
export function localeLanguage(env: NodeJS.ProcessEnv): Language {
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || ''
  return /^zh\b|^zh_/i.test(locale) ? 'zh' : 'en'
}

/**
 * The value of `--lang` before the command line is parsed, because the help texts depend on it. A value that is
 * no language is left for the parser to refuse.
 */
export function wantedLanguage(argv: readonly string[], env: NodeJS.ProcessEnv): Language {
  const end = argv.indexOf('--')
  const options = end < 0 ? argv : argv.slice(0, end)
  for (const [index, word] of options.entries()) {
    const value = word === '--lang' ? options[index + 1] : /^--lang=(.*)$/.exec(word)?.[1]
    const language = languages.find((known) => known === value)
    if (language) return language
  }
  return localeLanguage(env)
}
