/** Every text of the command line in both languages; a missing one does not compile. */
import type { Language } from './language.ts'
import { en } from './messages/en.ts'
import { zh } from './messages/zh.ts'
import type { Messages } from './messages/messages.ts'

export type { Messages } from './messages/messages.ts'

const catalogue = { en, zh } satisfies Record<Language, Messages>

export function messagesIn(language: Language): Messages {
  return catalogue[language]
}
