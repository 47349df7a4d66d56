/** Debian's Chromium, driven as a person would: by roles and labels. What the page reports as an error fails the test. */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { en, type Messages } from '../../console/src/i18n/en.ts'
import { zh } from '../../console/src/i18n/zh.ts'

export type Language = 'en' | 'zh'

export const messages: Readonly<Record<Language, Messages>> = { en, zh }

const screenshots = fileURLToPath(new URL('./screenshots/', import.meta.url))

/** As root Chromium has no sandbox of its own; it shows our own pages only. */
export async function launch(): Promise<Browser> {
  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync)
  if (executablePath === undefined) throw new Error('chromium is missing: apt-get install chromium')
  return await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
}

export interface Tab {
  readonly page: Page
  readonly context: BrowserContext
  readonly t: Messages
  readonly language: Language
  /** Opens a page of the console, below the region. */
  readonly open: (path: string) => Promise<void>
  /** The same without loading the app anew. */
  readonly turnTo: (path: string) => Promise<void>
  /** A picture of the whole page, kept as an artefact. */
  readonly shoot: (name: string) => Promise<void>
  /** Fails when the page has reported errors, but for those of answers that the test asked for. */
  readonly expectNoErrors: () => void
  /** From now on answers with these statuses are wanted. */
  readonly allow: (...statuses: readonly number[]) => void
}

export interface TabOptions {
  readonly url: string
  readonly language: Language
  readonly dark?: boolean
  readonly width?: number
  /** As the system is set; nothing moves in tests that do not ask for it. */
  readonly motion?: boolean
}

export const region = 'eu-central-1'

export async function openTab(browser: Browser, options: TabOptions): Promise<Tab> {
  const { url, language, dark = false, width = 1440, motion = false } = options
  const context = await browser.newContext({
    baseURL: url,
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    colorScheme: dark ? 'dark' : 'light',
    viewport: { width, height: width < 600 ? 844 : 900 },
    reducedMotion: motion ? 'no-preference' : 'reduce',
  })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const errors: string[] = []
  let allowed: readonly number[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return
    const text = message.text()
    if (allowed.some((status) => text.includes(`status of ${status}`))) return
    errors.push(`${text} (${message.location().url})`)
  })
  mkdirSync(screenshots, { recursive: true })
  return {
    page,
    context,
    language,
    t: messages[language],
    open: async (path) => {
      await page.goto(`/console/${region}${path}`)
    },
    turnTo: async (path) => {
      // As a click on a link does it: the app stays loaded.
      const turn = `history.pushState(null, '', ${JSON.stringify(`/console/${region}${path}`)});
        dispatchEvent(new PopStateEvent('popstate'))`
      await page.evaluate(turn)
    },
    shoot: async (name) => {
      const file = `${name}-${language}${dark ? '-dark' : ''}${width < 600 ? '-narrow' : ''}.png`
      await page.screenshot({ path: join(screenshots, file), fullPage: true })
    },
    allow: (...statuses) => {
      allowed = statuses
    },
    expectNoErrors: () => expect(errors).toEqual([]),
  }
}
