/** Debian's Chromium, driven as a person would: by roles and labels. What the page reports as an error fails the test. */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from 'playwright-core'
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

export interface Sight {
  readonly language: Language
  readonly dark: boolean
}

export interface Tab {
  readonly page: Page
  readonly context: BrowserContext
  /** The texts of the language in use. */
  readonly t: Messages
  readonly language: Language
  /** Opens a page of the console, below the region. */
  readonly open: (path: string) => Promise<void>
  /** The same without loading the app anew. */
  readonly turnTo: (path: string) => Promise<void>
  /** Shows the same page in another language or look, with all that is open on it. */
  readonly see: (sight: Sight) => Promise<void>
  /** Resolves when nothing loads any more. */
  readonly settled: () => Promise<void>
  /** A picture of the whole page, or of a part of it, kept as an artefact. */
  readonly shoot: (name: string, part?: Locator) => Promise<void>
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

/** Pages that stay open go on drawing what changes, and make all others slow. */
export async function closeTabs(browser: Browser): Promise<void> {
  await Promise.all(browser.contexts().map((context) => context.close()))
}

/** Waits until nothing in view says that it loads; gives what still does after a while. */
const waitForLoading = `new Promise((done) => {
  const loads = () =>
    document.querySelector('.ant-skeleton, .ant-spin-spinning')?.outerHTML ??
    [...document.querySelectorAll('[role=main] *')].find(
      ({ childElementCount, textContent }) =>
        childElementCount === 0 && ['…', 'Loading…', '加载中…'].includes(textContent.trim()),
    )?.outerHTML ?? ''
  const end = performance.now() + 15_000
  const look = () => {
    const left = loads()
    if (left === '' || performance.now() > end) done(left)
    else requestAnimationFrame(look)
  }
  look()
})`

export async function openTab(browser: Browser, options: TabOptions): Promise<Tab> {
  const { url, width = 1440, motion = false } = options
  let { language, dark = false } = options
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
  const asked = new Set<object>()
  page.on('request', (request) => {
    if (request.url().includes('/console/call/')) asked.add(request)
  })
  page.on('requestfinished', (request) => asked.delete(request))
  page.on('requestfailed', (request) => asked.delete(request))
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
    get language() {
      return language
    },
    get t() {
      return messages[language]
    },
    open: async (path) => {
      await page.goto(`/console/${region}${path}`)
    },
    turnTo: async (path) => {
      // As a click on a link does it: the app stays loaded.
      const turn = `history.pushState(null, '', ${JSON.stringify(`/console/${region}${path}`)});
        dispatchEvent(new PopStateEvent('popstate'))`
      await page.evaluate(turn)
    },
    see: async (sight) => {
      await page.emulateMedia({ colorScheme: sight.dark ? 'dark' : 'light' })
      // What is open may cover the button from the pointer, and the picture is of what is open.
      if (sight.language !== language) await page.evaluate("document.querySelector('button[lang]').click()")
      ;({ language, dark } = sight)
      const { lang, look } = { lang: language === 'zh' ? 'zh-CN' : 'en', look: dark ? 'dark' : 'light' }
      await page.locator(`html[lang=${lang}][data-look=${look}]`).waitFor({ state: 'attached' })
    },
    settled: async () => {
      do {
        expect(await page.evaluate(waitForLoading)).toBe('')
      } while (asked.size > 0)
    },
    shoot: async (name, part) => {
      const file = `${name}-${language}${dark ? '-dark' : ''}${width < 600 ? '-narrow' : ''}.png`
      const path = join(screenshots, file)
      await (part ? part.screenshot({ path }) : page.screenshot({ path, fullPage: true }))
    },
    allow: (...statuses) => {
      allowed = statuses
    },
    expectNoErrors: () => expect(errors).toEqual([]),
  }
}
