/** Serious findings of axe on a page as it is shown. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Tab } from './browser.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Finding {
  readonly id: string
  readonly impact: string
  readonly nodes: readonly { readonly html: string }[]
}

interface Scope {
  /** A selector; the whole page without. */
  readonly within?: string
  /** Only what depends on colours. */
  readonly colours?: boolean
}

/** Serious and critical findings: rule, and the first elements that break it. */
export async function findings(page: Page, scope: Scope = {}): Promise<readonly string[]> {
  const { within, colours = false } = scope
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe)
  const options = { resultTypes: ['violations'], ...(colours ? { runOnly: ['color-contrast'] } : {}) }
  const context = within === undefined ? 'document' : JSON.stringify(within)
  const found = (await page.evaluate(
    `axe.run(${context}, ${JSON.stringify(options)}).then(({ violations }) => violations)`,
  )) as readonly Finding[]
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .slice(0, 3)
          .map(({ html }) => html.slice(0, 200))
          .join(' | ')}`,
    )
}

export async function expectNoFindings({ page }: Pick<Tab, 'page'>): Promise<void> {
  expect(await findings(page)).toEqual([])
}
