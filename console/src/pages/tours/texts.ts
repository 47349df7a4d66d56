import { useLazyTexts, type LazyTexts } from '../../i18n/lazy-texts.ts'
import type { Texts } from './texts-en.ts'

const texts: LazyTexts<Texts> = {
  name: 'tours',
  load: {
    en: async () => (await import('./texts-en.ts')).en,
    zh: async () => (await import('./texts-zh.ts')).zh,
  },
}

export const useTourText = () => useLazyTexts(texts)
