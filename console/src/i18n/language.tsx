/** The language of the console: chosen, remembered, and loaded before the first page is drawn. */
import { createContext, use, useEffect, useState, type ReactNode } from 'react'
import type { Locale } from 'antd/es/locale'
import type { Messages } from './en.ts'

export type Language = 'en' | 'zh'

export interface Catalogue {
  readonly language: Language
  readonly messages: Messages
  /** What antd's own components say. */
  readonly antd: Locale
}

const storageKey = 'postern.language'

export function preferredLanguage(): Language {
  const chosen = localStorage.getItem(storageKey) ?? navigator.language
  return chosen.startsWith('zh') ? 'zh' : 'en'
}

export async function loadCatalogue(language: Language): Promise<Catalogue> {
  if (language === 'zh') {
    const [{ zh }, { default: antd }] = await Promise.all([import('./zh.ts'), import('antd/es/locale/zh_CN')])
    return { language, messages: zh, antd }
  }
  const [{ en }, { default: antd }] = await Promise.all([import('./en.ts'), import('antd/es/locale/en_US')])
  return { language, messages: en, antd }
}

interface LanguageValue extends Catalogue {
  readonly choose: (language: Language) => void
}

const LanguageContext = createContext<LanguageValue | undefined>(undefined)

export function LanguageProvider({
  initial,
  children,
}: {
  readonly initial: Catalogue
  readonly children: ReactNode
}) {
  const [catalogue, setCatalogue] = useState(initial)
  useEffect(() => {
    document.documentElement.lang = catalogue.language === 'zh' ? 'zh-CN' : 'en'
  }, [catalogue])
  const choose = (language: Language) => {
    localStorage.setItem(storageKey, language)
    void loadCatalogue(language).then(setCatalogue)
  }
  return <LanguageContext value={{ ...catalogue, choose }}>{children}</LanguageContext>
}

export function useLanguage(): LanguageValue {
  const value = use(LanguageContext)
  if (!value) throw new Error('no language has been loaded')
  return value
}

/** The texts of the language in use. */
export function useText(): Messages {
  return useLanguage().messages
}
