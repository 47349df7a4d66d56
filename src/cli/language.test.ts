import { describe, expect, test } from 'vitest'
import { localeLanguage, wantedLanguage } from './language.ts'

describe('locale', () => {
  test.each([
    [{}, 'en'],
    [{ LANG: 'zh_CN.UTF-8' }, 'zh'],
    [{ LANG: 'zh' }, 'zh'],
    [{ LANG: 'de_DE.UTF-8' }, 'en'],
    [{ LANG: 'zh_CN.UTF-8', LC_ALL: 'C.UTF-8' }, 'en'],
    [{ LANG: 'en_US.UTF-8', LC_ALL: '', LC_MESSAGES: 'zh_TW' }, 'zh'],
  ] as const)('%j', (env, language) => {
    expect(localeLanguage(env)).toBe(language)
  })
})

describe('--lang', () => {
  test.each([
    [['quickstart', '--lang', 'zh'], 'zh'],
    [['--lang=zh', 'up'], 'zh'],
    [['--lang', 'fr'], 'en'],
    [['exec', 'i-1', '--', 'tool', '--lang', 'zh'], 'en'],
  ] as const)('%j', (argv, language) => {
    expect(wantedLanguage(argv, {})).toBe(language)
  })
})
